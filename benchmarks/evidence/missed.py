"""Questions whose passage is not among the first hits: what `nrqa why-not` says of it, and what brings it up.

Every change that is told is then made, and counted as right where the passage has the rank told.
"""

import argparse
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import nrqa
from benchmarks.shared import machine
from benchmarks.shared.question_sets import DATA, Built, answers, build, questions_of
from nrqa.auditing.whynot import why_not
from nrqa.auditing.whynot.results import Change, WhyNot
from nrqa.encoder.opening import open_for_indexing
from nrqa.encoder.protocol import Encoder
from nrqa.evaluation.judgments.model import Question
from nrqa.settings import DEFAULT_MODEL

K = 5


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, default=DATA, help="folder of the question sets")
    options.add_argument("--questions", type=int, default=1500, help="questions a set, 0 for all")
    options.add_argument("--sets", default="squad_v1_dev,xquad_de", help="sets to ask, with commas between them")
    options.add_argument("--work", type=Path, help="where corpora and indexes are kept for the next run")
    chosen = options.parse_args()
    results: dict[str, Any] = {"machine": machine.describe(), "k": K, "sets": {}}
    encoder = open_for_indexing(DEFAULT_MODEL, offline=True, announce=print)
    with tempfile.TemporaryDirectory() as temporary:
        for name in chosen.sets.split(","):
            built = build(chosen.data / name, (chosen.work or Path(temporary)) / name, encoder)
            asked, _ = questions_of(chosen.data / name, chosen.questions)
            results["sets"][name] = measured(built, asked, encoder)
    machine.write("missed", results, [table(results)])


def measured(built: Built, asked: list[Question], encoder: Encoder) -> dict[str, Any]:
    """What is said of the questions that miss, and whether it is right."""
    wanted = [built.files[next(iter(one.relevant))].name for one in asked]
    found = answers(built.index, [one.text for one in asked], K)
    missed = [
        (one.text, document)
        for one, document, answer in zip(asked, wanted, found, strict=True)
        if document not in {hit.passage.citation.document for hit in answer.hits}
    ]
    told: list[WhyNot] = []
    began = time.perf_counter()
    for text, document in missed:
        told.append(why_not(text, document, built.folder, k=K, encoder=encoder))
    seconds = time.perf_counter() - began
    fresh = nrqa.Index.open(built.folder, encoder=encoder)
    made = [(change, one) for one in told for change in one.changes if change.rank is not None]
    holds = (min(one.standing.signals.items(), key=lambda each: each[1].lead)[0] for one in told if one.standing)
    return {
        "questions": len(asked),
        "passages": built.report.passages_total,
        "missed": len(missed),
        "outcomes": dict(Counter(one.outcome for one in told)),
        "held_back_by": dict(Counter(holds)),
        "brought_up_by_one_word": sum(any(change.kind == "word" for change in one.changes) for one in told),
        "changes": len(made),
        "changes_right": sum(is_right(fresh, one, change) for change, one in made),
        "seconds_each": round(seconds / max(1, len(told)), 2),
    }


def is_right(index: nrqa.Index, told: WhyNot, change: Change) -> bool:
    question = f"{told.question} {change.value}" if change.kind == "word" else told.question
    k = int(change.value) if change.kind == "k" else K
    answer = index.ask(question, k=k, only=[change.value] if change.kind == "only" else None)
    assert told.passage is not None
    ranks = [hit.rank for hit in answer.hits if hit.passage.citation == told.passage.citation]
    return ranks == [change.rank]


def table(results: dict[str, Any]) -> str:
    head = (
        "set", "passages", "questions", "not in the first 5", "behind", "outside the candidates",
        "one word brings it up", "changes told", "of which right", "seconds each",
    )  # fmt: skip
    rows = [
        (
            name, f"{one['passages']:,}", one["questions"], one["missed"], one["outcomes"].get("behind", 0),
            one["outcomes"].get("outside", 0), one["brought_up_by_one_word"], one["changes"], one["changes_right"],
            one["seconds_each"],
        )
        for name, one in results["sets"].items()
    ]  # fmt: skip
    return machine.table(head, rows)


if __name__ == "__main__":
    main()
