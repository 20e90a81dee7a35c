"""Finished pieces: what workers made of a shard of the corpus, each a file with the vectors and codes of its passages.

A piece is one file: the length of its head (4 bytes), the head (JSON: how many records, what the shard held, the hash
of the table), a table, and contents. The table has the keys of all records (16 bytes each, sorted), where the content
of each ends (8 bytes), and its checksum (CRC-32, 4 bytes). It is written aside and renamed, so a file is a whole piece.
Pieces lie in a folder of one model and codebook, beside the checkpoint of that name, and go when a build is published.
"""

from __future__ import annotations

import hashlib
import json
import os
import weakref
import zlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING

from nrqa.saving import replacing

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_KEY = 16
_NUMBER = 4
_RECORD = _KEY + 8 + _NUMBER
"""Bytes of a record in the table."""
PIECE_FORMAT = 3
"""Of another one nothing is used: 3 has the files that were read and split, and terms, which 1 had not."""
_ENDING = ".piece"
_OPEN = 16
"""Pieces that are kept open: a build asks for passages in the order of the corpus, so nearly always of the same one."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a worker says of its shard: how many documents it read and could not read, how many passages it encoded."""

    documents: int
    unreadable: int
    encoded: int
    engine: str = ""


def packed_piece(records: Mapping[bytes, bytes], facts: Facts) -> bytes:
    """A piece as the bytes of its file: a pure function of what it holds."""
    import numpy as np

    keys = sorted(records)
    contents = [records[key] for key in keys]
    ends = np.cumsum([len(one) for one in contents], dtype="<u8") if keys else np.empty(0, "<u8")
    sums = np.array([zlib.crc32(key + one) for key, one in zip(keys, contents, strict=True)], "<u4")
    table = b"".join([*keys, ends.tobytes(), sums.tobytes()])
    head = {"format": PIECE_FORMAT, **asdict(facts), "records": len(keys), "table": hashlib.sha256(table).hexdigest()}
    said = json.dumps(head).encode()
    return b"".join([len(said).to_bytes(_NUMBER, "little"), said, table, *contents])


class Pieces:
    """The pieces in a folder: which are finished, and what was saved under a key before the first look-up.

    It keeps 12 bytes of memory for each record.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: OrderedDict[int, _Opened] = OrderedDict()
        weakref.finalize(self, _close, self._held)

    def facts(self, name: str) -> Facts | None:
        """What is said of the finished piece of that name; None where there is none, or it is damaged."""
        opened = _opened(self._folder / f"{name}{_ENDING}")
        if opened is None:
            return None
        opened.file.close()
        return opened.facts

    def save(self, name: str, piece: bytes) -> None:
        """Write a piece aside, and rename it."""
        self._folder.mkdir(exist_ok=True)
        with replacing(self._folder / f"{name}{_ENDING}") as stream:
            stream.write(piece)

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self._files)

    def __contains__(self, key: bytes) -> bool:
        return self._find(key) is not None

    def get(self, key: bytes) -> bytes | None:
        """What was saved under the key; None where nothing was, or it is damaged."""
        found = self._find(key)
        return found[0].content(found[1]) if found else None

    def close(self) -> None:
        """Close the files."""
        _close(self._held)

    def _find(self, key: bytes) -> tuple[_Opened, int] | None:
        """The piece that has the key, and where in its table."""
        begins, pieces = self._table
        begin = _begin(key)
        at = int(begins.searchsorted(begin))
        while at < len(begins) and begins[at] == begin:
            piece = self._held_open(int(pieces[at]))
            place = piece.place_of(key) if piece else None
            if piece and place is not None:
                return piece, place
            at += 1
        return None

    def _held_open(self, number: int) -> _Opened | None:
        found = self._held.get(number)
        if found is None:
            found = _opened(self._files[number])
            if found is None:
                return None
            self._held[number] = found
            while len(self._held) > _OPEN:
                self._held.popitem(last=False)[1].file.close()
        self._held.move_to_end(number)
        return found

    @cached_property
    def _files(self) -> list[Path]:
        return sorted(self._folder.glob(f"*{_ENDING}")) if self._folder.is_dir() else []

    @cached_property
    def _table(self) -> tuple[NDArray[np.uint64], NDArray[np.uint32]]:
        """The first eight bytes of all keys, sorted, and the number of the piece that has each."""
        import numpy as np

        begins, pieces = [np.empty(0, np.uint64)], [np.empty(0, np.uint32)]
        for number, file in enumerate(self._files):
            opened = _opened(file)
            if opened is not None:
                opened.file.close()
                begins.append(opened.begins)
                pieces.append(np.full(len(begins[-1]), number, np.uint32))
        together = np.concatenate(begins)
        order = np.argsort(together, kind="stable")
        return together[order], np.concatenate(pieces)[order]


def _begin(key: bytes) -> np.uint64:
    import numpy as np

    return np.uint64(int.from_bytes(key[:8], "big"))


def _close(held: OrderedDict[int, _Opened]) -> None:
    while held:
        held.popitem()[1].file.close()


@dataclass(frozen=True, slots=True)
class _Opened:
    """A piece whose table was read and compared with its hash."""

    file: IO[bytes]
    facts: Facts
    keys: bytes
    begins: NDArray[np.uint64]
    """The first eight bytes of each key."""
    ends: NDArray[np.uint64]
    sums: NDArray[np.uint32]
    begin: int

    def place_of(self, key: bytes) -> int | None:
        begin = _begin(key)
        at = int(self.begins.searchsorted(begin))
        while at < len(self.begins) and self.begins[at] == begin:
            if self._key(at) == key:
                return at
            at += 1
        return None

    def content(self, at: int) -> bytes | None:
        start = int(self.ends[at - 1]) if at else 0
        self.file.seek(self.begin + start)
        content = self.file.read(int(self.ends[at]) - start)
        return content if zlib.crc32(self._key(at) + content) == int(self.sums[at]) else None

    def _key(self, at: int) -> bytes:
        return self.keys[_KEY * at : _KEY * (at + 1)]


def _opened(path: Path) -> _Opened | None:
    """A piece, or None where it is missing or not as it was written."""
    try:
        file = path.open("rb")
    except OSError:
        return None
    try:
        found = _read(file)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        found = None
    if found is None:
        file.close()
    return found


def _read(file: IO[bytes]) -> _Opened | None:
    import numpy as np

    size = int.from_bytes(file.read(_NUMBER), "little")
    head = json.loads(file.read(min(size, 1 << 16)))
    facts, records = Facts(*(head[name] for name in Facts.__slots__)), head["records"]
    counts = (records, facts.documents, facts.unreadable, facts.encoded)
    whole = os.fstat(file.fileno()).st_size
    if head["format"] != PIECE_FORMAT or type(facts.engine) is not str or any(type(one) is not int for one in counts):
        return None
    if not 0 <= records * _RECORD <= whole:
        return None
    table = file.read(records * _RECORD)
    if hashlib.sha256(table).hexdigest() != head["table"]:
        return None
    keys, rest = table[: _KEY * records], table[_KEY * records :]
    ends = np.frombuffer(rest[: 8 * records], "<u8")
    begin = _NUMBER + size + len(table)
    if whole != begin + (int(ends[-1]) if records else 0) or (ends[1:] < ends[:-1]).any():
        return None
    begins = np.frombuffer(keys, ">u8").reshape(-1, 2)[:, 0].astype(np.uint64)
    return _Opened(file, facts, keys, begins, ends, np.frombuffer(rest[8 * records :], "<u4"), begin)
