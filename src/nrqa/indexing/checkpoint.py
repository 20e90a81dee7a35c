"""Checkpoints: what a running build has embedded is kept on disk, so that it is not lost if the build dies.

A checkpoint is one append-only file of records: key (16 bytes), length of the content (4 bytes), checksum of all the
rest of the record (CRC-32, 4 bytes), content. A record that was cut short or damaged is skipped. The file belongs to
one model and codebook, which its name identifies, and is deleted when the build is published. What workers made of
shards of the corpus (module pieces) lies in a folder beside it, and is found as if it had been saved here.
"""

from __future__ import annotations

import shutil
import weakref
import zlib
from array import array
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING

from nrqa.indexing.pieces import Pieces

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_PREFIX = "tmp-vectors-"
_CODEBOOK = "tmp-codebook-"
_SHARDS = "-shards"
_KEY = 16
_NUMBER = 4
_HEAD = _KEY + 2 * _NUMBER


class Checkpoint:
    """Saves records under one name in one index folder, and finds those saved before this object's first look-up.

    It keeps 32 bytes of memory for each record. One thread may save while others look up.
    """

    def __init__(self, index: Path, name: str, pieces: Pieces | None = None) -> None:
        """``pieces`` are those of that name, where they are known already."""
        self._index, self.name = index, name
        self._file = index / f"{_PREFIX}{name}"
        self._opened: IO[bytes] | None = None
        self._pieces = Pieces(pieces_folder(index, name)) if pieces is None else pieces

    def __contains__(self, key: bytes) -> bool:
        return self._at(key) is not None or key in self._pieces

    def get(self, key: bytes) -> bytes | None:
        """What was saved under the key, or None."""
        at = self._at(key)
        if at is None:
            return self._pieces.get(key)
        _, places, lengths, _ = self._found
        if self._opened is None:
            self._opened = self._file.open("rb")
            weakref.finalize(self, self._opened.close)
        self._opened.seek(int(places[at]))
        return self._opened.read(int(lengths[at]))

    def again(self, name: str) -> Checkpoint:
        """A checkpoint of that name in the same folder; it finds what was saved since, too."""
        return Checkpoint(self._index, name, self._pieces if name == self.name else None)

    @property
    def has_pieces(self) -> bool:
        """Whether workers have saved anything."""
        return bool(self._pieces)

    def save(self, records: Iterable[tuple[bytes, bytes]]) -> None:
        """Append each key with its content; the operating system has them when this returns."""
        whole = self._whole
        with self._file.open("ab") as file:
            if file.tell() > whole:  # the last run died while it wrote
                file.truncate(whole)
            for key, content in records:
                file.write(_record(key, content))
            self._whole = file.tell()

    def close(self) -> None:
        """Close the files."""
        self._pieces.close()
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    @cached_property
    def _whole(self) -> int:
        """The position in the file where the last complete record ends."""
        return self._found[3]

    def _at(self, key: bytes) -> int | None:
        keys = self._found[0]
        at = int(keys.searchsorted(key, side="right")) - 1  # of several, the one that was saved last
        # All keys have the same length, so it does no harm that numpy takes zeros at the end for padding.
        return at if at >= 0 and bytes(keys[at]).ljust(_KEY, b"\0") == key else None

    @cached_property
    def _found(self) -> tuple[NDArray[np.bytes_], NDArray[np.int64], NDArray[np.int64], int]:
        """The sorted keys, where the content of each begins, how long it is; and where the last record ends."""
        import numpy as np

        keys, places, lengths, whole = bytearray(), array("q"), array("i"), 0
        for key, place, length in self._records():
            keys += key
            places.append(place)
            lengths.append(length)
            whole = place + length
        in_file = np.frombuffer(bytes(keys), f"S{_KEY}")
        order = np.argsort(in_file, kind="stable")
        return in_file[order], np.array(places, np.int64)[order], np.array(lengths, np.int64)[order], whole

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
    """Delete all that was saved in the index folder, when no build needs it any more."""
    for prefix in (_PREFIX, _CODEBOOK):
        for file in index.glob(f"{prefix}*"):
            if file.is_dir() and not file.is_symlink():
                shutil.rmtree(file, ignore_errors=True)
            else:
                file.unlink(missing_ok=True)


def pieces_folder(index: Path, name: str) -> Path:
    """The folder of the pieces that belong to the checkpoint of that name."""
    return index / f"{_PREFIX}{name}{_SHARDS}"


def codebook_file(index: Path, fingerprint: str, passages: int) -> Path:
    """The file that keeps a codebook, trained by a build on that many passages, until the build is published."""
    return index / f"{_CODEBOOK}{fingerprint[:16]}-{passages}.npy"


def codebook_files(index: Path, fingerprint: str) -> Iterator[tuple[Path, int]]:
    """The files of the codebooks that earlier builds trained for that model, each with its number of passages."""
    for file in index.glob(f"{_CODEBOOK}{fingerprint[:16]}-*.npy"):
        yield file, int(file.stem.rsplit("-", 1)[1])


def _record(key: bytes, content: bytes) -> bytes:
    length = len(content).to_bytes(_NUMBER, "little")
    return key + length + zlib.crc32(key + length + content).to_bytes(_NUMBER, "little") + content
