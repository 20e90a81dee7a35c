"""Reads Markdown of a draft: markdown-it-py finds its blocks (CommonMark with tables); footnotes are found here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from nrqa.checking.prose import Kind, Prose
from nrqa.checking.reading.hypertext import read_hypertext
from nrqa.checking.reading.markdown_marks import take_out_marks
from nrqa.checking.reading.marked import Marked
from nrqa.corpus.readers.shared.metadata import front_matter
from nrqa.text.lines import Line, line_starts, narrowed, stripped_lines

if TYPE_CHECKING:
    from markdown_it.token import Token


def read_markdown(text: str) -> Iterator[Prose]:
    """The paragraphs, headings, cells, block quotes, footnotes and blocks of code, without front matter."""
    from markdown_it import MarkdownIt

    body, notes = _without_footnotes(text, front_matter(text)[1])
    parser = MarkdownIt("commonmark").enable("table")
    parser.core.ruler.enableOnly(["normalize", "block"])
    environment: dict[str, dict[str, dict[str, str]]] = {}
    meanings = {label: text[one[0].start : one[-1].end] for label, one in notes.items()}
    tokens = parser.parse(body, environment)
    links = {label.casefold(): one["href"] for label, one in environment.get("references", {}).items()}
    blocks = _Blocks(text, stripped_lines(text), links, meanings)
    for token in tokens:
        yield from blocks.read(token)
    for pieces in notes.values():
        yield blocks.prose("note", pieces)


@dataclass(slots=True)
class _Blocks:
    """The blocks of a text as they are read one after another."""

    text: str
    lines: list[Line]
    links: Mapping[str, str]
    notes: Mapping[str, str]
    group: int = -1
    row: int = -1
    depth: int = 0
    """How many block quotes are open; ``tagged`` are those that HTML has opened."""
    tagged: int = 0
    inside: Kind = "text"
    callout: Kind | None = None
    """What the block quote is by the sign that it begins with, as in [!quote] or [!note]."""
    cells: dict[int, int] = field(default_factory=dict)

    def read(self, token: Token) -> Iterator[Prose]:
        """The paragraphs that a token of markdown-it-py stands for."""
        if token.map is None or token.type in _SPECIAL or token.type.startswith(("blockquote", "tr_")):
            self._step(token.type)
        elif token.type == "html_block":
            yield from self._html(*token.map)
        elif token.type in ("fence", "code_block"):
            first, last = token.map
            pieces = self.lines[first + (token.type == "fence") : last - (token.type == "fence")]
            if any(one.end > one.start for one in pieces):
                yield Marked(self.text, pieces).prose("code", -1)
        elif token.type == "inline" and token.content.strip():
            pieces = _pieces(self.text, token.content, self.lines[token.map[0] : token.map[1]], self.cells)
            yield from self._inline(token.content, pieces)

    def _step(self, name: str) -> None:
        """Note that a block quote, a row, a heading or a cell begins or ends."""
        if name == "blockquote_open":
            if not self.depth and not self.tagged:
                self.group += 1
                self.callout = None
            self.depth += 1
        elif name == "blockquote_close":
            self.depth -= 1
        elif name == "tr_open":
            self.row += 1
        else:
            self.inside = _SPECIAL.get(name, self.inside)

    def prose(self, kind: Kind, pieces: list[Line]) -> Prose:
        """A paragraph without marks."""
        marked = Marked(self.text, pieces)
        take_out_marks(marked, self.links, self.notes)
        return marked.prose(kind, self.group if kind in ("quote", "source") else -1)

    def _inline(self, content: str, pieces: list[Line]) -> Iterator[Prose]:
        quoting = bool(self.depth or self.tagged) and self.inside == "text"
        kind = (self.callout or "quote") if quoting else self.inside
        callout = _CALLOUT.match(content) if quoting and self.callout is None else None
        if callout:
            self.callout = kind = "quote" if callout["name"].lower() in _QUOTING else "text"
            title = Line(pieces[0].start + callout.start("title"), pieces[0].end)
            pieces = pieces[1:]
            if title.end > title.start:
                yield self.prose("source" if kind == "quote" else "heading", [title])
        elif quoting:
            self.callout = kind
        if pieces:
            prose = self.prose(kind, pieces)
            yield replace(prose, row=self.row) if self.inside == "cell" else prose

    def _html(self, first: int, last: int) -> Iterator[Prose]:
        """A block of HTML; a block quote that it opens may hold Markdown until another block closes it."""
        pieces = self.lines[first:last]
        start, end = pieces[0].start, pieces[-1].end
        written = self.text[start:end]
        opened = len(_QUOTE_OPENS.findall(written)) - len(_QUOTE_CLOSES.findall(written))
        if self.depth:
            prose = self.prose("quote", pieces)
            if prose.text.strip():
                yield prose
            return
        found, self.group = read_hypertext(self.text, start, end, self.group, self.tagged)
        for one in found:
            # What stands in blocks of HTML is no running text of the draft's own.
            yield replace(one, kind="cell") if one.kind == "text" else one
        self.tagged = max(0, self.tagged + opened)
        self.callout = "quote" if self.tagged else None


_QUOTE_OPENS = re.compile(r"<blockquote\b", re.IGNORECASE)
_QUOTE_CLOSES = re.compile(r"</blockquote\b", re.IGNORECASE)
_CALLOUT = re.compile(r"\[!(?P<name>[^\W\d_][\w-]{0,40})(?:\|[^\[\]\n]{0,200})?\][+-]?[ \t]*(?P<title>[^\n]*)")
_QUOTING = frozenset(("quote", "cite", "blockquote", "citation", "quotation", "zitat", "cita"))
"""Callouts that quote; all others are the draft's own words."""
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


_FOOTNOTE = re.compile(r"[ ]{0,3}\[\^(?P<label>[^\[\]\s]{1,200})\]:[ \t]*")
_NO_LINE_END = re.compile(r"[^\r\n]")


def _without_footnotes(text: str, start: int) -> tuple[str, dict[str, list[Line]]]:
    """The text with its front matter, up to ``start``, and its footnotes blanked, and the lines of each footnote."""
    notes: dict[str, list[Line]] = {}
    kept = [_NO_LINE_END.sub(" ", text[:start])]
    bounds = [start, *(at for at in line_starts(text) if at > start), len(text)]
    label, fenced = "", False
    for first, last in pairwise(bounds):
        written = text[first:last]
        kept.append(written)
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
        kept[-1] = _NO_LINE_END.sub(" ", written)
    full = {name: [one for one in lines if one.end > one.start] or lines[:1] for name, lines in notes.items()}
    return "".join(kept), full
