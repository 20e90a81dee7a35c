"""Finds the places of a span in its format's own terms (pages 7 to 8, slide 3, row 12), and the flags there."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate

from nrqa.records import PAGE, PAGE_LABEL, Flag, Locator, Place, Span

_NUMBER_AT_END = re.compile(r"(?P<stem>.*?)(?P<number>\d{1,18})", re.DOTALL)
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
_LONGEST_ROMAN = 15


def locating(places: Iterable[Place]) -> Callable[[int, int], tuple[Locator, ...]]:
    """A function that takes a span and returns, for each kind of place, the first and last one that the span touches.

    Kinds that the span does not touch are missing. The kinds are in the order of their first places in the document.
    """
    by_kind: dict[str, list[Place]] = {}
    for place in places:
        by_kind.setdefault(place.kind, []).append(place)
    starts = {kind: [one.start for one in found] for kind, found in by_kind.items()}
    ends = {kind: [one.end for one in found] for kind, found in by_kind.items()}

    def locators(start: int, end: int) -> tuple[Locator, ...]:
        found = []
        for kind, its in by_kind.items():
            first, last = bisect_right(ends[kind], start), bisect_left(starts[kind], end) - 1
            if first <= last:
                found.append(Locator(kind, its[first].label, its[last].label))
        return tuple(found)

    return locators


def flagging(flags: Iterable[Flag]) -> Callable[[int, int], tuple[Flag, ...]]:
    """A function that takes a span and returns the flags that touch it.

    A flag without length touches a span even if it stands exactly at the span's start or end.
    """
    ordered = sorted(flags, key=lambda one: one.start)
    starts = [one.start for one in ordered]
    ends = list(accumulate((one.end for one in ordered), max))  # the largest end so far, thus ascending

    def touching(start: int, end: int) -> tuple[Flag, ...]:
        near = ordered[bisect_left(ends, start) : bisect_right(starts, end)]
        return tuple(
            one for one in near if (start <= one.start if one.start == one.end else one.start < end and start < one.end)
        )

    return touching


def as_counted(wanted: Iterable[Locator], known: Iterable[Sequence[Locator]]) -> tuple[Locator, ...]:
    """What somebody wrote of a document, as its format counts: "page 145" may be a printed number or one of the file.

    It is the printed number where any of the ``known`` places has it.
    """
    written = tuple(wanted)
    if all(one.kind != PAGE for one in written):
        return written
    labels = [one for its in known for one in its if one.kind == PAGE_LABEL]
    return tuple(
        Locator(PAGE_LABEL, one.first, one.last)
        if one.kind == PAGE and any(overlapping(label, Locator(PAGE_LABEL, one.first, one.last)) for label in labels)
        else one
        for one in written
    )


def touching_all(its: Sequence[Locator], wanted: Sequence[Locator]) -> bool:
    """Whether a passage with the places ``its`` touches all of ``wanted`` (see ``as_counted``)."""
    return all(any(overlapping(one, other) for other in its) for one in wanted)


def beginning_in(its: Sequence[Locator], wanted: Sequence[Locator]) -> bool:
    """Whether a passage with the places ``its`` begins in the first of each of ``wanted`` (see ``as_counted``)."""
    begins = {one.kind: _counted(one.first) for one in its}
    return all(begins.get(one.kind) == _counted(one.first) for one in wanted)


def span_of(places: Iterable[Place], wanted: Sequence[Locator]) -> Span | None:
    """The stretch of the text that the places written as ``wanted`` are; None where the document has no such place."""
    found = list(places)
    counted = as_counted(wanted, [[Locator(one.kind, one.label, one.label)] for one in found])
    start, end = 0, max((one.end for one in found), default=0)
    for one in counted:
        its = [
            place
            for place in found
            if overlapping(Locator(place.kind, place.label, place.label), one)
            and start <= place.start
            and place.end <= end
        ]
        if not its:
            return None
        start, end = its[0].start, its[-1].end
    return Span(start, end) if counted else None


def overlapping(one: Locator, other: Locator) -> bool:
    """Whether two stretches of places of one kind have a place in common, as far as their labels tell."""
    if one.kind != other.kind:
        return False
    labels = [one.first, one.last, other.first, other.last]
    keys = [_counted(label) for label in labels]
    if len({stem for stem, _ in keys}) == 1:
        first, last, begin, end = (number for _, number in keys)
        return first <= end and begin <= last
    # Labels of several sequences, such as iv to 2: each end may lie in the other stretch's own sequence.
    return any(_within(key, keys[2:]) for key in keys[:2]) or any(_within(key, keys[:2]) for key in keys[2:])


def _within(key: tuple[str, int], ends: Sequence[tuple[str, int]]) -> bool:
    (first, begin), (last, end) = ends
    if first == last:
        return key[0] == first and begin <= key[1] <= end
    return (key[0] == first and key[1] >= begin) or (key[0] == last and key[1] <= end)


def _counted(label: str) -> tuple[str, int]:
    """The sequence that a label is of, and its number there: ("", 145), ("A-", 3), ("i", 4) for a Roman iv."""
    text = " ".join(label.split()).casefold()
    found = _NUMBER_AT_END.fullmatch(text)
    if found:
        return found["stem"], int(found["number"])
    if 0 < len(text) <= _LONGEST_ROMAN and set(text) <= set(_ROMAN):
        values = [_ROMAN[sign] for sign in text]
        return "i", sum(-one if one < max(values[at:]) else one for at, one in enumerate(values))
    return text, 0
