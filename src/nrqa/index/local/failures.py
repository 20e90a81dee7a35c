"""What the index's readers and writers are told when a library fails: damage, an error of the system, or no memory.

SQLite, tantivy, NumPy and zlib each raise errors of their own, and tantivy's panics are not even ``Exception``. Whoever
uses an index meets only nrqa's errors: IndexDamagedError where bytes are not what they must be, IndexUnusableError
where the system fails, NoMemoryError where memory does not suffice.
"""

from __future__ import annotations

import errno
import os
import re
import sqlite3
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nrqa.errors import IndexDamagedError, IndexUnusableError, NoMemoryError, NrqaError
from nrqa.index.local.generation import damaged_files, folder_of, newest

_OF_DATA = (
    sqlite3.Error, ValueError, LookupError, TypeError, ArithmeticError, AttributeError, AssertionError, RecursionError,
    EOFError, struct.error, zlib.error,
)  # fmt: skip
"""What Python and the libraries raise for bytes that are not what they must be."""
_OF_SYSTEM = {
    3: errno.EACCES, 5: errno.EBUSY, 6: errno.EBUSY, 8: errno.EROFS, 10: errno.EIO, 13: errno.ENOSPC, 14: errno.EIO,
}  # fmt: skip
"""SQLite's primary result codes that are errors of the system, not of the file (sqlite.org/rescode.html)."""
_TOO_LONG = 9
"""SQLite's code for a query that was ended (see catalog.opening)."""
_RUST = re.compile(r"\(os error (\d+)\)|Os \{ code: (\d+)")
_PANIC = "PanicException"
_KILLED = "An index writer was killed"
"""What tantivy says where one of its threads met an error of the system, which it does not tell."""
REMEDY = "`nrqa status --verify` names the damaged file; `nrqa index --rebuild` builds it again."


@contextmanager
def reading(folder: Path) -> Iterator[None]:
    """Raise nrqa's own errors in place of those of libraries that read the index's files.

    FileNotFoundError passes: a writer may have deleted the generation while it was opened.
    """
    try:
        yield
    except (NrqaError, FileNotFoundError, UnicodeEncodeError):
        raise
    except BaseException as error:
        told = reason(error, folder)
        if told is None:
            raise
        raise told from error


@contextmanager
def asking(index: Path) -> Iterator[None]:
    """Raise nrqa's own errors in place of any that a damaged index leads to, wherever it is noticed.

    What the index's own modules read, ``reading`` watches. Numbers that pass them may still lead nowhere in the modules
    that use them. Such an error is told as damage only if a file is damaged: else it is an error of nrqa's, and must
    not be hidden.
    """
    try:
        yield
    except NrqaError:
        raise
    except BaseException as error:
        told = reason(error, index)
        if told is None or (isinstance(told, IndexDamagedError) and not any(_damage(index))):
            raise
        raise told from error


@contextmanager
def writing(index: Path) -> Iterator[None]:
    """Raise nrqa's own errors in place of those that the system gives to libraries that write the index."""
    try:
        yield
    except NrqaError:
        raise
    except BaseException as error:
        as_it_was = "The published index is as it was, and what was embedded is kept for the next run."
        if isinstance(error, MemoryError):
            raise NoMemoryError(f"There is too little memory to build the index '{index}'. {as_it_was}") from error
        number = system_error(error)
        killed = isinstance(error, ValueError) and _KILLED in str(error)
        if number is None and not (killed or isinstance(error, sqlite3.Error) or type(error).__name__ == _PANIC):
            raise
        what = os.strerror(number).lower() if number else _said(error)
        named = getattr(error, "filename", None) or index
        raise IndexUnusableError(f"The index was not brought up to date: {what} ('{named}'). {as_it_was}") from error


def _damage(index: Path) -> Iterator[tuple[str, str]]:
    number = newest(index)
    return damaged_files(folder_of(index, number)) if number is not None else iter(())


def reason(error: BaseException, folder: Path) -> NrqaError | None:
    """The error that tells this one of a library; None where it is no error of data, system or memory."""
    if isinstance(error, MemoryError):
        return NoMemoryError(f"There is too little memory to read the index '{folder}'. Free some, and try again.")
    number = system_error(error)
    if number is not None:
        named = getattr(error, "filename", None) or folder
        said = os.strerror(number).lower()
        return IndexUnusableError(f"The index cannot be read: {said} ('{named}'). Mend that, and try again.")
    if isinstance(error, _OF_DATA) or type(error).__name__ == _PANIC:
        return damaged(folder, _said(error))
    return None


def system_error(error: BaseException) -> int | None:
    """The number of the operating system's error that a library met; None where it met none."""
    if isinstance(error, OSError):
        return error.errno
    if isinstance(error, sqlite3.Error):
        return _OF_SYSTEM.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
    found = _RUST.search(str(error)) if isinstance(error, ValueError) or type(error).__name__ == _PANIC else None
    return int(found[1] or found[2]) if found else None


def damaged(folder: Path, what: str) -> IndexDamagedError:
    """The error for a file below ``folder`` that is not what it must be."""
    return IndexDamagedError(f"The index is damaged: '{folder}' cannot be read ({what}). {REMEDY}")


def _said(error: BaseException) -> str:
    if isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", 0) == _TOO_LONG:
        return "reading the catalog takes longer than it can"
    said = " ".join(str(error).split())[:200]
    return f"{type(error).__name__}: {said}" if said else type(error).__name__
