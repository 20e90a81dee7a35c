"""The bytes of a ZIP file around its members' contents: one way to write each, so that a reader can expect them.

Python's zipfile writes times and flags as it sees fit, and reads what others may have written: names twice, members
that overlap, lengths that are not so. Here the list of members says every byte of the file but their contents, so
whoever has the list compares the file with it and interprets nothing. Members are stored and not deflated: nothing
inflates, and an index deflates by a tenth only. (APPNOTE.TXT, sections 4.3 to 4.5, is the format.)
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR = struct.Struct("<4sLQL")
_MOST32, _MOST16 = 0xFFFFFFFF, 0xFFFF
_UTF8 = 0x800
_DATE, _TIME = 0x21, 0
"""The first day of 1980: a member has no time, so that the same content gives the same file."""
_MODE = 0o100644 << 16
_UNIX = 3 << 8
_PLAIN, _LARGE = 20, 45
"""The version of the format that a reader needs, without and with lengths of 8 bytes."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What the frame says of a member."""

    name: str
    size: int
    crc: int


def head(entry: Entry) -> bytes:
    """What stands before a member's content."""
    name, large = entry.name.encode(), entry.size >= _MOST32
    extra = struct.pack("<2H2Q", 1, 16, entry.size, entry.size) if large else b""
    size = _MOST32 if large else entry.size
    version = _LARGE if large else _PLAIN
    fixed = _LOCAL.pack(b"PK\3\4", version, _UTF8, 0, _TIME, _DATE, entry.crc, size, size, len(name), len(extra))
    return fixed + name + extra


def end(entries: Sequence[Entry], comment: bytes) -> bytes:
    """What stands after the last member's content: the directory, and the comment."""
    directory = b"".join(_central(entry, at) for entry, at in _placed(entries))
    begins = sum(len(head(entry)) + entry.size for entry in entries)
    count, small = len(entries), (min(len(entries), _MOST16), min(len(directory), _MOST32), min(begins, _MOST32))
    more = b""
    if _MOST16 in small or _MOST32 in small:
        more = _END64.pack(
            b"PK\6\6", _END64.size - 12, _UNIX | _LARGE, _LARGE, 0, 0, count, count, len(directory), begins
        )
        more += _LOCATOR.pack(b"PK\6\7", 0, begins + len(directory), 1)
    last = _END.pack(b"PK\5\6", 0, 0, small[0], small[0], small[1], small[2], len(comment))
    return directory + more + last + comment


def _placed(entries: Sequence[Entry]) -> Iterator[tuple[Entry, int]]:
    at = 0
    for entry in entries:
        yield entry, at
        at += len(head(entry)) + entry.size


def _central(entry: Entry, at: int) -> bytes:
    name, large = entry.name.encode(), [value for value in (entry.size, entry.size, at) if value >= _MOST32]
    extra = struct.pack(f"<2H{len(large)}Q", 1, 8 * len(large), *large) if large else b""
    version = _LARGE if large else _PLAIN
    size = min(entry.size, _MOST32)
    fixed = _CENTRAL.pack(
        b"PK\1\2", _UNIX | version, version, _UTF8, 0, _TIME, _DATE, entry.crc, size, size, len(name), len(extra),
        0, 0, 0, _MODE, min(at, _MOST32),
    )  # fmt: skip
    return fixed + name + extra
