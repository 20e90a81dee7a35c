"""Where the sentences of a draft begin and end: no quotation is divided, and a citation stays with its sentence."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import TypeVar

from nrqa.checking.citing.meaning import Standing
from nrqa.records import Span
from nrqa.text.quotation_marks import Quoted
from nrqa.text.sentences import sentence_spans, stripped

_Any = TypeVar("_Any")


def sentences_in(text: str, quoted: Sequence[Quoted], citations: Sequence[Standing], language: str) -> list[Span]:
    """The sentences of a paragraph; none ends inside a quotation or citation.

    A citation in brackets after a full stop belongs to the sentence before it.
    """
    whole: list[Span] = []
    kept = _joined([one.whole for one in quoted] + [Span(one.start, one.end) for one in citations])
    for one in sentence_spans(text, 0, len(text), language):
        around = bisect_left(kept, one.start, key=lambda span: span.start) - 1
        if whole and around >= 0 and one.start < kept[around].end:
            whole[-1] = Span(whole[-1].start, one.end)
        else:
            whole.append(one)
    stops = sorted({one.whole.end for one in quoted} | {one.end for one in citations})
    brackets = {one.end: one for one in citations if one.shape == "bracket"}
    found: list[Span] = []
    for one in whole:
        inside = stops[bisect_left(stops, one.start) : bisect_left(stops, one.end)]
        cuts = {stop.end("stop") for at in inside if (stop := _STOP.match(text, at, one.end)) and one.start < at}
        cuts |= {at for at in inside if at in brackets and _ends_sentence(text, one, brackets[at])}
        for start, end in pairwise([one.start, *sorted(cuts), one.end]):
            piece = stripped(text, start, end)
            if found and _is_citation(text, piece, brackets):
                found[-1] = Span(found[-1].start, piece.end)
            elif piece.end > piece.start:
                found.append(piece)
    return found


def by_sentence(sentences: Sequence[Span], things: Sequence[_Any], place: Callable[[_Any], int]) -> list[list[_Any]]:
    """The things of each sentence: those whose place is in it, or behind it and before the next one."""
    starts = [one.start for one in sentences]
    found: list[list[_Any]] = [[] for _ in sentences]
    for one in things:
        if found:
            found[max(0, bisect_left(starts, place(one) + 1) - 1)].append(one)
    return found


def _joined(spans: Iterable[Span]) -> list[Span]:
    """The stretches that the spans cover, in order."""
    found: list[Span] = []
    for one in sorted(spans, key=lambda span: span.start):
        if found and one.start < found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, one.end))
        else:
            found.append(one)
    return found


# The language's rules may not know the mark that closes a quotation or citation, as in: »so«. Und
_STOP = re.compile(r"(?P<stop>[.!?…])\s+(?=[^\W\d_a-zß-öø-ÿ]|[„“«»‚‘‹›\"'¿¡])")
_STOPPED = re.compile(r"[.!?…][\"'”’“‘»«]*\Z")
_FEW = 12
"""Characters before a bracket among which a full stop with closing marks is looked for."""


def _ends_sentence(text: str, sentence: Span, bracket: Standing) -> bool:
    """Whether a bracketed citation that follows a full stop ends there, and a new sentence begins behind it."""
    before = text[max(sentence.start, bracket.start - _FEW) : bracket.start].rstrip()
    at_start = not before and bracket.start - _FEW <= sentence.start
    following = text[bracket.end : bracket.end + _FEW].lstrip()
    return following[:1].isupper() and (at_start or _STOPPED.search(before) is not None)


def _is_citation(text: str, one: Span, brackets: dict[int, Standing]) -> bool:
    """Whether the stretch is nothing but a citation in brackets."""
    end = one.start + len(text[one.start : one.end].rstrip(" .;,。；，、"))
    return end in brackets and brackets[end].start == one.start
