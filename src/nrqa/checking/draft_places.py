"""Turns spans of a draft into lines and columns."""

from __future__ import annotations

from nrqa.checking.results import Place
from nrqa.records import Span
from nrqa.text.lines import line_number, line_starts


class Places:
    """The lines of a text, which turn its spans into places."""

    def __init__(self, text: str) -> None:
        self._starts = line_starts(text)

    def of(self, span: Span) -> Place:
        """The place of a span."""
        line, column = self._at(span.start)
        last, last_column = self._at(max(span.start, span.end - 1))
        return Place(span.start, span.end, line, column, last, last_column)

    def _at(self, position: int) -> tuple[int, int]:
        line = line_number(self._starts, position)
        return line, position - self._starts[line - 1] + 1
