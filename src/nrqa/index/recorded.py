"""What stays readable of a generation's manifest, however damaged the rest of it is, and in whatever format.

``content`` is the manifest's JSON, or None where that cannot be read (see ``Generations.newest_content``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nrqa.corpus.files.selecting import Selection, selection_of
from nrqa.index.manifest import RecordedRoot
from nrqa.records import Skipped


@dataclass(frozen=True, slots=True)
class Recorded:
    """What must stay readable in a damaged index: its corpus, and the model that it was built with."""

    corpus: tuple[RecordedRoot, ...]
    selection: Selection
    model: str
    fingerprint: str


def recorded(content: Any) -> Recorded | None:
    """Corpus and model; None where one of them cannot be read."""
    try:
        if "corpus_beside" in content:  # format 3 and older
            root = RecordedRoot("", str(content["corpus"]), str(content["corpus_beside"]))
            return Recorded((root,), Selection(), *_encoder_in(content))
        roots = tuple(RecordedRoot.of(root) for root in content["corpus"])
        return Recorded(roots, selection_of(content["selection"]), *_encoder_in(content))
    except (ValueError, LookupError, TypeError, AttributeError):
        return None


def recorded_columns(content: Any) -> dict[str, list[str]]:
    """The columns of tables that the user named when the index was built, by role."""
    try:
        found = content["settings"]["columns"]
        return {str(role): [str(name) for name in names] for role, names in found.items()}
    except (LookupError, TypeError, AttributeError):
        return {}


def recorded_ocr(content: Any) -> str:
    """The languages in which scans were recognised when the index was built."""
    try:
        found = content["settings"]["ocr"]
    except (LookupError, TypeError):
        return ""
    return found if isinstance(found, str) else ""


def recorded_unreadable(content: Any) -> tuple[tuple[Skipped, ...], int]:
    """The files that could not be read when the index was built, and when that was; nothing where that is unknown."""
    try:
        return tuple(Skipped(str(one["document"]), str(one["reason"])) for one in content["unreadable"]), int(
            content["read_ns"]
        )
    except (LookupError, TypeError, ValueError, AttributeError):
        return (), 0


def _encoder_in(content: Mapping[str, Any]) -> tuple[str, str]:
    """Name and fingerprint of the encoder."""
    return str(content["encoder"]["name"]), str(content["encoder"]["fingerprint"])
