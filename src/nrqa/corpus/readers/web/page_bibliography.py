"""What a page says for a bibliography: journal, volume, pages, numbers.

From ``meta`` elements (Highwire, PRISM, Dublin Core, Open Graph) and from JSON-LD (schema.org).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_META = {
    "journal": ("citation_journal_title", "prism.publicationname"),
    "conference": ("citation_conference_title",),
    "booktitle": ("citation_inbook_title",),
    "volume": ("citation_volume", "prism.volume"),
    "issue": ("citation_issue", "prism.number"),
    "issn": ("citation_issn", "prism.issn", "prism.eissn"),
    "isbn": ("citation_isbn", "book:isbn", "books:isbn"),
    "doi": ("citation_doi", "bepress_citation_doi", "prism.doi", "dc.identifier.doi", "dc.identifier"),
    "institution": ("citation_technical_report_institution", "citation_dissertation_institution"),
    "report number": ("citation_technical_report_number",),
    "genre": ("citation_dissertation_name",),
}
_FIRST_PAGE, _LAST_PAGE = ("citation_firstpage", "prism.startingpage"), ("citation_lastpage", "prism.endingpage")
_PUBLISHERS = ("citation_publisher", "dc.publisher", "dcterms.publisher")
_TYPES = {
    **dict.fromkeys(("ScholarlyArticle", "MedicalScholarlyArticle"), "journal article"),
    **dict.fromkeys(
        ("NewsArticle", "ReportageNewsArticle", "AnalysisNewsArticle", "OpinionNewsArticle"), "newspaper article"
    ),
    "BlogPosting": "blog post",
    **{name: name.lower() for name in ("Report", "Book", "Chapter", "Dataset", "Thesis")},
}
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?10\.\d{4,9}/\S+", re.IGNORECASE)
_DEEPEST = 4
"""An article is part of an issue, that of a volume, that of a journal."""


def bibliography_of(named: Mapping[str, Sequence[str]], linked: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The facts by the names that front matter has for them; ``named``: ``meta`` elements, ``linked``: JSON-LD."""
    found = {name: _first(named, keys) for name, keys in _META.items()}
    found["pages"] = "-".join(one for one in (_first(named, _FIRST_PAGE), _first(named, _LAST_PAGE)) if one)
    if found["journal"] or found["booktitle"] or found["isbn"]:
        found["publisher"] = _first(named, _PUBLISHERS)
    for thing in linked[:1]:
        for name, value in _of_thing(thing):
            found[name] = found.get(name) or value
    if not _DOI.fullmatch(found.get("doi", "")):
        found["doi"] = ""
    return {name: value for name, value in found.items() if value}


def _of_thing(thing: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    kinds = _texts(thing.get("@type"))
    yield "type", next((_TYPES[kind] for kind in kinds if kind in _TYPES), "")
    first, last = _text(thing.get("pageStart")), _text(thing.get("pageEnd"))
    yield "pages", f"{first}-{last}" if first and last else _text(thing.get("pagination")) or first
    yield "isbn", _text(thing.get("isbn"))
    yield "edition", _text(thing.get("bookEdition"))
    identifiers = [one for key in ("doi", "sameAs", "identifier") for one in _texts(thing.get(key))]
    yield "doi", next((one for one in identifiers if _DOI.fullmatch(one)), "")
    part: Any = thing.get("isPartOf")
    for _ in range(_DEEPEST):
        part = part[0] if isinstance(part, list) and part else part
        if not isinstance(part, dict):
            return
        kinds = _texts(part.get("@type"))
        yield "issue", _text(part.get("issueNumber"))
        yield "volume", _text(part.get("volumeNumber"))
        yield "issn", next(iter(_texts(part.get("issn"))), "")
        if "Periodical" in kinds or "Newspaper" in kinds:
            yield ("newspaper" if "Newspaper" in kinds else "journal"), _text(part.get("name"))
        if "Book" in kinds:
            yield "booktitle", _text(part.get("name"))
            yield "isbn", _text(part.get("isbn"))
        part = part.get("isPartOf")


def _first(named: Mapping[str, Sequence[str]], keys: Sequence[str]) -> str:
    return next((values[0] for key in keys if (values := named.get(key))), "")


def _texts(value: Any) -> list[str]:
    """The texts of a value of JSON-LD, which may be one, several, or an object with one in it."""
    listed = value if isinstance(value, list) else [value]
    return [text for one in listed if (text := _text(one))]


def _text(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("value") or value.get("@value") or value.get("name")
    return " ".join(str(value).split()) if isinstance(value, str | int) and not isinstance(value, bool) else ""
