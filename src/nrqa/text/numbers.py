"""Reads numbers as people write them: ``1250000``, ``1,250,000``, ``1.250.000,50``, ``9,90`` or ``1 250 000``."""

from __future__ import annotations

import math
import re

_SPACES = " \u00a0\u2007\u2009\u202f"
_GROUPED = re.compile(
    rf"(?P<whole>\d{{1,3}}(?:(?P<mark>[.,'’{_SPACES}])\d{{3}})(?:(?P=mark)\d{{3}})*)(?:(?!(?P=mark))(?P<point>[.,])(?P<part>\d+))?"
)
_COMMA = re.compile(r"(?P<whole>\d+),(?P<part>\d+)")
_SIGNS = {"-": -1, "−": -1, "+": 1}
_MOST = 60
"""How many characters a number may have."""


def read_number(written: str) -> float | None:
    """The value of a number; None for a text that is none, and for infinity.

    A mark between groups of three figures separates thousands, and a comma before other figures is a decimal comma.
    One point is always a decimal point (``1.250`` is 1.25), as in the numbers that programs write.
    """
    text = written.strip()
    if not text or len(text) > _MOST:
        return None
    sign = _SIGNS.get(text[0])
    return _signed(text[1:].strip(), sign) if sign else _value(text)


def _signed(text: str, sign: int) -> float | None:
    value = _value(text) if text and text[0] not in _SIGNS else None
    return None if value is None else sign * value


def _value(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return _punctuated(text)
    return value if math.isfinite(value) else None


def _punctuated(text: str) -> float | None:
    grouped = _GROUPED.fullmatch(text)
    if grouped and not (grouped["whole"].startswith("0") and not grouped["point"]):
        whole = re.sub(r"\D", "", grouped["whole"])
        return float(f"{whole}.{grouped['part'] or 0}")
    comma = _COMMA.fullmatch(text)
    return float(f"{comma['whole']}.{comma['part']}") if comma else None
