"""Several processes that serve: they share the socket and the index, are replaced when they die, and end together."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from threading import Thread
from typing import Any

from uvicorn.supervisors import Multiprocess

HEALTHY = 60
"""Seconds in which a process must show that it runs; one that starts on a busy machine needs more than uvicorn's 5."""


class Workers(Multiprocess):
    """The processes, and the one that watches over them."""

    def __init__(self, *args: Any, **options: Any) -> None:
        """As uvicorn's, but for signals that mean something else here."""
        hangup = getattr(signal, "SIGHUP", None)
        ignored = hangup is not None and signal.getsignal(hangup) is signal.SIG_IGN
        super().__init__(*args, **options)
        if hangup is not None and ignored:
            signal.signal(hangup, signal.SIG_IGN)  # nohup: the terminal may be closed, and the server goes on

    def handle_hup(self) -> None:
        """End, since the terminal was closed; uvicorn would start new processes."""
        self.handle_term()

    def handle_ttin(self) -> None:
        """Start no process: the terminal says so to a server in the background that reads from it."""

    def handle_ttou(self) -> None:
        """End no process, likewise."""


def in_worker(make: Callable[[], Any], prepare: Callable[[], None]) -> Any:
    """What ``make`` makes, in a process that ends when the one that started it is gone."""
    prepare()
    end_with_terminal()
    parent = multiprocessing.parent_process()
    if parent is not None:
        Thread(target=_end_with, args=(parent,), name="nrqa-parent", daemon=True).start()
    return make()


def end_with_terminal() -> None:
    """End this process as SIGTERM does when its terminal is closed, unless that is ignored (nohup)."""
    hangup = getattr(signal, "SIGHUP", None)
    if hangup is not None and signal.getsignal(hangup) is not signal.SIG_IGN:
        signal.signal(hangup, lambda *_: signal.raise_signal(signal.SIGTERM))


def _end_with(parent: Any) -> None:
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)
