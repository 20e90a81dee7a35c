"""RIS, the tagged format that EndNote, Mendeley, Zotero and most libraries read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nrqa.records import Answer
from nrqa.rendering.formats.dates import Date
from nrqa.rendering.formats.item import Entry, Item, entries_of
from nrqa.rendering.formats.styled import in_words
from nrqa.rendering.plain_text import counted, one_line

_TYPES = dict(
    pair.split(":")
    for pair in """
    article-journal:JOUR review:JOUR article-magazine:MGZN article-newspaper:NEWS book:BOOK chapter:CHAP
    paper-conference:CPAPER report:RPRT thesis:THES webpage:ELEC post-weblog:BLOG post:BLOG dataset:DATA patent:PAT
    legal_case:CASE legislation:STAT bill:BILL hearing:HEAR standard:STAND software:COMP motion_picture:MPCT map:MAP
    entry-encyclopedia:ENCYC entry-dictionary:DICT manuscript:UNPB personal_communication:PCOMM speech:SLIDE
    """.split()
)
"""The types of RIS for those of CSL; GEN for all others."""


def write(answer: Answer, items: Sequence[Item]) -> str:
    """A record for each document; nothing at all where nothing answers, for RIS has no room outside records."""
    if not answer.answers:
        return ""
    records = ["".join(f"{tag}  - {value}\n" for tag, value in _lines(answer, entry)) for entry in entries_of(items)]
    return "\n".join(records)


def _lines(answer: Answer, entry: Entry) -> Iterator[tuple[str, str]]:
    """Tags and values. Every value is one line, so that no text can end its record or begin a tag.

    A passage is a note (N1) and not the abstract, and its citation the next one. SP and EP are the pages of a source in
    its container; where these are not known, SP has the pages of the passages.
    """
    item, facts = entry.first, entry.first.facts
    searched = answer.searched
    covered = (
        f"searched {counted(searched.documents, 'document')} ({len(searched.unreadable)} not searchable, "
        f"{len(searched.stale)} changed since), generation {answer.generation}"
    )
    ranks = ", ".join(str(one.hit.rank) for one in entry.items)
    pages = dict.fromkeys(place for label, place in (one.locator for one in entry.items) if label == "page")
    first, _, last = facts.pages.partition("-")
    sections = {one.section for one in entry.items}
    optional = [
        ("TI", in_words(item.styled_title, {})),
        *(("AU", one.turned) for one in item.authors),
        *(("ED", one.turned) for one in item.editors),
        *_date(facts.issued),
        ("T2", facts.container),
        ("T3", facts.series),
        ("VL", facts.volume),
        ("IS", facts.issue or facts.number),
        ("SP", first if facts.pages else ", ".join(pages)),
        ("EP", last),
        ("PB", facts.publisher),
        ("CY", facts.place),
        ("ET", facts.edition),
        ("M3", facts.genre),
        *(("SN", one) for one in (facts.isbn, facts.issn)),
        # A semicolon divides addresses here.
        ("UR", (item.url or "").replace(";", "%3B")),
        ("Y2", f"{facts.accessed.iso.replace('-', '/')}" if facts.accessed else ""),
        ("DO", item.doi),
        ("LA", item.language),
        *(("KW", one) for one in item.keywords),
        ("SE", item.section if len(sections) == 1 else ""),
        *(pair for one in entry.items for pair in (("N1", one.hit.passage.text), ("N1", f"Cited from {one.cite}"))),
        ("N1", f"Source notice: {item.notice}" if item.notice else ""),
        ("C1", f"nrqa: {answer.verdict}, confidence {answer.confidence:.2f}, rank {ranks}, {covered}"),
        ("C2", answer.question),
        ("C3", f"sha256 {item.citation.sha256}"),
    ]
    yield "TY", _TYPES.get(facts.kind, "GEN")
    yield "ID", entry.id
    for tag, value in optional:
        if value:
            yield tag, one_line(value)
    yield "ER", ""


def _date(date: Date | None) -> list[tuple[str, str]]:
    """PY is the year; DA has the form year/month/day/other, where every slash must stand."""
    if date is None:
        return []
    if date.parts:
        year, month, day = (*(f"{part:0{2 if at else 4}d}" for at, part in enumerate(date.parts)), "", "")[:3]
        return [("PY", year), ("DA", f"{year}/{month}/{day}/")]
    other = date.written.replace("/", "-")
    if date.years is None or date.years[0] < 0:
        return [("DA", f"///{other}")]
    return [("PY", f"{date.years[0]:04d}"), ("DA", f"{date.years[0]:04d}///{other}")]
