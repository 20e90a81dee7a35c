"""Opens an index, whatever keeps it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from nrqa.errors import IndexUnusableError
from nrqa.index.local.folder import Folder
from nrqa.index.snapshot import PACKED

if TYPE_CHECKING:
    from nrqa.index.generations import Generations
    from nrqa.index.snapshot import Snapshot

Opener = Callable[[Path], "Generations"]
_SCHEME = re.compile(r"(?:^|/)([a-z][a-z0-9+]+):/")


def generations_at(place: Path) -> Generations:
    """The index at a place: a folder of this machine, a file into which one was packed, or a server's address."""
    if os.path.isfile(place):  # noqa: PTH113 - a third of the time, and a question asks often
        from nrqa.index.packed.bundle import Bundle  # most indexes are folders

        return Bundle(place)
    engine = _engine(place)
    return engine(place) if engine else Folder(place)


def told(place: Path) -> str:
    """The place as people write it: an address has two slashes."""
    return str(generations_at(place))


def beside(place: Path) -> Path:
    """The folder on this machine with what users keep with the index: the folder of the index itself, if it has one."""
    return generations_at(place).beside


def newest_at(place: Path) -> Snapshot:
    """The published generation, opened. IndexMissingError where there is none."""
    return generations_at(place).newest()


def folder_at(place: Path) -> Path:
    """Where the index at a place can be opened as often as one likes: its folder, or the address of a server.

    What is packed is unpacked into the user's cache.
    """
    return place if _engine(place) else beside(place)


def refuse_packed(place: Path, what: str) -> None:
    """Raise IndexUnusableError where the index at a place is packed, or is what was unpacked of one into the cache.

    ``what`` is what cannot be done then, as the beginning of a sentence.
    """
    if is_read_only(place):
        named = f"'{place}'" if os.path.isfile(place) else "FILE.nrqa"  # noqa: PTH113 - as above
        raise IndexUnusableError(
            f"{what} in a packed index, which is read-only. Make a folder of it, and go on there: "
            f"nrqa unpack {named} FOLDER"
        )


def is_read_only(place: Path) -> bool:
    """Whether the index at a place is packed, or is what was unpacked of one into the cache."""
    return os.path.isfile(place) or is_packed(place)  # noqa: PTH113 - as above


def is_packed(folder: Path) -> bool:
    """Whether an index folder is what was unpacked of a bundle, so that nothing is written to it."""
    return os.path.isfile(folder.parent / PACKED)  # noqa: PTH113 - as above


def _engine(place: Path) -> Opener | None:
    """What opens the address that a place is; None for a place on this machine."""
    found = _SCHEME.search(place.as_posix()) if ":" in str(place) else None
    return ENGINES.get(found[1]) if found else None


def _milvus(place: Path) -> Generations:
    from nrqa.index.milvus.address import address_of
    from nrqa.index.milvus.server import Server

    return Server(address_of(place))


ENGINES: dict[str, Opener] = {"milvus": _milvus, "milvus+https": _milvus}
"""What opens an address, by what stands before its ``://``. See docs/another-engine.md for one more."""
