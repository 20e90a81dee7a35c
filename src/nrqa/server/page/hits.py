"""The hits of an answer as the page shows them: made from the answer's JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nrqa.records import Span
from nrqa.rendering.plain_text import harmless
from nrqa.server.page import addresses
from nrqa.server.page.places import citation_of, place, text_of, title, warnings
from nrqa.server.reader.marking import pieces

_MEANS = {
    "answered": ("Answered", "The first passage probably answers. Read it before you rely on it."),
    "weak": ("Weak", "The passages may answer. Look before you rely on them."),
    "absent": ("Absent", "Everything was searched, and nothing in the documents answers this."),
    "unknown": ("Unknown", "Nothing found, but not everything could be searched."),
}


def verdict_of(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The verdict in words."""
    name, means = _MEANS[answer["verdict"]]
    if not answer["searched"]["documents"]:
        means = "There is no document to search."
    return {"name": name, "kind": answer["verdict"], "means": means, "confidence": f"{answer['confidence']:.2f}"}


def hits_of(answer: Mapping[str, Any], asked: addresses.Parameters) -> list[dict[str, Any]]:
    """Each hit with its text in pieces, its place, where it is read, and what of it can be copied."""
    return [_hit(one, asked) for one in answer["hits"]]


def nearest_of(answer: Mapping[str, Any], asked: addresses.Parameters) -> list[dict[str, Any]]:
    """The passages that came after the hits."""
    return [{**_place(one["citation"], asked), "score": f"{one['score']:.2f}"} for one in answer["searched"]["nearest"]]


def _hit(hit: Mapping[str, Any], asked: addresses.Parameters) -> dict[str, Any]:
    cited, text = hit["citation"], hit["text"]
    begin = cited["start"]
    best = [Span(one["start"] - begin, one["end"] - begin) for one in hit["highlights"]]
    citation = citation_of(cited)
    return {
        **_place(cited, [*asked, ("hit", str(hit["rank"]))]),
        "rank": hit["rank"],
        "score": f"{hit['score']:.2f}",
        "pieces": pieces(text, 0, len(text), answers=best),
        "date": text_of(citation.metadata, "date"),
        "notice": text_of(citation.metadata, "source_notice"),
        "warnings": warnings(citation),
        "also": [_place(one, asked) for one in hit["also"]],
        "cite": hit["cite"],
        "quotation": quotation(text, hit["cite"]),
    }


def quotation(text: str, cite: str) -> str:
    """A quotation with its citation behind it, ready to be pasted into a draft that ``nrqa check`` reads."""
    return f"“{' '.join(harmless(text).split())}” ({cite})"


def _place(cited: Mapping[str, Any], asked: addresses.Parameters) -> dict[str, Any]:
    citation = citation_of(cited)
    return {
        "document": citation.document,
        "place": place(citation),
        "title": title(citation),
        "heading": " › ".join(citation.heading),
        "address": addresses.reader(citation.document, citation.start, citation.end, asked),
    }
