"""Telling that a disk is full, whichever library met it first."""

from __future__ import annotations

import errno
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


@contextmanager
def telling_if_full(index: Path) -> Iterator[None]:
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
