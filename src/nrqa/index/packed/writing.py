"""Writes a bundle: the same members give the same bytes, whatever their times, modes and order."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from nrqa.errors import IndexBusyError
from nrqa.index.packed.listing import LISTING, Member, comment_of, is_name, root_of, written
from nrqa.index.packed.zip_frame import Entry, end, head
from nrqa.saving import replacing

Content = Path | bytes
_PIECE = 1 << 20


def write_bundle(
    contents: Mapping[str, Content], file: Path, check: Callable[[tuple[Member, ...]], None]
) -> tuple[str, tuple[Member, ...]]:
    """Write the members, whole or not at all, and return the root of their hash tree, and what they are.

    ``check`` is called with what will be written, and may raise an error instead. Each file is read twice, and must not
    change meanwhile: IndexBusyError.
    """
    facts = {name: _facts(contents[name]) for name in sorted(contents)}
    members = tuple(Member(name, size, sha256) for name, (size, _, sha256) in facts.items())
    if wrong := [name for name in facts if not is_name(name)]:
        raise ValueError(f"no name for a member: {wrong[0]}")
    check(members)
    listing = written(members)
    everything = {LISTING: listing, **{name: contents[name] for name in facts}}
    entries = [Entry(LISTING, len(listing), zlib.crc32(listing))]
    entries += [Entry(name, size, crc) for name, (size, crc, _) in facts.items()]
    root = root_of(members)
    with replacing(file) as stream:
        for entry in entries:
            stream.write(head(entry))
            crc = size = 0
            for piece in _pieces(everything[entry.name]):
                crc, size = zlib.crc32(piece, crc), size + len(piece)
                stream.write(piece)
            if (size, crc) != (entry.size, entry.crc):
                raise IndexBusyError(f"'{entry.name}' changed while it was packed. Pack again when nothing is written")
        stream.write(end(entries, comment_of(root)))
    return root, members


def _facts(content: Content) -> tuple[int, int, str]:
    """Size, CRC-32 and SHA-256."""
    size, crc, sha256 = 0, 0, hashlib.sha256()
    for piece in _pieces(content):
        size, crc = size + len(piece), zlib.crc32(piece, crc)
        sha256.update(piece)
    return size, crc, sha256.hexdigest()


def _pieces(content: Content) -> Iterator[bytes]:
    with BytesIO(content) if isinstance(content, bytes) else content.open("rb") as stream:
        yield from _read(stream)


def _read(stream: BinaryIO) -> Iterator[bytes]:
    while piece := stream.read(_PIECE):
        yield piece
