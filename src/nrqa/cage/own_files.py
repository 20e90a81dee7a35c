"""The files that a Python process needs of its own: the interpreter, the modules, and the system's libraries."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

_SYSTEM = (
    "/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache", "/etc/localtime",
    "/usr/share/zoneinfo", "/usr/share/fonts", "/dev/null", "/dev/zero", "/dev/urandom", "/proc/cpuinfo",
    "/proc/meminfo", "/sys/devices/system/cpu",
)  # fmt: skip
"""Libraries, time zones, fonts that PDFs do not bring with them, and what libraries ask of the machine."""


def readable() -> list[str]:
    """What must be readable, so that modules and libraries can still be loaded when a file needs them."""
    return [
        *_SYSTEM,
        os.path.dirname(os.__file__),  # noqa: PTH120 - pathlib is not loaded yet
        *_libraries(),
        *(place for path in sys.path if path for place in _modules_in(path)),
    ]


def listable() -> list[str]:
    """Folders whose names Python reads when it looks for a module."""
    return [path for path in sys.path if os.path.isdir(path)]  # noqa: PTH112 - pathlib is not loaded yet


def _modules_in(path: str) -> Iterator[str]:
    """A folder of installed packages as a whole; of another folder, its modules and packages.

    That one may be any folder of the user's, named in PYTHONPATH: its other files are nobody's business.
    """
    if path.endswith(("-packages", ".zip")) or path.startswith((sys.base_prefix, sys.prefix)):
        yield path
        return
    try:
        with os.scandir(path) as entries:
            for entry in entries:
                package = entry.is_dir() and os.path.exists(os.path.join(entry.path, "__init__.py"))  # noqa: PTH110, PTH118
                if package or entry.name.endswith((".py", ".pyc", ".so")) or entry.name == "__pycache__":
                    yield entry.path
    except OSError:
        return


def _libraries() -> Iterator[str]:
    """The folders of the libraries that are loaded already; others lie beside them."""
    try:
        with open("/proc/self/maps") as maps:  # noqa: PTH123 - as above
            files = {line.split(None, 5)[5].strip() for line in maps if "/" in line and "r-x" in line}
    except OSError:
        return
    for file in files:
        folder = os.path.dirname(file)  # noqa: PTH120
        if ".so" in os.path.basename(file) and folder.strip("/"):  # noqa: PTH119
            yield folder
