"""Puts newer or older documents first among hits with equal scores, where the user asked for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import groupby
from typing import TypeVar

from nrqa.answering.grouping import Group
from nrqa.index.rows import Stored
from nrqa.records import Citation, First

T = TypeVar("T")
_TIE = 2
"""Decimals of a score that count: hits whose scores differ by less are in no certain order."""


def by_date(
    groups: Sequence[Group], scores: Sequence[float], first: First, stored_at: Callable[[int], Stored]
) -> list[Group]:
    """The groups; those with the same score to two decimals are ordered by document date, undated ones last.

    Of several copies the newest (or oldest) becomes the hit, the others its ``also``. ``scores`` and ``stored_at`` take
    a position in the ranking.
    """
    dated = [_with_its_copy(one, first, stored_at) for one in groups]
    ordered: list[Group] = []
    for _, tied in groupby(dated, key=lambda one: round(scores[one.at], _TIE)):
        ordered += _sorted(list(tied), lambda one: date_of(one.stored.passage.citation), first)
    return ordered


def date_of(citation: Citation) -> str:
    """The document's date in ISO 8601; "" where it has none."""
    date = citation.metadata.get("date", "")
    return date if isinstance(date, str) else date[0] if date else ""


def _with_its_copy(one: Group, first: First, stored_at: Callable[[int], Stored]) -> Group:
    if not one.copies:
        return one
    places = dict(zip((one.at, *one.copies), (one.stored.passage.citation, *one.also), strict=True))
    at = _sorted(list(places), lambda place: date_of(places[place]), first)[0]
    others = {place: citation for place, citation in places.items() if place != at}
    stored = one.stored if at == one.at else stored_at(at)
    return replace(one, at=at, stored=stored, also=tuple(others.values()), copies=tuple(others))


def _sorted(items: list[T], date: Callable[[T], str], first: First) -> list[T]:
    dated = sorted((one for one in items if date(one)), key=date, reverse=first == "newer")
    return dated + [one for one in items if not date(one)]
