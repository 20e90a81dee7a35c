"""Lines and paragraphs of a text, as positions."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

_LINE_END = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class Line:
    """One line without its end and without surrounding white space; empty where start equals end."""

    start: int
    end: int


def line_starts(text: str) -> list[int]:
    """The position of each line's first character, as an editor counts lines (CR LF, LF or CR end one)."""
    return [0, *(match.end() for match in _LINE_END.finditer(text))]


def line_number(starts: list[int], position: int) -> int:
    """The line, counted from 1, that holds the position."""
    return bisect_right(starts, position)


def stripped_lines(text: str, start: int = 0) -> list[Line]:
    """All lines from ``start`` on, each without surrounding white space."""
    bounds = [start]
    for match in _LINE_END.finditer(text, start):
        bounds += [match.start(), match.end()]
    bounds.append(len(text))
    return [narrowed(text, first, last) for first, last in zip(bounds[::2], bounds[1::2], strict=True)]


def narrowed(text: str, start: int, end: int) -> Line:
    """The stretch without the white space (and NULs) at its ends."""
    stretch = text[start:end]
    left = len(stretch) - len(stretch.lstrip(_BLANK))
    right = len(stretch.rstrip(_BLANK))
    return Line(start + left, start + right) if right > left else Line(start, start)


# What str.strip() removes, and NUL, byte order marks and zero-width spaces, which are invisible.
_BLANK = "".join(char for char in map(chr, range(0x3001)) if char.isspace()) + "\0\ufeff\u200b"
