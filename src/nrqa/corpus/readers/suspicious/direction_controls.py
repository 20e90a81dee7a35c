"""Finds direction controls that ordinary text does not have: overrides, unclosed ones, ones around the wrong script."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from nrqa.corpus.readers.suspicious.found import LINE_END, Found, name_of

_ISOLATES, _EMBEDDINGS, _OVERRIDES = "\u2066\u2067\u2068", "\u202a\u202b", "\u202d\u202e"
_TO_THE_LEFT = "\u202b\u2067"
_CLOSE_EMBEDDING, _CLOSE_ISOLATE = "\u202c", "\u2069"
_CONTROL = re.compile("[\u061c\u200f\u202a-\u202e\u2066-\u2069]")
_WRITTEN_LEFT = re.compile(
    "[\u0590-\u061b\u061d-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)


def directing(text: str) -> Iterator[Found]:
    """The controls that change the order of a line to mislead readers, or that are not closed on their line."""
    at = 0
    while match := _CONTROL.search(text, at):
        ends = [end.end() for end in LINE_END.finditer(text, at, match.start())]
        last = LINE_END.search(text, match.start())
        start, end = (ends or [at])[-1], last.start() if last else len(text)
        yield from _Line(text, start, end).found()
        at = last.end() if last else len(text)


class _Line:
    """One line, whose controls are paired as the Unicode Bidirectional Algorithm does it.

    A closing control without an opening one has no effect and is not reported: web pages and copied names are full of
    them.
    """

    def __init__(self, text: str, start: int, end: int) -> None:
        self._text = text
        self._controls = [match.start() for match in _CONTROL.finditer(text, start, end)]
        self._lefts = [match.start() for match in _WRITTEN_LEFT.finditer(text, start, end)]
        self._open: list[int] = []
        self._isolates = 0
        self._found: dict[int, str] = {}

    def found(self) -> Iterator[Found]:
        for at in self._controls:
            char = self._text[at]
            if char in _ISOLATES + _EMBEDDINGS + _OVERRIDES:
                self._begin(at)
            elif char == _CLOSE_EMBEDDING:
                self._end_embedding(at)
            elif char == _CLOSE_ISOLATE:
                self._end_isolate(at)
            elif not self._lefts:
                self._found[at] = f"{name_of(char)} in a line without letters written from the right"
        for at in self._open:
            self._left_open(at)
        for at in sorted(self._found):
            yield Found("bidirectional control", at, at + 1, self._found[at])

    def _begin(self, at: int) -> None:
        self._open.append(at)
        self._isolates += self._text[at] in _ISOLATES
        if self._text[at] in _OVERRIDES:
            self._found[at] = name_of(self._text[at])

    def _end_embedding(self, at: int) -> None:
        if self._open and self._text[self._open[-1]] not in _ISOLATES:
            self._closed(self._open.pop(), at)

    def _end_isolate(self, at: int) -> None:
        if not self._isolates:
            return
        while self._text[self._open[-1]] not in _ISOLATES:
            self._left_open(self._open.pop())
        self._isolates -= 1
        self._closed(self._open.pop(), at)

    def _left_open(self, at: int) -> None:
        # Whole lines of Hebrew often follow a control that is never closed; it changes nothing there.
        lefts = self._lefts[bisect_left(self._lefts, at) :] if self._text[at] in _TO_THE_LEFT else self._lefts
        if not lefts:
            self._found.setdefault(at, f"{name_of(self._text[at])} left open")

    def _closed(self, first: int, last: int) -> None:
        # If text is set right-to-left but has no right-to-left letter, somebody did so to mislead.
        if self._text[first] in _TO_THE_LEFT and bisect_left(self._lefts, first) == bisect_left(self._lefts, last):
            self._found[first] = f"{name_of(self._text[first])} around words written from the left"
