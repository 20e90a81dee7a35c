"""Reads the structure of Org files line by line, as positions in the file's own text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from nrqa.corpus.readers.reading import Reading
from nrqa.corpus.readers.shared.line_markup import Row, by_lines, outline_of, rows_of, section_of
from nrqa.corpus.readers.shared.outline import Outline, Section
from nrqa.records import Span
from nrqa.text.decoding import decode

_HEADING = re.compile(r"(?P<stars>\*{1,20})\s+(?P<words>\S.*)")
_STATE = re.compile(r"(?:TODO|DONE|NEXT|WAITING|CANCELLED|CANCELED|HOLD)\s+|\[#[A-Z0-9]\]\s+")
_TAGS = re.compile(r"\s+:[\w@#%:]+:$")
_SETTING = re.compile(r"#\+(?P<name>\w+):\s*(?P<value>.*)")
_BEGIN = re.compile(r"#\+begin_(?P<name>\w+)\b.*", re.IGNORECASE)
_COMMENT = re.compile(r"#(?:\s.*)?")
_DRAWER = re.compile(r":[\w-]+:")
_PLANNED = re.compile(r"(?:SCHEDULED|DEADLINE|CLOSED|CLOCK):\s.*")
_RULE = re.compile(r"-{5,}|\|[-+|]+\|?")
_ITEM = re.compile(r"(?:[-+]|\d{1,4}[.)]|\*(?=\s))\s+\S")
_CODE = frozenset(("src", "example", "export", "verse"))
_NAMES = {"title": "title", "author": "author", "date": "date", "language": "language", "keywords": "keywords",
          "filetags": "keywords", "subtitle": "subtitle", "description": "description"}  # fmt: skip


def read(_: str, data: bytes) -> Reading:
    """Reads an Org file."""
    text, encoding = decode(data)
    return Reading(text, read_org(text), encoding)


def read_org(text: str) -> Outline:
    """The outline of a text; its blocks are spans of exactly this text, markup included."""
    rows = rows_of(text)
    metadata: dict[str, str | list[str]] = {}
    for row in rows:
        found = _SETTING.fullmatch(row.text)
        name = _NAMES.get(found["name"].lower()) if found else None
        if found and name and found["value"].strip():
            value = found["value"].strip()
            metadata.setdefault(name, [one for one in value.split(":") if one] if value.startswith(":") else value)
    return outline_of(list(_sections(rows)), text, metadata)


def _sections(rows: Sequence[Row]) -> Iterator[Section]:
    at = 0
    while at < len(rows):
        row = rows[at]
        begin = _BEGIN.fullmatch(row.text)
        heading = _HEADING.fullmatch(row.text) if not row.indent else None
        if heading:
            words = _TAGS.sub("", _STATE.sub("", _STATE.sub("", heading["words"])))
            yield Section(Span(row.start, row.end), len(heading["stars"]), title=words.strip())
            at += 1
        elif begin:
            end = _until(rows, at, re.compile(rf"#\+end_{re.escape(begin['name'])}\b.*", re.IGNORECASE))
            inner = rows[at + 1 : end]
            name = begin["name"].lower()
            if name in _CODE and any(one.text for one in inner):
                yield by_lines(inner)
            elif name != "comment":
                yield from _sections(inner)
            at = end + 1
        elif _DRAWER.fullmatch(row.text):
            at = _until(rows, at, re.compile(":END:", re.IGNORECASE)) + 1
        elif _is_passed(row):
            at += 1
        else:
            end = at + 1
            while end < len(rows) and not _ends(rows[end]):
                end += 1
            yield _block(rows[at:end])
            at = end


def _is_passed(row: Row) -> bool:
    return not row.text or any(one.fullmatch(row.text) for one in (_SETTING, _COMMENT, _PLANNED, _RULE))


def _ends(row: Row) -> bool:
    """Whether a line begins something else than the paragraph, list or table above it."""
    heading = not row.indent and _HEADING.fullmatch(row.text)
    return bool(heading) or _is_passed(row) or bool(_BEGIN.fullmatch(row.text) or _DRAWER.fullmatch(row.text))


def _block(rows: Sequence[Row]) -> Section:
    if rows[0].text.startswith("|"):
        return by_lines(rows)
    firsts = [at for at, row in enumerate(rows) if _ITEM.match(row.text)]
    if not firsts:
        return section_of(rows)
    ends = [*firsts[1:], len(rows)]
    return section_of(
        rows, items=[Span(rows[at].start, rows[end - 1].end) for at, end in zip(firsts, ends, strict=True)]
    )


def _until(rows: Sequence[Row], at: int, end: re.Pattern[str]) -> int:
    """The index of the line that ends what begins at ``at``."""
    while at < len(rows) and not end.fullmatch(rows[at].text):
        at += 1
    return at
