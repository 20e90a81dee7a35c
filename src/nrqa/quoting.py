"""How a quotation stands to a text it may come from: exact, exact but for typography, elided, or misquoted.

Scholars' signs are read as such: [...] and … for words left out, [brackets] for words put in or changed, [sic].
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from nrqa.differing import Change, differing
from nrqa.records import Span
from nrqa.typography import fold

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Finding = Literal["exact", "typography", "elided", "misquoted"]


@dataclass(frozen=True, slots=True)
class Likeness:
    """How a quotation stands to its source: ``span`` is the stretch of the text it was taken from.

    ``right`` is False for what is misquoted, and where signs of omission or brackets do not fit the source; ``share``
    is the share of the words that agree. ``changes`` make the quotation's words of the source's, ``omitted`` are the
    source's words behind each sign of omission, ``replaced`` those behind each bracket.
    """

    finding: Finding
    right: bool
    span: Span
    share: float
    changes: tuple[Change, ...] = ()
    omitted: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    note: str = ""


class Source:
    """A stretch of text to compare quotations with, folded once; ``markup`` says that it is Markdown."""

    def __init__(self, text: str, *, markup: bool = False) -> None:
        self.text = text
        self._folded = fold(text)
        self.folded = self._folded.text
        self.key, self._places = _key(self._folded.text, markup=markup)
        self.words = [(word.group().casefold(), *word.span()) for word in _WORD.finditer(self._folded.text)]

    def span_of_words(self, first: int, last: int) -> Span:
        """The stretch of the text from one word to another, both by number, the last not included."""
        return self._folded.original(self.words[first][1], self.words[last - 1][2])

    def span(self, start: int, end: int) -> Span:
        """The stretch of the text that ``key[start:end]`` was made from; it may be empty."""
        if start >= end:
            at = self._places[start] if start < len(self._places) else len(self._folded.text)
            return self._folded.original(at, at)
        return self._folded.original(self._places[start], self._places[end - 1] + 1)


def pieces_of(quotation: str) -> list[str]:
    """The pieces of a quotation that stand together in its source: what is between the scholars' signs."""
    pieces = [one.text for one in _parsed(quotation) if one.kind == "words"]
    return pieces or [quotation]


def compare(quotation: str, source: Source) -> Likeness | None:
    """The best account of the quotation as taken from the source; None where too little of it is there."""
    likeness = _as_written(quotation, source)
    if likeness:
        return likeness
    parts = _parsed(quotation)
    if not _has_signs(quotation) or not any(one.kind == "words" for one in parts):
        return _changed(quotation, source)
    likeness = _with_signs(parts, source)
    if likeness is None and _signs_are_the_sources(quotation, source):
        likeness = _changed(quotation, source)
    return likeness or _signs_misplaced(quotation, parts, source)


LEAST_SHARE = 0.6
"""Share of a quotation's words that its source has in the same order; with fewer, it comes from elsewhere. The fewer
words a quotation has, the more of them must agree (by one divided by their number): a short one is like many texts."""
_FURTHEST = 3_000
"""Characters that a sign of omission may stand for."""
_MOST_REPLACED = 80
"""Characters of the source that a bracket may stand for."""

_WORD = re.compile(r"\w+(?:'\w+)*")
_EDGE = " .,;:!?'-"
_SIGNS_SPACED = re.compile(r"(?<=[^\w\s])\s+|\s+(?=[^\w\s])")
# Markdown of the source: emphasis, links and line marks, which a quotation of the visible words has not.
_MARKUP = re.compile(
    r"\*{1,3}|`+|~~|(?<!\w)_{1,2}(?=\w)|(?<=\w)_{1,2}(?!\w)|\]\([^()\s]*(?: '[^']*')?\)|!?\[(?=[^\[\]]*\]\()"
    r"|(?<= )>(?= )|(?<= )#{1,6}(?= )|\\(?=[!-/:-@\[-`{-~])"
)
_GAP = r"\[ ?\. ?\. ?\.(?: ?\.)? ?\]|\( ?\. ?\. ?\.(?: ?\.)? ?\)|(?<!\.)\.(?: ?\.){2,3}(?!\.)"
_SIC = re.compile(r"\s*[\[(](?:sic|!|sic!|sic erat scriptum)[\])]", re.IGNORECASE)
_SIGN = re.compile(
    rf"(?P<gap>{_GAP})"
    r"|(?P<letter>\[\w\](?=\w))|(?P<tail>(?<=\w)\[\w{1,8}\])|(?P<bracket>\[[^\[\]]{1,200}\])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Part:
    kind: Literal["words", "gap", "bracket", "letter", "tail"]
    text: str


def _key(folded: str, *, markup: bool = False) -> tuple[str, list[int]]:
    """The folded text without spaces beside signs, and the place of each character; " and ' are alike."""
    places = list(range(len(folded)))
    text = folded
    for pattern in (_MARKUP, _SIGNS_SPACED) if markup else (_SIGNS_SPACED,):
        gone = bytearray(len(text))
        for found in pattern.finditer(text):
            gone[found.start() : found.end()] = b"\1" * (found.end() - found.start())
        places = [place for place, away in zip(places, gone, strict=True) if not away]
        text = "".join(folded[place] for place in places)
    return text.replace('"', "'"), places


def _as_written(quotation: str, source: Source) -> Likeness | None:
    """The quotation letter by letter, or with other typography."""
    key = _key(fold(quotation).text)[0].strip()
    bare = key.strip(_EDGE)
    if not bare:
        return None
    alike: Likeness | None = None
    for wanted in dict.fromkeys((key, bare, bare[0].swapcase() + bare[1:])):
        for start in _occurrences(wanted, source.key):
            span = source.span(start, start + len(wanted))
            if _squeezed(source.text[span.start : span.end]) == _squeezed(quotation):
                return Likeness("exact", right=True, span=span, share=1.0)
            alike = alike or Likeness("typography", right=True, span=span, share=1.0)
    return alike


def _occurrences(wanted: str, key: str) -> list[int]:
    """Where the words stand in the key, not beginning or ending inside a word."""
    if not wanted:
        return []
    found: list[int] = []
    at = key.find(wanted)
    while at >= 0:
        end = at + len(wanted)
        begins_inside = at > 0 and key[at - 1].isalnum() and wanted[0].isalnum()
        ends_inside = end < len(key) and key[end].isalnum() and wanted[-1].isalnum()
        if not begins_inside and not ends_inside:
            found.append(at)
        at = key.find(wanted, at + 1)
    return found


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _parsed(quotation: str) -> list[_Part]:
    """The quotation's words and scholars' signs, in order; [sic] is gone, and signs at the ends."""
    folded = _SIC.sub("", fold(quotation).text)
    parts: list[_Part] = []
    at = 0
    for found in _SIGN.finditer(folded):
        _add_words(parts, folded[at : found.start()])
        kind = found.lastgroup
        if kind == "gap":
            parts.append(_Part("gap", found.group()))
        elif kind == "letter":
            parts.append(_Part("letter", found.group()[1]))
        elif kind == "tail":
            parts.append(_Part("tail", found.group()[1:-1]))
        elif kind == "bracket":
            parts.append(_Part("bracket", found.group()[1:-1]))
        at = found.end()
    _add_words(parts, folded[at:])
    while parts and parts[0].kind in ("gap", "bracket"):
        parts.pop(0)
    while parts and parts[-1].kind in ("gap", "bracket"):
        parts.pop()
    return parts


def _add_words(parts: list[_Part], text: str) -> None:
    key = _key(text)[0].strip(_EDGE if not parts or parts[-1].kind in ("gap", "bracket") else " ")
    if key:
        parts.append(_Part("words", key))


def _has_signs(quotation: str) -> bool:
    folded = fold(quotation).text
    return bool(_SIGN.search(folded) or _SIC.search(folded))


def _signs_are_the_sources(quotation: str, source: Source) -> bool:
    """Whether the source has brackets of its own, just as the quotation has them."""
    signs = list(_SIGN.finditer(fold(quotation).text))
    return bool(signs) and all(one.lastgroup != "gap" and one.group() in source.folded for one in signs)


def _with_signs(parts: Sequence[_Part], source: Source) -> Likeness | None:
    """The quotation as scholars abridge and fit in; None where the source has it otherwise."""
    found = _pattern(parts).search(source.key)
    if found is None:
        return None
    span = source.span(*found.span())
    behind = {
        kind: tuple(_behind(source, found, name) for name in found.re.groupindex if name.startswith(kind))
        for kind in ("gap", "bracket")
    }
    return Likeness("elided", right=True, span=span, share=1.0, omitted=behind["gap"], replaced=behind["bracket"])


def _behind(source: Source, found: re.Match[str], name: str) -> str:
    span = source.span(*found.span(name))
    return source.text[span.start : span.end].strip()


def _pattern(parts: Sequence[_Part]) -> re.Pattern[str]:
    """What the source's key must look like."""
    written = []
    for at, one in enumerate(parts):
        following = parts[at + 1].kind if at + 1 < len(parts) else ""
        if one.kind == "gap":
            written.append(rf"(?P<gap{at}>.{{0,{_FURTHEST}}}?)")
        elif one.kind == "bracket":
            written.append(rf"(?P<bracket{at}>.{{0,{_MOST_REPLACED}}}?)")
        elif one.kind == "letter":
            written.append(rf"(?<!\w)[{re.escape(one.text.lower())}{re.escape(one.text.upper())}]")
        elif one.kind == "tail":
            written.append(r"\w{0,8}(?!\w)")
        else:
            words = one.text.strip(_EDGE)
            first, rest = words[:1], words[1:]
            glued = at > 0 and parts[at - 1].kind == "letter"
            if at > 0 and parts[at - 1].kind == "tail":
                written.append(r"\W*")
            if not glued:
                written.append(r"(?<!\w)" if first.isalnum() else "")
                written.append(
                    f"[{re.escape(first.lower())}{re.escape(first.upper())}]" if first.isalpha() else re.escape(first)
                )
            else:
                written.append(re.escape(first))
            written.append(re.escape(rest))
            if following not in ("tail", "letter") and words[-1:].isalnum():
                written.append(r"(?!\w)")
            elif following == "letter":
                written.append(r"\W*")
    return re.compile("".join(written), re.DOTALL)


def _signs_misplaced(quotation: str, parts: Sequence[_Part], source: Source) -> Likeness | None:
    """A quotation with signs that the source does not bear out: other words, another order, or too far apart."""
    changed = _pieces_changed([one.text for one in parts if one.kind == "words"], quotation, source)
    if changed is None:
        return None
    spans, share, changes = changed
    note = ""
    if share == 1:
        ordered = all(one.start <= other.start for one, other in pairwise(spans))
        note = "its parts stand further apart" if ordered else "its parts stand in another order"
    whole = Span(min(one.start for one in spans), max(one.end for one in spans))
    return Likeness("elided", right=False, span=whole, share=share, changes=changes, note=note)


def _changed(quotation: str, source: Source) -> Likeness | None:
    """The quotation with words changed, dropped or added."""
    changed = _pieces_changed([quotation], quotation, source)
    if changed is None:
        return None
    spans, share, changes = changed
    return Likeness("misquoted", right=False, span=spans[0], share=share, changes=changes)


def _pieces_changed(
    pieces: Sequence[str], quotation: str, source: Source
) -> tuple[list[Span], float, tuple[Change, ...]] | None:
    """Where each piece is nearest to the source, the share of words that agree, and the changes of all."""
    spans: list[Span] = []
    changes: list[Change] = []
    agreeing = words = 0
    for piece in pieces:
        folded = fold(piece).text
        needle = [word.group().casefold() for word in _WORD.finditer(folded)]
        if not needle or not source.words:
            continue
        hay = [word for word, _, _ in source.words]
        cost, first, last = _nearest(needle, hay)
        size = max(len(needle), last - first)
        if len(pieces) == 1 and size - cost < LEAST_SHARE * size + 1:
            cost, first, last = _nearest_with_gap(needle, hay)
            size = len(needle)
        words += size
        agreeing += max(0, size - cost)
        if first == last:
            continue
        span = source.span_of_words(first, last)
        spans.append(span)
        written = _squeezed(piece if len(pieces) > 1 else quotation)
        changes += differing(_squeezed(source.text[span.start : span.end]), written)
    if not words or not spans or agreeing < LEAST_SHARE * words + 1:
        return None
    return spans, agreeing / words, tuple(changes)


def _nearest(needle: Sequence[str], hay: Sequence[str]) -> tuple[int, int, int]:
    """The stretch ``hay[first:last]`` that the fewest changes of words make of the needle, and their number.

    Sellers' algorithm, forwards for where it ends, and backwards from there for where it begins.
    """
    import numpy as np

    wanted, given = _numbered(needle, hay)
    ends = _costs(wanted, given, free=True)[-1]
    cost = int(ends.min())
    last = len(hay) - int(np.argmin(ends[::-1]))
    backwards = _costs(wanted[::-1], given[:last][::-1], free=False)[-1]
    length = len(backwards) - 1 - int(np.argmin(backwards[::-1]))
    return cost, last - length, last


_LONGEST_GAP = 60
"""Words of the source that a quotation may pass over in one place without a sign, and still be taken from there."""
_LEAST_SIDE = 3
"""Words that it has on either side of such a gap."""


def _nearest_with_gap(needle: Sequence[str], hay: Sequence[str]) -> tuple[int, int, int]:
    """Like ``_nearest``, for a needle that passes over one stretch of the hay, which counts as one change."""
    import numpy as np

    wanted, given = _numbered(needle, hay)
    before = _costs(wanted, given, free=True)
    after = _costs(wanted[::-1], given[::-1], free=True)
    best = (len(needle), 0, 0)
    for cut in range(_LEAST_SIDE, len(needle) - _LEAST_SIDE + 1):
        # What ends at each place or up to a gap's length before it, and what begins there.
        ends = before[cut]
        behind = after[len(needle) - cut][::-1]
        begin = int(np.argmin(behind + _least_before(ends)))
        cost = int(behind[begin] + _least_before(ends)[begin]) + 1
        if cost < best[0]:
            left = max(0, begin - _LONGEST_GAP)
            end = left + int(np.argmin(ends[left : begin + 1]))
            _, first, _ = _nearest(needle[:cut], hay[:end])
            _, _, last = _nearest(needle[cut:], hay[begin:])
            best = (cost, first, begin + last)
    return best


def _least_before(costs: NDArray[np.int64]) -> NDArray[np.int64]:
    """The least cost at each place or up to a gap's length before it."""
    import numpy as np

    padded = np.concatenate([np.full(_LONGEST_GAP, np.iinfo(np.int32).max), costs])
    least: NDArray[np.int64] = np.lib.stride_tricks.sliding_window_view(padded, _LONGEST_GAP + 1).min(axis=1)
    return least


def _numbered(needle: Sequence[str], hay: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The words as numbers; those of the hay that the needle has not are -1."""
    import numpy as np

    numbers: dict[str, int] = {}
    wanted = np.array([numbers.setdefault(word, len(numbers)) for word in needle], np.int64)
    return wanted, np.array([numbers.get(word, -1) for word in hay], np.int64)


def _costs(wanted: NDArray[np.int64], given: NDArray[np.int64], *, free: bool) -> NDArray[np.int64]:
    """The fewest changes between the first so many wanted and what is given up to each place; ``free``: from any."""
    import numpy as np

    places = np.arange(len(given) + 1)
    row = np.zeros(len(given) + 1, np.int64) if free else places.copy()
    rows = [row]
    for at, word in enumerate(wanted.tolist(), 1):
        following = np.empty_like(row)
        following[0] = at
        following[1:] = np.minimum(row[:-1] + (given != word), row[1:] + 1)
        row = np.minimum.accumulate(following - places) + places
        rows.append(row)
    return np.stack(rows)
