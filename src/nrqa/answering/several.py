"""One question over several indexes: each answers on its own, and their hits become one list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from nrqa.answering.asking import Index
from nrqa.errors import QuestionError
from nrqa.records import Answer, Citation, Hit, Verdict, citation_to_dict
from nrqa.text.typography import fold

_ORDER: tuple[Verdict, ...] = ("answered", "weak", "unknown", "absent")
"""The best verdict of all counts. Where none of the indexes answers, that one was not searched whole comes first."""


@dataclass(frozen=True, slots=True)
class Together:
    """What several indexes say to one question; ``answers`` and ``hits`` are each with the name of their index.

    The hits are in the order of the one list; rank and score are those in their own index, within which alone scores
    compare. ``copies`` has for each hit where else it is: the citations of the same words in other indexes.
    """

    question: str
    verdict: Verdict
    confidence: float
    answers: tuple[tuple[str, Answer], ...]
    hits: tuple[tuple[str, Hit], ...]
    copies: tuple[tuple[tuple[str, Citation], ...], ...]

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
                {
                    **shown[name]["hits"][hit.rank - 1],
                    "rank": rank,
                    "index": name,
                    "also_in": [{"index": other, "citation": citation_to_dict(its)} for other, its in copies],
                }
                for rank, ((name, hit), copies) in enumerate(zip(self.hits, self.copies, strict=True), 1)
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
    listed = joined(merged(answers))[:k]
    hits, copies = tuple(one for one, _ in listed), tuple(tuple(also) for _, also in listed)
    return Together(question, best, sure, tuple(answers.items()), hits, copies)


def merged(answers: Mapping[str, Answer]) -> list[tuple[str, Hit]]:
    """All hits with the names of their indexes, best first; those of an index stay in their order.

    Where an index answers, hits of those that do not are left out: they are no answers.
    """
    some = {name: answer for name, answer in answers.items() if answer.answers} or answers
    every = [(name, hit) for name, answer in some.items() for hit in answer.hits]
    return sorted(every, key=lambda one: (-_worth(one[1], some[one[0]]), one[1].rank))


def joined(hits: Iterable[tuple[str, Hit]]) -> list[tuple[tuple[str, Hit], list[tuple[str, Citation]]]]:
    """The hits with their places in other indexes: the same words are one hit, the one that comes first.

    Within one index its answer has joined copies already; the same words that are two hits there stay two.
    """
    found: list[tuple[tuple[str, Hit], list[tuple[str, Citation]]]] = []
    alike: dict[str, int] = {}
    for name, hit in hits:
        at = alike.setdefault(fold(hit.text).text.strip(), len(found))
        if at == len(found) or found[at][0][0] == name:
            found.append(((name, hit), []))
        else:
            found[at][1].extend((name, one) for one in (hit.passage.citation, *hit.also))
    return found


def _worth(hit: Hit, answer: Answer) -> float:
    """What a hit is worth beside those of other indexes: the confidence of its answer, by its share of the first score.

    The confidence is comparable between questions, and so between indexes; a score only within its answer.
    """
    first = answer.hits[0].score
    return answer.confidence * (hit.score / first if first > 0 else 1 / hit.rank)


def _rest(shown: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in shown.items() if key not in ("question", "hits")}
