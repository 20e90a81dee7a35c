"""Reads a bundle, of which nothing is believed: every byte is compared with what its list of members says.

A member's content has the size and SHA-256 of the list; all that stands between and after contents is what nrqa writes
there (``zip_frame``); the list gives the root at the end of the file. So a changed byte is met wherever it is, and
names, lengths or links of a hostile archive lead nowhere.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import BinaryIO

from nrqa.errors import IndexDamagedError, IndexIncompatibleError, IndexMissingError, IndexUnusableError
from nrqa.index.packed.listing import COMMENT_SIZE, LISTING, Member, comment_of, read, root_in, root_of
from nrqa.index.packed.zip_frame import Entry, end, head

_PIECE = 1 << 20
_BEGIN = head(Entry(LISTING, 0, 0))
"""What a bundle begins with, but for the size and CRC-32 of its list."""
_LONGEST = 1 << 28
"""Bytes of the longest list that is read: that of two million members."""


def root_at(file: Path) -> str:
    """The root that the file says at its end, which is read in no time. IndexUnusableError where it is no bundle."""
    with _opened(file) as stream:
        return _root(stream, file)


def listed(file: Path) -> tuple[Member, ...]:
    """The members of a bundle by its list, which is compared with the root; their contents are not read."""
    with _opened(file) as stream:
        return _listing(stream, file)[0]


def unpack(
    file: Path,
    receive: Callable[[Member], AbstractContextManager[BinaryIO]],
    members: Callable[[tuple[Member, ...]], None],
) -> str:
    """Read the whole bundle, and return its root; each member's content is written to what ``receive`` opens for it.

    ``members`` is called before anything is written, and may raise an error. Nothing of what was written may be used
    before this returns. Raises IndexDamagedError, which names the member that is not as it was packed.
    """
    with _opened(file) as stream:
        found, first = _listing(stream, file)
        members(found)
        entries = [first]
        for member in found:
            entries.append(_unpacked(stream, member, receive, file))
        root = root_of(found)
        if stream.read() != end(entries, comment_of(root)):
            raise _damaged(file, "the directory at its end is")
        return root


def compare(file: Path) -> None:
    """Read the whole bundle and write nothing. IndexDamagedError names the member that is not as it was packed."""

    @contextmanager
    def nowhere(_: Member) -> Iterator[BinaryIO]:
        with Path(os.devnull).open("wb") as stream:
            yield stream

    unpack(file, nowhere, lambda _: None)


def _unpacked(
    stream: BinaryIO, member: Member, receive: Callable[[Member], AbstractContextManager[BinaryIO]], file: Path
) -> Entry:
    before = stream.read(len(head(Entry(member.name, member.size, 0))))
    left, crc, sha256 = member.size, 0, hashlib.sha256()
    with receive(member) as target:
        while left:
            piece = stream.read(min(_PIECE, left))
            if not piece:
                raise _damaged(file, f"its member '{member.name}' ends too early; it is")
            left, crc = left - len(piece), zlib.crc32(piece, crc)
            sha256.update(piece)
            target.write(piece)
    entry = Entry(member.name, member.size, crc)
    if sha256.hexdigest() != member.sha256 or before != head(entry):
        raise _damaged(file, f"its member '{member.name}' is")
    return entry


def _listing(stream: BinaryIO, file: Path) -> tuple[tuple[Member, ...], Entry]:
    """The members, and the frame's entry of the list itself; the stream then stands at the first of them."""
    root, whole = _root(stream, file), os.fstat(stream.fileno()).st_size
    stream.seek(0)
    before = stream.read(len(_BEGIN))
    size = int.from_bytes(before[18:22], "little")
    if size > min(_LONGEST, whole):
        raise _damaged(file, "the length of its list of members is")
    data = stream.read(size)
    entry = Entry(LISTING, size, zlib.crc32(data))
    try:
        members = read(data)
    except ValueError as error:
        raise _damaged(file, f"its list of members {error}; it is") from None
    if before != head(entry) or root_of(members) != root:
        raise _damaged(file, "its list of members is")
    entries = [entry, *(Entry(one.name, one.size, 0) for one in members)]
    expected = sum(len(head(one)) + one.size for one in entries) + len(end(entries, comment_of(root)))
    if expected != whole:
        raise _damaged(file, f"it has {whole:,} bytes instead of {expected:,}, so it is")
    return members, entry


def _root(stream: BinaryIO, file: Path) -> str:
    size = os.fstat(stream.fileno()).st_size
    stream.seek(max(0, size - COMMENT_SIZE))
    try:
        root = root_in(stream.read(COMMENT_SIZE))
    except IndexIncompatibleError as error:
        raise IndexIncompatibleError(f"'{file}' cannot be opened. {error}. Pack it again: nrqa pack") from None
    if root is None:
        stream.seek(0)
        if stream.read(len(_BEGIN))[:4] == _BEGIN[:4] and file.suffix == ".nrqa":
            raise IndexDamagedError(
                f"'{file}' is cut off, or no bundle of nrqa: its end is not one's. Copy it again, or pack it again"
            )
        raise IndexUnusableError(
            f"'{file}' is a file, and no packed index. Name a folder, or a file that nrqa pack wrote: --index PATH"
        )
    return root


@contextmanager
def _opened(file: Path) -> Iterator[BinaryIO]:
    try:
        with file.open("rb") as stream:
            yield stream
    except FileNotFoundError:
        raise IndexMissingError(f"There is no file '{file}'. Pack an index into it: nrqa pack INDEX '{file}'") from None


def _damaged(file: Path, what: str) -> IndexDamagedError:
    return IndexDamagedError(
        f"'{file}' is damaged: {what} not as it was packed. Copy it again from where it was packed, or pack it again"
    )
