"""What stays readable of the newest generation's manifest, however damaged the rest is and in whatever format."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nrqa.corpus.files.selecting import Selection, selection_of
from nrqa.index.local.generation import MANIFEST, folder_of, newest
from nrqa.index.manifest import RecordedRoot
from nrqa.records import Skipped


@dataclass(frozen=True, slots=True)
class Recorded:
    """What must stay readable in a damaged index: its corpus, and the model that it was built with."""

    corpus: tuple[RecordedRoot, ...]
    selection: Selection
    model: str
    fingerprint: str


def recorded(folder: Path) -> Recorded | None:
    """What a generation's manifest records, however damaged the rest is and in whatever format; None if unreadable."""
    try:
        content = json.loads((folder / MANIFEST).read_bytes())
        if "corpus_beside" in content:  # format 3 and older
            root = RecordedRoot("", str(content["corpus"]), str(content["corpus_beside"]))
            return Recorded((root,), Selection(), *_encoder_in(content))
        roots = tuple(RecordedRoot.of(root) for root in content["corpus"])
        return Recorded(roots, selection_of(content["selection"]), *_encoder_in(content))
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None


def _encoder_in(content: Mapping[str, Any]) -> tuple[str, str]:
    """Name and fingerprint of the encoder."""
    return str(content["encoder"]["name"]), str(content["encoder"]["fingerprint"])


def newest_recorded(index: Path) -> Recorded | None:
    """What the newest generation of an index records (see ``recorded``), or None where there is none."""
    number = newest(index)
    return recorded(folder_of(index, number)) if number is not None else None


def recorded_columns(index: Path) -> dict[str, list[str]]:
    """The columns of tables that the user named when the index was built, by role, however damaged the rest is."""
    found = _recorded_setting(index, "columns")
    try:
        return {str(role): [str(name) for name in names] for role, names in found.items()}
    except (TypeError, AttributeError):
        return {}


def recorded_ocr(index: Path) -> str:
    """The languages in which scans were recognised when the index was built, however damaged the rest is."""
    found = _recorded_setting(index, "ocr")
    return found if isinstance(found, str) else ""


def recorded_unreadable(index: Path) -> tuple[tuple[Skipped, ...], int]:
    """The files that could not be read when the index was built, and when that was; nothing where that is unknown."""
    content = _recorded_content(index)
    try:
        return tuple(Skipped(str(one["document"]), str(one["reason"])) for one in content["unreadable"]), int(
            content["read_ns"]
        )
    except (LookupError, TypeError, ValueError, AttributeError):
        return (), 0


def _recorded_setting(index: Path, name: str) -> Any:
    content = _recorded_content(index)
    try:
        return content["settings"][name]
    except (LookupError, TypeError):
        return None


def _recorded_content(index: Path) -> Any:
    """The manifest's JSON, or None where it cannot be read."""
    try:
        number = newest(index)
        return None if number is None else json.loads((folder_of(index, number) / MANIFEST).read_bytes())
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None
