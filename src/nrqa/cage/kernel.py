"""Calls to the kernel that Python has no function for."""

from __future__ import annotations

import ctypes
import os
import sys

NO_NEW_PRIVILEGES, ON_PARENT_DEATH, SECCOMP = 38, 1, 22
"""Options of prctl(2)."""


def machine() -> str:
    """The processor's name where the kernel is Linux with 64 bits, else ""."""
    return os.uname().machine.lower() if sys.platform == "linux" and sys.maxsize > 1 << 32 else ""


def call(number: int, *arguments: object) -> int:
    """A system call by its number; OSError where the kernel refuses it."""
    return _checked(ctypes.CDLL(None, use_errno=True).syscall(ctypes.c_long(number), *arguments))


def control(option: int, *arguments: object) -> int:
    """prctl(2); OSError where the kernel refuses it."""
    more = [ctypes.c_ulong(one) if isinstance(one, int) else one for one in (*arguments, 0, 0, 0, 0)[:4]]
    return _checked(ctypes.CDLL(None, use_errno=True).prctl(option, *more))


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result
