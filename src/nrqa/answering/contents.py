"""What is in an index: its documents, and what they can be filtered by."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nrqa.answering.opened import snapshot_of
from nrqa.given import conditions_of, globs_of
from nrqa.index.rows import Listed
from nrqa.settings import DEFAULT_INDEX

if TYPE_CHECKING:
    from nrqa.answering.asking import Index
    from nrqa.index.snapshot import Where


@dataclass(frozen=True, slots=True)
class Contents:
    """All documents in order of name; for each metadata key its values with document counts, the commonest first."""

    documents: tuple[Listed, ...]
    facets: Mapping[str, Mapping[str, int]]

    def documents_to_dict(self) -> dict[str, Any]:
        """The JSON object that ``nrqa status --documents --json`` prints."""
        return {"documents": [_document_to_dict(one) for one in self.documents]}

    def facets_to_dict(self) -> dict[str, Any]:
        """The JSON object that ``nrqa status --facets --json`` prints."""
        return {"facets": {key: dict(values) for key, values in self.facets.items()}}


def contents(
    index: str | os.PathLike[str] | Index = DEFAULT_INDEX,
    *,
    where: Where | None = None,
    only: str | Sequence[str] | None = None,
) -> Contents:
    """What the published generation holds, of documents those that pass the filters, which are those of ``ask``.

    Raises IndexMissingError or another IndexUnusableError; QuestionError where a filter cannot be understood.
    """
    snapshot = snapshot_of(index)
    passing = snapshot.filtered(conditions_of(where), globs_of(only)).documents
    documents = [one for one in snapshot.listed() if passing is None or one.number in passing]
    return Contents(tuple(sorted(documents, key=lambda one: one.name)), snapshot.facets)


def _document_to_dict(one: Listed) -> dict[str, Any]:
    return {
        "document": one.name,
        "title": one.title,
        "passages": one.passages,
        "text_bytes": one.text_bytes,
        "bytes": one.bytes,
        "sha256": one.sha256,
        "metadata": dict(one.metadata),
        "flags": [
            {"kind": flag.kind, "start": flag.start, "end": flag.end, "detail": flag.detail} for flag in one.flags
        ],
    }
