"""What a filter requires of a metadata value: to be one of several values, or to lie within bounds.

Values that begin with ``>=``, ``<=``, ``>`` or ``<``, and ranges such as ``2020..2021``, are bounds, and all of them
must hold. All other values are alternatives. A metadata value that is written just like a bound (``>=5``) meets it.
Dates compare as periods: ``date>=2021-10`` holds for dates that certainly lie in October 2021 or later, and
``date=2021`` for every date within that year.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nrqa.errors import QuestionError
from nrqa.text.numbers import read_number

if TYPE_CHECKING:
    from nrqa.text.dates import Period

_BOUND = re.compile(r"(?P<operator>>=|<=|>|<)\s*(?P<value>.*)", re.DOTALL)
_RANGE = re.compile(r"(?P<first>.*?\w)\s*\.\.\s*(?P<last>[\w-].*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Value:
    """A metadata value ready to compare: case-folded text; first and last day (ISO) of a date; value of a number."""

    text: str
    period: tuple[str, str] | None
    number: float | None


@dataclass(frozen=True, slots=True)
class Bound:
    """A comparison that must hold, or the metadata value is the very text that was ``written``."""

    operator: str
    value: Value
    written: str


@dataclass(frozen=True, slots=True)
class Condition:
    """A value must be one of the ``alternatives``, where there are any, and lie within all ``bounds``."""

    alternatives: tuple[Value, ...]
    bounds: tuple[Bound, ...]


def value_of(written: str) -> Value:
    """A metadata value, ready to be compared."""
    from nrqa.text.dates import read_date

    period = read_date(written)
    return Value(_plain(written), _days(period) if period else None, read_number(written))


def read_condition(wanted: str | Sequence[str]) -> Condition:
    """The condition that these values make on those of a metadata key."""
    alternatives: list[Value] = []
    bounds: list[Bound] = []
    for one in [wanted] if isinstance(wanted, str) else wanted:
        ends = _range(one)
        if ends:
            bounds += [Bound(operator, end, _plain(one)) for operator, end in zip((">=", "<="), ends, strict=True)]
            continue
        match = _BOUND.fullmatch(one.strip())
        if not match:
            alternatives.append(value_of(one))
            continue
        bounds.append(Bound(match["operator"], value_of(match["value"].strip()), _plain(one)))
    return Condition(tuple(alternatives), tuple(bounds))


def incomparable(key: str, wanted: str | Sequence[str]) -> QuestionError | None:
    """The error for the first bound that nothing can be compared with, being neither a date nor a number."""
    for bound in read_condition(wanted).bounds:
        if not compares(bound.value):
            return QuestionError(
                f"'{key}{bound.written}': '{bound.value.text}' is neither a date nor a number. "
                f"Write such as {key}>=2021-10 or {key}<300"
            )
    return None


def refuse_meaningless(key: str, wanted: str | Sequence[str], known: Collection[str]) -> None:
    """Raise QuestionError where a condition that no document meets cannot be meant: a bound, or a key that is none.

    ``known`` are the keys of all documents' metadata.
    """
    if error := incomparable(key, wanted):
        raise error
    if key not in known:
        told = ", ".join(sorted(known)) or "none"
        raise QuestionError(f"No document has metadata named '{key}'. Known are: {told}.")


def compares(value: Value) -> bool:
    """Whether a value can be the end of a bound."""
    return value.period is not None or value.number is not None


def _range(written: str) -> tuple[Value, Value] | None:
    """The ends of a range of dates or numbers; None for anything else, such as two words with dots between them."""
    match = _RANGE.fullmatch(written.strip())
    if not match:
        return None
    first, last = value_of(match["first"]), value_of(match["last"])
    return (first, last) if compares(first) and compares(last) else None


def _days(period: Period) -> tuple[str, str]:
    return period.first.isoformat(), period.last.isoformat()


def _plain(written: str) -> str:
    """The text as it is compared: case-folded, and letters composed (NFC), as keyboards write them."""
    return unicodedata.normalize("NFC", written.strip().casefold())
