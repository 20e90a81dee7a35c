"""How well nrqa finds, beside the usual ways with the same encoder, and whether it keeps its rules; see README.md."""

import argparse
import hashlib
import json
import os
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.quality.columns import BASELINES, COLUMNS, CUT, SINGLE, by_signals, difference, measured, ranked
from benchmarks.quality.own_questions import ask_own
from benchmarks.quality.retrieval_tables import tables
from benchmarks.quality.spans import span_measures, stretch, stretch_of
from benchmarks.quality.whole_documents import Whole, whole
from benchmarks.shared import machine
from benchmarks.shared.kept_encoder import KeptEncoder
from benchmarks.shared.question_sets import (
    ACROSS,
    DATA,
    EVERY,
    SEED,
    Built,
    answers,
    build,
    mean,
    parts_of,
    questions_of,
    timed,
)
from nrqa.encoder.opening import open_for_indexing
from nrqa.encoder.protocol import Encoder
from nrqa.evaluation.judgments.model import Question
from nrqa.evaluation.measures import Stretch
from nrqa.records import Answer, Hit
from nrqa.settings import DEFAULT_MODEL
from nrqa.signals.lexical import best_possible

DEEPER = 50
"""Hits asked for where ten of them are of fewer than ten documents."""
MEASURES = ("nDCG@10", "hit@1", "hit@5", "MRR@10")
RESULT = "benchmarks/results/retrieval.json"


@dataclass(frozen=True, slots=True)
class Found:
    """What one column finds for a question, best first: documents, and the stretches of its passages."""

    documents: list[str]
    stretches: list[Stretch]
    marked: list[str] = field(default_factory=list)
    """What the highlights of the product's hits hold."""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, default=DATA, help="folder of the question sets")
    options.add_argument("--questions", type=int, default=400, help="questions a set, 0 for all")
    options.add_argument("--sets", default=",".join((*EVERY, *ACROSS)), help="sets to ask, with commas between them")
    options.add_argument("--model", default=DEFAULT_MODEL, help="the encoder")
    options.add_argument("--work", type=Path, help="keeps corpora, indexes and vectors: a second run encodes nothing")
    options.add_argument("--before", type=Path, help="results to compare with; those of the last commit if not given")
    options.add_argument("--name", default="retrieval", help="name of the files in results/")
    given = options.parse_args()
    os.environ["HF_HUB_OFFLINE"] = "1"  # neither side shall wait for the network
    before = json.loads(given.before.read_text("utf-8") if given.before else machine.committed(RESULT) or "{}")
    results: dict[str, Any] = {
        "machine": machine.describe(),
        "questions": given.questions or "all",
        "seed": SEED,
        "model": given.model,
        "sets": {},
    }
    with tempfile.TemporaryDirectory() as temporary:
        work = given.work or Path(temporary)
        encoder: Encoder = open_for_indexing(given.model, offline=True, announce=print)
        encoder = KeptEncoder(encoder, work)
        results["own"] = timed("own questions", lambda: ask_own(work / "own", encoder))
        for name, source, built, units in _indexed(given.sets.split(","), given.data, work, encoder):
            questions, _ = questions_of(source, given.questions)
            if name in ACROSS:  # the annotated spans are those of the other language's documents
                questions = [replace(one, gold=()) for one in questions]
            one = timed(f"{name}: asking", lambda: measure(built, units, questions, encoder))  # noqa: B023
            earlier = before.get("sets", {}).get(name)
            one["before"] = since(one, earlier, given.model == before.get("model", DEFAULT_MODEL))
            results["sets"][name] = one
            print({column: round(one["means"][column]["nDCG@10"], 3) for column in one["means"]}, flush=True)
    results["machine"]["load_at_the_end"] = machine.load()
    machine.write(given.name, results, tables(results))


def _indexed(
    names: Sequence[str], data: Path, work: Path, encoder: Encoder
) -> Iterator[tuple[str, Path, Built, Whole]]:
    """The indexes of the sets' documents; sets that are not there are named."""

    @cache
    def indexed(name: str) -> tuple[Built, Whole]:
        built = timed(f"{name}: building", lambda: build(data / name, work / name, encoder))
        return built, whole(built.index.snapshot, encoder, work / name / "documents.npz")

    for name in names:
        questions, documents = parts_of(name)
        if not ((data / questions).is_dir() and (data / documents).is_dir()):
            print(f"There is no '{data / questions}' or '{data / documents}': skipped.")
            continue
        yield name, data / questions, *indexed(documents)


def measure(built: Built, units: Whole, questions: Sequence[Question], encoder: Encoder) -> dict[str, Any]:
    """Every column over the same questions."""
    found = {"product": product(built, questions), **separate(built, units, questions, encoder)}
    documents = {name: {one: at.documents for one, at in found[name].items()} for name in COLUMNS}
    scores = measured({one.id: one.relevant for one in questions}, documents)
    means = {
        column: {name: mean(one[name] for one in each.values()) for name in MEASURES} for column, each in scores.items()
    }
    spans = [one for one in questions if one.gold]
    best = max(SINGLE, key=lambda name: means[name]["nDCG@10"])
    strongest = max(BASELINES, key=lambda name: means[name]["nDCG@10"])
    return {
        "documents": len(built.files),
        "unreadable": [one.document for one in built.report.unreadable],
        "passages": built.report.passages_total,
        "questions": len(questions),
        "means": means,
        "each": each(scores["product"]),
        "best_single": best,
        "best_baseline": strongest,
        "above": {name: difference(scores["product"], scores[name]) for name in COLUMNS if name != "product"},
        "spans": span_measures(spans, {name: [found[name][one.id].stretches for one in spans] for name in COLUMNS}),
        "highlights": shares([one for at in found["product"].values() for one in at.marked]),
    }


def product(built: Built, questions: Sequence[Question]) -> dict[str, Found]:
    """What a user gets for each question, and what its highlights hold.

    Where ten hits are of fewer than ten documents and none is the right one, more hits are asked for: they follow
    the first ten.
    """
    found: dict[str, Found] = {}
    short: list[Question] = []
    for one, answer in zip(questions, answers(built.index, _texts(questions), CUT), strict=True):
        stretches = [stretch(built, hit) for hit in answer.hits]
        found[one.id] = Found(_documents(built, answer), stretches, list(_highlighted(built, one, answer.hits)))
        if len(found[one.id].documents) < CUT and not one.relevant.keys() <= set(found[one.id].documents):
            short.append(one)
    for one, answer in zip(short, answers(built.index, _texts(short), DEEPER), strict=True):
        known = found[one.id].documents
        known[:] = list(dict.fromkeys([*known, *_documents(built, answer)]))[:CUT]
    return found


def _documents(built: Built, answer: Answer) -> list[str]:
    """Documents in order of their first hit; those that hold a copy of a hit follow it."""
    names = (one.document for hit in answer.hits for one in (hit.passage.citation, *hit.also))
    return list(dict.fromkeys(built.names[name] for name in names))[:CUT]


def _highlighted(built: Built, question: Question, hits: Iterable[Hit]) -> Iterator[str]:
    """Of the first hit that covers an annotated answer: whether its highlights hold that, or there are none."""
    for hit in hits:
        at = stretch(built, hit)
        gold = [one.answer for one in question.gold if one.document == at.document]
        inside = [one for one in gold if at.start <= one.start and one.end <= at.end]
        if inside:
            shift = hit.passage.citation.start - at.start
            right = any(
                span.start - shift <= one.start and one.end <= span.end - shift
                for span in hit.highlights
                for one in inside
            )
            yield "right" if right else "wrong" if hit.highlights else "none"
            return


def separate(
    built: Built, units: Whole, questions: Sequence[Question], encoder: Encoder
) -> dict[str, dict[str, Found]]:
    """What each of the other columns finds."""
    snapshot = built.index.snapshot

    @cache
    def place(row: int) -> Stretch:
        return stretch_of(built, snapshot.stored(row).passage.citation)

    found: dict[str, dict[str, Found]] = defaultdict(dict)
    for question, (asked, one) in zip(questions, ranked(built.index, encoder, _texts(questions)), strict=True):
        for name, rows in {**by_signals(one, best_possible(one.idf)), **units.ranked(asked)}.items():
            stretches = [place(row) for row in rows.tolist()]
            documents = list(dict.fromkeys(at.document for at in stretches))[:CUT]
            found[name][question.id] = Found(documents, stretches[:CUT])
    return found


def each(scores: Mapping[str, Mapping[str, float]]) -> dict[str, str]:
    """nDCG@10 of each question, in their order, and which questions these are."""
    names = hashlib.sha256("\n".join(scores).encode()).hexdigest()[:16]
    return {"asked": names, "nDCG@10": " ".join(f"{one['nDCG@10']:.4g}" for one in scores.values())}


def since(now: Mapping[str, Any], before: Mapping[str, Any] | None, same_model: bool) -> dict[str, Any] | None:  # noqa: FBT001
    """The product's nDCG@10 in earlier results, and whether it was of the same questions; None without such results."""
    if before is None or not same_model:
        return None
    same = before.get("each", {}).get("asked") == now["each"]["asked"]
    return {"nDCG@10": before["means"]["product"]["nDCG@10"], "same questions": same}


def shares(outcomes: Sequence[str]) -> Mapping[str, float] | None:
    """How often each outcome came, and how often any did; None for a set without spans."""
    if not outcomes:
        return None
    return {
        "questions": len(outcomes),
        **{name: mean(one == name for one in outcomes) for name in ("right", "wrong", "none")},
    }


def _texts(questions: Iterable[Question]) -> list[str]:
    return [one.text for one in questions]


if __name__ == "__main__":
    main()
