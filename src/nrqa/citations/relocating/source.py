"""A document as it is now, with what the search for passages in it needs."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from nrqa.citations.cited import Cited
from nrqa.citations.relocating.loosely import Bare, Page, bare
from nrqa.corpus.passages.locators import as_counted, locating, span_of
from nrqa.corpus.passages.word_boxes import line_ends
from nrqa.records import PAGE, Block, Citation, Document, Locator, Passage, Span
from nrqa.text.lines import line_number, line_starts
from nrqa.text.marks.finding import marks_in
from nrqa.text.raised_figures import on_the_line
from nrqa.text.sentences import language_of, sentence_spans
from nrqa.text.typography import LETTER, UNSPACED, Folded, fold

_FIRST = re.compile(rf"(?<!{LETTER}){LETTER}|[{UNSPACED}]|[^\w\s]")
_LAST = re.compile(rf"{LETTER}(?!{LETTER})|[{UNSPACED}]|[^\w\s]")


@dataclass(frozen=True)
class Source:
    """A document and its blocks; what is derived from them is computed when it is first needed, and kept."""

    document: Document
    blocks: tuple[Block, ...]

    @cached_property
    def folded(self) -> Folded:
        """The document's text without its typography."""
        return fold(self.document.text)

    @cached_property
    def page(self) -> Page:
        """The text with its marks and the ends of its lines."""
        text = self.document.text
        marks = marks_in(text, markup=any(one.markup for one in self.blocks))
        return Page(text, self.folded, marks, frozenset(line_ends(self.document.pages)))

    @cached_property
    def bare(self) -> tuple[Bare, ...]:
        """The folded text without white space, hyphens and marks; and with plain figures for marks, if it has any."""
        text = self.folded.text
        marks = [Span(self.folded.folded(one.start), self.folded.folded(one.end)) for one in self.page.marks]
        if not marks:
            return (bare(text),)
        brackets = [Span(at, at + 1) for one in marks for at in (one.start, one.end - 1) if text[at] in "[]"]
        return bare(text, marks), bare(on_the_line(text), brackets)

    @cached_property
    def lines(self) -> list[int]:
        """Where each line begins."""
        return line_starts(self.document.text)

    @cached_property
    def firsts(self) -> list[int]:
        """Where a passage may begin in the folded text: with a word or a mark."""
        return [found.start() for found in _FIRST.finditer(self.folded.text)]

    @cached_property
    def ends(self) -> bytearray:
        """For each position of the folded text, whether a passage may end before it."""
        ends = bytearray(len(self.folded.text) + 1)
        for found in _LAST.finditer(self.folded.text):
            ends[found.end()] = 1
        return ends

    @cached_property
    def sentences(self) -> tuple[tuple[int, int], ...]:
        """The sentences, list items and headings of the folded text, in order."""
        return tuple((self.in_folded(one.start), self.in_folded(one.end)) for one in self._sentences())

    @cached_property
    def locators(self) -> Callable[[int, int], tuple[Locator, ...]]:
        """What takes a span and returns the places of the format that it touches."""
        return locating(self.document.places)

    def passage(self, span: Span) -> Passage:
        """The passage at a span, with the citation that it has now."""
        document = self.document
        locators = self.locators(span.start, span.end)
        citation = Citation(
            document=document.name,
            title=document.title,
            heading=self.block_at(span.start).heading,
            start=span.start,
            end=span.end,
            line_start=line_number(self.lines, span.start),
            line_end=line_number(self.lines, max(span.start, span.end - 1)),
            page=next((int(one.first) for one in locators if one.kind == PAGE), None),
            sha256=document.sha256,
            metadata=document.metadata,
            locators=locators,
        )
        return Passage(document.text[span.start : span.end], citation)

    def counted(self, cited: Cited) -> Cited:
        """A citation of this document with its places as the format counts them, and the lines of the text there."""
        places = cited.places
        if not places:
            return cited
        known = ([Locator(one.kind, one.label, one.label)] for one in self.document.places)
        span = span_of(self.document.places, places)
        there = (line_number(self.lines, span.start), line_number(self.lines, span.end - 1)) if span else None
        return replace(cited, places=as_counted(places, known), lines=cited.lines or there)

    def block_at(self, position: int) -> Block:
        """The block that holds a position, or the last block before it."""
        return self.blocks[max(0, bisect_right(self.blocks, position, key=lambda block: block.start) - 1)]

    def line(self, first: int, last: int) -> Span | None:
        """The span from the first line to the last; None where the text ends before."""
        if not 1 <= first <= last <= len(self.lines):
            return None
        bounds = [*self.lines, len(self.document.text)]
        return Span(bounds[first - 1], bounds[last])

    def in_folded(self, position: int) -> int:
        """The position in the folded text of a character of the text."""
        places = range(len(self.folded.text))
        return bisect_left(places, position, key=lambda at: self.folded.original(at, at + 1).start)

    def _sentences(self) -> Iterator[Span]:
        text = self.document.text
        language = language_of(text)
        for block in self.blocks:
            yield from block.items or sentence_spans(text, block.start, block.end, language)
