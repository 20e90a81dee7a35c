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


def without(text: str, marks: Iterable[Span], start: int = 0) -> str:
    """The text, whose first character is at ``start``, without marks and without one of the spaces around them."""
    parts: list[str] = []
    at = start
    for one in marks:
        parts.append(text[at - start : one.start - start])
        at = one.end
        if parts[-1][-1:].isspace() and text[at - start : at - start + 1].isspace():
            parts[-1] = parts[-1].rstrip()
    return "".join([*parts, text[at - start :]])
