"""What an evaluation found: the frozen records, and the JSON that is printed, saved and compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from nrqa.records import Drawn, Skipped, Verdict, skipped_to_list

MAIN_MEASURE = "nDCG@10"
"""The measure by which a question is called better or worse than before."""
ROUNDED = 6
"""Digits of a measure, both in memory and in a saved run, so that a run compared with itself has no differences."""


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """The result of one question. Unanswerable questions have no measures.

    ``first_relevant`` is the rank of the first relevant document or passage, None where none was found.
    ``document`` and ``citation`` are those of the first hit; for a question set's own documents, ``document`` is
    the id.
    """

    id: str
    question: str
    answerable: bool
    measures: Mapping[str, float]
    first_relevant: int | None
    verdict: Verdict
    confidence: float
    document: str | None
    citation: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """A question that ranks better or worse than before, by nDCG@10."""

    id: str
    question: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Difference:
    """A measure's mean before and after, over the questions that both runs have it for.

    ``low`` and ``high`` bound the 95% confidence interval of the difference (paired bootstrap).
    """

    questions: int
    before: float
    after: float
    low: float
    high: float

    @property
    def clear(self) -> bool:
        """Whether the interval excludes zero (no difference)."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class Comparison(Drawn):
    """This run compared with an earlier one, over the answerable questions that both have.

    ``other_files`` names files of the set that differ between the runs, or that only one of them has.
    """

    run: str
    version: str
    model: str
    questions: int
    only_before: int
    only_now: int
    other_files: tuple[str, ...]
    differences: Mapping[str, Difference]
    better: tuple[Change, ...]
    worse: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Evaluation(Drawn):
    """How well an index finds what answers a set of questions.

    ``measures`` are means over the answerable questions that have the measure; a share is between 0 and 1.
    ``verdicts`` counts each verdict, separately for ``answerable`` and ``unanswerable`` questions.
    """

    version: str
    created: str
    set_name: str
    set_files: Mapping[str, str]
    ranked: str
    """``documents`` or ``passages``: what the ranking measures rank."""
    k: int
    sample: int | None
    model: str
    fingerprint: str
    settings: Mapping[str, Any]
    documents: int
    passages: int
    unreadable: tuple[Skipped, ...]
    unjudged: int
    measures: Mapping[str, float]
    verdicts: Mapping[str, Mapping[str, int]]
    questions_per_second: float
    notices: tuple[str, ...]
    questions: tuple[QuestionResult, ...]
    comparison: Comparison | None = None

    def to_dict(self) -> dict[str, Any]:
        """The JSON object that ``nrqa eval --json`` prints and ``--save`` writes."""
        return {
            "version": self.version,
            "created": self.created,
            "set": {"name": self.set_name, "files": dict(self.set_files), "unjudged": self.unjudged},
            "k": self.k,
            "sample": self.sample,
            "model": {"name": self.model, "fingerprint": self.fingerprint},
            "settings": dict(self.settings),
            "corpus": {
                "documents": self.documents,
                "passages": self.passages,
                "unreadable": skipped_to_list(self.unreadable),
            },
            "ranked": self.ranked,
            "measures": {name: round(value, ROUNDED) for name, value in self.measures.items()},
            "verdicts": {name: dict(counts) for name, counts in self.verdicts.items()},
            "questions_per_second": round(self.questions_per_second, 2),
            "notices": list(self.notices),
            "comparison": _comparison_to_dict(self.comparison) if self.comparison else None,
            "questions": [_result_to_dict(one) for one in self.questions],
        }


def _result_to_dict(one: QuestionResult) -> dict[str, Any]:
    return {**asdict(one), "measures": dict(one.measures), "confidence": round(one.confidence, 4)}


def _comparison_to_dict(one: Comparison) -> dict[str, Any]:
    found = asdict(one)
    found["other_files"] = list(one.other_files)
    found["differences"] = {
        name: {key: round(value, ROUNDED) for key, value in asdict(difference).items()}
        for name, difference in one.differences.items()
    }
    for key in ("better", "worse"):
        found[key] = list(found[key])
    return found
