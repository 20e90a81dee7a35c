"""The verb ``unpack``: the index in a bundle as a folder again, its sources and its encoder where they are wanted."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nrqa.bundles.installing import install
from nrqa.errors import IndexUnusableError
from nrqa.given import given_path
from nrqa.index.local.folder import Folder
from nrqa.index.packed.listing import ENCODER, INDEX, SOURCES, Member
from nrqa.index.packed.reading import listed
from nrqa.index.packed.unpacked import told, unpack_into

if TYPE_CHECKING:
    Place = str | os.PathLike[str]


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What was unpacked. ``packed_sources`` and ``packed_encoder`` say what else the bundle has."""

    index: str
    generation: int
    root: str
    sources: str | None
    packed_sources: int
    encoder: bool
    packed_encoder: bool

    def to_dict(self) -> dict[str, Any]:
        """The JSON object that ``nrqa unpack --json`` prints."""
        return {
            "index": self.index,
            "generation": self.generation,
            "root": self.root,
            "sources": self.sources,
            "packed_sources": self.packed_sources,
            "encoder": self.encoder,
            "packed_encoder": self.packed_encoder,
        }


def unpack(file: Place, folder: Place, *, sources: Place | None = None, encoder: bool = False) -> Unpacked:
    """Make a bundle's index a folder again, which ``reindex`` can continue; every byte is compared with its hash.

    ``sources`` is a new folder for the packed source files. With ``encoder`` the packed encoder is put into the user's
    cache, if that has none of this model yet: only for bundles of people whom you trust, since it then encodes for
    every index of that model on this machine.

    Raises IndexDamagedError where the bundle is not as it was packed, IndexUnusableError where a folder is taken.
    """
    bundle, target = given_path(file, "file"), given_path(folder, "folder")
    beside = given_path(sources, "sources") if sources is not None else None
    members = listed(bundle)
    counts = {area: sum(one.name.startswith(f"{area}/") for one in members) for area in (SOURCES, ENCODER)}
    if beside is not None and not counts[SOURCES]:
        raise IndexUnusableError(f"'{bundle}' was packed without sources. Unpack without --sources")
    if encoder and not counts[ENCODER]:
        raise IndexUnusableError(f"'{bundle}' was packed without an encoder. Unpack without --encoder")
    for place in (target, beside) if beside is not None else (target,):
        _check_new(place)
    wanted = {INDEX} | ({SOURCES} if beside is not None else set()) | ({ENCODER} if encoder else set())

    def is_wanted(member: Member) -> bool:
        return member.name.partition("/")[0] in wanted

    with told(bundle, target, "Name another folder"):
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=".nrqa-unpack-", dir=target.parent))
        try:
            root = unpack_into(bundle, draft / "all", is_wanted)
            number = Folder(draft / "all" / INDEX).newest().manifest.generation
            installed = encoder and install(draft / "all" / ENCODER)
            if beside is not None:
                beside.parent.mkdir(parents=True, exist_ok=True)
                _move(draft / "all" / SOURCES, beside)
            _move(draft / "all" / INDEX, target)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    return Unpacked(
        index=str(target),
        generation=number,
        root=root,
        sources=str(beside) if beside is not None else None,
        packed_sources=counts[SOURCES],
        encoder=installed,
        packed_encoder=bool(counts[ENCODER]),
    )


def _check_new(place: Path) -> None:
    if place.is_symlink() or (place.exists() and not (place.is_dir() and not any(place.iterdir()))):
        raise IndexUnusableError(f"'{place}' is there already. Name a new folder")


def _move(folder: Path, place: Path) -> None:
    """Put the folder in a place where there is none, or an empty one; it may be on another disk."""
    if place.is_dir():
        place.rmdir()
    shutil.move(folder, place)
