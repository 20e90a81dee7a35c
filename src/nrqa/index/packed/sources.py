"""The source files that were packed with an index, where they were unpacked to: its corpus."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from nrqa.index.manifest import Manifest, RecordedRoot, is_inside
from nrqa.index.packed.listing import SOURCES, is_source
from nrqa.index.rows import Known
from nrqa.records import NOT_PACKED, Skipped

_CHANGED = f"{NOT_PACKED}: its file was not as it was indexed"


def place_in(index: Path, root: RecordedRoot) -> Path | None:
    """The place of a root of the corpus among the sources; None where none of it was packed."""
    if not is_inside(root.name):
        return None
    place = index.parent / SOURCES / root.name
    there = place.is_file() if root.is_file else place.is_dir()
    return place.resolve() if there else None


def not_packed(index: Path, manifest: Manifest, known: Mapping[str, Known]) -> tuple[Skipped, ...]:
    """What of the corpus was not packed: its roots where nothing was, else the documents without their files."""
    folder = index.parent / SOURCES
    if not folder.is_dir():
        count = f"its documents ({len(known):,}) are in the index as they were"
        return tuple(
            Skipped(one.path, f"{NOT_PACKED}; {count if len(manifest.corpus) == 1 else 'as it was'}")
            for one in manifest.corpus
        )
    gone = (name for name in known if not (is_source(name) and os.path.isfile(folder / name)))  # noqa: PTH113 - many
    return tuple(Skipped(name, _CHANGED) for name in sorted(gone))
