"""RIS, the tagged format that EndNote, Mendeley, Zotero and most libraries read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nrqa.records import Answer
from nrqa.rendering.formats.item import Item
from nrqa.rendering.plain_text import counted, one_line


def write(answer: Answer, items: Sequence[Item]) -> str:
    """A record for each hit; nothing at all where nothing answers, for RIS has no room outside records."""
    if not answer.answers:
        return ""
    return "\n".join("".join(f"{tag}  - {value}\n" for tag, value in _lines(answer, item)) for item in items)


def _lines(answer: Answer, item: Item) -> Iterator[tuple[str, str]]:
    """Tags and values. Every value is one line, so that no text can end its record or begin a tag.

    The passage is a note (N1) and not the abstract; a page is SP; lines have no tag and are a note of their own.
    """
    label, place = item.locator
    searched = answer.searched
    covered = (
        f"searched {counted(searched.documents, 'document')} ({len(searched.unreadable)} not searchable, "
        f"{len(searched.stale)} changed since), generation {answer.generation}"
    )
    optional = [
        ("TI", item.title),
        *(("AU", f"{one.family}, {one.given}" if one.given else one.family) for one in item.authors),
        *_date(item),
        ("PB", item.publisher),
        # A semicolon divides addresses here.
        ("UR", (item.url or "").replace(";", "%3B")),
        ("DO", item.doi),
        ("LA", item.language),
        *(("KW", one) for one in item.keywords),
        ("SE", item.section),
        ("SP", place if label == "page" else ""),
        ("N1", item.hit.passage.text),
        ("N1", f"Cited from {item.cite}"),
        ("N1", f"Source notice: {item.notice}" if item.notice else ""),
        ("C1", f"nrqa: {answer.verdict}, confidence {answer.confidence:.2f}, rank {item.hit.rank}, {covered}"),
        ("C2", answer.question),
        ("C3", f"sha256 {item.citation.sha256}"),
    ]
    yield "TY", "ELEC" if item.url else "GEN"
    yield "ID", item.id
    for tag, value in optional:
        if value:
            yield tag, one_line(value)
    yield "ER", ""


def _date(item: Item) -> list[tuple[str, str]]:
    """PY is the year; DA has the form year/month/day/other, where every slash must stand."""
    if item.issued is None:
        return []
    if not item.issued.parts:
        return [("DA", f"///{item.issued.written.replace('/', '-')}")]
    year, month, day = (*(f"{part:0{2 if at else 4}d}" for at, part in enumerate(item.issued.parts)), "", "")[:3]
    return [("PY", year), ("DA", f"{year}/{month}/{day}/")]
