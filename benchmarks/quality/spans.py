"""Whether passages near the top cover the annotated spans, or touch them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from benchmarks.shared.question_sets import Built, mean
from nrqa.evaluation import measures
from nrqa.evaluation.judgments.model import Question
from nrqa.evaluation.measures import Stretch, covers
from nrqa.records import Citation, Hit

CUTS = (1, 5)
_COVERS = "covers the answer"
"""The unit that every passage covering an answer counts as; it is the only relevant one."""


def stretch(built: Built, hit: Hit) -> Stretch:
    """Where a hit stands in its document's text, the title line of the file left out."""
    return stretch_of(built, hit.passage.citation)


def stretch_of(built: Built, citation: Citation) -> Stretch:
    """Where a citation stands in its document's text, the title line of the file left out."""
    name = built.names[citation.document]
    shift = built.files[name].shift
    return Stretch(name, citation.start - shift, citation.end - shift)


def span_measures(questions: Sequence[Question], found: Mapping[str, Sequence[Sequence[Stretch]]]) -> dict[str, Any]:
    """For each column: how often one of the first passages covers a span, and how often the first touches one.

    Some spans, of contracts above all, are longer than a passage, so that none can cover them.
    """
    if not questions:
        return {}
    means = {name: {**shares(questions, those), "touched": _touched(questions, those)} for name, those in found.items()}
    return {"questions": len(questions), "means": means}


def shares(questions: Sequence[Question], found: Iterable[Sequence[Stretch]]) -> dict[str, float]:
    """How often one of the first passages covers a span."""
    units = {}
    for question, stretches in zip(questions, found, strict=True):
        gold = spans_of(question)
        named = [_COVERS if covers(one, gold) else f"{one.document}@{one.start}-{one.end}" for one in stretches]
        units[question.id] = list(dict.fromkeys(named))
    ranked = measures.ranking({one.id: {_COVERS: 1} for one in questions}, units)
    return {f"hit@{cut}": mean(one[f"hit@{cut}"] for one in ranked.values()) for cut in CUTS}


def spans_of(question: Question) -> list[Stretch]:
    """The annotated spans of a question."""
    return [Stretch(one.document, one.answer.start, one.answer.end) for one in question.gold]


def _touched(questions: Sequence[Question], found: Iterable[Sequence[Stretch]]) -> float:
    return mean(
        any(
            first.document == gold.document and first.start < gold.end and gold.start < first.end
            for first in stretches[:1]
            for gold in spans_of(question)
        )
        for question, stretches in zip(questions, found, strict=True)
    )
