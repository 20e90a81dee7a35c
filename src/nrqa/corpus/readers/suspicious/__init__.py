"""Flags characters that are invisible or change the order of display where ordinary text does not use them.

Uses that languages need are not flagged: joiners in Persian, Hindi and emoji, breaks in Thai, direction marks in Arabic
and Hebrew. The text itself is never altered, only flagged; this also holds for "Trojan Source" (Boucher and Anderson,
2021), and for text that is smuggled to machines in tags and variation selectors.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice

from nrqa.corpus.readers.suspicious.direction_controls import directing
from nrqa.corpus.readers.suspicious.found import LINE_END, Found
from nrqa.corpus.readers.suspicious.invisible import invisible, private
from nrqa.corpus.readers.suspicious.mixed_scripts import mixed
from nrqa.records import Flag

_MOST_FLAGS = 100
_MOST_FOUND = 200_000
"""Most places that each search looks at in one document; any after them are not flagged."""
_MOST_TOLD = 3
"""Different characters that one flag names."""


def suspicious_flags(text: str) -> tuple[Flag, ...]:
    """The flags of a text: for each line, one flag for each kind of suspicious character on it.

    The kinds are invisible characters, private characters, direction controls, and words of mixed letters. The flags
    are in the order of the text; if there are very many, the last flag stands for all the rest and counts them.
    """
    if text.isascii():
        return ()
    searches = (invisible(text), private(text), directing(text), mixed(text))
    flags = [flag for found in searches for flag in _gathered(text, islice(found, _MOST_FOUND))]
    flags.sort(key=lambda one: one.start)
    if len(flags) <= _MOST_FLAGS:
        return tuple(flags)
    rest = flags[_MOST_FLAGS - 1 :]
    counts = Counter(one.kind for one in rest)
    told = "and on more lines: " + ", ".join(f"{kind} {count:,} times" for kind, count in counts.items())
    (kind, _), *_ = counts.most_common(1)
    return (*flags[: _MOST_FLAGS - 1], Flag(kind, rest[0].start, max(one.end for one in rest), told))


def _gathered(text: str, found: Iterable[Found]) -> Iterator[Flag]:
    """One flag for what stands on one line."""
    line: list[Found] = []
    for one in found:
        if line and LINE_END.search(text, line[-1].end, one.start):
            yield _flag(line)
            line = []
        line.append(one)
    if line:
        yield _flag(line)


def _flag(found: list[Found]) -> Flag:
    counts = Counter(one.what for one in found)
    told = [what if count == 1 else f"{what}, {count:,} times" for what, count in counts.most_common(_MOST_TOLD)]
    more = [f"and {len(counts) - _MOST_TOLD:,} more"] if len(counts) > _MOST_TOLD else []
    return Flag(found[0].kind, found[0].start, found[-1].end, "; ".join([*told, *more]))
