"""The token codes of a part, read from the file passage by passage."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Rows = NDArray[np.int64]
    Codes = NDArray[np.uint8]
    Places = NDArray[np.uint32]

_MOST = 1 << 16
"""Tokens that a passage has at most: more than any encoder reads."""


class TokenFile:
    """Reads codes of ``size`` bytes per token; ``places`` has the first token of each row, and how many tokens it has.

    The file is read, not memory-mapped: it is by far the largest, each question reads a hundred other passages of it,
    and pages that a process has mapped and touched count as its memory. It stays readable after it is deleted.
    """

    def __init__(self, file: Path | None, places: Places, size: int) -> None:
        """``file`` is None where the encoder has no token vectors; then no row has any."""
        self._places = places
        self._size = size
        # A file descriptor, not a file object: a snapshot that is dropped closes it without a warning.
        self._file = os.open(file, os.O_RDONLY | getattr(os, "O_BINARY", 0)) if file else None
        self._lock = Lock()
        self._count = 0 if self._file is None else os.fstat(self._file).st_size // size

    def __del__(self) -> None:
        self.close()

    def expect(self, at: Rows) -> None:
        """Ask the system to fetch the codes of some rows (given by position) in parallel, before they are read.

        A hundred passages that are not in the system's cache then take 4 ms, instead of 15 ms one after the other.
        """
        if self._file is None or not hasattr(os, "posix_fadvise"):
            return
        for start, count in map(self._place, at.tolist()):
            os.posix_fadvise(self._file, start * self._size, count * self._size, os.POSIX_FADV_WILLNEED)

    def of(self, at: int) -> Codes:
        """The codes of the row at that position of the part, in reading order."""
        import numpy as np

        if self._file is None:
            return np.empty((0, self._size), np.uint8)
        return self._read(*self._place(at))

    def distinct(self, at: Rows) -> Iterator[tuple[Rows, Codes]]:
        """For some rows (given by position): the indices into ``at`` that share the same codes, and these codes."""
        import numpy as np

        if self._file is None:
            yield np.arange(len(at)), np.empty((0, self._size), np.uint8)
            return
        # Both in one number, which sorts faster than two.
        keys = (self._places[at, 0].astype(np.uint64) << np.uint64(32)) | self._places[at, 1]
        order = np.argsort(keys, kind="stable")
        begins = np.flatnonzero(np.diff(keys[order], prepend=keys[order[:1]] + np.uint64(1)))
        for positions in np.split(order, begins[1:]):
            if len(positions):
                yield positions, self._read(*self._place(int(at[positions[0]])))

    def close(self) -> None:
        """Close the file."""
        file, self._file = getattr(self, "_file", None), None
        if file is not None:
            os.close(file)

    def _place(self, at: int) -> tuple[int, int]:
        """Where the codes of a row begin, and how many there are; ValueError where the file has none there."""
        start, count = self._places[at].tolist()
        if start + count > self._count or count > _MOST:
            raise ValueError("token codes are said to be where none are")
        return start, count

    def _read(self, start: int, count: int) -> Codes:
        import numpy as np

        assert self._file is not None
        place, length = start * self._size, count * self._size
        if hasattr(os, "pread"):
            found = os.pread(self._file, length, place)
        else:
            with self._lock:
                os.lseek(self._file, place, os.SEEK_SET)
                found = os.read(self._file, length)
        if len(found) != length:
            raise ValueError("the file of token codes is shorter than it was")
        return np.frombuffer(found, np.uint8).reshape(count, self._size)
