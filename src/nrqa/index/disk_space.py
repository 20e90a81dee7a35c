"""Room on the disk: taken in time, and told of where there is none, whichever library met that first."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nrqa.errors import DiskFullError, NrqaError

_FULL = frozenset(getattr(errno, name) for name in ("ENOSPC", "EDQUOT") if hasattr(errno, name))
_TOLD = re.compile(
    r"disk is full"  # SQLite
    r"|No space left on device|quota exceeded|\(os error (?:28|112|122)\)"  # Tantivy, by Rust's words; 112 is Windows'
    r"|\d+ requested and \d+ written",  # NumPy, which tells no reason
    re.IGNORECASE,
)

_BLOCK = 1 << 20
_HEADER = 4096
"""Bytes at the beginning of which some are written already, so that their block is taken."""


@contextmanager
def reported_if_full(index: Path) -> Iterator[None]:
    """DiskFullError in place of whatever is raised for want of room while the index is written."""
    try:
        yield
    except Exception as error:
        if not is_for_want_of_room(error):
            raise
        raise DiskFullError(
            f"The disk is full, so the index '{index}' was not brought up to date. The published index is as it was, "
            "and what was embedded is kept as far as there was room. Make room on its disk, then go on: nrqa index"
        ) from error


def reserve(file: Path) -> None:
    """Take the room that a new file's size says, so that writing to its mapped memory cannot meet a full disk.

    There a full disk would be a signal that ends the process (SIGBUS). OSError where there is no such room.
    """
    with file.open("r+b") as stream:
        size = file.stat().st_size
        if hasattr(os, "posix_fallocate"):
            try:
                os.posix_fallocate(stream.fileno(), 0, size)
            except OSError as error:
                if error.errno not in (errno.EINVAL, errno.EOPNOTSUPP):  # a file system that cannot
                    raise
            else:
                return
        begin = len(stream.read(_HEADER))
        while begin < size:
            begin += stream.write(bytes(min(_BLOCK, size - begin)))


def is_for_want_of_room(error: BaseException) -> bool:
    """Whether an error, or one that led to it, says that a disk is full or a quota used up."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.errno in _FULL:
            return True
        if not isinstance(cause, NrqaError) and _TOLD.search(str(cause)):  # ours may name a file called so
            return True
        cause = cause.__cause__
    return False
