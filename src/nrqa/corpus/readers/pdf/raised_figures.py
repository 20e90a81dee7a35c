"""Figures that a page sets above the line: exponents, and references to notes, which are no part of the word."""

from __future__ import annotations

import ctypes
import re

import pypdfium2.raw as pdfium

from nrqa.corpus.readers.pdf import pdfium_calls
from nrqa.text.raised_figures import raised

_AT_END = re.compile(r"(?<=.)[0-9]{1,3}(?:[,;–-][0-9]{1,3}){0,8}(?=[.,;:!?)\]”’\"']{0,3}\Z)")
_AT_BEGIN = re.compile(r"[0-9]{1,3}(?=[^\W\d_]{2}|[“‘«„])")
_LEAST_RISE, _MOST_RISE = 0.15, 0.75
"""In heights of the letters on the line: where the foot of raised figures is. Typesetters raise them by .3 to .5."""


def with_raised_figures(address: int, start: int, word: str) -> str:
    """A word with raised figures at its end, or its beginning, written as such.

    ``address`` is that of the page's text, in which the word begins at ``start``.
    """
    found = _AT_END.search(word)
    if found:
        first = _first_raised(address, start, found)
        return word[:first] + raised(word[first : found.end()], word[:first]) + word[found.end() :]
    found = _AT_BEGIN.match(word)
    if found and _rises(address, start + found.end(), start, start + len(word) - 1):
        return raised(found.group(), "") + word[found.end() :]
    return word


def _first_raised(address: int, start: int, found: re.Match[str]) -> int:
    """Where the raised figures begin; at the end of the match where there are none."""
    at = found.end()
    while at > found.start() and _rises(address, start, start + at - 1, start):
        at -= 1
    # A comma on the line, as in 1,000, is no part of raised figures.
    return at if found.string[at : at + 1].isdecimal() else found.end()


def _rises(address: int, beside: int, at: int, on_line: int) -> bool:
    """Whether a character stands above the foot of one on the line; ``beside`` gives the height of the letters."""
    box = pdfium.FS_RECTF()
    pdfium_calls.get_box(address, beside, ctypes.addressof(box))
    height = box.top - box.bottom
    rise = _foot(address, at) - _foot(address, on_line)
    return bool(_LEAST_RISE * height < rise < _MOST_RISE * height)


def _foot(address: int, at: int) -> float:
    x, y = ctypes.c_double(), ctypes.c_double()
    pdfium_calls.get_origin(address, at, ctypes.addressof(x), ctypes.addressof(y))
    return y.value
