"""Raised and lowered figures: 10⁶ must not become 106.

Formats say by markup that figures stand above or below the line. Without it they would join the figures before them to
another number, so they are written as the characters of Unicode that look the same.
"""

from __future__ import annotations

import re

FIGURES = "⁰¹²³⁴⁵⁶⁷⁸⁹"
LETTERS = "ᵃᵇᶜᵈᵉᶠᵍⁱᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛˣʸᶻ"
"""Raised letters, without ʰ, ʲ and ʷ, which phonetic writing puts behind others."""
_ABOVE = str.maketrans("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ")
_BELOW = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_IS_ABOVE = re.compile(r"[0-9+\-−=()ni]+")
_IS_BELOW = re.compile(r"[0-9+\-−=()]+")
_FIGURES = re.compile(r"\s*[+\-−]?[0-9]+(?:\s*[,;.–-]\s*[0-9]+)*\s*|n")
"""What is raised as figures: an exponent, or the numbers of notes. Letters (1st, XIXe, Mme) are written on the line."""
_LETTERS = str.maketrans("abcdefgiklmnoprstuvxyz", LETTERS)
_ON_THE_LINE = str.maketrans(FIGURES + LETTERS + "⁺⁻⁽⁾⁼", "0123456789abcdefgiklmnoprstuvxyz+-()=")
_REFERENCE = re.compile(r"[0-9]{1,3}(?:\s*[,;–-]\s*[0-9]{1,3}){0,20}|[a-z]{1,4}")
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


def reference(written: str, before: str) -> str:
    """A reference to a note, after ``before``: raised figures or letters, as in agreed³.

    Behind a digit, ³ would be a power, and some letters have no raised form: then it becomes [3]. Signs, and what has
    brackets already, stay as they are.
    """
    if not _REFERENCE.fullmatch(written):
        return written
    if before[-1:].isdecimal():
        return f"[{written}]"
    written_above = raised(written, before) if written[0].isdecimal() else written.translate(_LETTERS)
    return written_above if not any(one.isascii() and one.isalnum() for one in written_above) else f"[{written}]"


def on_the_line(text: str) -> str:
    """The text with plain figures and letters for raised ones; it keeps its length."""
    return text.translate(_ON_THE_LINE)
