"""The verb ``pack``: the newest generation of an index in one file, with what another machine needs to ask it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nrqa.bundles.encoder import packed_encoder
from nrqa.bundles.licences import licences
from nrqa.bundles.source_files import source_files
from nrqa.errors import DiskFullError, IndexBusyError, IndexDamagedError, IndexUnusableError
from nrqa.given import given_path
from nrqa.index import CALIBRATION
from nrqa.index.local import generation
from nrqa.index.local.disk_space import is_disk_full
from nrqa.index.local.snapshot import LocalSnapshot
from nrqa.index.opening import generations_at
from nrqa.index.packed.listing import ENCODER, INDEX, LICENCES, SOURCES, SUFFIX, Member
from nrqa.index.packed.writing import Content, write_bundle
from nrqa.index.snapshot import Snapshot
from nrqa.records import Skipped, skipped_to_list

if TYPE_CHECKING:
    Place = str | os.PathLike[str]


@dataclass(frozen=True, slots=True)
class Packed:
    """What was packed. ``root`` is the root of the hash tree over all members, which identifies the bundle.

    ``left_out`` are the documents whose files were to be packed and are not as they were indexed.
    """

    file: str
    root: str
    generation: int
    bytes: int
    members: int
    encoder: bool
    calibration: bool
    sources: int
    left_out: tuple[Skipped, ...]
    notices: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """The JSON object that ``nrqa pack --json`` prints."""
        return {
            "file": self.file,
            "root": self.root,
            "generation": self.generation,
            "bytes": self.bytes,
            "members": self.members,
            "encoder": self.encoder,
            "calibration": self.calibration,
            "sources": self.sources,
            "left_out": skipped_to_list(self.left_out),
            "notices": list(self.notices),
        }


def pack(index: Place, file: Place, *, sources: bool = False, encoder: bool = False) -> Packed:
    """Pack the newest generation of an index into a file, which takes the place of an earlier one.

    ``encoder`` adds the converted encoder, so that a machine without PyTorch can ask. ``sources`` adds the files that
    the documents were read from: those that are still as they were indexed. A calibration is packed with the index,
    since it decides confidence and verdict; standing questions, which may be private, are not. The same index gives the
    same bytes.

    Raises IndexUnusableError where the file cannot be written, IndexDamagedError where the index is not as it was
    published, EncoderError where the encoder cannot be packed.
    """
    target = _named(given_path(file, "file"))
    generations = generations_at(given_path(index, "index"))
    folder, snapshot = generations.beside, generations.newest()
    if not isinstance(snapshot, LocalSnapshot):
        raise IndexUnusableError(
            f"The index '{generations}' is kept by a server, and only one in a folder is packed. Build that of the "
            f"same corpus: nrqa index CORPUS --index FOLDER, then nrqa pack FOLDER '{target}'"
        )
    manifest = snapshot.manifest
    kept = generation.folder_of(folder, manifest.generation)
    contents: dict[str, Content] = {
        f"{INDEX}/{kept.name}/{name}": kept / name for name in (generation.MANIFEST, *manifest.files)
    }
    if calibrated := (folder / CALIBRATION).is_file():
        contents[f"{INDEX}/{CALIBRATION}"] = folder / CALIBRATION
    if encoder:
        contents |= {
            f"{ENCODER}/{name}": one for name, one in packed_encoder(manifest.model, generations.encoder).items()
        }
    texts, notices = licences(manifest.model if encoder else None)
    contents |= {f"{LICENCES}/{name}": text for name, text in texts.items()}
    packed_sources, left_out = source_files(snapshot, folder) if sources else ({}, ())
    contents |= {f"{SOURCES}/{name}": place for name, place in packed_sources.items()}
    try:
        root, members = write_bundle(contents, target, partial(_compare, snapshot=snapshot))
    except FileNotFoundError as error:
        if kept.is_dir() and not target.parent.is_dir():
            raise IndexUnusableError(
                f"There is no folder '{target.parent}'. Name a file in one that is there"
            ) from error
        raise IndexBusyError(f"'{error.filename}' was replaced while it was packed. Pack again") from error
    except OSError as error:
        if is_disk_full(error):
            raise DiskFullError(
                f"The disk is full, so '{target}' was not written. Make room, and pack again"
            ) from error
        raise IndexUnusableError(f"'{target}' cannot be written: {(error.strerror or str(error)).lower()}") from error
    return Packed(
        file=str(target),
        root=root,
        generation=manifest.generation,
        bytes=target.stat().st_size,
        members=len(members),
        encoder=encoder,
        calibration=calibrated,
        sources=len(packed_sources),
        left_out=left_out,
        notices=notices,
    )


def _named(file: Path) -> Path:
    if file.suffix != SUFFIX or file.is_dir():
        raise IndexUnusableError(f"'{file}' is no name for a bundle. Name a file that ends in {SUFFIX}")
    return file


def _compare(members: Iterable[Member], snapshot: Snapshot) -> None:
    """Raise an error where what was read for packing is not what the index says of it."""
    manifest = snapshot.manifest
    known = snapshot.known
    for one in members:
        area, _, rest = one.name.partition("/")
        name = rest.partition("/")[2]
        if area == INDEX and name in manifest.files and one.sha256 != manifest.files[name]["sha256"]:
            raise IndexDamagedError(
                f"The index is damaged: '{name}' has other contents than were written. Build it again: "
                "nrqa index --rebuild"
            )
        if area == SOURCES and one.sha256 != known[rest].sha256:
            raise IndexBusyError(f"'{rest}' changed while it was packed. Pack again when nothing is written")
