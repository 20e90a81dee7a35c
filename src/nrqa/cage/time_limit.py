"""Processor time for a process that does one piece of work after another."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from pathlib import Path


def give_time(process: int, seconds: int) -> None:
    """Let the process use so much more processor time; it cannot give itself more. Only Linux can do that.

    It counts where a clock of this process cannot, as while this process is stopped, or after it has died.
    """
    with suppress(ImportError, OSError, ValueError, IndexError):
        import resource

        used = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:13]
        until = sum(map(int, used)) // os.sysconf("SC_CLK_TCK") + seconds + 1
        resource.prlimit(process, resource.RLIMIT_CPU, (until, resource.RLIM_INFINITY))


def ran_out(code: int) -> bool:
    """Whether a process that ended so had used up its time."""
    return code == -int(getattr(signal, "SIGXCPU", 0)) != 0
