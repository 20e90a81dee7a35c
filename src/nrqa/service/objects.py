"""The JSON objects of results that need more than the record's own ``to_dict``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nrqa.answering.contents import Contents
    from nrqa.answering.inspecting import Shown
    from nrqa.auditing.standing import Standing
    from nrqa.index.snapshot import Snapshot
    from nrqa.records import Answer

ALWAYS = {
    "search": ("question", "verdict", "confidence", "generation", "hits", "searched", "notices"),
    "show": ("document", "changed", "passages", "lines"),
    "documents": ("documents",),
    "facets": ("facets",),
    "status": ("index", "generation", "corpus", "model", "documents", "passages", "unreadable", "excluded", "stale"),
    "doctor": ("findings",),
    "verify": ("corpus", "documents", "unreadable", "counts", "files"),
    "check": ("quotations", "sentences", "counts", "searched"),
    "why_not": ("question", "document", "outcome", "changes"),
    "replay": ("result",),
    "standing": ("generation", "changed", "questions"),
    "list_standing": ("questions",),
    "accept_standing": ("generation", "changed", "accepted", "questions"),
    "add_standing": ("number", "question", "added"),
    "remove_standing": ("removed",),
}
"""What the object of each verb always has; the whole object is the one that its command prints with ``--json``."""


def error_object(error: BaseException) -> dict[str, Any]:
    """An error: the name of its class, and its message."""
    return {"error": {"type": type(error).__name__, "message": str(error)}}


def answer_with_citations(answer: Answer, snapshot: Snapshot) -> dict[str, Any]:
    """An answer, each hit with its citation in the forms that ``nrqa verify`` reads: a line, and a W3C annotation."""
    from nrqa.citations.making import citations_of

    found = answer.to_dict()
    kept = citations_of([hit.passage for hit in answer.hits], snapshot)
    return {**found, "hits": [{**hit, **one} for hit, one in zip(found["hits"], kept, strict=True)]}


def shown_with_citations(shown: Shown, snapshot: Snapshot) -> dict[str, Any]:
    """A passage in its surroundings, with the citations of ``answer_with_citations``."""
    from nrqa.citations.making import citations_of

    return {**shown.to_dict(), "citations": citations_of(shown.passages, snapshot)}


def contents_object(contents: Contents, *, documents: bool, facets: bool) -> dict[str, Any]:
    """The documents of an index, or what they can be filtered by, or both."""
    return {
        **(contents.documents_to_dict() if documents else {}),
        **(contents.facets_to_dict() if facets else {}),
    }


def added_question(question: Standing, *, is_new: bool) -> dict[str, Any]:
    """A standing question, and whether it was added now."""
    return {**question.to_dict(), "added": is_new}


def standing_questions(questions: Iterable[Standing]) -> dict[str, Any]:
    """All standing questions."""
    return {"questions": [one.to_dict() for one in questions]}
