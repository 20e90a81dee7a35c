"""Disk space: reserves it before it is needed, and reports a full disk in one way, whichever library met it."""

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
    r"|No space left on device|quota exceeded|\(os error (?:28|112|122)\)"  # tantivy, in Rust's words; 112: Windows
    r"|\d+ requested and \d+ written",  # NumPy, which gives no reason
    re.IGNORECASE,
)

_BLOCK = 1 << 20
_HEADER = 4096
"""Bytes at the beginning that are left as they are: some are written already, so their block is allocated."""


@contextmanager
def reported_if_full(index: Path) -> Iterator[None]:
    """Raise DiskFullError in place of any error that a full disk causes while the index is written."""
    try:
        yield
    except Exception as error:
        if not is_disk_full(error):
            raise
        raise DiskFullError(
            f"The disk is full, so the index '{index}' was not brought up to date. The published index is as it was, "
            "and what was embedded is kept as far as there was room. Make room on its disk, then go on: nrqa index"
        ) from error


def reserve(file: Path) -> None:
    """Allocate disk space for the whole size of a new file, so that writing to its mapped memory cannot fail.

    On a full disk such a write would end the process by a signal (SIGBUS). Raises OSError where space is missing.
    """
    with file.open("r+b") as stream:
        size = file.stat().st_size
        if hasattr(os, "posix_fallocate"):
            try:
                os.posix_fallocate(stream.fileno(), 0, size)
            except OSError as error:
                if error.errno not in (errno.EINVAL, errno.EOPNOTSUPP):  # the file system does not support it
                    raise
            else:
                return
        begin = len(stream.read(_HEADER))
        while begin < size:
            begin += stream.write(bytes(min(_BLOCK, size - begin)))


def is_disk_full(error: BaseException) -> bool:
    """Whether an error, or one that led to it, says that a disk is full or a quota used up."""
    cause: BaseException | None = error
    seen: list[BaseException] = []
    while cause is not None and not any(cause is one for one in seen):  # an error of gRPC may have led to itself
        seen.append(cause)
        if isinstance(cause, OSError) and cause.errno in _FULL:
            return True
        if not isinstance(cause, NrqaError) and _TOLD.search(str(cause)):  # ours may quote a file's name
            return True
        cause = cause.__cause__
    return False
