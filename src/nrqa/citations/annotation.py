"""A citation as a W3C Web Annotation: TextQuoteSelector, TextPositionSelector, and the other fields of a citation.

The model: https://www.w3.org/TR/annotation-model/
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote, unquote

from nrqa.citations.addresses import ADDRESS
from nrqa.citations.cited import Cited
from nrqa.citations.line import cite_line, parse_line
from nrqa.records import Locator, Passage, Span, citation_to_dict, cited_places

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
QUOTE, POSITION, FRAGMENT = "TextQuoteSelector", "TextPositionSelector", "FragmentSelector"
_AROUND = 48
"""Characters of prefix and suffix: enough to tell two places with the same words apart."""


def annotation(passage: Passage, text: str) -> dict[str, Any]:
    """The annotation of a passage; ``text`` is the text of its document.

    Its ``citation`` is as in an answer's JSON, with columns added (from 1; ``column_end`` is that of the last
    character). Its ``cite`` is the one-line form.
    """
    citation = passage.citation
    place = f"{citation.document}\0{citation.sha256}\0{citation.start}\0{citation.end}"
    return {
        "@context": CONTEXT,
        "id": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, place)}",
        "type": "Annotation",
        "motivation": "highlighting",
        "target": {
            "source": source_of(citation.document),
            "selector": [
                {
                    "type": QUOTE,
                    "exact": passage.text,
                    "prefix": before(text, citation.start),
                    "suffix": after(text, citation.end),
                },
                {"type": POSITION, "start": citation.start, "end": citation.end},
            ],
        },
        "citation": {
            **citation_to_dict(citation),
            "column_start": column(text, citation.start),
            "column_end": column(text, citation.end - 1),
        },
        "cite": cite_line(passage),
    }


def cited_in(value: dict[str, Any]) -> Cited | None:
    """The citation in a JSON object that is or has an annotation, or is a hit or a bare citation; None otherwise."""
    if isinstance(value.get("annotation"), dict):
        return cited_in(value["annotation"])
    target = value.get("target")
    if isinstance(target, list) and len(target) == 1:
        target = target[0]
    if isinstance(target, dict) and "selector" in target:
        return _annotated(value, target)
    if "selector" in value and "source" in value:
        return _annotated(value, value)  # one of an annotation's several targets
    citation = value.get("citation")
    if isinstance(citation, dict) and isinstance(value.get("text"), str):
        return _described(citation, exact=value["text"])
    is_citation = {"document", "sha256"} <= set(value) and ("start" in value or "line_start" in value)
    described = _described(value, exact="") if is_citation else None
    line = parse_line(_string(value, "cite"))
    if described and line:
        return replace(described, lines=line.lines, places=line.places, digits=line.digits, length=line.length)
    return described


def source_of(document: str) -> str:
    """The document's name as a relative IRI."""
    return quote(document, safe="/", errors="surrogatepass")


def before(text: str, start: int) -> str:
    """The text right before a position."""
    return text[max(0, start - _AROUND) : start]


def after(text: str, end: int) -> str:
    """The text right after a position."""
    return text[end : end + _AROUND]


def column(text: str, position: int) -> int:
    """The column of a character in its line, from 1."""
    return position - max(text.rfind("\n", 0, position), text.rfind("\r", 0, position))


def selectors(target: dict[str, Any]) -> list[dict[str, Any]]:
    """All selectors of an annotation's target, including those that refine the stretch of another (``refinedBy``)."""
    found: list[dict[str, Any]] = []
    pending = [target["selector"]]
    while pending:
        one = pending.pop(0)
        if isinstance(one, list):
            pending = [*one, *pending]
        elif isinstance(one, dict):
            found.append(one)
            pending.append(one.get("refinedBy"))
    return found


def _annotated(value: dict[str, Any], target: dict[str, Any]) -> Cited | None:
    known = value.get("citation")
    described = _described(known, exact="") if isinstance(known, dict) else None
    source = target.get("source")
    if isinstance(source, dict):
        source = source.get("id")
    # A fragment names a part of the document; a "#" of the name is written %23.
    document = unquote(source.partition("#")[0]) if isinstance(source, str) else ""
    every = selectors(target)
    fragment = source.partition("#")[2] if isinstance(source, str) else ""
    quoted: dict[str, Any] = next((one for one in every if one.get("type") == QUOTE), {}) or _quoted(fragment, every)
    position: dict[str, Any] = next((one for one in every if one.get("type") == POSITION), {}) or _counted(every)
    if not document or not (quoted or position):
        return None
    return Cited(
        document,
        heading=described.heading if described else (),
        lines=described.lines if described else None,
        places=described.places if described else (),
        span=_span(position),
        sha256=described.sha256 if described else "",
        exact=_string(quoted, "exact"),
        prefix=_string(quoted, "prefix"),
        suffix=_string(quoted, "suffix"),
        addresses=tuple(_addresses(str(source), value, target)) if ADDRESS.match(document) else (),
    )


def _addresses(source: str, value: dict[str, Any], target: dict[str, Any]) -> Iterator[str]:
    """The addresses of the annotated document: the target's, the annotation's, and those the document links to."""
    yield source
    yield from (one for one in (value.get("uri"), target.get("id"), value.get("target_source")) if isinstance(one, str))
    document = value.get("document")
    links = document.get("link") if isinstance(document, dict) else None
    for one in links if isinstance(links, list) else ():
        if isinstance(one, dict) and isinstance(one.get("href"), str):
            yield one["href"]


_TEXT = re.compile(r"(?:.*:~:|\A)text=(?:(?P<prefix>[^,&]*)-,)?(?P<exact>[^,&]+)(?:,-(?P<suffix>[^,&]*))?(?:&|\Z)")
_CHARACTERS = re.compile(r"char=(\d{1,9}),(\d{1,9})\Z")
"""A stretch of a plain text, by RFC 5147."""


def _fragments(every: list[dict[str, Any]]) -> list[str]:
    return [_string(one, "value") for one in every if one.get("type") == FRAGMENT]


def _quoted(fragment: str, every: list[dict[str, Any]]) -> dict[str, Any]:
    """The quotation in a text fragment (``#:~:text=prefix-,words,-suffix``); none where it has only first and last."""
    for one in (*_fragments(every), fragment):
        found = _TEXT.match(one)
        if found:
            return {key: unquote(words) for key, words in found.groupdict(default="").items()}
    return {}


def _counted(every: list[dict[str, Any]]) -> dict[str, Any]:
    found = next((found for one in _fragments(every) if (found := _CHARACTERS.match(one))), None)
    return {"start": int(found[1]), "end": int(found[2])} if found else {}


def _described(citation: dict[str, Any], *, exact: str) -> Cited | None:
    document, heading = citation.get("document"), citation.get("heading")
    if not isinstance(document, str) or not document:
        return None
    first, last = citation.get("line_start"), citation.get("line_end")
    return Cited(
        document,
        heading=tuple(map(str, heading)) if isinstance(heading, list) else (),
        lines=(first, max(first, last if isinstance(last, int) else 0))
        if isinstance(first, int) and first > 0
        else None,
        places=_places(citation.get("locators")),
        span=_span(citation),
        sha256=_string(citation, "sha256"),
        exact=exact,
    )


def _places(written: Any) -> tuple[Locator, ...]:
    """The places by which the passage is cited, from the citation's ``locators``."""
    listed = [one for one in written if isinstance(one, dict)] if isinstance(written, list) else []
    told = [(one.get("kind"), one.get("first"), one.get("last")) for one in listed]
    return cited_places(tuple(Locator(*map(str, one)) for one in told if all(isinstance(part, str) for part in one)))


def _span(value: dict[str, Any]) -> Span | None:
    start, end = value.get("start"), value.get("end")
    if isinstance(start, int) and isinstance(end, int) and 0 <= start < end:
        return Span(start, end)
    return None


def _string(value: dict[str, Any], key: str) -> str:
    found = value.get(key)
    return found if isinstance(found, str) else ""
