"""Vectors of a build under way, kept on disk so that a build that dies does not lose them.

One append-only file of fixed-length records: key (16 bytes), checksum of the rest (CRC-32, 4 bytes), vector.
A record that was cut short or damaged is passed over. The file is of one model, whose fingerprint is in its
name, and goes when the build is published.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_PREFIX = "tmp-vectors-"
_KEY = 16
_CHECK = 4


class Salvage:
    """The vectors saved for one model in one index folder."""

    def __init__(self, index: Path, fingerprint: str, dimensions: int) -> None:
        self._index = index
        self._file = index / f"{_PREFIX}{fingerprint[:16]}"
        self._length = _KEY + _CHECK + 4 * dimensions

    def get(self, key: bytes) -> NDArray[np.float32] | None:
        """The vector saved under the key, or None."""
        import numpy as np

        place = self._places.get(key)
        if place is None:
            return None
        with self._file.open("rb") as file:
            file.seek(place)
            record = file.read(self._length)
        return np.frombuffer(record[_KEY + _CHECK :], np.float32)

    def save(self, keys: Sequence[bytes], vectors: NDArray[np.float32]) -> None:
        """Append the vectors, one for each key."""
        with self._file.open("ab") as file:
            if file.tell() % self._length:  # the last run died while it wrote
                file.truncate(file.tell() // self._length * self._length)
            for key, vector in zip(keys, vectors, strict=True):
                file.write(_record(key, vector.tobytes()))

    def clear(self) -> None:
        """Remove what was saved, for any model: the build that needed it is published."""
        for file in self._index.glob(f"{_PREFIX}*"):
            file.unlink(missing_ok=True)

    @cached_property
    def _places(self) -> dict[bytes, int]:
        places: dict[bytes, int] = {}
        if not self._file.exists():
            return places
        with self._file.open("rb") as file:
            place = 0
            while len(record := file.read(self._length)) == self._length:
                if record == _record(record[:_KEY], record[_KEY + _CHECK :]):
                    places[record[:_KEY]] = place
                place += self._length
        return places


def _record(key: bytes, vector: bytes) -> bytes:
    return key + zlib.crc32(key + vector).to_bytes(_CHECK, "little") + vector
