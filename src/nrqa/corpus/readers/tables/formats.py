"""Formats stored numbers as a spreadsheet shows them, with the number format of the cell.

Currency, percent, thousands, decimals, dates and times are shown as Excel shows them with English settings. Colours and
conditions in brackets are ignored, and a number with a fraction format is shown as if it had no format.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from functools import lru_cache

GENERAL = "General"
# The formats to which files refer only by number (ECMA-376, 18.8.30).
BUILT_IN = {
    0: GENERAL, 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?",
    13: "# ??/??", 14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM",
    20: "h:mm", 21: "h:mm:ss", 22: "yyyy-mm-dd h:mm", 37: "#,##0 ;(#,##0)", 38: "#,##0 ;(#,##0)",
    39: "#,##0.00;(#,##0.00)", 40: "#,##0.00;(#,##0.00)", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0",
    49: "@",
}  # fmt: skip

_TOKEN = re.compile(
    r"""
    "(?P<quoted>[^"]*)" | \\(?P<escaped>.) | _. | \*.
  | \[\$(?P<currency>[^\]-]*)(?:-[^\]]*)?\] | \[(?P<elapsed>h+|m+|s+)\] | \[[^\]]*\]
  | (?P<ampm>AM/PM|A/P) | (?P<date>y+|m+|d+|h+|s+(?:\.0+)?)
  | (?P<number>[#0?][#0?,]*(?:\.[#0?]*)?(?P<exponent>E[+-]0+)?,*|\.[#0?]+)
  | (?P<general>General) | (?P<text>@) | (?P<literal>.)
    """,
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_MONTHS = "January February March April May June July August September October November December".split()
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_EXACT = Context(prec=1000)
_LAST_DAY = 2_958_466
"""The first serial number after the year 9999."""


def shown(stored: str, code: str, *, from_1904: bool = False) -> str:
    """The text displayed for a stored number; the number itself if it cannot be formatted."""
    try:
        value = Decimal(stored)
    except InvalidOperation:
        return stored
    if not value.is_finite() or abs(value.adjusted()) > 400:
        return stored
    section, signed = _chosen(_sections(code), value)
    if not section:
        return "" if ";" in code else _general(value)
    return _formatted(section, value, signed=signed, from_1904=from_1904)


def _formatted(section: tuple[tuple[str, str], ...], value: Decimal, *, signed: bool, from_1904: bool) -> str:
    kinds = {kind for kind, _ in section}
    if "date" in kinds or "elapsed" in kinds:
        return _date(section, value, from_1904=from_1904) or _general(value)
    if "number" not in kinds:
        general = "general" in kinds or "text" in kinds
        return _joined(section, _general(value if signed else abs(value)) if general else "").strip()
    numbers = [text for kind, text in section if kind == "number"]
    if len(numbers) > 1 or any(text == "/" for kind, text in section if kind == "literal"):
        return _general(value)
    percent = sum(text.count("%") for kind, text in section if kind == "literal")
    written = _number(numbers[0], abs(value) * 100**percent)
    # A number that is rounded to zero has no sign.
    sign = "-" if signed and value < 0 and any(char in "123456789" for char in written) else ""
    return sign + _joined(section, written).strip()


def _chosen(
    sections: tuple[tuple[tuple[str, str], ...], ...], value: Decimal
) -> tuple[tuple[tuple[str, str], ...] | None, bool]:
    """The section of the format for this number, and whether a minus sign is shown."""
    if not sections:
        return None, True
    if value < 0 and len(sections) > 1:
        return sections[1], False
    if value == 0 and len(sections) > 2:
        return sections[2], False
    return sections[0], True


@lru_cache(maxsize=1024)
def _sections(code: str) -> tuple[tuple[tuple[str, str], ...], ...]:
    """The sections of a format (positive, negative, zero, text), each as tokens, which are a kind and a text."""
    sections: list[list[tuple[str, str]]] = [[]]
    for found in _TOKEN.finditer(code):
        kind = found.lastgroup or ""
        if kind == "exponent":
            kind = "number"
        if kind == "literal" and found[0] == ";":
            sections.append([])
        elif kind in ("quoted", "escaped", "currency"):
            sections[-1].append(("quoted", found[kind]))
        elif kind:
            sections[-1].append((kind, found[kind]))
        elif found[0].startswith("_"):
            sections[-1].append(("quoted", " "))
    return tuple(tuple(section) for section in sections)


def _joined(section: tuple[tuple[str, str], ...], number: str) -> str:
    parts = [number if kind in ("number", "general", "text") else text for kind, text in section]
    return re.sub(r"\s+", " ", "".join(parts))


def _number(pattern: str, value: Decimal) -> str:
    """The number written with one pattern of digits, such as ``#,##0.00``."""
    body, exponent, digits = pattern.partition("E") if "E" in pattern else pattern.partition("e")
    scale = len(body) - len(body.rstrip(","))
    whole, _, decimals = body.rstrip(",").partition(".")
    value /= 1000**scale
    least = whole.count("0")
    if exponent:
        return _scientific(value, len(decimals), digits)
    rounded = value.quantize(Decimal(1).scaleb(-len(decimals)), ROUND_HALF_UP, _EXACT)
    integer, _, fraction = f"{rounded:f}".partition(".")
    integer = (integer.lstrip("0") or "").rjust(least, "0")
    needed = len(decimals.rstrip("#?"))
    while len(fraction) > needed and fraction.endswith("0"):
        fraction = fraction[:-1]
    if "," in whole and integer:
        integer = f"{int(integer):,}".rjust(least, "0")
    return f"{integer}.{fraction}" if fraction else integer or "0"


def _scientific(value: Decimal, decimals: int, digits: str) -> str:
    mantissa, _, power = f"{value:.{decimals}E}".partition("E")
    sign = "-" if power.startswith("-") else "+" if digits.startswith("+") else ""
    return f"{mantissa}E{sign}{power.lstrip('+-').rjust(len(digits) - 1, '0')}"


def _general(value: Decimal) -> str:
    """A number with up to eleven digits, as in a cell that nobody formatted."""
    if value == 0:
        return "0"
    if value.adjusted() >= 20 or value.adjusted() < -9:
        mantissa, _, power = f"{value:.5E}".partition("E")
        return f"{mantissa.rstrip('0').rstrip('.')}E{power[0]}{power[1:].rjust(2, '0')}"
    places = max(0, 10 - max(value.adjusted(), 0))
    written = f"{value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, _EXACT):f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


def _date(section: tuple[tuple[str, str], ...], value: Decimal, *, from_1904: bool) -> str | None:
    """A date or time; None where there is no such date."""
    if not 0 <= value < _LAST_DAY:
        return None
    half = any(kind == "ampm" for kind, _ in section)
    fine = any(kind == "date" and "." in text for kind, text in section)
    seconds = (value * 86_400).quantize(Decimal("0.001") if fine else Decimal(1), ROUND_HALF_UP, _EXACT)
    whole = int(seconds)
    moment = _moment(whole, from_1904=from_1904)
    if moment is None:
        return None
    parts = []
    for at, (kind, text) in enumerate(section):
        if kind == "elapsed":
            parts.append(str(whole // {"h": 3600, "m": 60, "s": 1}[text[0].lower()]).rjust(len(text), "0"))
        elif kind == "ampm":
            parts.append(("AM" if moment.hour < 12 else "PM")[: 2 if len(text) > 3 else 1])
        elif kind == "date":
            minutes = text[0] in "mM" and len(text) < 3 and _beside_time(section, at)
            part = _part(text.lower(), moment, half=half, minutes=minutes)
            if "." in text:
                part += f"{seconds % 1:.{len(text.partition('.')[2])}f}"[1:]
            parts.append(part)
        else:
            parts.append(text)
    return re.sub(r"\s+", " ", "".join(parts)).strip()


def _moment(seconds: int, *, from_1904: bool) -> datetime | None:
    days = seconds // 86_400
    # Lotus 1-2-3 treated 1900 as a leap year, and all later spreadsheets do the same: day 60 never existed.
    since_1900 = (1899, 12, 30 if days > 60 else 31)
    epoch = datetime(*((1904, 1, 1) if from_1904 else since_1900))  # noqa: DTZ001 - a cell's time has no zone
    try:
        return epoch + timedelta(seconds=seconds)
    except OverflowError:
        return None


def _beside_time(section: tuple[tuple[str, str], ...], at: int) -> bool:
    """Whether an m means minutes: hours before it, or seconds after it."""
    before = [text[0].lower() for kind, text in section[:at] if kind in ("date", "elapsed")]
    after = [text[0].lower() for kind, text in section[at + 1 :] if kind in ("date", "elapsed")]
    return bool((before and before[-1] == "h") or (after and after[0] == "s"))


def _part(text: str, moment: datetime, *, half: bool, minutes: bool) -> str:
    letter, length = text[0], len(text.partition(".")[0])
    if letter == "y":
        return f"{moment.year:04d}" if length > 2 else f"{moment.year % 100:02d}"
    if letter == "d" and length > 2:
        return _DAYS[moment.weekday()][: 3 if length == 3 else None]
    if letter == "m" and length > 2:
        return _MONTHS[moment.month - 1][: {3: 3, 5: 1}.get(length)]
    number = {
        "d": moment.day,
        "m": moment.minute if minutes else moment.month,
        "h": (moment.hour % 12 or 12) if half else moment.hour,
        "s": moment.second,
    }[letter]
    return str(number).rjust(length, "0")
