"""Raised and lowered figures: 10⁶ must not become 106.

Formats say by markup that figures stand above or below the line. Without it they would join the figures before them to
another number, so they are written as the characters of Unicode that look the same.
"""

from __future__ import annotations

import re

_ABOVE = str.maketrans("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ")
_BELOW = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_IS_ABOVE = re.compile(r"[0-9+\-−=()ni]+")
_IS_BELOW = re.compile(r"[0-9+\-−=()]+")
_FIGURES = re.compile(r"\s*[+\-−]?[0-9]+(?:\s*[,;.–-]\s*[0-9]+)*\s*|n")
"""What is raised as figures: an exponent, or the numbers of notes. Letters (1st, XIXe, Mme) are written on the line."""
_MOST = 40
_NUMBER = re.compile(r"(?:(?<![0-9])[+\-−])?[0-9]+|n")


def above(written: str) -> str | None:
    """The text in raised characters; None if Unicode does not have all of them."""
    return written.translate(_ABOVE) if _IS_ABOVE.fullmatch(written) else None


def below(written: str) -> str | None:
    """The text in lowered characters; None if Unicode does not have all of them."""
    return written.translate(_BELOW) if _IS_BELOW.fullmatch(written) else None


def raised(written: str, before: str) -> str:
    """A text that stands above the line, after ``before``: figures as raised ones, anything else as it is."""
    if len(written) > _MOST or not _FIGURES.fullmatch(written):
        return written
    if written == "n" and not before[-1:].isdecimal():
        return written
    return _NUMBER.sub(lambda found: found.group().translate(_ABOVE), written)


def lowered(written: str, before: str, after: str = "") -> str:
    """A text that stands below the line: figures that would touch other figures as lowered ones (101₂, but CO2)."""
    touches = before[-1:].isdecimal() or after[:1].isdecimal()
    return written.translate(_BELOW) if touches and _IS_BELOW.fullmatch(written) else written
