"""A draft's running text without Markdown's marks, link targets and code; each character knows its place in the draft.

markdown-it-py finds Markdown's blocks (CommonMark with tables); footnotes are found here.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from nrqa.corpus.readers.shared.metadata import front_matter
from nrqa.records import Span
from nrqa.text.lines import Line, line_starts, narrowed, stripped_lines

MARKDOWN = (".md", ".markdown", ".mdown", ".qmd", ".rmd")
"""The extensions of Markdown files."""
OUR_NOTES = "nrqa-"
"""Footnotes whose labels begin with this were added by an earlier check."""

Kind = Literal["text", "heading", "cell", "quote", "note"]


def is_markdown(name: str) -> bool:
    """Whether a file of this name is Markdown."""
    return name.lower().endswith(MARKDOWN)


@dataclass(frozen=True, slots=True)
class Reference:
    """A link, a footnote's mark, or code: what it may mean, and what of the prose stood between ``begins`` and ``at``.

    Of a link these are its words; a footnote's mark leaves nothing.
    """

    span: Span
    begins: int
    at: int
    kind: Literal["link", "note", "code"]
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph, heading, list item or cell without Markdown's marks.

    ``starts`` and ``ends`` say where each character is in the draft. ``group`` is the same for the paragraphs of one
    block quote, and -1 elsewhere; ``row`` is the same for the cells of one row of a table, and -1 elsewhere.
    """

    kind: Kind
    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    references: tuple[Reference, ...] = ()
    group: int = -1
    row: int = -1

    def original(self, start: int, end: int) -> Span:
        """The stretch of the draft that ``text[start:end]`` (not empty) was read from."""
        return Span(self.starts[start], self.ends[end - 1])


def without_our_notes(text: str) -> str:
    """The draft without the marks and footnotes of an earlier check: as it was before."""
    return _OUR_MARK.sub("", _OUR_FOOTNOTES.sub("", text))


_OUR_MARK = re.compile(rf"\[\^{OUR_NOTES}\d+\]")
_OUR_FOOTNOTES = re.compile(rf"(?:\r\n|\n|\r){{2}}(?:\[\^{OUR_NOTES}\d+\]: [^\r\n]*(?:\r\n|\n|\r))+\Z")


def read_prose(text: str, *, markdown: bool) -> list[Prose]:
    """All running text of a draft, in order, without code and front matter."""
    return list(_markdown_prose(text) if markdown else _plain_prose(text))


def _plain_prose(text: str) -> Iterator[Prose]:
    """The paragraphs of plain text; lines that begin with ">" are a block quote, as in letters."""
    group = -1
    quoting = False
    for lines in _runs_of_kind(text, stripped_lines(text)):
        quoted = _is_quoted(text, lines[0])
        group += quoted and not quoting
        quoting = quoted
        if quoted:
            yield _prose("quote", text, [_without_mark(text, line) for line in lines], {}, {}, group, markdown=False)
            continue
        for paragraph in _paragraphs(text, lines):
            written = text[paragraph[0].start : paragraph[-1].end]
            alone = len(paragraph) == 1 and not _CLOSED.search(written)
            heading = alone and len(written.split()) <= _MOST_HEADING
            yield _prose("heading" if heading else "text", text, paragraph, {}, {}, markdown=False)


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


def _markdown_prose(text: str) -> Iterator[Prose]:
    from markdown_it import MarkdownIt

    body, notes = _without_footnotes(_blanked(text, 0, front_matter(text)[1]))
    parser = MarkdownIt("commonmark").enable("table")
    parser.core.ruler.enableOnly(["normalize", "block"])
    environment: dict[str, dict[str, dict[str, str]]] = {}
    lines = stripped_lines(text)
    meanings = {label: text[one[0].start : one[-1].end] for label, one in notes.items()}
    tokens = parser.parse(body, environment)
    links = {label.casefold(): one["href"] for label, one in environment.get("references", {}).items()}
    depth, group, row = 0, -1, -1
    inside: Kind = "text"
    cells: dict[int, int] = {}
    for token in tokens:
        if token.type == "blockquote_open":
            group += not depth
            depth += 1
        elif token.type == "blockquote_close":
            depth -= 1
        elif token.type == "tr_open":
            row += 1
        elif token.type in _SPECIAL:
            inside = _SPECIAL[token.type]
        elif token.type == "html_block" and token.map and not _SCRIPT.match(token.content):
            pieces = lines[token.map[0] : token.map[1]]
            html_kind: Kind = "quote" if _HTML_QUOTE.match(token.content) else "cell"
            group += html_kind == "quote" and not depth
            prose = _prose(
                html_kind, text, pieces, links, meanings, group if html_kind == "quote" else -1, markdown=True
            )
            if prose.text.strip():
                yield prose
        elif token.type == "inline" and token.map and token.content.strip():
            pieces = _pieces(text, token.content, lines[token.map[0] : token.map[1]], cells)
            kind: Kind = "quote" if depth and inside == "text" else inside
            prose = _prose(kind, text, pieces, links, meanings, group if depth else -1, markdown=True)
            yield replace(prose, row=row) if inside == "cell" else prose
    for pieces in notes.values():
        yield _prose("note", text, pieces, links, meanings, markdown=True)


_HTML_QUOTE = re.compile(r"\s*<blockquote\b", re.IGNORECASE)
_SCRIPT = re.compile(r"\s*<(?:script|style|pre|code|svg)\b", re.IGNORECASE)
_SPECIAL: dict[str, Kind] = {
    "heading_open": "heading",
    "td_open": "cell",
    "th_open": "cell",
    "heading_close": "text",
    "td_close": "text",
    "th_close": "text",
}


def _pieces(text: str, content: str, lines: list[Line], cells: dict[int, int]) -> list[Line]:
    """Where the draft has each line of a token's content; cells of a table follow each other on one line."""
    pieces = []
    for written, line in zip(content.split("\n"), lines, strict=False):
        wanted = written.strip()
        at = text.find(wanted, max(line.start, cells.get(line.start, 0)), line.end)
        if at < 0:  # a table cell with an escaped bar
            at = line.start
            wanted = text[line.start : line.end]
        cells[line.start] = at + len(wanted)
        pieces.append(Line(at, at + len(wanted)))
    return pieces


_FOOTNOTE = re.compile(r"[ ]{0,3}\[\^(?P<label>[^\]\s]+)\]:[ \t]*")


def _without_footnotes(text: str) -> tuple[str, dict[str, list[Line]]]:
    """The text with its footnotes blanked, and the lines of each footnote."""
    notes: dict[str, list[Line]] = {}
    body = text
    bounds = [*line_starts(text), len(text)]
    label, fenced = "", False
    for first, last in pairwise(bounds):
        written = text[first:last]
        if written.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
        found = None if fenced else _FOOTNOTE.match(written)
        if found:
            label = found["label"]
            notes[label] = [narrowed(text, first + found.end(), last)]
        elif label and written.strip() and written.startswith(("    ", "\t")):
            notes[label].append(narrowed(text, first, last))
        elif written.strip():
            label = ""
            continue
        else:
            continue
        body = _blanked(body, first, last)
    return body, {name: [one for one in lines if one.end > one.start] or lines[:1] for name, lines in notes.items()}


def _blanked(text: str, start: int, end: int) -> str:
    return text[:start] + re.sub(r"[^\r\n]", " ", text[start:end]) + text[end:]


def _prose(
    kind: Kind,
    text: str,
    pieces: list[Line],
    links: Mapping[str, str],
    notes: Mapping[str, str],
    group: int = -1,
    *,
    markdown: bool,
) -> Prose:
    marked = _Marked(text, pieces)
    if markdown:
        _take_out_marks(marked, links, notes)
    else:
        marked.take_out(_URL, lambda found: ("link", (found.group(),)))
    return marked.prose(kind, group)


class _Marked:
    """Text from which marks are taken out step by step; each character knows its place in the draft."""

    def __init__(self, text: str, pieces: list[Line]) -> None:
        self.text = "\n".join(text[one.start : one.end] for one in pieces)
        self.starts: list[int] = []
        for one in pieces:
            self.starts += [*range(one.start, one.end), one.end]
        self.starts = self.starts[: len(self.text)]
        self.ends = [at + 1 for at in self.starts]
        self._references: list[tuple[Span, Literal["link", "note", "code"], tuple[str, ...]]] = []

    def take_out(
        self,
        pattern: re.Pattern[str],
        meaning: Callable[[re.Match[str]], tuple[Literal["link", "note", "code"], tuple[str, ...]] | None],
        keep: str = "",
        new: Callable[[str], str] | None = None,
    ) -> None:
        """Replace each match by its group ``keep``, or by the one character that ``new`` makes of it, or by nothing."""
        parts, starts, ends, at = [], [], [], 0
        for found in pattern.finditer(self.text):
            start, end = found.span()
            meant = meaning(found)
            if meant:
                self._references.append((Span(self.starts[start], self.ends[end - 1]), *meant))
            stays = found.span(keep) if keep else (end, end)
            parts.append(self.text[at:start])
            starts += self.starts[at:start]
            ends += self.ends[at:start]
            if new:
                parts.append(new(found.group()))
                starts.append(self.starts[start])
                ends.append(self.ends[end - 1])
            else:
                parts.append(self.text[slice(*stays)])
                starts += self.starts[slice(*stays)]
                ends += self.ends[slice(*stays)]
            at = end
        self.text = "".join([*parts, self.text[at:]])
        self.starts = [*starts, *self.starts[at:]]
        self.ends = [*ends, *self.ends[at:]]

    def prose(self, kind: Kind, group: int) -> Prose:
        """The text that is left, with line ends as blanks."""
        references = tuple(
            Reference(span, bisect_left(self.starts, span.start), bisect_left(self.starts, span.end), what, texts)
            for span, what, texts in sorted(self._references, key=lambda one: one[0].start)
        )
        text = re.sub(r"\s", " ", self.text).translate(_SHOWN)
        return Prose(kind, text, tuple(self.starts), tuple(self.ends), references, group)


# A character after a backslash becomes one of these, so that the other rules do not see it.
_HIDDEN = 0xE000
_SHOWN = {_HIDDEN + code: code for code in range(0x80)}
_ESCAPE = re.compile(r"\\[!-/:-@\[-`{-~]")
_CODE = re.compile(r"(?<!`)(`{1,3})(?!`)(?P<code>.+?)(?<!`)\1(?!`)", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_TAG = re.compile(r"</?[A-Za-z][\w-]*(?:\s[^<>]{0,1000})?/?>")
_AUTOLINK = re.compile(r"<(?P<url>[a-z][a-z0-9+.-]{1,30}:[^<>\s]{1,2000})>")
_URL = re.compile(r"\bhttps?://[^\s<>\"“”]{1,2000}?(?=[.,;:!?)\]]*(?:[\s<>\"“”]|$))")
_TARGET = (
    r"\((?P<url><[^<>\n]*>|[^()\s]{0,2000}(?:\([^()\s]{0,500}\)[^()\s]{0,500}){0,4})"
    r"(?:\s{1,9}[\"'(][^\n]{0,500}?[\"')])?\)"
)
_IMAGE = re.compile(rf"!\[[^\[\]]{{0,500}}\](?:{_TARGET}|\[[^\[\]]{{0,500}}\])")
_LINK = re.compile(rf"\[(?P<words>[^\[\]]{{0,1000}})\]{_TARGET}")
_NOTE = re.compile(r"\[\^(?P<label>[^\]\s]+)\]")
_INLINE_NOTE = re.compile(r"\^\[(?P<note>[^\[\]]{1,1000})\]")
_STARS = re.compile(r"(?P<mark>\*{1,3}|~~)(?=[^\s*])(?P<words>[^*]{1,2000}?)(?<=[^\s*])(?P=mark)", re.DOTALL)
_LOW_LINES = re.compile(r"(?<!\w)(?P<mark>_{1,3})(?=[^\s_])(?P<words>.{1,2000}?)(?<=[^\s_])(?P=mark)(?!\w)", re.DOTALL)
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,10}|#\d{1,6}|#x[0-9a-fA-F]{1,5});")


def _take_out_marks(marked: _Marked, links: Mapping[str, str], notes: Mapping[str, str]) -> None:
    marked.take_out(_ESCAPE, _nothing, new=lambda escape: chr(_HIDDEN + ord(escape[1])))
    marked.take_out(_CODE, lambda found: ("code", (found["code"].strip(),)))
    marked.take_out(_COMMENT, _nothing)
    marked.take_out(_AUTOLINK, lambda found: ("link", (found["url"],)))
    marked.take_out(_TAG, _nothing)
    marked.take_out(_IMAGE, _nothing)
    marked.take_out(_INLINE_NOTE, lambda found: ("note", (found["note"],)))
    marked.take_out(_NOTE, lambda found: ("note", (notes.get(found["label"], ""),)))
    marked.take_out(_LINK, lambda found: ("link", (found["url"].strip("<>"), found["words"])), keep="words")
    for pattern in _labelled(links):
        marked.take_out(
            pattern, lambda found: ("link", (links[found["label"].casefold()], found["words"])), keep="words"
        )
    marked.take_out(_URL, lambda found: ("link", (found.group(),)))
    for _ in range(2):  # emphasis in emphasis
        marked.take_out(_STARS, _nothing, keep="words")
        marked.take_out(_LOW_LINES, _nothing, keep="words")
    marked.take_out(_ENTITY, _nothing, new=_character)


def _labelled(links: Mapping[str, str]) -> list[re.Pattern[str]]:
    """The patterns that find [words][label] and [label], for the labels that are defined."""
    if not links:
        return []
    known = "|".join(re.escape(label) for label in sorted(links, key=len, reverse=True))
    return [
        re.compile(rf"\[(?P<words>[^\[\]]{{1,1000}})\][ ]?\[(?P<label>{known})\]", re.IGNORECASE),
        re.compile(rf"\[(?P<words>(?P<label>{known}))\](?:\[\])?", re.IGNORECASE),
    ]


def _nothing(_: re.Match[str]) -> None:
    return None


def _character(entity: str) -> str:
    """The character that an entity stands for; a replacement character where it is unknown, or stands for two."""
    meant = html.unescape(entity)
    return meant if len(meant) == 1 else "\N{REPLACEMENT CHARACTER}"
