"""Reads dates as people write them: which days they may mean, no more precise than they are written.

It reads ISO 8601 (``2021``, ``2021-10``, ``2021-10-05T12:00Z``), the dates of e-mail (RFC 5322), a month's name with a
year in the languages below, and figures in an unambiguous order. ``3/4/2021`` is an unknown day of 2021, so its period
is the year. No library is used: dateparser 1.2 takes a second to start and ten to give up, reads ``12.03.2021`` as
December, and completes ``March 2021`` with today's day.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

# English, German, French, Spanish, Italian, Portuguese, Dutch, Swedish and Danish, Polish, Russian: names and the usual
# short forms.
_NAMES = (
    "january jan januar jänner janvier janv enero ene gennaio gen janeiro januari stycznia styczeń января январь",
    "february feb februar février févr fév febrero febbraio fevereiro fev februari lutego luty февраля февраль",
    "march mar märz mrz mars marzo março mrt maart marts marca marzec марта март",
    "april apr avril avr abril abr aprile kwietnia kwiecień апреля апрель",
    "may mai mayo maggio mag maio mei maj maja мая май",
    "june jun juni juin junio giugno giu junho czerwca czerwiec июня июнь",
    "july jul juli juillet juil julio luglio lug julho lipca lipiec июля июль",
    "august aug août agosto ago augustus augusti sierpnia sierpień августа август",
    "september sep sept septembre septiembre settembre set setembro września wrzesień сентября сентябрь",
    "october oct oktober okt octobre octubre ottobre ott outubro out października październik октября октябрь",
    "november nov novembre noviembre novembro listopada listopad ноября ноябрь",
    "december dec dezember dez décembre déc diciembre dic dicembre dezembro grudnia grudzień декабря декабрь",
)
MONTHS = {name: number for number, names in enumerate(_NAMES, 1) for name in names.split()}
"""The number of each month, by its names."""
_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ]\d{2}:\d{2}\S*)?)?)?")
_YEAR_FIRST = re.compile(r"(\d{4})([./])(\d{1,2})\2(\d{1,2})\.?")
_YEAR_LAST = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})\.?")
_MONTH_YEAR = re.compile(r"(\d{1,2})[./](\d{4})")
_EAST_ASIAN = re.compile(r"(\d{4})\s*[年년]\s*(?:(\d{1,2})\s*[月월]\s*(?:(\d{1,2})\s*[日일])?)?")
_WORDS = re.compile(r"[^\W\d_]+|\d+")
_CLOCK = re.compile(
    r"\b\d{1,2}:\d{2}(?::\d{2})?(?:\s*(?:[ap]\.?m\.?|uhr|h)\b)?(?:\s*(?:[+-]\d{2}:?\d{2}|\b[A-Z]{1,5}\b|\([A-Z]+\)))*",
    re.IGNORECASE,
)
_MOST = 60
"""How many characters a date may have."""
_DAY, _MONTH = 31, 12
_YEAR_FIGURES = 4


@dataclass(frozen=True, slots=True)
class Period:
    """The days that a date may mean, first to last, both included."""

    first: date
    last: date

    def __str__(self) -> str:
        """ISO 8601, as precise as the date is: a year, a month, a day."""
        if self.first == self.last:
            return self.first.isoformat()
        return self.first.isoformat()[: 7 if self.first.month == self.last.month else 4]


def read_date(written: str) -> Period | None:
    """The days that a date may mean; None for a text that is not a date with a definite year."""
    text = " ".join(written.split())
    if not text or len(text) > _MOST:
        return None
    for pattern in (_ISO, _EAST_ASIAN):
        match = pattern.fullmatch(text)
        if match:
            return _period(*(int(one) if one else None for one in match.groups()))
    return _figures(text) or _named(text)


def _figures(text: str) -> Period | None:
    """Reads day, month and year in figures; if day and month may be exchanged, the period is the year."""
    match = _MONTH_YEAR.fullmatch(text)
    if match:
        return _period(int(match[2]), int(match[1]))
    match = _YEAR_FIRST.fullmatch(text)
    if match:
        return _period(int(match[1]), int(match[3]), int(match[4]))
    match = _YEAR_LAST.fullmatch(_CLOCK.sub("", text).strip(" ,"))
    return _of_either_order(int(match[1]), int(match[3]), int(match[4]), stops=match[2] == ".") if match else None


def _of_either_order(one: int, two: int, year: int, *, stops: bool) -> Period | None:
    """With full stops between the figures the day is always first; a figure above 12 is not a month."""
    if stops or one > _MONTH or one == two:
        return _period(year, two, one)
    if two > _MONTH:
        return _period(year, one, two)
    return _period(year) if one and two else None


def _named(text: str) -> Period | None:
    """Reads a month's name, a year in four figures, perhaps a day; other words (weekdays, "of") are ignored."""
    words = [word.lower() for word in _WORDS.findall(_CLOCK.sub("", text))]
    months = [MONTHS[word] for word in words if word in MONTHS]
    years = [int(word) for word in words if word.isdecimal() and len(word) == _YEAR_FIGURES]
    days = [int(word) for word in words if word.isdecimal() and 1 <= int(word) <= _DAY]
    figures = sum(word.isdecimal() for word in words)
    if len(months) != 1 or len(years) != 1 or figures > 1 + len(days) or len(days) > 1:
        return None
    return _period(years[0], months[0], days[0] if days else None)


def _period(year: int | None, month: int | None = None, day: int | None = None) -> Period | None:
    try:
        if year is None:
            return None
        if month is None:
            return Period(date(year, 1, 1), date(year, _MONTH, _DAY))
        if day is None:
            return Period(date(year, month, 1), date(year, month, monthrange(year, month)[1]))
        return Period(date(year, month, day), date(year, month, day))
    except ValueError:
        return None
