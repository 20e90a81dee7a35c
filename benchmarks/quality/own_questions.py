"""The project's own questions on the two articles of corpus/: which passage comes first."""

from collections import defaultdict
from pathlib import Path
from typing import Any

import nrqa
from benchmarks.shared import machine
from benchmarks.shared.question_sets import answers, mean, read
from nrqa.encoder.protocol import Encoder
from nrqa.evaluation.judgments.model import Question
from nrqa.evaluation.judgments.quotes import holds, read_quotes
from nrqa.records import Answer

QUESTIONS = machine.ROOT / "tests" / "questions.jsonl"
CORPUS = machine.ROOT / "corpus"
ENGLISH, OBLIQUE = "English (direct, paraphrase, keyword)", "oblique"
GROUPS = {
    ENGLISH: ("direct", "paraphrase", "keyword"),
    "these and French": ("direct", "paraphrase", "keyword", "french"),
}
ALL = "all that can be answered"
_DEPTH = 10
_NOTHING = ("absent", "unknown")


def ask_own(place: Path, encoder: Encoder) -> dict[str, Any]:
    """By kind of question: how many there are, and for how many a right passage is first, among the first three."""
    nrqa.reindex(CORPUS, place, encoder=encoder)
    index = nrqa.Index.open(place, encoder=encoder)
    kinds = {one["id"]: one["kind"] for one in read(QUESTIONS)}
    questions = read_quotes(QUESTIONS, "own").questions
    asked = list(zip(questions, answers(index, [one.text for one in questions], _DEPTH), strict=True))
    ranks: dict[str, list[int]] = defaultdict(list)
    absent: dict[str, list[bool]] = defaultdict(list)
    for question, answer in asked:
        if question.answerable:
            ranks[kinds[question.id]].append(_rank(question, answer))
        absent[kinds[question.id]].append(answer.verdict in _NOTHING)
    groups = {name: [rank for kind in members for rank in ranks[kind]] for name, members in GROUPS.items()}
    everything = [rank for kind in ranks.values() for rank in kind]
    return {
        "passages": index.snapshot.manifest.passages,
        "kinds": {name: _counted(one) for name, one in {**ranks, **groups, ALL: everything}.items()},
        "called absent": {kind: {"questions": len(one), "share": mean(one)} for kind, one in absent.items()},
    }


def _rank(question: Question, answer: Answer) -> int:
    right = (hit.rank for hit in answer.hits if holds(question, hit.passage.citation.document, hit.passage.text))
    return next(right, _DEPTH + 1)


def _counted(ranks: list[int]) -> dict[str, int]:
    return {
        "questions": len(ranks),
        "first": sum(rank == 1 for rank in ranks),
        "three": sum(rank <= 3 for rank in ranks),
    }
