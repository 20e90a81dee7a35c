"""Dates as documents write them, read only where they can mean one thing."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Date:
    """A year with, where known, month and day; or, with no parts, only the words that were written.

    ``years`` are the first and the last year that such words mean without saying a day: "Spring 2015", "c. 1963",
    "1914–1918", "750 BC" (negative). ``season`` counts from 1, spring; ``circa`` says that the year is not sure.
    """

    written: str
    parts: tuple[int, ...] = ()
    years: tuple[int, int] | None = None
    season: int = 0
    circa: bool = False

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
_SEASONS = (
    "spring frühling frühjahr printemps primavera",
    "summer sommer été verano estate",
    "autumn fall herbst automne otoño autunno",
    "winter hiver invierno inverno",
)
_SEASON = re.compile(rf"(?P<season>{'|'.join(' '.join(_SEASONS).split())}),?\s+(?P<year>\d{{4}})", re.IGNORECASE)
_ERA = r"\s*(?P<era>B\.?\s?C\.?(?:\s?E\.?)?|v\.\s?Chr\.|av\.\s?J\.-C\.|a\.\s?C\.)"
_CIRCA = re.compile(
    rf"(?:c|ca|circa|about|um|vers|hacia|approximately|approx)\.?\s*(?P<year>\d{{1,4}})(?:{_ERA})?"
    r"|\[?(?P<doubted>\d{4})\s?(?:\?|~)\]?",
    re.IGNORECASE,
)
_BEFORE_CHRIST = re.compile(
    rf"(?P<first>\d{{1,4}})(?:\s?[-–]\s?(?P<last>\d{{1,4}}))?{_ERA}|-(?P<iso>\d{{4}})", re.IGNORECASE
)
_YEARS = re.compile(r"(?P<first>\d{4})\s?[-–—/]\s?(?P<last>\d{4}|\d{2})")
_UNDATED = re.compile(
    r"n\.?\s?d\.?|no date|undated|unknown|none|s\.?\s?d\.?|o\.?\s?j\.?|s\.?\s?f\.?|ohne jahr|sans date|sin fecha"
    r"|today|now|heute|hoy|aujourd'hui|last-modified|tbd|tba|\?+|-",
    re.IGNORECASE,
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
    return _loosely(text)


def is_undated(written: str) -> bool:
    """Whether the words say that there is no date, or only the day on which somebody looks."""
    return bool(_UNDATED.fullmatch(written.strip()))


def _loosely(text: str) -> Date:
    """A date that is no day, month or year, but tells its years."""
    if found := _SEASON.fullmatch(text):
        year = int(found["year"])
        season = next(at for at, names in enumerate(_SEASONS, 1) if found["season"].lower() in names.split())
        return Date(text, years=(year, year), season=season)
    if found := _CIRCA.fullmatch(text):
        year = int(found["year"] or found["doubted"])
        return Date(text, years=(-year, -year) if found["era"] else (year, year), circa=True)
    if found := _BEFORE_CHRIST.fullmatch(text):
        first, last = int(found["first"] or found["iso"]), int(found["last"] or found["first"] or found["iso"])
        return Date(text, years=(-first, -last))
    if found := _YEARS.fullmatch(text):
        year, short = int(found["first"]), found["last"]
        whole = int(found["first"][: len(found["first"]) - len(short)] + short)
        # 2021-11 is a month, and 2015-21 may be the spring of 2015 (EDTF); 1987/88 and 2019–21 are years.
        is_season = "-" in text and short in ("21", "22", "23", "24")
        return Date(text, years=(year, whole)) if whole > year and not is_season else Date(text)
    return Date(text)


def _checked(text: str, *written: str | None) -> Date:
    """The date with these parts, as far as they go, if the calendar has it."""
    parts = tuple(int(one) for one in written if one)
    try:
        dt.date(*(*parts, 1, 1)[:3])
    except ValueError:
        return _loosely(text)
    return Date(text, parts)
