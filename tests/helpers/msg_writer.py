"""Writes Outlook messages: OLE compound files (MS-CFB) of a few small streams."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from datetime import UTC, datetime

_SECTOR, _MINI = 512, 64
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_NONE = 0xFFFFFFFF

Folder = Mapping[str, "bytes | Folder"]


def outlook(texts: Mapping[int, str | bytes], *, sent: datetime | None = None, **attachments: Folder) -> bytes:
    """A message with these properties (texts in UTF-16, bytes as they are), and attachments by their names."""
    folder: dict[str, bytes | Folder] = dict(properties(texts, 32, sent))
    for number, attachment in enumerate(attachments.values()):
        folder[f"__attach_version1.0_#{number:08X}"] = attachment
    return compound(folder)


def properties(
    texts: Mapping[int, str | bytes], header: int, sent: datetime | None = None, kind: int = 0x001E
) -> dict[str, bytes | Folder]:
    """The streams of properties; bytes have this kind (8-bit text) unless their number is that of a binary one."""
    fixed = bytes(header)
    if sent is not None:
        ticks = int((sent - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds()) * 10_000_000
        fixed += struct.pack("<IIQ", 0x0039_0040, 6, ticks)
    found: dict[str, bytes | Folder] = {"__properties_version1.0": fixed}
    for number, value in texts.items():
        binary = 0x0102 if number in (0x1013, 0x1009, 0x3701) else kind
        name = f"__substg1.0_{number:04X}{0x001F if isinstance(value, str) else binary:04X}"
        found[name] = value.encode("utf-16-le") if isinstance(value, str) else value
    return found


def compound(root: Folder) -> bytes:
    """A compound file with these streams and storages; every stream lies in the mini stream."""
    entries: list[bytearray] = [_entry("Root Entry", 5)]
    mini = bytearray()
    mini_fat: list[int] = []
    _fill(root, 0, entries, mini, mini_fat)
    while len(entries) % 4:
        entries.append(_entry("", 0))
    parts = [b"".join(entries), struct.pack(f"<{len(mini_fat)}I", *mini_fat), bytes(mini)]
    fat: list[int] = []
    starts: list[int] = []
    body = b""
    for part in parts:
        count = -(-len(part) // _SECTOR)
        starts.append(len(fat) if count else _END)
        fat += [*range(len(fat) + 1, len(fat) + count), _END] if count else []
        padding = b"\xff" if part is parts[1] else b"\0"
        body += part.ljust(count * _SECTOR, padding)
    struct.pack_into("<IQ", entries[0], 116, starts[2], len(mini))
    body = bytes(entries[0]) + body[128:]
    sectors = 1
    while (len(fat) + sectors) * 4 > sectors * _SECTOR:
        sectors += 1
    first = len(fat)
    fat += [_FAT] * sectors
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(sectors * _SECTOR, b"\xff")
    difat = [*range(first, first + sectors), *[_FREE] * (109 - sectors)]
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    mini_sectors = -(-len(parts[1]) // _SECTOR)
    header += struct.pack("<IIIIIIIIII", 0, sectors, starts[0], 0, 4096, starts[1], mini_sectors, _END, 0, difat[0])
    return header + struct.pack("<108I", *difat[1:]) + body + table


def _entry(name: str, kind: int) -> bytearray:
    written = name.encode("utf-16-le")
    entry = bytearray(128)
    entry[: len(written)] = written
    struct.pack_into("<HBBIII", entry, 64, len(written) + 2 if name else 0, kind, 1, _NONE, _NONE, _NONE)
    struct.pack_into("<IQ", entry, 116, _END if kind == 2 else 0, 0)
    return entry


def _fill(folder: Folder, parent: int, entries: list[bytearray], mini: bytearray, mini_fat: list[int]) -> None:
    above = None
    for name in sorted(folder, key=lambda one: (len(one), one.upper())):
        content = folder[name]
        number = len(entries)
        entries.append(_entry(name, 2 if isinstance(content, bytes) else 1))
        # A chain of right siblings is a tree, too.
        struct.pack_into("<I", entries[parent if above is None else above], 76 if above is None else 72, number)
        above = number
        if not isinstance(content, bytes):
            _fill(content, number, entries, mini, mini_fat)
            continue
        count = -(-len(content) // _MINI)
        if count:
            struct.pack_into("<IQ", entries[number], 116, len(mini_fat), len(content))
            mini_fat += [*range(len(mini_fat) + 1, len(mini_fat) + count), _END]
            mini += content.ljust(count * _MINI, b"\0")
