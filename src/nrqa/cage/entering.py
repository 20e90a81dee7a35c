"""Shuts this process in. Call ``enter`` first of all, before anything that others made is looked at.

It has three walls, and each is put up as far as the system has it: limits that cannot be raised again, files (Landlock)
and system calls (seccomp). They hold whatever runs in the process, Python or not.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress

from nrqa.cage import calls, files, own_files
from nrqa.cage.kernel import NO_NEW_PRIVILEGES, ON_PARENT_DEATH, control, machine

_KILL = 9
_OPEN_FILES = 128
"""Files that may be open at once: modules and libraries while they are loaded."""


def lacking() -> tuple[str, ...]:
    """What the kernel of this machine cannot refuse to the process that reads files, in words; () where it can all."""
    found = []
    if not files.version():
        found.append("opening other files")
    if not calls.known():
        found.append("the network, other programs and signals")
    return tuple(found)


def enter(memory: int, *, readable: tuple[str, ...] = (), with_parent: bool = True) -> None:
    """Leave this process nothing but to read what it is given, in ``memory`` bytes of address space.

    ``readable`` are folders whose files it may open. It dies with the thread that started it, unless told otherwise.
    """
    if with_parent:
        _die_with_the_parent()
    _limit(memory)
    if not machine():
        return
    with suppress(OSError):
        control(NO_NEW_PRIVILEGES, 1)
    if files.version():
        with suppress(OSError):
            files.allow_only([*own_files.readable(), *readable], listable=own_files.listable())
    if calls.known():
        with suppress(OSError):
            calls.allow_reading()


def enter_with_programs(folder: str, programs: tuple[str, ...]) -> None:
    """Leave this process, and the programs that it starts, one folder to write in, and no network.

    ``programs`` are folders of programs and of what belongs to them.
    """
    _die_with_the_parent()
    if not machine():
        return
    with suppress(OSError):
        control(NO_NEW_PRIVILEGES, 1)
    if files.version():
        readable = [*own_files.readable(), "/usr/share", "/etc/ld.so.cache"]
        with suppress(OSError):
            files.allow_only(
                readable,
                listable=own_files.listable(),
                executable=("/usr", "/lib", "/lib64", "/bin", *programs),
                writable=(folder, "/dev/null"),
            )
    if calls.known():
        with suppress(OSError):
            calls.forbid_network()


def _die_with_the_parent() -> None:
    if sys.platform == "linux":
        with suppress(OSError):
            control(ON_PARENT_DEATH, _KILL)


def _limit(memory: int) -> None:
    """Limits that hold until the process ends; of processor time, ``isolation`` gives it more for each file."""
    try:
        import resource
    except ImportError:  # Windows
        return
    most = {resource.RLIMIT_AS: memory, resource.RLIMIT_CORE: 0, resource.RLIMIT_FSIZE: 0}
    most[resource.RLIMIT_NOFILE] = _OPEN_FILES
    for limit, value in most.items():
        with suppress(OSError, ValueError):
            hard = resource.getrlimit(limit)[1]
            least = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(limit, (least, least))
    if not calls.known() and hasattr(os, "fork"):
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
