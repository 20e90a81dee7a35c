"""Asks an index many questions as a user would, and keeps of each answer what the measures need."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from nrqa.answering.asking import Index
from nrqa.evaluation.judgments.model import Question
from nrqa.evaluation.measures import DEPTH, Stretch
from nrqa.records import Hit, Verdict

Units = Callable[[Question, Hit], Sequence[str]]
"""The units that a hit counts as in the ranking: its document and those of its copies, or its passage."""
Progress = Callable[[str, int, int], None]

LEAST = 10
"""Hits, at least, that every question asks for: as many as nDCG@10 and MRR@10 need."""
_DEEPER = 4
"""Each time a question is asked again, it asks for so many times as many hits."""
_HITS_AT_ONCE = 2_000
"""Hits, at most, of one batch of questions: these are in memory together."""


class Top(NamedTuple):
    """The first hit, as a person would see it."""

    document: str
    place: str


@dataclass(slots=True)
class Found:
    """What a question found: ``units`` in order of rank, each once, and the places of its first hits."""

    question: Question
    verdict: Verdict
    confidence: float
    top: Top | None
    stretches: tuple[Stretch, ...]
    units: dict[str, None] = field(default_factory=dict)


def ask_all(
    index: Index,
    questions: Sequence[Question],
    relevant: Sequence[frozenset[str]],
    units: Units,
    k: int,
    progress: Progress,
) -> tuple[list[Found], float]:
    """What each question found, and how many questions were answered a second.

    Every question is asked once as a user asks it; these answers give the verdicts, the places and the first
    ranks. Questions whose relevant units were not all found are asked again for more hits, until these are
    found, or 100 units are found, or there is no further hit. So the measures are exact at every depth. Units
    that are found later only follow those that were found first.
    """
    first = max(k, LEAST)
    index.ask(questions[0].text)  # opens the encoder: its time must not count for the questions
    found: list[Found] = []
    seconds = 0.0
    for batch in _batches(range(len(questions)), first):
        progress("asking", len(found), len(questions))
        began = time.perf_counter()
        answers = index.ask_many([questions[at].text for at in batch], k=first)
        seconds += time.perf_counter() - began
        for at, answer in zip(batch, answers, strict=True):
            best = answer.hits[0].passage.citation if answer.hits else None
            one = Found(
                questions[at],
                answer.verdict,
                answer.confidence,
                Top(best.document, best.place) if best else None,
                tuple(_stretch(hit) for hit in answer.hits),
            )
            _add(one, answer.hits, units)
            found.append(one)
    _deepen(index, found, relevant, units, first)
    progress("asking", len(found), len(questions))
    return found, len(questions) / seconds


def _deepen(index: Index, found: list[Found], relevant: Sequence[frozenset[str]], units: Units, depth: int) -> None:
    """Ask for more hits for as long as they can change a measure."""
    exhausted = [len(one.stretches) < depth for one in found]
    while True:
        depth = max(DEPTH, depth * _DEEPER if depth >= DEPTH else DEPTH)
        open_ones = [
            at
            for at, one in enumerate(found)
            if not exhausted[at] and len(one.units) < DEPTH and not relevant[at] <= one.units.keys()
        ]
        if not open_ones:
            return
        for batch in _batches(open_ones, depth):
            answers = index.ask_many([found[at].question.text for at in batch], k=depth)
            for at, answer in zip(batch, answers, strict=True):
                _add(found[at], answer.hits, units)
                exhausted[at] = len(answer.hits) < depth


def _batches(positions: Sequence[int], hits: int) -> Iterator[Sequence[int]]:
    size = max(1, _HITS_AT_ONCE // hits)
    for first in range(0, len(positions), size):
        yield positions[first : first + size]


def _add(found: Found, hits: Sequence[Hit], units: Units) -> None:
    for hit in hits:
        for unit in units(found.question, hit):
            found.units.setdefault(unit)


def _stretch(hit: Hit) -> Stretch:
    citation = hit.passage.citation
    return Stretch(citation.document, citation.start, citation.end)
