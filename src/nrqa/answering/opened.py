"""What verbs are given as an index: its folder, or an ``Index`` that is open already and stays so."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from nrqa.given import given_path
from nrqa.index.opening import folder_at, newest_at
from nrqa.index.snapshot import Snapshot

if TYPE_CHECKING:
    from nrqa.answering.asking import Announce, Index
    from nrqa.encoder.protocol import Encoder

    Place = str | os.PathLike[str]


def folder_of(index: Place | Index) -> Path:
    """The folder of the index on this machine; a packed one is unpacked, and a server's address stays one."""
    return folder_at(given_path(index, "index")) if _is_place(index) else index.folder  # type: ignore[union-attr]


def place_of(index: Place | Index) -> Path:
    """The place of the index as its user names it: a folder, a packed file, or a server's address."""
    return given_path(index, "index") if _is_place(index) else index.place  # type: ignore[union-attr]


def snapshot_of(index: Place | Index) -> Snapshot:
    """The newest published generation: opened now, or, of an ``Index``, the one it has open."""
    return newest_at(given_path(index, "index")) if _is_place(index) else index.snapshot  # type: ignore[union-attr]


def opened(
    index: Place | Index,
    *,
    encoder: Encoder | None = None,
    announce: Announce | None = None,
    one_shot: bool = False,
) -> Index:
    """The index opened for asking; the options are those of ``Index.open``, for one that is not open yet."""
    from nrqa.answering.asking import Index

    if isinstance(index, Index) and encoder is None:
        return index
    return Index.open(place_of(index), encoder=encoder, announce=announce, one_shot=one_shot)


def _is_place(index: Place | Index) -> bool:
    """Whether it is a path, or nothing at all that is an index (which ``given_path`` refuses)."""
    return not hasattr(index, "snapshot")
