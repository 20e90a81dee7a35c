"""Reads plain text of a draft: its paragraphs, headings, quoted lines, and what is indented as a block quote may be."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from nrqa.checking.prose import Kind, Prose
from nrqa.checking.reading.marked import Marked
from nrqa.text.lines import Line, stripped_lines


def read_plaintext(text: str) -> Iterator[Prose]:
    """The paragraphs of plain text; lines that begin with ">" are a block quote, as in letters."""
    lines = stripped_lines(text)
    margin = _margin(text, lines)
    group = -1
    last: Kind = "text"
    listed = False
    for run in _runs_of_kind(text, lines):
        if _is_quoted(text, run[0]):
            group += last != "quote"
            last = "quote"
            yield _prose("quote", text, [_without_mark(text, line) for line in run], group)
            continue
        for paragraph in _paragraphs(text, run):
            written = text[paragraph[0].start : paragraph[-1].end]
            alone = len(paragraph) == 1 and not _CLOSED.search(written)
            kind: Kind = "heading" if alone and len(written.split()) <= _MOST_HEADING else "text"
            bullet = bool(_BULLET.match(written))
            indented = min(_indent(text, line) for line in paragraph) >= margin + _LEAST_INDENT
            if not indented:
                listed = bullet
            elif not listed and not bullet:  # what is indented under an item of a list belongs to it
                kind = "indented"
            group += kind == "indented" != last
            last = kind
            yield _prose(kind, text, paragraph, group if kind == "indented" else -1)


_LEAST_INDENT = 2
"""Columns by which a block quote is indented, at least."""


def _margin(text: str, lines: Sequence[Line]) -> int:
    """The column at which most of the text begins."""
    columns: Counter[int] = Counter()
    for line in lines:
        if line.end > line.start:
            columns[_indent(text, line)] += line.end - line.start
    return columns.most_common(1)[0][0] if columns else 0


def _indent(text: str, line: Line) -> int:
    """The column at which a line begins, from 0."""
    begin = line.start
    while begin > 0 and text[begin - 1] in " \t\u3000\xa0":
        begin -= 1
    return len(text[begin : line.start].expandtabs())


_URL = re.compile(r"\bhttps?://[^\s<>\"“”]{1,2000}?(?=[.,;:!?)\]]*(?:[\s<>\"“”]|$))")
_PARTED = re.compile(r"(?<=[^\W\d_])[-\u2010\u00ad]\n(?=[^\W\d_])")
"""A word that the end of a line parts: its hyphen may be the word's own or not, so it becomes a soft one."""


def _prose(kind: Kind, text: str, pieces: list[Line], group: int) -> Prose:
    marked = Marked(text, pieces)
    marked.take_out(_URL, lambda found: ("link", (found.group(),)))
    marked.take_out(_PARTED, new=lambda _: "\u00ad")
    return marked.prose(kind, group)


_MOST_HEADING = 14
"""A line with at most so many words, alone and without a full stop, is a heading."""


_MARGIN = 120
"""Longer lines are paragraphs of their own: nobody wraps text that wide."""
_NARROW = 40
"""A line of at least this length may have been wrapped, whatever follows it."""
_CLOSED = re.compile(r"[.!?…:;,][\"'”’“‘»«)\]]*$|^(?:[-*+•‣–—]|\(?\d{1,3}[.)])\s")
_BULLET = re.compile(r"(?:[-*+•‣–—]|\(?\d{1,3}[.)])\s")


def _paragraphs(text: str, lines: list[Line]) -> Iterator[list[Line]]:
    """The lines of each paragraph: a line continues the one before if that was wrapped or it begins in lower case."""
    paragraph: list[Line] = []
    for line in lines:
        if line.end == line.start:
            if paragraph:
                yield paragraph
            paragraph = []
            continue
        if paragraph:
            width = paragraph[-1].end - paragraph[-1].start
            goes_on = text[line.start].islower() or _NARROW <= width <= _MARGIN
            if not goes_on or _BULLET.match(text, line.start):
                yield paragraph
                paragraph = []
        paragraph.append(line)
    if paragraph:
        yield paragraph


def _runs_of_kind(text: str, lines: list[Line]) -> Iterator[list[Line]]:
    """Runs of lines that are all quoted, or all not quoted; an empty line ends a quoted run."""
    run: list[Line] = []
    for line in lines:
        blank = line.end == line.start or not text[line.start : line.end].strip("> ")
        if run and (_is_quoted(text, run[0]) != _is_quoted(text, line) or (blank and _is_quoted(text, run[0]))):
            yield run
            run = []
        if not (blank and not run):
            run.append(line)
    if run:
        yield run


def _is_quoted(text: str, line: Line) -> bool:
    return text.startswith(">", line.start) and line.end > line.start


def _without_mark(text: str, line: Line) -> Line:
    written = text[line.start : line.end]
    return Line(line.start + len(written) - len(written.lstrip("> ")), line.end)
