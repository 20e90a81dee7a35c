"""Reads the structure of AsciiDoc line by line, as positions in the file's own text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from nrqa.corpus.readers.reading import Reading
from nrqa.corpus.readers.shared.line_markup import Row, by_lines, outline_of, rows_of, section_of
from nrqa.corpus.readers.shared.outline import Outline, Section
from nrqa.records import Span
from nrqa.text.decoding import decode

Value = str | list[str]

_HEADING = re.compile(r"(?P<marks>={1,6}|#{1,6})\s+(?P<words>\S.*?)(?:\s+(?P=marks))?")
_UNDERLINES = "=-~^+"
_ATTRIBUTE = re.compile(r":(?P<name>!?\w[\w-]*!?):(?:\s+(?P<value>.*))?")
_AUTHOR = re.compile(r"(?P<name>\w[\w.'’-]*(?: +[\w.'’-]+){0,3})(?: +<[^>]+>)?(?:;|$)")
_REVISION = re.compile(
    r"(?:(?:v(?P<number>\d[\w.-]*)|(?P<before>\d[\w.-]*)(?=\s*,))\s*(?:,|:|$))?\s*(?P<date>[^:]*\d{4}[^:]*?)?\s*(?::.*)?"
)
_DELIMITER = re.compile(r"-{4,}|\.{4,}|={4,}|\*{4,}|_{4,}|\+{4,}|/{4,}|--|`{3,}[\w,+-]*|[|,:!]={3,}")
_NO_TEXT = ("++++", "////")
_WHOLE = ("----", "....", "```")
_BLOCK_ATTRIBUTES = re.compile(r"\[\[?[^\[\]\n]*(?:\[[^\[\]\n]*\][^\[\]\n]*)*\]?\]")
_BLOCK_TITLE = re.compile(r"\.[^\s.].*")
_MACRO = re.compile(r"(?:include|ifdef|ifndef|ifeval|endif|image|video|audio|toc)::\S*\[.*\]")
_BREAK = re.compile(r"'{3,}|-\s?-\s?-|\*\s?\*\s?\*|<{3,}")
_COMMENT = re.compile(r"//(?!/)")
_ITEM = re.compile(
    r"(?:[-*•]|\*{2,6}|\.{1,6}|\d{1,5}[.)]|[A-Za-z][.)]|[ivxIVX]{1,6}\)|<(?:\d{1,3}|\.)>)\s+\S"
    r"|(?!//)(?P<term>\S(?:[^\n]{0,200}?\S)??)(?:::|:::|::::|;;)(?:\s+|$)"
)
# Attributes that configure the program that renders the document; they say nothing about the document itself.
_SETTINGS = re.compile(
    r"(?:toc|icons?|source-|sect|experimental|images?dir|doctype|data-uri|stem|idprefix|idseparator|xrefstyle|compat"
    r"|figure-|table-|example-|appendix-|chapter-|part-|nofooter|noheader|linkcss|style|css|highlight|pygments|rouge|numbered"
    r"|hide-|show|page-|docinfo|includedir|basedir|outfilesuffix|env-|backend|partnums|leveloffset|hardbreaks|allow-"
    r"|max-width|favicon|pdf-|title-page|front-cover|media|attribute-|url-|uri-|link-|relfile|ext-|asciidoc|safe-)"
)
_NAMES = {"authors": "author", "revdate": "date", "revnumber": "version", "lang": "language", "doctitle": "title"}


def read(_: str, data: bytes) -> Reading:
    """Reads an AsciiDoc file."""
    text, encoding = decode(data)
    return Reading(text, read_asciidoc(text), encoding)


def read_asciidoc(text: str) -> Outline:
    """The outline of a text; its blocks are spans of exactly this text, markup included."""
    rows = rows_of(text)
    walk = _Walk(rows)
    start, title = walk.header()
    sections = list(walk.sections(start))
    return outline_of([*title, *sections], text, walk.metadata)


class _Walk:
    """A single pass through the lines of a file."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows
        self.metadata: dict[str, Value] = {}

    def header(self) -> tuple[int, list[Section]]:
        """The index of the line after the header, and the document's title as a section, if it has one."""
        at = self._attributes(0)
        heading = self._heading(at)
        if heading is None or heading[1].level != 1:
            return at, []
        at, title = heading
        if at < len(self._rows) and self._is_authors(at):
            self.metadata["author"] = [match["name"] for match in _AUTHOR.finditer(self._rows[at].text)]
            at += 1
            revision = _REVISION.fullmatch(self._rows[at].text) if at < len(self._rows) else None
            if revision and self._rows[at].text:
                found = {"version": revision["number"] or revision["before"], "date": revision["date"]}
                self.metadata |= {name: value.strip() for name, value in found.items() if value}
                at += 1
        while at < len(self._rows) and (row := self._rows[at]).text:
            if not _ATTRIBUTE.fullmatch(row.text) and not _COMMENT.match(row.text):
                break
            at = self._attributes(at) if _ATTRIBUTE.fullmatch(row.text) else at + 1
        return at, [title]

    def sections(self, at: int) -> Iterator[Section]:
        """The headings and blocks from this line on; the content of delimiters that only frame text is read as text."""
        while at < len(self._rows):
            start, at = at, self._skipped(at)
            if at > start:
                continue
            at, found = self._next(at)
            if found:
                yield found

    def _skipped(self, at: int) -> int:
        """The index of the line after this one if this one is not text; otherwise ``at``.

        Not text are empty lines, comments, settings, breaks and the names of other files.
        """
        row = self._rows[at]
        if _ATTRIBUTE.fullmatch(row.text):
            return self._value(at)[1]
        nothing = not row.text or row.text == "+" or any(one.fullmatch(row.text) for one in (_MACRO, _BREAK))
        if nothing or _COMMENT.match(row.text) or (_BLOCK_ATTRIBUTES.fullmatch(row.text) and not row.indent):
            return at + 1
        return at

    def _next(self, at: int) -> tuple[int, Section | None]:
        """The index of the line after the heading or block that begins here, and this heading or block."""
        row = self._rows[at]
        heading = self._heading(at)
        if heading:
            return heading
        if _DELIMITER.fullmatch(row.text):
            return self._delimited(at)
        if _BLOCK_TITLE.fullmatch(row.text):
            return self._entitled(at)
        if row.indent and not _ITEM.match(row.text):
            end = self._until_empty(at)
            return end, by_lines(self._rows[at:end])
        if _ITEM.match(row.text):
            return self._list(at)
        end = self._paragraph(at)
        return end, section_of(self._rows[at:end])

    def _heading(self, at: int) -> tuple[int, Section] | None:
        if at >= len(self._rows) or self._rows[at].indent:
            return None
        row = self._rows[at]
        match = _HEADING.fullmatch(row.text)
        if match:
            return at + 1, Section(Span(row.start, row.end), len(match["marks"]), title=_words(match["words"]))
        if at + 1 == len(self._rows) or not row.text or (at and self._rows[at - 1].text and not self._skips(at - 1)):
            return None
        line = self._rows[at + 1].text
        alike = line and line[0] in _UNDERLINES and line == line[0] * len(line) and abs(len(line) - len(row.text)) <= 1
        if not alike or len(row.text) < 3 or not any(char.isalnum() for char in row.text):
            return None
        span = Span(row.start, self._rows[at + 1].end)
        return at + 2, Section(span, _UNDERLINES.index(line[0]) + 1, title=_words(row.text))

    def _skips(self, at: int) -> bool:
        return self._skipped(at) > at

    def _delimited(self, at: int) -> tuple[int, Section | None]:
        """Code and tables become one block each; of a frame around text, only the delimiter itself is skipped."""
        mark = self._rows[at].text
        is_table, fence = mark.endswith("==="), "```" if mark.startswith("```") else mark
        if not (is_table and not mark.startswith("=")) and not mark.startswith((*_WHOLE, *_NO_TEXT)):
            return at + 1, None
        end = at + 1
        while end < len(self._rows) and self._rows[end].text != fence:
            end += 1
        inner = [row for row in self._rows[at + 1 : end] if row.text]
        end = min(end + 1, len(self._rows))
        if mark.startswith(_NO_TEXT) or not inner:
            return end, None
        return end, by_lines(inner)

    def _entitled(self, at: int) -> tuple[int, Section | None]:
        """A block title joined with the block below it; the title alone if settings come between or nothing follows."""
        following = at + 1
        while following < len(self._rows) and self._rows[following].text and self._skips(following):
            following += 1
        title = self._rows[at]
        span = Span(title.start + 1, title.end)
        if following == len(self._rows) or not self._rows[following].text or following > at + 1:
            return at + 1, Section(span, 0)
        end, block = self._next(following)
        if block is None or block.level:
            return at + 1, Section(span, 0)
        return end, Section(Span(span.start, block.span.end), 0, items=(span, *block.items) if block.items else ())

    def _list(self, at: int) -> tuple[int, Section]:
        """A list: its items, the blocks that a plus sign attaches to them, and the empty lines between them."""
        items: list[tuple[int, int]] = []
        end = at
        while at < len(self._rows):
            row = self._rows[at]
            if not row.text:
                at += 1
                continue
            joined = bool(items) and self._rows[at - 1].text == "+"
            if joined or row.text == "+":
                at = at + 1 if row.text == "+" else self._attached(at)
            elif _ITEM.match(row.text) and not (row.indent == 0 and self._heading(at)):
                items.append((at, at + 1))
                at = self._item(at + 1)
            elif items and row.indent and not self._rows[at - 1].text:
                at = self._until_empty(at)
            else:
                break
            end = at
            items[-1] = (items[-1][0], end)
        first = items[0][0]
        spans = [section_of(self._rows[begin:until]).span for begin, until in items]
        return end, section_of(self._rows[first:end], items=spans)

    def _item(self, at: int) -> int:
        while at < len(self._rows) and (row := self._rows[at]).text:
            if row.text == "+" or _ITEM.match(row.text) or _DELIMITER.fullmatch(row.text):
                break
            if _BLOCK_ATTRIBUTES.fullmatch(row.text) or _COMMENT.match(row.text):
                break
            at += 1
        return at

    def _attached(self, at: int) -> int:
        """The index of the line after the block that a plus sign attaches to an item."""
        while at < len(self._rows) and self._rows[at].text and self._skips(at):
            at += 1
        if at == len(self._rows):
            return at
        fence = self._rows[at].text
        if not _DELIMITER.fullmatch(fence):
            return self._paragraph(at)
        fence = "```" if fence.startswith("```") else fence
        end = at + 1
        while end < len(self._rows) and self._rows[end].text != fence:
            end += 1
        return min(end + 1, len(self._rows))

    def _paragraph(self, at: int) -> int:
        """The index of the line after a paragraph: an empty line, the start of another block, or a list's plus sign."""
        at += 1
        while at < len(self._rows) and (row := self._rows[at]).text and row.text != "+":
            framed = _DELIMITER.fullmatch(row.text) or (_BLOCK_ATTRIBUTES.fullmatch(row.text) and not row.indent)
            if framed or _COMMENT.match(row.text):
                break
            at += 1
        return at

    def _until_empty(self, at: int) -> int:
        while at < len(self._rows) and self._rows[at].text:
            at += 1
        return at

    def _is_authors(self, at: int) -> bool:
        line = self._rows[at].text
        return bool(line) and not _ATTRIBUTE.match(line) and bool(re.fullmatch(rf"(?:{_AUTHOR.pattern}\s*)+", line))

    def _attributes(self, at: int) -> int:
        """The index of the line after attributes, comments and empty lines; adds the attributes to the metadata."""
        while at < len(self._rows):
            row = self._rows[at]
            match = _ATTRIBUTE.fullmatch(row.text)
            if match is None:
                if row.text and not _COMMENT.match(row.text):
                    break
                at += 1
                continue
            value, at = self._value(at)
            self._say(match["name"].lower(), value)
        return at

    def _value(self, at: int) -> tuple[str, int]:
        """The value of the attribute on this line, which a backslash continues, and the index of the line after it."""
        match = _ATTRIBUTE.fullmatch(self._rows[at].text)
        value = (match["value"] if match else "") or ""
        while value.endswith("\\") and at + 1 < len(self._rows):
            at += 1
            value = f"{value[:-1].rstrip(' +')} {self._rows[at].text}"
        return " ".join(value.split()), at + 1

    def _say(self, name: str, value: str) -> None:
        if value and "!" not in name and not _SETTINGS.match(name):
            self.metadata.setdefault(_NAMES.get(name, name), value)


def _words(title: str) -> str:
    """The words of a heading without marks of emphasis, anchors and attributes."""
    plain = re.sub(r"\[\[[^\]]*\]\]|\[#[^\]]*\]|\[\.[^\]]*\]", "", title)
    plain = re.sub(r"(?:link:|https?://)[^\s\[]+\[([^\]]+)\]", r"\1", plain)
    plain = re.sub(r"(?<!\w)([*_`]{1,2})(?=\S)([^*_`]+)(?<=\S)\1(?!\w)", r"\2", plain)
    return " ".join(plain.split()) or title
