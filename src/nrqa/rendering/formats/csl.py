"""CSL-JSON 1.0.2: what Zotero, pandoc and every CSL processor read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from nrqa.records import Answer
from nrqa.rendering.formats.item import Item, Name
from nrqa.rendering.places import place_of
from nrqa.rendering.plain_text import harmless, one_line
from nrqa.text.control_characters import escaped_json


def write(answer: Answer, items: Sequence[Item]) -> str:
    """A JSON array with an item for each hit; empty where nothing answers."""
    found = [_item(answer, item) for item in items] if answer.answers else []
    return escaped_json(json.dumps(found, ensure_ascii=False, indent=2)) + "\n"


def _item(answer: Answer, item: Item) -> dict[str, Any]:
    """The item. The passage is its ``annote``, and ``abstract`` stays empty: that would be the author's summary.

    ``locator`` and ``label`` belong to a cite and not to an item, where a bare number would be read as a page: they
    stand ready in ``custom``, as a processor takes them.
    """
    label, place = item.locator
    written = {
        "id": item.id,
        "type": "webpage" if item.url else "document",
        "title": one_line(item.title),
        "author": [_name(name) for name in item.authors],
        "issued": _issued(item),
        "URL": item.url,
        "DOI": one_line(item.doi),
        "publisher": one_line(item.publisher),
        "language": one_line(item.language),
        "keyword": ", ".join(map(one_line, item.keywords)),
        "section": one_line(item.section),
        "annote": harmless(item.hit.passage.text),
        "note": one_line(item.notice),
        "custom": {
            "cite": {"id": item.id, "label": label, "locator": place},
            "links": item.links.to_dict(),
            "nrqa": _found(answer, item),
        },
    }
    return {name: value for name, value in written.items() if value}


def _name(name: Name) -> dict[str, str]:
    if name.given:
        return {"family": one_line(name.family), "given": one_line(name.given)}
    return {"literal": one_line(name.family)}


def _issued(item: Item) -> dict[str, Any] | None:
    if item.issued is None:
        return None
    return (
        {"date-parts": [list(item.issued.parts)]} if item.issued.parts else {"literal": one_line(item.issued.written)}
    )


def _found(answer: Answer, item: Item) -> dict[str, Any]:
    citation, searched = item.citation, answer.searched
    return {
        "question": one_line(answer.question),
        "verdict": answer.verdict,
        "confidence": round(answer.confidence, 4),
        "rank": item.hit.rank,
        "score": round(item.hit.score, 6),
        "document": one_line(citation.document),
        "start": citation.start,
        "end": citation.end,
        "sha256": citation.sha256,
        "cite": item.cite,
        "also": [one_line(place_of(one)) for one in item.hit.also],
        "generation": answer.generation,
        "searched": {
            "documents": searched.documents,
            "passages": searched.passages,
            "unreadable": len(searched.unreadable),
            "stale": len(searched.stale),
            "corpus": searched.corpus,
            "nowhere": [one_line(word) for word in searched.nowhere],
        },
    }
