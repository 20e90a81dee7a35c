"""One question over several indexes: each answers on its own, and their hits become one list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from nrqa.answering.asking import Index
from nrqa.errors import QuestionError
from nrqa.records import Answer, Hit, Verdict

_ORDER: tuple[Verdict, ...] = ("answered", "weak", "unknown", "absent")
"""The best verdict of all counts. Where none of the indexes answers, that one was not searched whole comes first."""


@dataclass(frozen=True, slots=True)
class Together:
    """What several indexes say to one question; ``answers`` and ``hits`` are each with the name of their index.

    The hits are in the order of the one list; rank and score are those in their own index, within which alone scores
    compare.
    """

    question: str
    verdict: Verdict
    confidence: float
    answers: tuple[tuple[str, Answer], ...]
    hits: tuple[tuple[str, Hit], ...]

    @property
    def answered(self) -> bool:
        """Whether the hits count as answers; otherwise they are only the nearest passages."""
        return self.verdict in ("answered", "weak")

    def to_dict(self) -> dict[str, Any]:
        """The JSON object that ``nrqa query --json`` prints for several indexes."""
        shown = {name: answer.to_dict() for name, answer in self.answers}
        return {
            "question": self.question,
            "verdict": self.verdict,
            "confidence": round(self.confidence, 4),
            "hits": [
                {**shown[name]["hits"][hit.rank - 1], "rank": rank, "index": name}
                for rank, (name, hit) in enumerate(self.hits, 1)
            ],
            "indexes": [{"index": name, **_rest(its)} for name, its in shown.items()],
        }


def ask_several(indexes: Mapping[str, Index], question: str, *, k: int = 5, **options: Any) -> Together:
    """The best ``k`` passages of all the indexes, each of which is asked with these options.

    A filter that leaves nothing of one index leaves that one out; QuestionError where it leaves nothing of any.
    """
    answers: dict[str, Answer] = {}
    refused: QuestionError | None = None
    for before, index in pairwise([None, *indexes.values()]):
        if before is not None and index is not None:
            index.share_encoder(before)
    for name, index in indexes.items():
        try:
            answers[name] = index.ask(question, k=k, **options)
        except QuestionError as error:
            if not (options.get("where") or options.get("only")):
                raise
            refused = error
    if refused and not answers:
        raise refused
    best = min((answer.verdict for answer in answers.values()), key=_ORDER.index)
    sure = max(answer.confidence for answer in answers.values())
    return Together(question, best, sure, tuple(answers.items()), tuple(merged(answers)[:k]))


def merged(answers: Mapping[str, Answer]) -> list[tuple[str, Hit]]:
    """All hits with the names of their indexes, best first; those of an index stay in their order.

    Where an index answers, hits of those that do not are left out: they are no answers.
    """
    some = {name: answer for name, answer in answers.items() if answer.answers} or answers
    every = [(name, hit) for name, answer in some.items() for hit in answer.hits]
    return sorted(every, key=lambda one: (-_worth(one[1], some[one[0]]), one[1].rank))


def _worth(hit: Hit, answer: Answer) -> float:
    """What a hit is worth beside those of other indexes: the confidence of its answer, by its share of the first score.

    The confidence is comparable between questions, and so between indexes; a score only within its answer.
    """
    first = answer.hits[0].score
    return answer.confidence * (hit.score / first if first > 0 else 1 / hit.rank)


def _rest(shown: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in shown.items() if key not in ("question", "hits")}
