"""What a build under way has embedded, kept on disk so that a build that dies does not lose it.

One append-only file of records: key (16 bytes), length of the rest (4 bytes), checksum of key and rest (CRC-32,
4 bytes), the rest. A record that was cut short or damaged is passed over. The file is of one model and
codebook, told by its name, and goes when the build is published.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

_PREFIX = "tmp-vectors-"
_CODEBOOK = "tmp-codebook-"
_KEY = 16
_NUMBER = 4
_HEAD = _KEY + 2 * _NUMBER


class Salvage:
    """What was saved under one name in one index folder."""

    def __init__(self, index: Path, name: str) -> None:
        self._index = index
        self._file = index / f"{_PREFIX}{name}"

    def get(self, key: bytes) -> bytes | None:
        """What was saved under the key, or None."""
        found = self._places.get(key)
        if found is None:
            return None
        place, length = found
        with self._file.open("rb") as file:
            file.seek(place)
            return file.read(length)

    def save(self, records: Iterable[tuple[bytes, bytes]]) -> None:
        """Append what belongs to each key."""
        whole = self._whole
        with self._file.open("ab") as file:
            if file.tell() > whole:  # the last run died while it wrote
                file.truncate(whole)
            for key, content in records:
                file.write(_record(key, content))
            self._whole = file.tell()

    @cached_property
    def _whole(self) -> int:
        """Where the last whole record ends."""
        return max((place + length for place, length in self._places.values()), default=0)

    @cached_property
    def _places(self) -> dict[bytes, tuple[int, int]]:
        return {key: (place, length) for key, place, length in self._records()}

    def _records(self) -> Iterator[tuple[bytes, int, int]]:
        if not self._file.exists():
            return
        place = 0
        with self._file.open("rb") as file:
            while len(head := file.read(_HEAD)) == _HEAD:
                length = int.from_bytes(head[_KEY : _KEY + _NUMBER], "little")
                content = file.read(length)
                if len(content) < length:
                    return
                if _record(head[:_KEY], content) == head + content:
                    yield head[:_KEY], place + _HEAD, length
                place += _HEAD + length


def clear(index: Path) -> None:
    """Remove all that was saved in the index folder: the build that needed it is published."""
    for prefix in (_PREFIX, _CODEBOOK):
        for file in index.glob(f"{prefix}*"):
            file.unlink(missing_ok=True)


def codebook_file(index: Path, fingerprint: str, passages: int) -> Path:
    """Where a codebook that a build has trained on so many passages is kept until the build is published."""
    return index / f"{_CODEBOOK}{fingerprint[:16]}-{passages}.npy"


def codebook_files(index: Path, fingerprint: str) -> Iterator[tuple[Path, int]]:
    """The codebooks that earlier builds trained for that model, with the number of passages."""
    for file in index.glob(f"{_CODEBOOK}{fingerprint[:16]}-*.npy"):
        yield file, int(file.stem.rsplit("-", 1)[1])


def _record(key: bytes, content: bytes) -> bytes:
    length = len(content).to_bytes(_NUMBER, "little")
    return key + length + zlib.crc32(key + length + content).to_bytes(_NUMBER, "little") + content
