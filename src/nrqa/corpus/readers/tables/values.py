"""What a cell's text looks like: a number, a date, or words."""

from __future__ import annotations

import re

_NUMBER = re.compile(
    r"[-+−–(]?\s*[$€£¥]?\s*[-+−]?\d[\d.,'’\u00a0\u202f ]*(?:[eE][-+]?\d+)?\s*(?:%|[$€£¥]|[A-Z]{3})?\)?", re.ASCII
)
_DATE = re.compile(
    r"\d{4}-\d\d?(?:-\d\d?)?(?:[T ]\d\d?:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[-+]\d\d:?\d\d)?)?"
    r"|\d\d?[./]\d\d?[./]\d{2,4}(?: \d\d?:\d\d(?::\d\d)?)?"
    r"|\d\d?:\d\d(?::\d\d)?(?: ?[AaPp][Mm])?"
)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|[^\s@]+@[^\s@]+\.[^\s@]+", re.IGNORECASE)
_WORD_DATA = frozenset("true false yes no n/a na null none nan - – — wahr falsch ja nein vrai faux oui non".split())


def is_datum(value: str) -> bool:
    """Whether a cell holds a number, a date, an address, a yes or no: these are hardly ever the name of a column."""
    value = value.strip()
    return bool(
        _NUMBER.fullmatch(value)
        or _DATE.fullmatch(value)
        or _ADDRESS.fullmatch(value)
        or value.casefold() in _WORD_DATA
    )


def counted(values: list[str]) -> bool:
    """Whether the values always go up or always go down, like years and months at the head of columns."""
    if len(values) < 2:
        return False
    numbers = [float(value) if value.isdecimal() and len(value) <= 6 else None for value in values]
    if all(number is not None for number in numbers):
        return _monotonic([number for number in numbers if number is not None])
    if all(_DATE.fullmatch(value) for value in values):
        return _monotonic(values)
    return False


def _monotonic(values: list[float] | list[str]) -> bool:
    up = sorted(set(values))  # type: ignore[type-var]
    return len(up) == len(values) and values in (up, up[::-1])
