"""Which citations each quotation of a sentence carries.

1. A citation around a quotation, right behind it, or inside its marks at the end is its own.
2. Any other quotation carries the next citation after it in the sentence, even if that follows further quotations.
3. If there is none, it carries the citation that leads it in: a name before it (*study.html says “…”*), or whatever
   citation the sentence begins with. Where a sentence begins with a citation and ends with a quotation, each citation
   leads in the quotations after it.

Citations with no words between them go together. All work grows with the number of quotations and citations.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from nrqa.checking.citing.meaning import Cited, Standing
from nrqa.text.quotation_marks import Quoted


def carried(text: str, quoted: Sequence[Quoted], citations: Sequence[Standing]) -> list[tuple[Cited, ...]]:
    """The citations of each quotation; both are those of one sentence of the text, in order."""
    placed = _placed(text, quoted, citations)
    found: list[Sequence[Standing]] = list(placed.own)
    leads = _leads(placed.gaps)
    first = 0
    while first < len(quoted):
        last = first
        while last < len(quoted) and not placed.own[last]:
            last += 1
        shared = [] if last == len(quoted) else [one for one in placed.own[last] if _may_be_shared(one, quoted[last])]
        found[first:last] = _of_run(placed.gaps[first : last + 1], leads[first:last], shared)
        first = last + 1
    chosen = (one or placed.inside[number] for number, one in enumerate(found))
    return [tuple(dict.fromkeys(one.cited for one in together)) for together in chosen]


_Group = tuple[Standing, ...]
"""Citations that go together."""


@dataclass(frozen=True, slots=True)
class _Gap:
    """The citations between two quotations that are neither's own: the first and the last group of them.

    ``closes`` says that quotations before the gap may carry the first group, ``leads`` that those after it may carry
    the last one.
    """

    first: _Group = ()
    last: _Group = ()
    closes: bool = False
    leads: bool = False


@dataclass(frozen=True, slots=True)
class _Placed:
    """The citations of a sentence: each quotation's own, and the gaps; gap 0 is before the first quotation.

    ``inside`` are those among a quotation's words, and footnotes behind it that show no sign of a citation: they count
    if there is no other.
    """

    own: list[list[Standing]]
    inside: list[list[Standing]]
    gaps: list[_Gap]


def _placed(text: str, quoted: Sequence[Quoted], citations: Sequence[Standing]) -> _Placed:
    own: list[list[Standing]] = [[] for _ in quoted]
    inside: list[list[Standing]] = [[] for _ in quoted]
    free: list[list[Standing]] = [[] for _ in range(len(quoted) + 1)]
    starts = [one.whole.start for one in quoted]
    for one in citations:
        before = bisect_left(starts, one.end) - 1
        if before < 0:
            free[0].append(one)
            continue
        quotation = quoted[before]
        if quotation.whole.start < one.start < quotation.whole.end:
            (own if _speaks_for_all(text, quotation, one) else inside)[before].append(one)
        elif one.start < quotation.whole.end:  # it stands around one or several
            for number in range(bisect_left(starts, one.start), before + 1):
                own[number].append(one)
        elif not free[before + 1] and _is_behind(text, quotation, own[before], one):
            (inside if one.remark else own)[before].append(one)
        else:
            free[before + 1].append(one)
    ends = [None, *(one.whole.end for one in quoted)]
    gaps = [_gap(text, *one) for one in zip(free, ends, [*starts, None], strict=True)]
    return _Placed(own, inside, gaps)


_RUNNING = ("name", "title", "link", "code")
"""Citations that may be part of the sentence: "study.html says" rather than "(study.html)"."""
_NO_WORD = re.compile(r"\W{0,30}")
_BLANK = re.compile(r"[\s–—-]{0,30}")
_BETWEEN = re.compile(
    r"\W*(?:(?:and|see|also|in|und|siehe|auch|et|voir|y|véase|ver|e|vedi|en|zie|i|zob|и|см|cf|vgl|comp)\b\W*){0,4}"
)
"""What may stand between citations that go together."""
_PART_ENDS = re.compile(
    r";|(?<!\w)(?:and|but|or|while|whereas|und|aber|oder|doch|sondern|während|et|mais|ou|tandis|y|pero|mientras|e|mentre"
    r"|enquanto|maar|terwijl|i|ale|lecz|podczas|и|а|но)(?![\w.])"
)
"""What parts a sentence into statements that may have different sources."""


def _is_running(one: Standing) -> bool:
    """Whether a citation is among the words of the sentence; a link without words (a bare URL) is not."""
    return one.shape in _RUNNING and one.start < one.end


def _speaks_for_all(text: str, quotation: Quoted, one: Standing) -> bool:
    """Whether a citation inside a quotation's marks is at its end, or is a link on all of its words."""
    if not _NO_WORD.fullmatch(text, one.end, max(one.end, quotation.inner.end)):
        return False
    return one.shape == "note" or _NO_WORD.fullmatch(text, quotation.inner.start, one.start) is not None


def _is_behind(text: str, quotation: Quoted, own: Sequence[Standing], one: Standing) -> bool:
    """Whether a citation stands right behind a quotation, or behind others that do."""
    signs = _BLANK if _is_running(one) else _NO_WORD
    if signs.fullmatch(text, quotation.whole.end, one.start):
        return True
    return bool(own) and _go_together(text, own[-1], one)


def _go_together(text: str, before: Standing, after: Standing) -> bool:
    return _BETWEEN.fullmatch(text, min(before.end, after.start), after.start) is not None


def _may_be_shared(one: Standing, quotation: Quoted) -> bool:
    """Whether earlier quotations may carry it, too: a link on a quotation's words is for these alone."""
    return one.shape == "note" or one.start >= quotation.whole.end


def _gap(text: str, citations: Sequence[Standing], start: int | None, end: int | None) -> _Gap:
    """The gap from a quotation's end to the next one's start; None where the sentence begins or ends with it."""
    if not citations:
        return _Gap()
    size = 1
    while size < len(citations) and _go_together(text, citations[size - 1], citations[size]):
        size += 1
    back = 1
    while back < len(citations) and _go_together(text, citations[-back - 1], citations[-back]):
        back += 1
    first, last = tuple(citations[:size]), tuple(citations[-back:])
    if start is None or end is None:
        return _Gap(first, last, closes=start is not None, leads=end is not None)
    apart_before = bool(_PART_ENDS.search(text, start, first[0].start))
    apart_after = bool(_PART_ENDS.search(text, last[-1].end, end))
    closes = not _is_running(first[0]) or apart_after or not apart_before
    leads = _is_running(last[-1]) and (apart_before or not apart_after)
    return _Gap(first, last, closes, leads)


def _leads(gaps: Sequence[_Gap]) -> list[_Group]:
    """For each quotation, the last citations before it that may lead it in."""
    found: list[_Group] = []
    for gap in gaps[:-1]:
        found.append(gap.last if gap.leads else found[-1] if found else ())
    return found


def _of_run(gaps: Sequence[_Gap], leads: Sequence[_Group], shared: Sequence[Standing]) -> list[Sequence[Standing]]:
    """What quotations in a row without a citation of their own carry; ``shared`` is that of the next quotation.

    There is a gap before each quotation and after the last one.
    """
    if not leads:
        return []
    if gaps[0].leads and not gaps[-1].first:
        led: list[Sequence[Standing]] = []
        group: _Group = ()
        for gap in gaps[:-1]:
            group = gap.last or group
            led.append([*group, *shared])
        return led
    following: Sequence[Standing] = shared
    closed: list[Sequence[Standing]] = []
    for gap, lead in zip(reversed(gaps[1:]), reversed(leads), strict=True):
        if gap.first:
            following = gap.first if gap.closes else ()
        closed.append(following or lead)
    return closed[::-1]
