"""What the file of a part's vectors consists of, byte by byte: it is compared before FAISS reads it.

FAISS reads whatever kind of index a file says it is, and believes the lengths and ids in it. A file may be damaged or
somebody else's. So all of it that is not a vector is compared with what FAISS writes for the number of rows and
dimensions that the manifest names, and nothing else is read. FAISS's source (impl/index_write.cpp) has the fields.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Bytes = NDArray[np.uint8]

_UNIFORM = 2
"""FAISS's number for ``QT_8bit_uniform``."""
_INNER_PRODUCT = 0
_ALWAYS = 1 << 20
"""What FAISS writes twice in each index's head, for nothing."""
_ID, _FLOAT = 8, 4
_TOGETHER = 32
"""Rows of a list that are kept interleaved."""
_FACTORS = 8
"""Bytes of what RaBitQ keeps of each vector beside its bits."""
_MOST = 1000.0
"""More vectors for each wanted one are never compared by their bytes."""


def checked(file: Bytes, rows: int, dimensions: int) -> list[tuple[int, int]]:
    """Raise ValueError where the file is not what ``vectors.write`` writes for so many rows and dimensions.

    Returns where the ids of each list begin, and how many there are.
    """
    reader = _Reader(file)
    reader.same(_head(b"IxMp", rows, dimensions))
    lists: list[tuple[int, int]] = []
    refined = reader.has(b"IxRF")
    if refined:
        reader.same(_head(b"IxRF", rows, dimensions))
        lists = list(_lists(reader, rows, dimensions))
    _exact(reader, rows, dimensions)
    if refined:
        (factor,) = reader.read("<f")
        if not 1 <= factor <= _MOST:
            raise ValueError("the vectors are searched in a way that cannot be")
    reader.array(rows, _ID)
    if reader.left:
        raise ValueError(f"the file of vectors is {reader.left} bytes too long")
    return lists


def check_ids(file: Bytes, lists: list[tuple[int, int]], rows: int) -> None:
    """Raise ValueError where a list names a vector that is not there: FAISS would read beyond what it has."""
    for at, count in lists:
        ids = file[at : at + _ID * count].view("<u8")
        if count and int(ids.max()) >= rows:
            raise ValueError("a list names vectors that are not there")


class _Reader:
    """A place in a file of vectors, which moves on as it is read."""

    def __init__(self, file: Bytes) -> None:
        self._file = file
        self.at = 0

    @property
    def left(self) -> int:
        return self._file.size - self.at

    def has(self, wanted: bytes) -> bool:
        return self._file[self.at : self.at + len(wanted)].tobytes() == wanted

    def same(self, wanted: bytes) -> None:
        if not self.has(wanted):
            raise ValueError("the file of vectors is not one that was written for this part")
        self.at += len(wanted)

    def read(self, form: str) -> tuple[int, ...]:
        size = struct.calcsize(form)
        if self.left < size:
            raise ValueError("the file of vectors is too short")
        found = struct.unpack(form, self._file[self.at : self.at + size].tobytes())
        self.at += size
        return found

    def array(self, count: int, width: int) -> None:
        """Pass over an array of so many elements."""
        self.same(struct.pack("<Q", count))
        if self.left < count * width:
            raise ValueError("the file of vectors is too short")
        self.at += count * width


def _head(name: bytes, rows: int, dimensions: int) -> bytes:
    """The head of an index: its kind, dimensions, rows, that it is trained, and how it compares."""
    return name + struct.pack("<iqqq?i", dimensions, rows, _ALWAYS, _ALWAYS, True, _INNER_PRODUCT)  # noqa: FBT003


def _exact(reader: _Reader, rows: int, dimensions: int) -> None:
    """The vectors in bytes."""
    reader.same(_head(b"IxSQ", rows, dimensions))
    reader.same(struct.pack("<iifQQQ", _UNIFORM, 0, 0.0, dimensions, dimensions, 2))
    least, width = reader.read("<ff")
    if not (0 < width / 2 <= 1 and least == -width / 2):
        raise ValueError("the vectors have a range that cannot be")
    reader.array(rows * dimensions, 1)


def _lists(reader: _Reader, rows: int, dimensions: int) -> Iterator[tuple[int, int]]:
    """The inverted lists: where the ids of each begin, and how many there are."""
    reader.same(_head(b"Iwrn", rows, dimensions))
    lists, probes = reader.read("<QQ")
    if not 1 <= probes <= lists <= rows:
        raise ValueError("the vectors are in lists that cannot be")
    reader.same(_head(b"IxFI", lists, dimensions))
    reader.array(lists * dimensions, _FLOAT)
    size = -(-dimensions // 8) + _FACTORS
    pairs = -(-dimensions // 8)  # of four dimensions each
    reader.same(struct.pack("<BQ", 0, 0))  # no map from ids to lists
    reader.same(struct.pack("<QQiQ?Q", dimensions, size, _INNER_PRODUCT, 1, True, size))  # noqa: FBT003
    reader.same(struct.pack("<QiQiBB", _TOGETHER, 0, 2 * pairs, 0, 8, 0))
    block = _TOGETHER * (pairs + _FACTORS)
    reader.same(struct.pack("<4sQQQQ", b"ilbl", lists, (1 << 64) - 1, _TOGETHER, block))
    found = 0
    for _ in range(lists):
        (count,) = reader.read("<Q")
        if count > rows - found:
            raise ValueError("the lists hold more vectors than there are")
        found += count
        yield reader.at, count
        reader.at -= struct.calcsize("<Q")
        reader.array(count, _ID)
        reader.array(-(-count // _TOGETHER) * block, 1)
    if found != rows:
        raise ValueError("the lists hold fewer vectors than there are")
