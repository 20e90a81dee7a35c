"""The texts of a part: UTF-8, one after another, cut into blocks that are compressed separately.

    blocks (zlib) · for each block, where it ends in the file · how many blocks there are      (uint64, little-endian)

Positions count uncompressed bytes. A block ends after every 16 KiB, wherever in a text that is: reading a passage takes
one or two blocks, 0.1 ms each at most. Compressed texts take .41 of their size (with 32 KiB .39, at twice the time;
zstd, which is a dependency until Python 3.14, takes .41 and .39).
"""

from __future__ import annotations

import mmap
import struct
import zlib
from functools import lru_cache, partial
from pathlib import Path

BLOCK = 16_384
_LARGEST = BLOCK + 64
"""Bytes that a compressed block takes at most: zlib adds a few where it cannot compress."""
_KEPT = 64
"""How many uncompressed blocks stay in memory: 1 MiB."""
_NUMBER = struct.Struct("<Q")


class TextsWriter:
    """Writes texts from beginning to end; ``close`` makes the file complete."""

    def __init__(self, file: Path) -> None:
        self._file = file.open("w+b")
        self._ends: list[int] = []
        self._rest = bytearray()
        self._inflated: tuple[int, bytes] = (-1, b"")
        """The block that was read last: passages are mostly read one after another."""

    def add(self, text: bytes) -> int:
        """Append a text and return where it begins."""
        begin = len(self._ends) * BLOCK + len(self._rest)
        self._rest += text
        while len(self._rest) >= BLOCK:
            self._write(BLOCK)
        return begin

    def read(self, at: int, size: int) -> bytes:
        """The ``size`` bytes that begin at ``at``; they must have been added before."""
        first, last = at // BLOCK, (at + size - 1) // BLOCK
        found = b"".join(self._block(number) for number in range(first, last + 1))
        return found[at - first * BLOCK :][:size]

    def close(self) -> None:
        """Write the last block and the table of where the blocks end, then close the file."""
        if self._rest:
            self._write(len(self._rest))
        for number in (*self._ends, len(self._ends)):
            self._file.write(_NUMBER.pack(number))
        self._file.close()

    def abandon(self) -> None:
        """Close the file as it is."""
        self._file.close()

    def _write(self, size: int) -> None:
        data = zlib.compress(self._rest[:size])
        del self._rest[:size]
        self._file.seek(0, 2)
        self._file.write(data)
        self._ends.append(self._file.tell())

    def _block(self, number: int) -> bytes:
        if number == len(self._ends):
            return bytes(self._rest)
        if number != self._inflated[0]:
            begin = self._ends[number - 1] if number else 0
            self._file.seek(begin)
            self._inflated = number, zlib.decompress(self._file.read(self._ends[number] - begin))
        return self._inflated[1]


class Texts:
    """Reads texts, from any thread; ``read`` and ``find`` raise ValueError where the file is damaged.

    The file may be somebody else's: no number in it is believed. No block takes more memory than a block may.
    """

    def __init__(self, file: Path) -> None:
        with file.open("rb") as stream:
            self._data = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
        size = len(self._data)
        self._count = _number(self._data, size - _NUMBER.size) if size >= _NUMBER.size else -1
        self._table = size - (self._count + 1) * _NUMBER.size
        if self._count < 0 or self._table < 0 or self._table != _end(self._data, self._table, self._count - 1):
            self._data.close()
            raise ValueError(f"'{file.name}' cannot be read")
        # The cached function does not refer to this object: such a cycle would last until garbage collection.
        self._block = lru_cache(_KEPT)(partial(_inflated, self._data, self._table, self._count))

    def read(self, at: int, size: int) -> bytes:
        """The ``size`` bytes that begin at ``at``."""
        if not size:
            return b""
        if at < 0 or size < 0 or at + size > self._count * BLOCK:
            raise ValueError(f"texts: there is nothing at {at}")
        first, last = at // BLOCK, (at + size - 1) // BLOCK
        found = b"".join(self._block(number) for number in range(first, last + 1))[at - first * BLOCK :][:size]
        if len(found) != size:
            raise ValueError(f"texts: there is nothing at {at}")
        return found

    def find(self, wanted: bytes, begin: int) -> int:
        """The first position from ``begin`` on where ``wanted`` (at least one byte) occurs; -1 where there is none."""
        held = b""  # the end of the previous blocks, in which a match may begin
        for number in range(begin // BLOCK, self._count):
            data = held + self._block(number)
            start = number * BLOCK - len(held)
            at = data.find(wanted, max(0, begin - start))
            if at >= 0:
                return start + at
            held = data[max(0, len(data) - len(wanted) + 1) :]
        return -1

    def close(self) -> None:
        """Close the file."""
        self._block.cache_clear()
        self._data.close()


def _inflated(data: mmap.mmap, table: int, count: int, number: int) -> bytes:
    """A block; every block but the last is full."""
    begin, end = _end(data, table, number - 1), _end(data, table, number)
    if not 0 <= begin < end <= table or end - begin > _LARGEST:
        raise ValueError(f"texts: block {number} lies nowhere")
    inflater = zlib.decompressobj()
    try:
        found = inflater.decompress(data[begin:end], BLOCK + 1)
    except zlib.error as error:
        raise ValueError(f"texts: {error}") from error
    full = len(found) == BLOCK or (number == count - 1 and 0 < len(found) < BLOCK)
    if not (full and inflater.eof and not inflater.unused_data):
        raise ValueError(f"texts: block {number} is none")
    return found


def _end(data: mmap.mmap, table: int, number: int) -> int:
    return _number(data, table + number * _NUMBER.size) if number >= 0 else 0


def _number(data: mmap.mmap, at: int) -> int:
    (number,) = _NUMBER.unpack_from(data, at)
    return int(number)
