"""CSL-JSON 1.0.2: what Zotero, pandoc and every CSL processor read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from nrqa.records import Answer
from nrqa.rendering.formats.dates import Date
from nrqa.rendering.formats.item import Entry, Item, entries_of
from nrqa.rendering.formats.names import Name
from nrqa.rendering.formats.styled import in_words
from nrqa.rendering.places import place_of
from nrqa.rendering.plain_text import harmless, one_line
from nrqa.text.control_characters import escaped_json


def write(answer: Answer, items: Sequence[Item]) -> str:
    """A JSON array with an item for each document; empty where nothing answers."""
    found = [_item(answer, entry) for entry in entries_of(items)] if answer.answers else []
    return escaped_json(json.dumps(found, ensure_ascii=False, indent=2)) + "\n"


def _item(answer: Answer, entry: Entry) -> dict[str, Any]:
    """The item. Its passages are its ``annote``, and ``abstract`` stays empty: that would be the author's summary.

    ``locator`` and ``label`` belong to a cite and not to an item, where a bare number would be read as a page: they
    stand ready in ``custom``, as a processor takes them; ``further`` are the cites of the document's other hits.
    """
    item, facts = entry.first, entry.first.facts
    sections = {one.section for one in entry.items}
    first, *others = [_cite(answer, entry, one) for one in entry.items]
    written = {
        "id": entry.id,
        "type": facts.kind,
        "title": in_words(item.styled_title, {style: f"<{style}>{{}}</{style}>" for style in ("i", "b", "sup", "sub")}),
        "author": [_name(name) for name in item.authors],
        "editor": [_name(name) for name in item.editors],
        "issued": _date(facts.issued),
        "accessed": _date(facts.accessed),
        "container-title": one_line(facts.container),
        "collection-title": one_line(facts.series),
        "volume": one_line(facts.volume),
        "issue": one_line(facts.issue) if facts.number != facts.issue else "",
        "number": one_line(facts.number),
        "page": one_line(facts.pages),
        "publisher": one_line(facts.publisher),
        "publisher-place": one_line(facts.place),
        "edition": one_line(facts.edition),
        "genre": one_line(facts.genre),
        "URL": item.url,
        "DOI": one_line(facts.doi),
        "ISBN": one_line(facts.isbn),
        "ISSN": one_line(facts.issn),
        "language": one_line(item.language),
        "keyword": ", ".join(map(one_line, item.keywords)),
        "section": one_line(item.section) if len(sections) == 1 else "",
        "annote": "\n\n".join(harmless(one.hit.passage.text) for one in entry.items),
        "note": one_line(item.notice),
        "custom": first | ({"further": others} if others else {}),
    }
    return {name: value for name, value in written.items() if value}


def _cite(answer: Answer, entry: Entry, item: Item) -> dict[str, Any]:
    label, place = item.locator
    return {
        "cite": {"id": entry.id, "label": label, "locator": place},
        "links": item.links.to_dict(),
        "nrqa": _found(answer, item),
    }


def _name(name: Name) -> dict[str, str]:
    if not name.given:
        return {"literal": one_line(name.family)}
    parts = {"family": name.family, "given": name.given, "suffix": name.suffix}
    return {part: one_line(words) for part, words in parts.items() if words}


def _date(date: Date | None) -> dict[str, Any] | None:
    if date is None:
        return None
    if date.parts:
        return {"date-parts": [list(date.parts)]}
    if date.years is None:
        return {"literal": one_line(date.written)}
    told = {"season": date.season, "circa": date.circa}
    return {
        "date-parts": [[year] for year in dict.fromkeys(date.years)],
        **{name: value for name, value in told.items() if value},
    }


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
