"""Opens an index, whatever keeps it."""

from __future__ import annotations

from pathlib import Path

from nrqa.index.local.folder import Folder
from nrqa.index.snapshot import Generations, Snapshot


def generations_at(place: Path) -> Generations:
    """The index at a place: a folder of this machine."""
    return Folder(place)


def newest_at(place: Path) -> Snapshot:
    """The published generation, opened. IndexMissingError where there is none."""
    return generations_at(place).newest()
