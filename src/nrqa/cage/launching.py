"""How to run a module of nrqa as a separate process."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

_SOURCE = Path(__file__).resolve().parents[2]
"""The folder that package nrqa lies in."""

_NEEDED = (
    "PYTHONHOME", "PYTHONUSERBASE", "PYTHONNOUSERSITE", "PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX", "PYTHONUTF8",
    "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TZ", "LANG", "LC_ALL", "LC_CTYPE", "PATH", "TESSDATA_PREFIX",
    "SYSTEMROOT", "WINDIR", "TEMP", "TMP", "TMPDIR", "COVERAGE_PROCESS_START",
)  # fmt: skip
"""Where Python and its libraries are, and the time zone and language of dates; TEMP and the like are Windows's."""
_THREADS = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


def command(module: str, *words: str) -> list[str]:
    """The command that runs the module with the same Python as this process."""
    # -P: Python must not import a file of the same name from the folder in which the user calls nrqa.
    return [sys.executable, "-P", "-m", module, *words]


def environment() -> dict[str, str]:
    """The environment in which such a process finds Python and nrqa, and nothing else of this one's: no passwords."""
    needed = {name: os.environ[name] for name in _NEEDED if name in os.environ}
    return {**needed, "PYTHONPATH": source_paths(), **_THREADS}


def source_paths() -> str:
    """Python's path, with the folder that nrqa lies in."""
    paths = [str(_SOURCE), os.environ.get("PYTHONPATH", "")]
    return os.pathsep.join(path for path in paths if path)


def ending(code: int) -> str:
    """How such a process ended, by its return code: the signal that ended it, or its exit status."""
    with suppress(ValueError):
        return signal.Signals(-code).name
    return f"exit status {code}"
