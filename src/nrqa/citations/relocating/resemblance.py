"""Finds the stretch of a text that is most like given words: the same passage with some words changed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from nrqa.text.typography import LETTER

# In scripts without spaces every character is a word of its own.
_WORD = re.compile(rf"{LETTER}+|\w")
_WITHIN = re.compile(LETTER * 2)
_LEAST = 0.5
"""Share of the words that a stretch must have. Unrelated paragraphs of one article have .2 at most; see
benchmarks/evidence/citations.py."""
_ANCHORS = 60
"""Positions in the words from which a few of them are looked for in the text."""
_REPEATED = 50
"""A few words that the text has more often than this do not help to find the place."""
_NEAR_END = 5
"""Words by which the beginning or end of a changed passage may be off, if it is counted from the words that stayed."""
_ENDS = ".!?…:;。！？"


@dataclass(frozen=True, slots=True)
class Resemblance:
    """A stretch ``text[start:end]``, and the share of the words that it has; ``text[first:last]`` holds these words."""

    start: int
    end: int
    first: int
    last: int
    share: float


def in_other_letters(words: str, text: str, near: int | None) -> Resemblance | None:
    """Where the text has the words but for the case of letters; of several places the one nearest to ``near``."""
    sought, hay = _lower(words), _lower(text)
    best: Resemblance | None = None
    at = hay.find(sought) if sought else -1
    while at >= 0:
        end = at + len(sought)
        if not (at and _WITHIN.match(text, at - 1)) and not _WITHIN.match(text, end - 1):
            one = Resemblance(at, end, at, end, 1.0)
            if near is None:
                return one
            best = one if best is None or abs(at - near) < abs(best.start - near) else best
        at = hay.find(sought, at + 1)
    return best


def between(words: str, text: str, prefix: str, suffix: str) -> Resemblance | None:
    """The stretch between the cited prefix and suffix, if it has some of the words: it was edited where it stands."""
    prefix, suffix = prefix.strip(), suffix.strip()
    if min(len(prefix), len(suffix)) < _LEAST_AROUND:
        return None
    best: Resemblance | None = None
    most = _MOST_GROWN * len(words) + _MORE
    at = text.find(prefix)
    tries = 0
    while at >= 0 and tries <= _REPEATED:
        tries += 1
        begin = at + len(prefix)
        end = text.find(suffix, begin, begin + most + len(suffix))
        one = _stretch(words, text, begin, end) if end > begin else None
        best = max((two for two in (best, one) if two), key=lambda two: two.share, default=None)
        at = text.find(prefix, begin)
    return best


_LEAST_AROUND = 8
"""Characters that prefix and suffix have at least: fewer stand in many places."""
_MOST_GROWN = 3
_MORE = 200
_LEAST_BETWEEN = 0.25
"""Share of the words that a stretch between prefix and suffix must have: with fewer, others have taken its place."""


def _stretch(words: str, text: str, begin: int, end: int) -> Resemblance | None:
    sought = [found.group() for found in _WORD.finditer(_lower(words))]
    there = [(found.group(), *found.span()) for found in _WORD.finditer(_lower(text[begin:end]))]
    matcher = SequenceMatcher(None, sought, [word for word, _, _ in there], autojunk=False)
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    share = sum(block.size for block in blocks) / len(sought) if sought else 0
    if share < _LEAST_BETWEEN:
        return None
    first, last = there[blocks[0].b][1], there[blocks[-1].b + blocks[-1].size - 1][2]
    stretch = text[begin:end]
    start = begin + len(stretch) - len(stretch.lstrip())
    return Resemblance(start, begin + len(stretch.rstrip()), begin + first, begin + last, share)


def _lower(text: str) -> str:
    """The text in small letters; the few letters that would become two keep their place."""
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(one.lower() if len(one.lower()) == 1 else one for one in text)


def resembling(words: str, text: str, near: int | None) -> Resemblance | None:
    """The stretch of the text most like the words, whatever the case of their letters.

    Among equals, the one nearest to position ``near`` is preferred.
    """
    return _resembling(_lower(words), _lower(text), near)


def _resembling(words: str, text: str, near: int | None) -> Resemblance | None:
    sought = [found.span() for found in _WORD.finditer(words)]
    for size in (3, 2):
        places = _places(words, sought, text, size)
        if places:
            first, last = _densest(places, max(40, len(words) // 3), near)
            around = len(words) // 2 + 60
            return _aligned(words, sought, text, max(0, first - around), min(len(text), last + len(words) + around))
    return None


def _places(words: str, sought: Sequence[tuple[int, int]], text: str, size: int) -> list[int]:
    """Where the words would begin in the text, judged by each run of ``size`` words that the text has."""
    runs = len(sought) - size + 1
    step = max(1, runs // _ANCHORS)
    places: list[int] = []
    for at in range(0, max(0, runs), step):
        start, end = sought[at][0], sought[at + size - 1][1]
        found = _found(words[start:end], text)
        places += [place - start for place in found] if len(found) <= _REPEATED else []
    return sorted(places)


def _found(words: str, text: str) -> list[int]:
    """Where the text has the words, up to one place too many; a regular expression takes ten times as long."""
    found: list[int] = []
    at = text.find(words)
    while at >= 0 and len(found) <= _REPEATED:
        end = at + len(words)
        if not (at and _WITHIN.match(text, at - 1)) and not _WITHIN.match(text, end - 1):
            found.append(at)
        at = text.find(words, end)
    return found


def _densest(places: Sequence[int], width: int, near: int | None) -> tuple[int, int]:
    """The first and the last place of the ``width`` that has the most places."""
    best = (0, 0.0, 0, 0)
    begin = 0
    for end, place in enumerate(places):
        while place - places[begin] > width:
            begin += 1
        distance = -abs(places[begin] - near) if near is not None else -float(begin)
        best = max(best, (end - begin + 1, distance, begin, end))
    return places[best[2]], places[best[3]]


def _aligned(words: str, sought: Sequence[tuple[int, int]], text: str, start: int, end: int) -> Resemblance | None:
    there = [found.span() for found in _WORD.finditer(text, start, end)]
    matcher = SequenceMatcher(None, [words[a:b] for a, b in sought], [text[a:b] for a, b in there], autojunk=False)
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    # A single word that agrees counts only between longer runs that agree.
    runs = [block for block in blocks if block.size > 1]
    if not runs:
        return None
    within = [block for block in blocks if runs[0].a <= block.a <= runs[-1].a]
    share = sum(block.size for block in within) / len(sought)
    if share < _LEAST:
        return None
    head, tail = runs[0], runs[-1]
    missing = len(sought) - tail.a - tail.size
    begin = _begin(text, there, head.b, head.a)
    finish = _finish(text, there, tail.b + tail.size - 1, missing)
    first, last = there[begin][0], there[finish][1]
    if not words[0].isalnum():
        while first > 0 and not text[first - 1].isspace() and not text[first - 1].isalnum():
            first -= 1
    if not words[-1].isalnum():
        while last < len(text) and not text[last].isspace() and not text[last].isalnum():
            last += 1
    return Resemblance(first, last, there[head.b][0], there[tail.b + tail.size - 1][1], share)


def _begin(text: str, there: Sequence[tuple[int, int]], kept: int, missing: int) -> int:
    """The number of the word that the passage begins with.

    It is as many words before those that stayed as are missing, or where a sentence begins near there.
    """
    expected = max(0, kept - missing)
    if not missing:
        return kept
    nearby = range(max(0, expected - _NEAR_END), min(kept, expected + _NEAR_END) + 1)
    starts = [at for at in nearby if not there[at][0] or text[: there[at][0]].rstrip("\"' (-")[-1:] in _ENDS]
    return min(starts, key=lambda at: abs(at - expected), default=expected)


def _finish(text: str, there: Sequence[tuple[int, int]], kept: int, missing: int) -> int:
    """The number of the word that the passage ends with, found in the same way."""
    expected = min(len(there) - 1, kept + missing)
    if not missing:
        return kept
    nearby = range(max(kept, expected - _NEAR_END), min(len(there) - 1, expected + _NEAR_END) + 1)
    ends = [at for at in nearby if text[there[at][1] : there[at][1] + 1] in _ENDS]
    return min(ends, key=lambda at: abs(at - expected), default=expected)
