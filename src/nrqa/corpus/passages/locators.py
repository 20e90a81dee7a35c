"""Finds the places of a span in its format's own terms (pages 7 to 8, slide 3, row 12), and the flags there."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from itertools import accumulate

from nrqa.records import Flag, Locator, Place


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
