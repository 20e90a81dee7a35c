"""The hits of an answer as the page shows them."""

from __future__ import annotations

from typing import Any

from nrqa.citations.making import cite_lines
from nrqa.records import Answer, Citation, Hit, Span
from nrqa.rendering.plain_text import harmless
from nrqa.server.page import addresses
from nrqa.server.page.places import seen_place, text_of, warnings
from nrqa.server.reader.marking import pieces

_MEANS = {
    "answered": ("Answered", "The first passage probably answers. Read it before you rely on it."),
    "weak": ("Weak", "The passages may answer. Look before you rely on them."),
    "absent": ("Absent", "Everything was searched, and nothing in the documents answers this."),
    "unknown": ("Unknown", "Nothing found, but not everything could be searched."),
}


def verdict_of(answer: Answer) -> dict[str, Any]:
    """The verdict in words."""
    name, means = _MEANS[answer.verdict]
    if not answer.searched.documents:
        means = "There is no document to search."
    return {"name": name, "kind": answer.verdict, "means": means, "confidence": f"{answer.confidence:.2f}"}


def hits_of(answer: Answer, asked: addresses.Parameters) -> list[dict[str, Any]]:
    """Each hit with its text in pieces, its place, where it is read, and what of it can be copied."""
    return [_hit(one, asked) for one in answer.hits]


def nearest_of(answer: Answer, asked: addresses.Parameters) -> list[dict[str, Any]]:
    """The passages that came after the hits."""
    return [seen_place(one.citation, asked) for one in answer.searched.nearest]


def quotation(text: str, cite: str) -> str:
    """A quotation with its citation behind it, ready to be pasted into a draft that ``nrqa check`` reads."""
    return f"“{' '.join(harmless(text).split())}” ({cite})"


def files_of(citation: Citation, asked: addresses.Parameters) -> list[tuple[str, str]]:
    """One passage as files: its citation as an annotation; of a hit, ``asked`` for so, also entries of bibliographies.

    They tell the verdict on the question, so they are made for hits alone.
    """
    place = [("document", citation.document), ("at", f"{citation.start}-{citation.end}")]
    forms = [("BibTeX", "bibtex"), ("RIS", "ris"), ("CSL-JSON", "csl-json")] if asked else []
    return [
        (name, addresses.with_parameters("/export", [*place, *asked, ("format", form)]))
        for name, form in (*forms, ("Web Annotation", "annotation"))
    ]


def _hit(hit: Hit, asked: addresses.Parameters) -> dict[str, Any]:
    citation, text = hit.passage.citation, hit.passage.text
    best = [Span(one.start - citation.start, one.end - citation.start) for one in hit.highlights]
    cite = cite_lines([hit.passage])[0]
    return {
        **seen_place(citation, [*asked, ("hit", str(hit.rank))]),
        "rank": hit.rank,
        "pieces": pieces(text, 0, len(text), answers=best),
        "date": text_of(citation, "date"),
        "notice": text_of(citation, "source_notice"),
        "warnings": warnings(citation),
        "also": [seen_place(one, asked) for one in hit.also],
        "cite": cite,
        "quotation": quotation(text, cite),
        "files": files_of(citation, asked),
    }
