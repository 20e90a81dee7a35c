"""Dates as documents write them, read only where they can mean one thing."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Date:
    """A year with, where known, month and day; or, with no parts, only the words that were written."""

    written: str
    parts: tuple[int, ...] = ()

    @property
    def iso(self) -> str:
        """``2021``, ``2021-10`` or ``2021-10-20``; empty where there are no parts."""
        return "-".join(f"{part:0{2 if at else 4}d}" for at, part in enumerate(self.parts))


_MONTHS = (
    "january jan januar janvier enero ene",
    "february feb februar février fevrier févr febrero",
    "march mar märz maerz mars marzo",
    "april apr avril avr abril abr",
    "may mai mayo",
    "june jun juni juin junio",
    "july jul juli juillet juil julio",
    "august aug août aout agosto ago",
    "september sep sept septembre septiembre",
    "october oct oktober okt octobre octubre",
    "november nov novembre noviembre",
    "december dec dezember dez décembre decembre diciembre dic",
)
_NUMBER_OF = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
_MONTH = r"(?P<month>[^\W\d_]+)\.?"
_ISO = re.compile(
    r"(?P<y>\d{4})(?:(?P<sign>[-/.])(?P<m>\d{1,2})(?:(?P=sign)(?P<d>\d{1,2})(?:[T ]\d{1,2}:\d{2}[\d:.,]*\s*"
    r"(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?)?)?"
)
_DOTTED = re.compile(r"(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<y>\d{4})")
_WORDS = (
    re.compile(rf"(?:(?P<d>\d{{1,2}})(?:st|nd|rd|th|er|\.|º)?\s+(?:de\s+)?)?{_MONTH},?\s+(?:de\s+)?(?P<y>\d{{4}})"),
    re.compile(rf"{_MONTH}\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>\d{{4}})"),
)


def date_of(written: str) -> Date:
    """The date that the words mean; without parts where they mean none, or could mean several (03/04/2021)."""
    text = " ".join(written.split())
    match = _ISO.fullmatch(text) or _DOTTED.fullmatch(text)
    if match:
        return _checked(text, match["y"], match["m"], match["d"])
    for pattern in _WORDS:
        match = pattern.fullmatch(text)
        month = _NUMBER_OF.get(match["month"].lower()) if match else None
        if match and month:
            return _checked(text, match["y"], str(month), match["d"])
    return Date(text)


def _checked(text: str, *written: str | None) -> Date:
    """The date with these parts, as far as they go, if the calendar has it."""
    parts = tuple(int(one) for one in written if one)
    try:
        dt.date(*(*parts, 1, 1)[:3])
    except ValueError:
        return Date(text)
    return Date(text, parts)
