"""Finds where quotations may come from: stretches of the corpus that share pairs of neighbouring words with them.

All texts are read once, one after another, however many they are; only places and the best stretches are kept. A
quotation that the corpus has word for word is found, and so is one with some words changed, dropped or added.
"""

from __future__ import annotations

import heapq
import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from nrqa.checking.prose import is_markdown
from nrqa.records import Document, Span
from nrqa.text.marks.blanking import blanked
from nrqa.text.marks.finding import marks_in

STRETCH = 2_400
"""Characters of a text that are searched together."""
_STEP = 1_600
_MOST_PAIRS = 24
"""Word pairs, at most, that a quotation is searched by. Pairs that few quotations have, and long words, come first."""
_LEAST = 0.2
"""Share of a quotation's word pairs that a stretch must have, so that the two are compared."""
_LONGEST_WORD = 60
_NOTHING = ""
_KEPT = 6
"""Stretches kept for a quotation; below, those kept of each document that it cites."""
_KEPT_OF_CITED = 3


@dataclass(frozen=True, slots=True)
class Sought:
    """A quotation to look for: its ``pieces``, each of them unbroken in its source, and the documents that it cites.

    ``around`` is how many characters before and after a stretch may also hold a part of it.
    """

    pieces: tuple[str, ...]
    cited: frozenset[str]
    around: int


@dataclass(frozen=True, slots=True, order=True)
class Trace:
    """A stretch of a document (``text``, from ``at`` on) that has this ``share`` of a quotation's word pairs.

    ``marks`` are the note references and the like in it, as the whole document shows them.
    ``whole`` says that it has all pieces of the quotation word for word. The share does not say so: many stretches may
    have all pairs of a short quotation of common words, but only a few have the quotation.
    """

    whole: bool
    share: float
    document: str
    at: int
    text: str
    marks: tuple[Span, ...] = ()


def trace(quotations: Sequence[Sought], documents: Iterable[Document]) -> list[list[Trace]]:
    """For each quotation the stretches it may come from, the likeliest first, those of cited documents included."""
    wanted, sizes = _wanted([one.pieces for one in quotations])
    written = [[_spaced(_words(piece)) for piece in one.pieces] for one in quotations]
    best: list[list[Trace]] = [[] for _ in quotations]
    best_cited: list[dict[str, list[Trace]]] = [{name: [] for name in one.cited} for one in quotations]
    for document in documents:
        marks = marks_in(document.text, markup=is_markdown(document.name))
        plain = blanked(document.text, marks)
        for at in range(0, max(1, len(document.text) - (STRETCH - _STEP)), _STEP):
            words = _words(plain[at : at + STRETCH])
            for number, pairs in _counted(words, wanted).items():
                share = pairs / sizes[number]
                whole = share == 1 and _holds(words, written[number])
                heap, most = best[number], _KEPT
                if document.name in best_cited[number]:
                    heap, most = best_cited[number][document.name], _KEPT_OF_CITED
                full = len(heap) == most
                if share < _LEAST or (full and (whole, share) <= (heap[0].whole, heap[0].share)):
                    continue
                start, text = _stretch(document, at, quotations[number].around)
                found = Trace(whole, share, document.name, start, text, tuple(_within(marks, start, len(text))))
                if full:
                    heapq.heapreplace(heap, found)
                else:
                    heapq.heappush(heap, found)
    return [
        sorted([*heap, *(one for of_cited in cited.values() for one in of_cited)], reverse=True)
        for heap, cited in zip(best, best_cited, strict=True)
    ]


def _stretch(document: Document, at: int, around: int) -> tuple[int, str]:
    """The start and the text of a stretch with what is around it; no word is cut."""
    start, end = max(0, at - around), min(len(document.text), at + STRETCH + around)
    while start > 0 and document.text[start - 1].isalnum() and at - start < around + _LONGEST_WORD:
        start -= 1
    while end < len(document.text) and document.text[end].isalnum() and end < at + STRETCH + around + _LONGEST_WORD:
        end += 1
    return start, document.text[start:end]


def _within(marks: Sequence[Span], start: int, length: int) -> Iterator[Span]:
    """The marks in a stretch, by their places in it."""
    for at in range(bisect_left(marks, start, key=lambda one: one.start), len(marks)):
        if marks[at].end > start + length:
            break
        yield Span(marks[at].start - start, marks[at].end - start)


_Pair = tuple[str, str]
_Wanted = dict[_Pair, tuple[int, ...]]
# Scripts without spaces between words: each character counts as a word.
_UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+")
_INVISIBLE = re.compile("[\u00ad\u200b\u200c\u200d\u2060\ufeff]")


def _wanted(quotations: Sequence[Sequence[str]]) -> tuple[_Wanted, list[int]]:
    """The quotations (by number) that each pair is searched for, and how many pairs each quotation has."""
    pairs = [_pairs_of(pieces) for pieces in quotations]
    shared = Counter(pair for one in pairs for pair in one)
    wanted: dict[_Pair, list[int]] = {}
    for number, one in enumerate(pairs):
        rare = sorted(one, key=lambda pair: (shared[pair], -len(pair[0]) - len(pair[1]), pair))
        for pair in rare[:_MOST_PAIRS]:
            wanted.setdefault(pair, []).append(number)
    sizes = [min(len(one), _MOST_PAIRS) for one in pairs]
    return {pair: tuple(numbers) for pair, numbers in wanted.items()}, sizes


def _pairs_of(pieces: Sequence[str]) -> set[_Pair]:
    """The word pairs of all pieces; if all pieces are single words, each word is paired with nothing."""
    words = [_words(piece) for piece in pieces]
    pairs = {pair for one in words for pair in _pairs(one)}
    return pairs or {(word, _NOTHING) for one in words for word in one}


def _counted(words: Sequence[str], wanted: _Wanted) -> Counter[int]:
    """How many of each quotation's pairs are among the words."""
    counts: Counter[int] = Counter()
    pairs = _pairs(words).union((word, _NOTHING) for word in words)
    for pair in pairs.intersection(wanted):
        counts.update(wanted[pair])
    return counts


def _holds(words: Sequence[str], pieces: Sequence[str]) -> bool:
    spaced = _spaced(words)
    return all(piece in spaced for piece in pieces)


def _spaced(words: Sequence[str]) -> str:
    return f" {' '.join(words)} "


def _words(text: str) -> list[str]:
    if not text.isascii():
        text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    return _WORD.findall(text.casefold())


def _pairs(words: Sequence[str]) -> set[_Pair]:
    """Pairs of neighbouring words, and of words with one between them: these survive if that word is changed."""
    return {*pairwise(words), *zip(words, words[2:], strict=False)}
