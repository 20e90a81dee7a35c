"""Codes and numbers that are written in groups with spaces between them: accounts, telephones, 1 250 000, ISO 9001."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nrqa.text.tokens import LEAST

_GAP = "[ \u00a0\u202f\u2009-]"
_THOUSANDS = re.compile(r"(?<![\w.,])[1-9]\d{0,2}(?:[ \u00a0\u202f\u2009]\d{3})+(?![\w]|[.,]\d)")
_GROUPS = re.compile(
    r"(?<![\w.,:/-])\+?\(?\d{1,8}\)?(?:[ \u00a0\u202f\u2009/-]{1,2}\(?\d{1,8}\)?){1,8}(?!\w|[.,:/-]\d)"
)
_YEARS = re.compile(r"\d{4}\W+\d{4}")
_ACCOUNT = re.compile(rf"(?<![\w-])[A-Z]{{2}}\d{{2}}(?:{_GAP}?[A-Z0-9]{{2,4}}){{3,8}}(?![\w-])")
_PAIR = re.compile(r"(?<![\w.-])([A-Z]{1,5})[ \u00a0](\d+)(?![\w]|[.,-]\d)")
_MOST = 19
"""Digits of a code: a card's number has nineteen at most."""
_NO_FIGURE = re.compile(r"[^0-9A-Za-z]")


def codes_within(text: str, *, pairs: bool = False) -> Iterator[tuple[int, int, str]]:
    """Start, end and term of each number or code that stands in several groups.

    With ``pairs``, also of capital letters and the number after them (F 16).
    """
    for found in _ACCOUNT.finditer(text):
        yield found.start(), found.end(), _NO_FIGURE.sub("", found.group()).lower()
    for found in _THOUSANDS.finditer(text):
        yield found.start(), found.end(), _NO_FIGURE.sub("", found.group())
    for found in _GROUPS.finditer(text):
        figures = _NO_FIGURE.sub("", found.group())
        if LEAST <= len(figures) <= _MOST and not _YEARS.fullmatch(found.group()):
            yield found.start(), found.end(), figures
    if pairs:
        for found in _PAIR.finditer(text):
            yield found.start(), found.end(), f"{found[1].lower()}{found[2]}"
