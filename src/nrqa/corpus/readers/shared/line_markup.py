"""What reStructuredText and AsciiDoc have in common: lines with their indents, and how sections make an outline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from nrqa.corpus.readers.shared.boilerplate import is_boilerplate, is_notice
from nrqa.corpus.readers.shared.heading_lines import is_usual
from nrqa.corpus.readers.shared.outline import Outline, Section, blocks_of, introduced
from nrqa.records import Span
from nrqa.text.lines import line_starts, narrowed

_EDGE = 4
"""Number of paragraphs at the start and at the end of a document that may be a source notice."""
_TAB = 8


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the file without the white space around it: its span, its indent in columns, and its text."""

    start: int
    end: int
    indent: int
    text: str


def rows_of(text: str) -> list[Row]:
    """All lines of the text, the empty ones with empty texts."""
    starts = [*line_starts(text), len(text)]
    rows = []
    for first, last in pairwise(starts):
        line = narrowed(text, first, last)
        indent = len(text[first : line.start].expandtabs(_TAB))
        rows.append(Row(line.start, line.end, indent, text[line.start : line.end]))
    return rows


def section_of(rows: Sequence[Row], *, items: Sequence[Span] = ()) -> Section:
    """One block from these rows; empty rows at its start and end do not belong to its span."""
    filled = [row for row in rows if row.text]
    return Section(Span(filled[0].start, filled[-1].end), 0, items=tuple(items))


def by_lines(rows: Sequence[Row]) -> Section:
    """A block that may be cut at the ends of its lines only: code, rows of a table."""
    return section_of(rows, items=[Span(row.start, row.end) for row in rows if row.text])


def outline_of(sections: Sequence[Section], text: str, metadata: Mapping[str, str | list[str]]) -> Outline:
    """The outline from these sections; the heading at the top is the title if no other has the same or a higher level.

    Source notices and boilerplate do not become blocks. A paragraph that ends in a colon forms one block with its list.
    """
    notices = _notices(sections, text)
    kept = [one for one in sections if one.level or not _is_left_out(text[one.span.start : one.span.end], notices)]
    # What looks like a leftover of a web page is the text where nothing else is.
    kept = kept or [one for one in sections if any(map(str.isalnum, text[one.span.start : one.span.end]))]
    levels = [one.level for one in kept if one.level]
    title = None
    alone = bool(levels) and levels[0] == min(levels) and levels.count(levels[0]) == 1
    if len(kept) > 1 and kept[0].level and alone and not is_usual(kept[0].title):
        title, kept = kept[0].title, kept[1:]
    return Outline(title, metadata, tuple(notices), blocks_of(list(introduced(kept, text))))


def _notices(sections: Sequence[Section], text: str) -> list[str]:
    edge = [*sections[:_EDGE], *sections[_EDGE:][-_EDGE:]]
    found = [text[one.span.start : one.span.end] for one in edge if one.level == 0]
    found = [words for words in found if is_notice(words)]
    return found if len(found) < len(sections) else []


def _is_left_out(written: str, notices: Sequence[str]) -> bool:
    return written in notices or ("\n" not in written and is_boilerplate(written))
