"""How good a ranking is, how well passages cover spans, and how sure a difference is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nrqa.errors import NrqaError, installing

if TYPE_CHECKING:
    from numpy.typing import NDArray

DEPTH = 100
"""Ranks that count: Recall@100 is the deepest measure."""
RANKING = {"nDCG@10": "nDCG@10", "MRR@10": "RR@10", "hit@1": "Success@1", "hit@5": "Success@5", "Recall@100": "R@100"}
"""Our names of the ranking measures and those of ir-measures."""

_RESAMPLES = 10_000
_AT_ONCE = 1_000_000
"""Drawn positions held in memory at a time."""
_SEED = 20_240_607
_TAILS = (0.025, 0.975)
"""95% of the resampled means lie between."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A half-open stretch of a document, in code points."""

    document: str
    start: int
    end: int


def require() -> None:
    """Raise NrqaError, with the remedy, where the library that measures rankings is not installed."""
    try:
        import ir_measures  # noqa: F401 - only whether it is there
    except ImportError as error:
        raise NrqaError(
            f"Evaluating needs the package ir-measures ({error}). Install it: {installing('eval')}"
        ) from error


def ranking(
    relevant: Mapping[str, Mapping[str, int]], ranked: Mapping[str, Sequence[str]]
) -> dict[str, dict[str, float]]:
    """Each question's measures by ir-measures (trec_eval), under our names.

    ``relevant`` gives each question's relevant units and their grades, ``ranked`` the units that were found,
    best first, none twice. A question for which nothing was found has 0 everywhere.
    """
    import ir_measures

    measures = {ir_measures.parse_measure(theirs): ours for ours, theirs in RANKING.items()}
    judged = [
        ir_measures.Qrel(question, unit, grade) for question, units in relevant.items() for unit, grade in units.items()
    ]
    # Scores decrease with the rank, since trec_eval orders equal scores by name.
    run = [
        ir_measures.ScoredDoc(question, unit, float(-rank))
        for question, units in ranked.items()
        for rank, unit in enumerate(units)
    ]
    found: dict[str, dict[str, float]] = {question: {} for question in relevant}
    for one in ir_measures.iter_calc(list(measures), judged, run):
        found[one.query_id][measures[one.measure]] = float(one.value)
    return {question: {name: values.get(name, 0.0) for name in RANKING} for question, values in found.items()}


def span_scores(gold: Iterable[Stretch], retrieved: Iterable[Stretch]) -> tuple[float, float, float]:
    """Recall, precision and intersection over union of the characters in gold and in retrieved stretches.

    As in Chroma's chunking evaluation: recall is |gold ∩ retrieved| / |gold|, precision
    |gold ∩ retrieved| / |retrieved|, IoU |gold ∩ retrieved| / |gold ∪ retrieved|. Stretches that overlap are
    merged first, so that no character counts twice. Nothing retrieved is 0 in all three.
    """
    wanted, got = _merged(gold), _merged(retrieved)
    common = sum(
        max(0, min(one.end, other.end) - max(one.start, other.start))
        for one in wanted
        for other in got
        if one.document == other.document
    )
    all_wanted, all_got = _length(wanted), _length(got)
    union = all_wanted + all_got - common
    return _share(common, all_wanted), _share(common, all_got), _share(common, union)


def covers(hit: Stretch, answers: Iterable[Stretch]) -> bool:
    """Whether the hit wholly contains at least one of the answers."""
    return any(hit.document == one.document and hit.start <= one.start and one.end <= hit.end for one in answers)


def bootstrap(differences: Sequence[float]) -> tuple[float, float]:
    """The 95% confidence interval of the mean of per-question differences.

    Percentiles of the means of 10,000 resamples of the questions, with replacement; the same every time.
    """
    values = np.asarray(differences, np.float64)
    rng = np.random.default_rng(_SEED)
    means: list[NDArray[np.float64]] = []
    rows = max(1, _AT_ONCE // len(values))
    for first in range(0, _RESAMPLES, rows):
        drawn = rng.integers(0, len(values), (min(rows, _RESAMPLES - first), len(values)), dtype=np.int32)
        means.append(values[drawn].mean(axis=1))
    low, high = np.quantile(np.concatenate(means), _TAILS)
    return float(low), float(high)


def _merged(stretches: Iterable[Stretch]) -> list[Stretch]:
    merged: list[Stretch] = []
    for one in sorted(stretches, key=lambda one: (one.document, one.start)):
        last = merged[-1] if merged else None
        if last and last.document == one.document and one.start <= last.end:
            merged[-1] = Stretch(last.document, last.start, max(last.end, one.end))
        else:
            merged.append(one)
    return merged


def _length(stretches: Iterable[Stretch]) -> int:
    return sum(one.end - one.start for one in stretches)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
