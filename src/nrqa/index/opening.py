"""Opens an index, whatever keeps it."""

from __future__ import annotations

import os
from pathlib import Path

from nrqa.errors import IndexUnusableError
from nrqa.index.local.folder import Folder
from nrqa.index.snapshot import PACKED, Generations, Snapshot


def generations_at(place: Path) -> Generations:
    """The index at a place: a folder of this machine, a file into which one was packed, or a server's address."""
    if os.path.isfile(place):  # noqa: PTH113 - a third of the time, and a question asks often
        from nrqa.index.packed.bundle import Bundle  # most indexes are folders

        return Bundle(place)
    if ":" in str(place):
        from nrqa.index.milvus.address import address_of, is_address

        if is_address(place):
            from nrqa.index.milvus.server import Server

            return Server(address_of(place))
    return Folder(place)


def newest_at(place: Path) -> Snapshot:
    """The published generation, opened. IndexMissingError where there is none."""
    return generations_at(place).newest()


def folder_at(place: Path) -> Path:
    """The folder of this machine with the index at a place; what is packed is unpacked into the user's cache."""
    return generations_at(place).beside


def refuse_packed(place: Path, what: str) -> None:
    """Raise IndexUnusableError where the index at a place is packed, or is what was unpacked of one into the cache.

    ``what`` is what cannot be done then, as the beginning of a sentence.
    """
    if os.path.isfile(place) or is_packed(place):  # noqa: PTH113 - as above
        named = f"'{place}'" if os.path.isfile(place) else "FILE.nrqa"  # noqa: PTH113 - as above
        raise IndexUnusableError(
            f"{what} in a packed index, which is read-only. Make a folder of it, and go on there: "
            f"nrqa unpack {named} FOLDER"
        )


def is_packed(folder: Path) -> bool:
    """Whether an index folder is what was unpacked of a bundle, so that nothing is written to it."""
    return os.path.isfile(folder.parent / PACKED)  # noqa: PTH113 - as above
