"""How well nrqa finds, beside the usual ways with the same encoder, and what it costs; README.md says more."""

import argparse
import os
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

from benchmarks.quality import articles, cost
from benchmarks.quality.columns import BASELINES, COLUMNS, CUT, SINGLE, by_signals, difference, measured, ranked
from benchmarks.quality.own_questions import ask_own
from benchmarks.quality.retrieval_tables import tables
from benchmarks.shared import machine
from benchmarks.shared.question_sets import ARTICLES, DATA, SEED, SETS, Built, answers, build, mean, questions_of, timed
from nrqa.encoder.opening import open_for_indexing
from nrqa.encoder.protocol import Encoder
from nrqa.evaluation.judgments.model import Question
from nrqa.records import Answer, Hit
from nrqa.settings import DEFAULT_MODEL
from nrqa.signals.lexical import best_possible

DEEPER = 50
"""Hits asked for where ten of them are of fewer than ten documents."""
MEASURES = ("nDCG@10", "hit@1", "hit@5", "MRR@10")
MAIN = "squad_v1_dev"
"""The set whose questions are timed."""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, default=DATA, help="folder of the question sets")
    options.add_argument("--questions", type=int, default=0, help="questions a set and kind, 0 for all")
    options.add_argument("--timed", type=int, default=500, help="questions whose time is taken")
    options.add_argument("--sets", default=",".join(SETS), help="sets to ask, with commas between them")
    options.add_argument("--work", type=Path, help="where corpora and indexes are kept for the next run")
    options.add_argument("--name", default="retrieval", help="name of the files in results/")
    given = options.parse_args()
    os.environ["HF_HUB_OFFLINE"] = "1"  # neither side shall wait for the network
    encoder = open_for_indexing(DEFAULT_MODEL, offline=True, announce=print)
    results: dict[str, Any] = {
        "machine": machine.describe(),
        "questions": given.questions or "all",
        "seed": SEED,
        "sets": {},
        "articles": {},
    }
    with tempfile.TemporaryDirectory() as temporary:
        work = given.work or Path(temporary)
        results["own"] = timed("own questions", lambda: ask_own(work / "own", encoder))
        for name in given.sets.split(","):
            source = given.data / name
            if not source.is_dir():
                print(f"There is no '{source}': skipped.")
                continue
            built = timed(f"{name}: building", partial(build, source, work / name, encoder))
            answerable, _ = questions_of(source, given.questions)
            one = timed(f"{name}: asking", partial(measure, built, answerable, encoder))
            results["sets"][name] = one
            print({column: round(one["means"][column]["nDCG@10"], 3) for column in one["means"]}, flush=True)
            if name == MAIN:
                results["cost"] = timed("cost", partial(cost.measure, built, _texts(answerable), given.timed, encoder))
            if (source / ARTICLES).is_file():
                place = work / f"{name}-articles"
                results["articles"][name] = timed(
                    f"{name}: articles", partial(articles.compare, source, place, given.questions, encoder)
                )
    results["machine"]["load_at_the_end"] = machine.load()
    machine.write(given.name, results, tables(results))


def measure(built: Built, questions: Sequence[Question], encoder: Encoder) -> dict[str, Any]:
    """Every column over the same questions."""
    found, marked = product(built, questions)
    ranks = {"product": found, **separate(built, questions, encoder)}
    scores = measured({one.id: one.relevant for one in questions}, {name: ranks[name] for name in COLUMNS})
    means = {
        column: {name: mean(one[name] for one in each.values()) for name in MEASURES} for column, each in scores.items()
    }
    best = max(SINGLE, key=lambda name: means[name]["nDCG@10"])
    strongest = max(BASELINES, key=lambda name: means[name]["nDCG@10"])
    return {
        "documents": len(built.files),
        "unreadable": [one.document for one in built.report.unreadable],
        "passages": built.report.passages_total,
        "questions": len(questions),
        "means": means,
        "best_single": best,
        "best_baseline": strongest,
        "above": {name: difference(scores["product"], scores[name]) for name in {best, strongest, "RRF"}},
        "highlights": shares(marked),
    }


def product(built: Built, questions: Sequence[Question]) -> tuple[dict[str, list[str]], list[str]]:
    """What a user gets: the documents of each question's hits, and what its highlights hold.

    Where ten hits are of fewer than ten documents and none is the right one, more hits are asked for: they follow
    the first ten.
    """
    found: dict[str, list[str]] = {}
    marked: list[str] = []
    short: list[Question] = []
    for one, answer in zip(questions, answers(built.index, _texts(questions), CUT), strict=True):
        found[one.id] = _documents(built, answer)
        marked.extend(_highlighted(built, one, answer.hits))
        if len(found[one.id]) < CUT and not one.relevant.keys() <= set(found[one.id]):
            short.append(one)
    for one, answer in zip(short, answers(built.index, _texts(short), DEEPER), strict=True):
        found[one.id] = list(dict.fromkeys([*found[one.id], *_documents(built, answer)]))[:CUT]
    return found, marked


def _documents(built: Built, answer: Answer) -> list[str]:
    """Documents in order of their first hit; those that hold a copy of a hit follow it."""
    names = (one.document for hit in answer.hits for one in (hit.passage.citation, *hit.also))
    return list(dict.fromkeys(built.names[name] for name in names))[:CUT]


def _highlighted(built: Built, question: Question, hits: Iterable[Hit]) -> list[str]:
    """Of the first hit that covers an annotated answer: whether its highlights hold that, or there are none."""
    for hit in hits:
        at = articles.stretch(built, hit)
        gold = [one.answer for one in question.gold if one.document == at.document]
        inside = [one for one in gold if at.start <= one.start and one.end <= at.end]
        if inside:
            shift = hit.passage.citation.start - at.start
            right = any(
                span.start - shift <= one.start and one.end <= span.end - shift
                for span in hit.highlights
                for one in inside
            )
            return ["right" if right else "wrong" if hit.highlights else "none"]
    return []


def separate(built: Built, questions: Sequence[Question], encoder: Encoder) -> dict[str, dict[str, list[str]]]:
    """The documents that each of the other columns finds, best first."""
    snapshot = built.index.snapshot

    @cache
    def document(row: int) -> str:
        return built.names[snapshot.stored(row).passage.citation.document]

    found: dict[str, dict[str, list[str]]] = defaultdict(dict)
    for question, one in zip(questions, ranked(built.index, encoder, _texts(questions)), strict=True):
        for name, rows in by_signals(one, best_possible(one.idf)).items():
            found[name][question.id] = list(dict.fromkeys(map(document, rows.tolist())))[:CUT]
    return found


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
