"""A text that quotations are compared with: folded, and every character mapped back to the text as written."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from copy import copy

from nrqa.records import Span
from nrqa.text.marks.blanking import blanked, without
from nrqa.text.marks.finding import marks_in
from nrqa.text.marks.raised import raised_marks
from nrqa.text.raised_figures import on_the_line
from nrqa.text.typography import UNSPACED, Folded, fold

EDGE = " .,;:!?'-"
"""Characters that a quotation may have at its ends although its source does not, or the other way round."""
_PART = rf"(?:[^\W{UNSPACED}]|[\u0300-\u036f\u0900-\u0963\u0966-\u0dff])+"
WORD = re.compile(rf"[{UNSPACED}]|{_PART}(?:'{_PART})*")
"""In scripts without spaces between words, each character is a word."""


class Source:
    """A stretch of text to compare quotations with, folded once.

    ``markup`` says that it is Markdown. ``marks`` are its note references and the like (see ``text.marks``), which a
    quotation may leave out; they are looked for in the text alone where they are not given.
    """

    def __init__(self, text: str, *, markup: bool = False, marks: Sequence[Span] | None = None) -> None:
        self.text = text
        self.parted = False
        """Whether words that are hyphenated at a line end are joined."""
        self.marks = marks_in(text, markup=markup) if marks is None else marks
        self._folded = fold(text)
        self._markup = markup
        self.folded = self._folded.text
        self._away = [Span(self._folded.folded(one.start), self._folded.folded(one.end)) for one in self.marks]
        self._code = _backticks(self._folded, text) if markup else []
        self.key, self.places = _key(self.folded, _sorted([*self._away, *self._code]), markup=markup)
        words = WORD.finditer(blanked(self.folded, self._away))
        self.words = [(word.group().casefold(), *word.span()) for word in words]

    def unmarked(self, span: Span) -> str:
        """The text of a span without the marks in it."""
        return without(self.text[span.start : span.end], self.marks_within(span), span.start)

    def marks_within(self, span: Span) -> list[Span]:
        """The marks in a span."""
        return [one for one in self.marks if span.start <= one.start and one.end <= span.end]

    def plain(self) -> Source | None:
        """The same source with its raised figures as plain ones, as they are pasted; None where there are none."""
        kept = [one for one in self._away if on_the_line(mark := self.folded[one.start : one.end]) == mark]
        if len(kept) == len(self._away):
            return None
        plain = copy(self)
        away = _sorted([*kept, *self._code])
        plain.key, plain.places = _key(on_the_line(self.folded), away, markup=self._markup)
        return plain

    def without_quotation_marks(self) -> Source | None:
        """The same source without double quotation marks; None where there are none."""
        marks = [Span(at, at + 1) for at, char in enumerate(self.folded) if char == '"']
        if not marks:
            return None
        bare = copy(self)
        inside = [one for one in marks if not any(mark.start <= one.start < mark.end for mark in self._away)]
        bare.key, bare.places = _key(self.folded, _sorted([*self._away, *self._code, *inside]), markup=self._markup)
        return bare

    def readable(self, span: Span) -> str:
        """The words of a span as a reader sees them: without note references, Markdown's marks and line ends."""
        text = self.unmarked(span)
        if self.parted:
            text = _LINE_END.sub("", text)
        text = " ".join(text.split())
        return " ".join(_MARKUP.sub("", text).split()) if self._markup else text

    def span_of_words(self, first: int, last: int) -> Span:
        """The span of the text from word number ``first`` to word number ``last``, which is not included."""
        return self._folded.original(self.words[first][1], self.words[last - 1][2])

    def span(self, start: int, end: int) -> Span:
        """The stretch of the text that ``key[start:end]`` was made from; it may be empty."""
        if start >= end:
            at = self.places[start] if start < len(self.places) else len(self._folded.text)
            return self._folded.original(at, at)
        return self._folded.original(self.places[start], self.places[end - 1] + 1)

    def joined(self) -> Source | None:
        """The same source with words joined that are hyphenated at a line end; None where there are none."""
        parted = {found.start() for found in _PARTED.finditer(self.text)}
        if not parted:
            return None
        kept = [
            at
            for at, place in enumerate(self.places)
            if self.key[at] != "-" or self._folded.original(place, place + 1).start not in parted
        ]
        joined = copy(self)
        joined.parted = True
        joined.words = self._joined_words(parted)
        joined.key = "".join(self.key[at] for at in kept)
        joined.places = [self.places[at] for at in kept]
        return joined

    def _joined_words(self, parted: Collection[int]) -> list[tuple[str, int, int]]:
        words: list[tuple[str, int, int]] = []
        for word, start, end in self.words:
            last = words[-1] if words else ("", 0, 0)
            if (
                last[2] == start - 1
                and self.folded[last[2]] == "-"
                and self._folded.original(last[2], start).start in parted
            ):
                words[-1] = (last[0] + word, last[1], end)
            else:
                words.append((word, start, end))
        return words

    def uncut(self, start: int, end: int) -> Span:
        """The span that ``key[start:end]`` was made from, extended to whole words and numbers where it cuts them short.

        "violent" is not what "non-violent" says, nor "can" what "can't" does, nor 000 what 40,000 does.
        """
        span = self.span(start, end)
        if span.end == span.start:
            return span
        lead = self.text[max(0, span.start - _FAR) : span.start]
        before = (_NUMBER_BEFORE if self.text[span.start].isdigit() else _PREFIX_BEFORE).search(lead)
        after = (_NUMBER_AFTER if self.text[span.end - 1].isdigit() else _NOT_AFTER).match(self.text, span.end)
        return Span(span.start - len(before.group()) if before else span.start, after.end() if after else span.end)


def key_of(quotation: str) -> str:
    """A quotation as it would look in the key of its source, without the note references that it has itself."""
    folded = fold(quotation).text
    references = [Span(*one.span()) for one in _REFERENCE.finditer(folded)]
    return _key(folded, sorted([*references, *raised_marks(folded)], key=lambda one: one.start))[0]


# Markdown in the source: emphasis, links and line marks. A quotation of the visible words does not have them.
_MARKUP = re.compile(
    r"\*{1,3}|`+|~~|(?<!\w)_{1,2}(?=\w)|(?<=\w)_{1,2}(?!\w)|\]\([^()\s]*(?: '[^']*')?\)|!?\[(?=[^\[\]]*\]\()"
    r"|(?<= )>(?= )|(?<= )#{1,6}(?= )|\\(?=[!-/:-@\[-`{-~])"
)
# A quotation's own references: the end of the war.[12] Other brackets in a quotation are its writer's words.
_REFERENCE = re.compile(r"(?<=[^\W\d]|[.,;:!?'\")])(?:\[\^?\d{1,3}(?:[,;-] ?\d{1,3}){0,20}\])+|\[\^[^\]\s]{1,60}\]")
_SIGNS_SPACED = re.compile(r"(?<=[^\w\s])\s+|\s+(?=[^\w\s])")
_PARTED = re.compile(r"(?<=[^\W\d_])[-\u00ad\u2010](?=[ \t]*(?:\r\n|\n|\r)[ \t]*[^\W\d_])")
_LINE_END = re.compile(r"(?<=[^\W\d_])[-\u00ad\u2010][ \t]*(?:\r\n|\n|\r)[ \t]*(?=[^\W\d_])")
_FAR = 40
_NUMBER_BEFORE = re.compile(r"(?:(?<![^\s(\[])[-\u2212]|(?<!\w)[-\u2212]?\d+(?:[.,’']\d+)*[.,’'])$")
_NUMBER_AFTER = re.compile(r"[.,’'](?=\d)\d+(?:[.,’']\d+)*")
_PREFIX_BEFORE = re.compile(r"(?<!\w)(?:non|anti|counter|pseudo|quasi|un|ex)[-\u2010\u2011]$", re.IGNORECASE)
_NOT_AFTER = re.compile(r"['’]t(?!\w)", re.IGNORECASE)


def _backticks(folded: Folded, text: str) -> list[Span]:
    """Where the marks of code are in the folded text, in which they look like quotation marks."""
    found = (Span(folded.folded(one.start()), folded.folded(one.end())) for one in re.finditer("`+", text))
    return [one for one in found if one.end > one.start]


def _sorted(spans: Sequence[Span]) -> list[Span]:
    """The spans in order, none of them inside another."""
    apart: list[Span] = []
    for one in sorted(spans, key=lambda span: span.start):
        if not apart or one.start >= apart[-1].end:
            apart.append(one)
    return apart


def _key(folded: str, away: Sequence[Span], *, markup: bool = False) -> tuple[str, list[int]]:
    """The folded text without the marks in ``away`` and spaces beside signs, and the place of each character.

    The mark " becomes '.
    """
    places = list(range(len(folded)))
    text = folded
    if away:
        at = 0
        kept: list[int] = []
        for one in away:
            kept += range(at, one.start)
            at = one.end
            # Of the two spaces around a mark that stands alone, one stays.
            if folded[one.end : one.end + 1] == " " and kept and folded[kept[-1]] == " ":
                kept.pop()
        places = [*kept, *range(at, len(folded))]
        text = "".join(folded[place] for place in places)
    for pattern in (_MARKUP, _SIGNS_SPACED) if markup else (_SIGNS_SPACED,):
        gone = bytearray(len(text))
        for found in pattern.finditer(text):
            gone[found.start() : found.end()] = b"\1" * (found.end() - found.start())
        places = [place for place, left_out in zip(places, gone, strict=True) if not left_out]
        text = "".join(folded[place] for place in places)
    return text.replace('"', "'"), places
