"""Which files a process may open, by Landlock (Linux 5.13 and later; docs.kernel.org/userspace-api/landlock.html).

From the fourth version on (Linux 6.7) Landlock also refuses TCP, and from the sixth on (6.12) signals to processes
outside. What is refused can never be allowed again, neither for this process nor for those that it starts.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterable
from contextlib import suppress

from nrqa.cage.kernel import call, machine

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_EXECUTE, _READ_FILE, _READ_FOLDER = 1 << 0, 1 << 2, 1 << 3
_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
"""How many rights to files each version knows, the lowest bits first; later ones know no more."""
_NETWORK = {4: 0b11}
"""Binding and connecting."""
_SCOPES = {6: 0b11}
"""Abstract sockets, and signals."""
_VERSION, _BENEATH = 1, 1


class _Rules(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scopes", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32))


def version() -> int:
    """The version of Landlock that the kernel has; 0 where it has none."""
    try:
        return call(_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint32(_VERSION)) if machine() else 0
    except OSError:
        return 0


def allow_only(
    readable: Iterable[str],
    *,
    listable: Iterable[str] = (),
    executable: Iterable[str] = (),
    writable: Iterable[str] = (),
) -> None:
    """Refuse all files but these, and what lies in them; OSError where Landlock refuses the rules.

    Of ``listable`` folders the names can be read, of ``executable`` ones programs started.
    """
    known = version()
    whole = (1 << _latest(_RIGHTS, known)) - 1
    rules = _Rules(whole, _latest(_NETWORK, known), _latest(_SCOPES, known))
    size = ctypes.sizeof(rules) if known >= min(_SCOPES) else 16 if known >= min(_NETWORK) else 8
    handle = call(_CREATE, ctypes.byref(rules), ctypes.c_size_t(size), ctypes.c_uint32(0))
    try:
        for places, rights in (
            (listable, _READ_FOLDER),
            (readable, _READ_FILE | _READ_FOLDER),
            (executable, _READ_FILE | _READ_FOLDER | _EXECUTE),
            (writable, whole),
        ):
            for place in dict.fromkeys(places):
                with suppress(FileNotFoundError, NotADirectoryError, PermissionError):
                    _allow(handle, place, rights)
        call(_RESTRICT, ctypes.c_int(handle), ctypes.c_uint32(0))
    finally:
        os.close(handle)


def _allow(rules: int, place: str, rights: int) -> None:
    handle = os.open(place, os.O_PATH | os.O_CLOEXEC)
    try:
        if not os.path.isdir(f"/proc/self/fd/{handle}"):  # noqa: PTH112 - pathlib is not loaded yet
            rights &= _READ_FILE | _EXECUTE | 1 << 1  # the others are rights to what lies in a folder
        beneath = _Beneath(rights, handle)
        call(_ADD, ctypes.c_int(rules), ctypes.c_int(_BENEATH), ctypes.byref(beneath), ctypes.c_uint32(0))
    finally:
        os.close(handle)


def _latest(by_version: dict[int, int], known: int) -> int:
    return max((what for since, what in by_version.items() if since <= known), default=0)
