"""Takes marks out of a text."""

from __future__ import annotations

from collections.abc import Iterable

from nrqa.records import Span


def blanked(text: str, marks: Iterable[Span]) -> str:
    """The text with blanks in place of the marks, so that every other character keeps its place."""
    parts: list[str] = []
    at = 0
    for one in sorted(marks, key=lambda one: one.start):
        parts += [text[at : one.start], " " * (one.end - one.start)]
        at = one.end
    return "".join([*parts, text[at:]])
