"""Reads HTML of a draft, a whole page or a part of it in Markdown: each character knows its place in the draft.

``<q>`` has quotation marks here, as a browser shows it; ``<blockquote>`` is a block quote, and ``<footer>``, ``<cite>``
or ``<figcaption>`` at its end names its source. A link within the page is a note, where its words are only a mark.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from nrqa.checking.prose import Kind, Prose
from nrqa.checking.reading.paragraph import Mark, Paragraph
from nrqa.checking.reading.tags import Piece, pieces_of
from nrqa.records import Span


def read_hypertext(text: str, start: int, end: int, group: int = -1, quotes: int = 0) -> tuple[list[Prose], int]:
    """The paragraphs of ``text[start:end]``, and the number of the last group of block quotes.

    ``group`` is the number of the last one before; ``quotes`` says how many block quotes are still open there.
    """
    page = _Page(group, quotes)
    for piece in pieces_of(text, start, end):
        page.add(piece)
    page.end()
    return list(page.proses()), page.group


_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_BLOCKS = _HEADINGS | frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure "
    "footer form header hr html legend li main menu nav ol p pre section summary table tbody td tfoot th thead tr "
    "ul".split()
)
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
_CODE = frozenset(("code", "pre", "kbd", "samp", "tt"))
_SOURCE = "(source)"
_SOURCES = frozenset(("footer", "figcaption"))
_ENDED_BY_ITSELF = frozenset(("p", "li", "td", "th", "tr", "dt", "dd", "option"))
_SOURCE_CLASS = re.compile(r"\b(?:attribution|source|citation|author|byline)\b", re.IGNORECASE)
_NOTE_MARK = re.compile(r"[\s(\[]*(?:\d{1,3}|[a-zA-Z]|[ivxlc]{1,6}|[*†‡§¶#]{1,3}|↩.?|\^)[\s.:)\]]*")
_MOST_OF_NOTE = 6
"""Paragraphs, at most, of a note."""
_BACK = re.compile(r"[\s\[(]*(?:↩|↑|⤴|\^|back|zurück|retour)[\ufe0e\ufe0f\s\])]*", re.IGNORECASE)


@dataclass(slots=True)
class _Element:
    """An element that is open: where its words begin, and what ends with it."""

    name: str
    identity: str
    first: int
    begins: int
    span: Span
    href: str = ""
    cite: str = ""
    source: bool = False


@dataclass(slots=True)
class _Page:
    """What has been read of a page so far."""

    group: int
    quotes: int = 0
    _open: list[_Element] = field(default_factory=list)
    _names: Counter[str] = field(default_factory=Counter)
    """How many elements of each name are open, and how many that name a source (``_SOURCE``)."""
    _found: list[Paragraph] = field(default_factory=list)
    _here: Paragraph = field(default_factory=Paragraph)
    _targets: dict[str, tuple[int, int]] = field(default_factory=dict)
    _rows: int = 0
    _cited: Span | None = None
    _line: int = 0
    """Where the last line of the paragraph begins, after a line break."""
    _figure: int = -1
    """The group of the block quote in the figure that is open; -1 where there is none."""

    def add(self, piece: Piece) -> None:
        """Read one tag or text."""
        if not self._here.length:
            self._set_kind()
        if piece.kind == "open":
            self._begin(piece)
        elif piece.kind == "close":
            self._finish(piece)
        elif piece.kind == "entity":
            self._here.put(piece.text, piece.start, piece.end)
        else:
            self._here.add(piece.text, piece.start)

    def end(self) -> None:
        """End what is still open."""
        while self._open:
            self._pop(self._here_span())
        self._break()

    def proses(self) -> Iterator[Prose]:
        """The paragraphs, with the meanings of their notes."""
        for at, one in enumerate(self._found):
            one.marks = [meant for mark in one.marks if (meant := self._meant(mark, at))]
        for first, last in self._notes():
            for one in self._found[first:last]:
                one.kind = "note" if one.kind in ("text", "cell") else one.kind
        for one in self._found:
            prose = one.prose()
            if prose:
                yield prose

    def _meant(self, mark: Mark, at: int) -> Mark | None:
        """A reference with the text of the note that it names; None for a link back from the note."""
        if not mark.target:
            return mark
        first, last = self._targets.get(mark.target, (len(self._found), 0))
        if first <= at:
            return None
        return replace(mark, texts=(" ".join(one.text.strip() for one in self._found[first:last]),))

    def _notes(self) -> list[tuple[int, int]]:
        """Which paragraphs are notes: those that marks name. A whole section that a number links to is none."""
        named = {mark.target for one in self._found for mark in one.marks if mark.kind == "note"}
        places = [self._targets[name] for name in named if name in self._targets]
        return [(first, last) for first, last in places if last - first <= _MOST_OF_NOTE]

    def _begin(self, piece: Piece) -> None:
        name = piece.text
        if name in _ENDED_BY_ITSELF and any(one.name == name for one in self._open[-1:]):
            self._pop(Span(piece.start, piece.start))
        if name in _BLOCKS:
            self._break()
        if name in _VOID:
            if name == "br":
                self._here.put(" ", piece.start, piece.end)
                self._line = self._here.length
            return
        if name == "blockquote":
            self.group += not self.quotes
            self.quotes += 1
            self._figure = self.group
        elif name == "tr":
            self._rows += 1
        identity = piece.attributes.get("id") or (piece.attributes.get("name", "") if name == "a" else "")
        one = _Element(
            name=name,
            identity=identity,
            first=len(self._found),
            begins=self._here.length,
            span=Span(piece.start, piece.end),
            href=piece.attributes.get("href", "") if name == "a" else "",
            cite=piece.attributes.get("cite", ""),
            source=name in _SOURCES or bool(_SOURCE_CLASS.search(piece.attributes.get("class", ""))),
        )
        self._open.append(one)
        self._names.update([one.name, _SOURCE] if one.source else [one.name])
        self._set_kind()
        if name == "q":
            self._here.put("“", piece.start, piece.end)
            if one.cite:
                self._here.refer(one.span, "link", (one.cite,))

    def _finish(self, piece: Piece) -> None:
        if not self._names[piece.text]:
            if piece.text in _BLOCKS:
                self._break()
                self.quotes -= piece.text == "blockquote" and self.quotes > 0
            return
        closing = Span(piece.start, piece.end)
        while self._pop(closing) != piece.text:
            pass

    def _pop(self, closing: Span) -> str:
        """End the innermost element; ``closing`` is its closing tag, or the place where it ends without one."""
        one = self._open.pop()
        self._names.subtract([one.name, _SOURCE] if one.source else [one.name])
        if one.name == "q":
            self._here.put("”", closing.start, max(closing.end, closing.start + 1))
        elif one.name == "a" and one.href:
            self._link(one, closing)
        elif one.name in _CODE and self._here.length > one.begins:
            words = self._here.text[one.begins :]
            self._here.refer(Span(one.span.start, closing.end), "code", (words.strip(),), begins=one.begins)
        elif one.name == "cite" and self.quotes and self._here.kind == "quote":
            self._cited = Span(one.begins, self._here.length)
        if one.name in _BLOCKS:
            self._break()
        if one.name == "blockquote":
            if one.cite:
                self._cite(one)
            self.quotes -= 1
        elif one.name == "figure":
            self._figure = -1
        if one.identity:
            last = len(self._found) + (one.name not in _BLOCKS)  # the paragraph that an inline element stands in
            self._targets.setdefault(one.identity, (one.first, last))
        self._set_kind()
        return one.name

    def _link(self, one: _Element, closing: Span) -> None:
        words = self._here.text[one.begins :]
        span = Span(one.span.start, closing.end)
        if one.href.startswith("#") and (_NOTE_MARK.fullmatch(words) or _BACK.fullmatch(words)):
            self._here.cut(one.begins)
            if not _BACK.fullmatch(words):
                self._here.refer(span, "note", (), target=one.href[1:])
            return
        self._here.refer(span, "link", (one.href, words), begins=one.begins)

    def _cite(self, one: _Element) -> None:
        """The address in the block quote's own attribute is the source of all its paragraphs."""
        source = Paragraph("source", self.group)
        source.put(one.cite, one.span.start, one.span.end)
        self._found.append(source)

    def _break(self) -> None:
        """End the paragraph; words in <cite> at its end name the source of a block quote."""
        here, self._here = self._here, Paragraph()
        cited, self._cited = self._cited, None
        line, self._line = self._line, 0
        if cited is None and line and here.kind == "quote" and _DASH.match(here.text, line):
            cited = Span(line, here.length)
        if here.text.strip():
            self._found.append(here)
            if cited is not None and _is_source(here.text, cited):
                source = here.split(len(_DASH_AT_END.sub("", here.text[: cited.start])))
                source.kind = "source"
                self._found.append(source)
                if not here.text.strip():
                    del self._found[-2]
        elif here.marks and self._found:
            # A mark alone, as of a note beside a block: it belongs to what is before it.
            before = self._found[-1]
            for mark in here.marks:
                before.refer(mark.span, mark.kind, mark.texts, target=mark.target)
        self._set_kind()

    def _set_kind(self) -> None:
        if self._here.length:
            return
        names = self._names
        kind: Kind = "text"
        group = row = -1
        source = names[_SOURCE]
        if self.quotes or (names["figcaption"] and self._figure >= 0):
            kind, group = "source" if source else "quote", self.group
        elif names["pre"]:
            kind = "code"
        elif any(names[one] for one in _HEADINGS):
            kind = "heading"
        elif names["td"] or names["th"]:
            kind, row = "cell", self._rows
        self._here.kind, self._here.group, self._here.row = kind, group, row

    def _here_span(self) -> Span:
        last = self._open[-1].span
        return Span(last.end, last.end)


_DASH_AT_END = re.compile(r"[\s(\[–—―-]*$")
_DASH = re.compile(r"\s*[–—―-]\s*\S")
_SENTENCE_CLOSED = re.compile(r"(?:^|[.!?…»“”’\"'\])–—―-])\s*$")


def _is_source(text: str, cited: Span) -> bool:
    """Whether words in <cite> stand behind a whole quotation, with nothing after them."""
    behind = any(char.isalnum() for char in text[cited.end :])
    return not behind and bool(_SENTENCE_CLOSED.search(text[max(0, cited.start - 9) : cited.start]))
