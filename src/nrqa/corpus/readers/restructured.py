"""Reads the structure of reStructuredText from lines and indents, as positions in the file's own text.

docutils knows the language best. But it does not say where list items, tables and directives stand, it carries out
directives that read other files, and its import takes a third of a second. The tests compare this module with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from nrqa.corpus.readers.reading import Reading
from nrqa.corpus.readers.shared.line_markup import Row, by_lines, outline_of, rows_of, section_of
from nrqa.corpus.readers.shared.outline import Outline, Section
from nrqa.records import Span
from nrqa.text.decoding import decode

Value = str | list[str]

_ADORNMENT = re.compile(r"([!-/:-@\[-`{-~])\1*")
_LEAST_ADORNMENT = 4
_ITEM = re.compile(r"[-*+•‣⁃](?:\s|$)|\(?(?:\d{1,5}|#|[A-Za-z]|[ivxlcdmIVXLCDM]{1,8})[.)](?:\s|$)")
_FIELD = re.compile(r":(?P<name>(?![\s:])(?:[^:\\\n]|\\.|:(?!\s|$|`)){1,80}):(?:\s+(?P<value>.*)|$)")
_DIRECTIVE = re.compile(r"\.\. +(?:\|[^|]+\| +)?(?P<name>[\w][\w:.+-]*?) ?::(?:\s+(?P<words>.*)|$)")
_NOTE = re.compile(r"\.\. \[[^\]]+\](?:\s|$)")
_SUBSTITUTION = ".. |"
_GRID = re.compile(r"\+(?:[-=]+\+)+")
_SIMPLE_BORDER = re.compile(r"=+(?: +=+)+")
_EXPLICIT = re.compile(r"\.\.(?:\s|$)")
_ANONYMOUS = re.compile(r"__ \S")
_DEEPEST = 12
"""Most levels of nested indents; what is nested more deeply is read as plain text."""
_MOST_FIELDS = 60

_CODE = frozenset(
    "code code-block sourcecode parsed-literal math literal doctest testcode testoutput testsetup prompt ipython "
    "productionlist graphviz digraph graph".split()
)
_NO_TEXT = frozenset(
    "image include raw toctree contents index meta highlight role default-role sectnum header footer title "
    "target-notes automodule autoclass autofunction autosummary currentmodule py:currentmodule module py:module "
    "tabularcolumns literalinclude replace unicode date rst-class class cssclass plot inheritance-diagram todolist "
    "bibliography".split()
)
_ADDRESSED = frozenset(["figure"])
"""Directives whose argument is an address and not text; the text is in their content."""


def read(_: str, data: bytes) -> Reading:
    """Reads a reStructuredText file."""
    text, encoding = decode(data)
    return Reading(text, read_restructured(text), encoding)


def read_restructured(text: str) -> Outline:
    """The outline of a text; its blocks are spans of exactly this text, markup included."""
    walk = _Walk(text)
    sections = list(walk.sections(rows_of(text), 0))
    return outline_of(sections, text, walk.metadata)


class _Walk:
    """A single pass through the lines of a file; the level of a heading depends on the headings before it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._styles: list[tuple[str, bool]] = []
        self._begun = False
        self.metadata: dict[str, Value] = {}

    def sections(self, rows: Sequence[Row], depth: int) -> Iterator[Section]:
        """The headings and blocks of these lines; only lines at depth 0, not in indented content, can be headings."""
        at = 0
        while at < len(rows):
            if not rows[at].text:
                at += 1
                continue
            end, found = self._next(rows, at, depth)
            for one in found:
                self._begun = self._begun or one.level == 0
                yield one
            at = end

    def _next(self, rows: Sequence[Row], at: int, depth: int) -> tuple[int, Iterator[Section]]:
        """The index of the line after the element that begins at this line, and the sections of that element."""
        row = rows[at]
        heading = self._heading(rows, at) if depth == 0 else None
        if heading:
            return heading
        if _EXPLICIT.match(row.text):
            end = _indented(rows, at + 1, row.indent)
            return end, self._explicit(rows[at:end], depth)
        for matches, end_of in _BLOCKS:
            if matches(rows, at):
                end = end_of(rows, at)
                return end, self._block(rows[at:end])
        return self._paragraph(rows, at, depth)

    def _block(self, rows: Sequence[Row]) -> Iterator[Section]:
        first = rows[0]
        if _FIELD.match(first.text):
            fields = list(_items(rows, _FIELD))
            if not self._begun and len(fields) <= _MOST_FIELDS:
                self.metadata |= _metadata(fields)
            else:
                yield section_of(rows, items=[_span(item) for item in fields])
        elif _ITEM.match(first.text):
            yield section_of(rows, items=[_span(item) for item in _items(rows, _ITEM)])
        elif not _ADORNMENT.fullmatch(first.text) and not _ANONYMOUS.match(first.text):
            yield by_lines(rows)

    def _heading(self, rows: Sequence[Row], at: int) -> tuple[int, Iterator[Section]] | None:
        following = [one.text for one in rows[at + 1 : at + 3]]
        row = rows[at]
        over = len(following) == 2 and _is_adornment(row) and following[1] == row.text and bool(following[0])
        if over and not row.indent and rows[at + 2].indent == 0:
            return at + 3, iter([self._titled(rows[at + 1], (row.text[0], True), Span(row.start, rows[at + 2].end))])
        if row.indent or not following or rows[at + 1].indent or not _ADORNMENT.fullmatch(following[0]):
            return None
        if _ADORNMENT.fullmatch(row.text) and len(row.text) >= _LEAST_ADORNMENT:
            return None
        if len(following[0]) < min(_width(row.text), _LEAST_ADORNMENT):
            return None
        return at + 2, iter([self._titled(row, (following[0][0], False), Span(row.start, rows[at + 1].end))])

    def _titled(self, row: Row, style: tuple[str, bool], span: Span) -> Section:
        if style not in self._styles:
            self._styles.append(style)
        return Section(span, self._styles.index(style) + 1, title=_words(row.text))

    def _explicit(self, rows: Sequence[Row], depth: int) -> Iterator[Section]:
        """A directive, footnote, target or comment, with what is indented below it."""
        first = rows[0]
        if _NOTE.match(first.text):
            yield section_of(rows)
            return
        directive = _DIRECTIVE.match(first.text)
        if not directive or first.text.startswith(_SUBSTITUTION):
            return
        name, words = directive["name"].lower(), directive["words"]
        options, content = _content(rows[1:])
        if name == "meta":
            self.metadata |= {
                key: value for key, value in _metadata(_items(options, _FIELD)).items() if key != "http-equiv"
            }
        if name in _NO_TEXT or depth == _DEEPEST:
            return
        if name in _CODE:
            filled = [row for row in content if row.text]
            if filled:
                yield by_lines(filled)
            return
        if words and name not in _ADDRESSED:
            start = first.start + directive.start("words")
            yield Section(Span(start, first.end), 0)
        yield from self.sections(content, depth + 1)

    def _paragraph(self, rows: Sequence[Row], at: int, depth: int) -> tuple[int, Iterator[Section]]:
        row = rows[at]
        if row.indent > _margin(rows):
            end = _indented(rows, at, row.indent - 1)
            inner = rows[at:end]
            return end, iter([section_of(inner)]) if depth == _DEEPEST else self.sections(inner, depth + 1)
        defined = at + 1 < len(rows) and bool(rows[at + 1].text) and rows[at + 1].indent > row.indent
        if defined:
            return self._definitions(rows, at)
        end = at
        while end < len(rows) and rows[end].text and rows[end].indent == row.indent:
            end += 1
        paragraph = rows[at:end]
        if not paragraph[-1].text.endswith("::"):
            return end, iter([section_of(paragraph)])
        code_end = _literal(rows, end, row.indent)
        code = [one for one in rows[end:code_end] if one.text]
        if paragraph[0].text == "::":
            return code_end, iter([by_lines(code)] if code else [])
        if not code:
            return end, iter([section_of(paragraph)])
        lines = [Span(one.start, one.end) for one in code]
        return code_end, iter([section_of([*paragraph, *code], items=[_span(paragraph), *lines])])

    def _definitions(self, rows: Sequence[Row], at: int) -> tuple[int, Iterator[Section]]:
        """Terms, each with its definition indented right below."""
        indent, end, behind = rows[at].indent, at, at + 1
        items: list[Span] = []
        while end + 1 < len(rows) and rows[end].indent == indent and rows[end].text and rows[end + 1].indent > indent:
            if (
                not rows[end + 1].text
                or _FIELD.match(rows[end].text)
                or _EXPLICIT.match(rows[end].text)
                or (items and _ITEM.match(rows[end].text))
            ):
                break
            last = _indented(rows, end + 1, indent)
            items.append(_span(rows[end:last]))
            behind = end = last
            while end < len(rows) - 1 and not rows[end].text:
                end += 1
        end = behind
        return end, iter([section_of(rows[at:end], items=items)])


def _metadata(fields: Iterator[Sequence[Row]] | Sequence[Sequence[Row]]) -> dict[str, Value]:
    """The metadata in the fields of a field list; several authors become a list."""
    found: dict[str, Value] = {}
    for rows in fields:
        match = _FIELD.match(rows[0].text)
        assert match is not None
        lines = [match["value"] or "", *(row.text for row in rows[1:])]
        name = match["name"].lower().strip()
        value = " ".join(" ".join(lines).split())
        if not value:
            continue
        if name == "authors":
            named = (
                [_ITEM.sub("", line).strip() for line in lines if line] if len(lines) > 2 else re.split(r"[;,]", value)
            )
            found["author"] = [one.strip() for one in named if one.strip()]
        elif name == "author" and name in found:
            before = found[name]
            found[name] = [*(before if isinstance(before, list) else [before]), value]
        else:
            found[name] = value
    return found


def _content(rows: Sequence[Row]) -> tuple[Sequence[Row], Sequence[Row]]:
    """A directive's options, and its content."""
    at = 0
    while at < len(rows) and rows[at].text and _FIELD.match(rows[at].text):
        at = _indented(rows, at + 1, rows[at].indent, blank=False)
    return rows[:at], rows[at:]


def _items(rows: Sequence[Row], begins: re.Pattern[str]) -> Iterator[Sequence[Row]]:
    """The rows of each item of a list; an item begins at the list's own indent."""
    starts = [at for at, row in enumerate(rows) if row.text and row.indent == rows[0].indent and begins.match(row.text)]
    for first, last in pairwise([*starts, len(rows)]):
        yield rows[first:last]


def _indented(rows: Sequence[Row], at: int, indent: int, *, blank: bool = True) -> int:
    """The index of the line after the indented lines that begin here; empty lines between them are included."""
    end = at
    while at < len(rows) and (rows[at].indent > indent if rows[at].text else blank):
        at += 1
        if rows[at - 1].text:
            end = at
    return end


def _listed(begins: re.Pattern[str]) -> Callable[[Sequence[Row], int], int]:
    def end_of(rows: Sequence[Row], at: int) -> int:
        """The index of the line after a list: items of one sort, the lines indented below them, and empty lines."""
        indent, end, sort = rows[at].indent, at, _sort(rows[at].text)
        while at < len(rows) and (row := rows[at]).text and row.indent == indent and begins.match(row.text):
            if _sort(row.text) != sort:
                break
            end = at = _indented(rows, at + 1, indent)
            while at < len(rows) and not rows[at].text:
                at += 1
        return end

    return end_of


def _sort(item: str) -> str:
    """The sort of a list item: its bullet, or "#" for every number and letter."""
    return "#" if item[0].isalnum() or item[0] == "(" else item[0]


def _until_empty(rows: Sequence[Row], at: int) -> int:
    while at < len(rows) and rows[at].text:
        at += 1
    return at


def _simple_table(rows: Sequence[Row], at: int) -> int:
    """The index of the line after a table's last border: the second or a later border, with an empty line after it."""
    borders = 0
    for end in range(at, len(rows)):
        if _SIMPLE_BORDER.fullmatch(rows[end].text):
            borders += 1
            if borders >= 2 and (end + 1 == len(rows) or not rows[end + 1].text):
                return end + 1
    return _until_empty(rows, at)


def _literal(rows: Sequence[Row], at: int, indent: int) -> int:
    """The index of the line after a literal block: indented lines, or lines that all begin with the same sign."""
    end = _indented(rows, at, indent)
    if end > at:
        return end
    first = at
    while first < len(rows) and not rows[first].text:
        first += 1
    if first == len(rows) or not _ADORNMENT.match(rows[first].text) or _EXPLICIT.match(rows[first].text):
        return at
    sign, end = rows[first].text[0], first
    while end < len(rows) and rows[end].text.startswith(sign):
        end += 1
    return end


def _is_single(rows: Sequence[Row], at: int) -> bool:
    """Whether the line is a transition: only signs, with an empty line after it."""
    return _is_adornment(rows[at]) and (at + 1 == len(rows) or not rows[at + 1].text)


def _is_list(rows: Sequence[Row], at: int) -> bool:
    """Whether a list item begins here; the next line must not be a normal line of the same paragraph."""
    if not _ITEM.match(rows[at].text):
        return False
    following = rows[at + 1] if at + 1 < len(rows) else None
    return (
        following is None
        or not following.text
        or following.indent > rows[at].indent
        or (following.indent == rows[at].indent and bool(_ITEM.match(following.text)))
    )


_BLOCKS: tuple[tuple[Callable[[Sequence[Row], int], bool], Callable[[Sequence[Row], int], int]], ...] = (
    (lambda rows, at: bool(_ANONYMOUS.match(rows[at].text)), lambda _, at: at + 1),
    (lambda rows, at: bool(_GRID.fullmatch(rows[at].text)), _until_empty),
    (lambda rows, at: bool(_SIMPLE_BORDER.fullmatch(rows[at].text)), _simple_table),
    (_is_single, lambda _, at: at + 1),
    (lambda rows, at: rows[at].text.startswith((">>> ", "| ")), _until_empty),
    (lambda rows, at: bool(_FIELD.match(rows[at].text)), _listed(_FIELD)),
    (_is_list, _listed(_ITEM)),
)


def _is_adornment(row: Row) -> bool:
    return len(row.text) >= _LEAST_ADORNMENT and bool(_ADORNMENT.fullmatch(row.text))


def _margin(rows: Sequence[Row]) -> int:
    return min((row.indent for row in rows if row.text), default=0)


def _span(rows: Sequence[Row]) -> Span:
    return section_of(rows).span


def _width(text: str) -> int:
    return len(text)


def _words(title: str) -> str:
    """The words of a heading without the markup of roles, links, literals and emphasis."""
    plain = re.sub(r":[\w:.+-]+:`([^`]*)`", r"\1", title)
    plain = re.sub(r"`([^`<]*?)\s*<[^>`]*>`__?", r"\1", plain)
    plain = re.sub(r"``?([^`]+)``?_{0,2}", r"\1", plain)
    plain = re.sub(r"(?<!\w)(\*{1,2})(?=\S)([^*]+)(?<=\S)\1(?!\w)", r"\2", plain)
    return " ".join(re.sub(r"\\(.)", r"\1", plain).split()) or title
