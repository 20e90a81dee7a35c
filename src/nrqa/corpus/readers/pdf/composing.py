"""Writes paragraphs as one text, records where the words of each page stand in it, and makes its sections."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from nrqa.corpus.passages.word_boxes import Word, pack
from nrqa.corpus.readers.pdf.headings import words_of
from nrqa.corpus.readers.pdf.hyphens import Vocabulary, ends_in_hyphen
from nrqa.corpus.readers.pdf.lines import Line
from nrqa.corpus.readers.pdf.paragraphs import Paragraph
from nrqa.corpus.readers.shared.outline import Section
from nrqa.records import PageWords, Span

_TIGHT = re.compile(r"(?:\w[—―]|\d–)\n|\w\n[—―]\w|\d\n–\d")
"""Line ends where no space is inserted: at a dash between words, or in a range of numbers."""


@dataclass(slots=True)
class Composed:
    """The text, the spans of its paragraphs, and the positions of each page's words, all in the order of the text."""

    text: str = ""
    spans: list[Span] = field(default_factory=list)
    pages: list[PageWords] = field(default_factory=list)


def compose(paragraphs: Sequence[Paragraph], vocabulary: Vocabulary) -> Composed:
    """Writes the paragraphs as text, with an empty line between them; list items and table rows have their own line."""
    writer = _Writer(vocabulary)
    spans: list[Span] = []
    before: Paragraph | None = None
    for one in paragraphs:
        if before is not None:
            alike = one.kind == before.kind and one.kind in ("item", "row", "contents", "remark")
            writer.put("\n" if alike or one.kind == "field" else "\n\n")
        start = writer.length
        for at, line in enumerate(one.lines):
            writer.put_line(one.lines[at - 1] if at else None, line)
        spans.append(Span(start, writer.length))
        before = one
    return Composed("".join(writer.parts), spans, writer.pages())


def sections_of(paragraphs: Sequence[Paragraph], spans: Sequence[Span], levels: Mapping[int, int]) -> list[Section]:
    """The headings and blocks in order.

    A list forms one block with the line that introduces it. Lines of a table of contents do not become blocks, and so
    not passages.
    """
    sections: list[Section] = []
    at = 0
    while at < len(paragraphs):
        one = paragraphs[at]
        last = at
        if at in levels:
            sections.append(Section(spans[at], levels[at], title=words_of(one)))
        elif one.kind != "contents":
            introduces = one.kind == "text" and one.text.endswith((":", "："))
            kinds = {one.kind} & {"item", "row", "remark"} or ({"item"} if introduces else set()) | {"field"}
            while last + 1 < len(paragraphs) and last + 1 not in levels and paragraphs[last + 1].kind in kinds:
                last += 1
            items = tuple(spans[at : last + 1]) if last > at else ()
            sections.append(Section(Span(spans[at].start, spans[last].end), 0, items=items))
        at = last + 1
    return sections


class _Writer:
    """Collects the text, and the position and page of each word in it."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.parts: list[str] = []
        self.length = 0
        self._vocabulary = vocabulary
        self._words: list[tuple[int, list[Word]]] = []

    def put(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)

    def put_line(self, before: Line | None, line: Line) -> None:
        if before is not None:
            self._put_break(before, line)
        if not self._words or self._words[-1][0] != line.page:
            self._words.append((line.page, []))
        words = self._words[-1][1]
        length, parts = self.length, self.parts
        first = True
        for one in line.words:
            if not (first or one.glued):
                parts.append(" ")
                length += 1
            first = False
            parts.append(one.text)
            start, length = length, length + len(one.text)
            words.append(Word(start, length, *one.box))
        self.length = length

    def _put_break(self, before: Line, line: Line) -> None:
        """Writes what belongs between two lines of a paragraph: a space, nothing, or a hyphen; or removes a hyphen."""
        last, first = before.words[-1], line.words[0]
        if last.hyphen:
            if self._vocabulary.keeps_hyphen(before.text + "-", line.text):
                self._lengthen("-")
        elif ends_in_hyphen(before):
            if not self._vocabulary.keeps_hyphen(last.text, line.text):
                self._shorten()
        elif not (_TIGHT.search(f"{before.text[-2:]}\n{line.text[:2]}") or _is_unspaced(last.text[-1], first.text[0])):
            self.put(" ")

    def _lengthen(self, text: str) -> None:
        """Appends the text to the last word."""
        self.put(text)
        self._replace_last(self.length)

    def _shorten(self) -> None:
        """Removes the last character, which is a hyphen."""
        self.parts[-1] = self.parts[-1][:-1]
        self.length -= 1
        self._replace_last(self.length)

    def _replace_last(self, end: int) -> None:
        words = self._words[-1][1]
        last = words[-1]
        words[-1] = Word(last.start, end, last.x0, last.y0, last.x1, last.y1)

    def pages(self) -> list[PageWords]:
        return [PageWords(page + 1, words[0].start, words[-1].end, pack(words)) for page, words in self._words]


def _is_unspaced(before: str, after: str) -> bool:
    """Whether both belong to a script that has no spaces."""
    return all("\u2e80" <= char <= "\u9fff" or "\uf900" <= char <= "\uffef" for char in (before, after))
