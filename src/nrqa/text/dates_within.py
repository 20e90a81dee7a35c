"""Finds the dates that stand within a text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nrqa.text.dates import MONTHS, Period, read_date

_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_FIGURES = re.compile(
    r"(?<![\d./-])(?:\d{4}([./-])\d{1,2}\1\d{1,2}|\d{1,2}([./-])\d{1,2}\2\d{4}|\d{4}\s?[年년]\s?\d{1,2}\s?[月월](?:\s?\d{1,2}\s?[日일])?)"
    r"(?!\d|[./-]\d)"
)
_OF = r"(?:(?:of|de|del|do|di)\s+|d['’])?"
_BEFORE_YEAR = re.compile(
    rf"(?:(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|\.|º)?\s+{_OF})?(?P<month>[^\W\d_]{{3,11}})\.?,?\s+"
    rf"(?:(?P<later>\d{{1,2}})(?:st|nd|rd|th)?\.?,?\s+)?{_OF}$",
    re.IGNORECASE,
)
_AFTER_YEAR = re.compile(r",?\s+(?P<month>[^\W\d_]{3,11})\s+(?P<day>\d{1,2})(?!\d)")
_LETTERS = re.compile(r"[^\W\d_]{3}")
_WINDOW = 36
"""Characters beside a year in which its month and day may be."""


def dates_within(text: str) -> Iterator[tuple[int, int, Period]]:
    """Start, end and days of each date that has at least a month; in no particular order."""
    for found in _FIGURES.finditer(text):
        period = read_date(found.group())
        if period and str(period)[4:]:
            yield found.start(), found.end(), period
    for found in _YEAR.finditer(text):
        begin = max(0, found.start() - _WINDOW)
        beside = text[begin : found.start()]
        before = _BEFORE_YEAR.search(beside) if _LETTERS.search(beside) else None
        if before and before["month"].lower() in MONTHS:
            start = begin + (before.start() if before["day"] else before.start("month"))
            period = read_date(_written(before["day"] or before["later"], before["month"], found.group()))
            if period:
                yield start, found.end(), period
            continue
        after = _AFTER_YEAR.match(text, found.end(), found.end() + _WINDOW)
        if after and after["month"].lower() in MONTHS:
            period = read_date(_written(after["day"], after["month"], found.group()))
            if period:
                yield found.start(), after.end(), period


def _written(day: str | None, month: str, year: str) -> str:
    return f"{day or ''} {month} {year}"
