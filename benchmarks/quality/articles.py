"""Whole articles indexed: does a passage near the top cover the answer? nrqa beside the usual splitters."""

import argparse
import os
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.quality.retrieval_tables import best_bold
from benchmarks.quality.spans import CUTS, shares, stretch
from benchmarks.quality.splitters import Split, every, mean_length, passages, splitters
from benchmarks.shared import machine
from benchmarks.shared.kept_encoder import KeptEncoder
from benchmarks.shared.question_sets import (
    ARTICLE_SPANS,
    ARTICLES,
    DATA,
    EVERY,
    answers,
    build,
    mean,
    questions_of,
    timed,
)
from nrqa.encoder.opening import open_for_indexing
from nrqa.encoder.protocol import Encoder
from nrqa.evaluation.judgments.beir import documents_in
from nrqa.evaluation.judgments.model import Question
from nrqa.evaluation.measures import Stretch
from nrqa.settings import DEFAULT_MODEL

DEPTH = max(CUTS)
NAMES = tuple(one for one in EVERY if one.startswith(("squad", "xquad")))
"""The sets that have whole articles."""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, default=DATA, help="folder of the question sets")
    options.add_argument("--questions", type=int, default=1000, help="questions a set, 0 for all")
    options.add_argument("--sets", default=",".join(NAMES), help="sets to ask, with commas between them")
    options.add_argument("--work", type=Path, help="keeps corpora, indexes and vectors: a second run encodes nothing")
    given = options.parse_args()
    os.environ["HF_HUB_OFFLINE"] = "1"  # neither side shall wait for the network
    results: dict[str, Any] = {"machine": machine.describe(), "questions": given.questions or "all", "articles": {}}
    with tempfile.TemporaryDirectory() as temporary:
        work = given.work or Path(temporary)
        encoder = KeptEncoder(open_for_indexing(DEFAULT_MODEL, offline=True, announce=print), work)
        for name in given.sets.split(","):
            source, place = given.data / name, work / f"{name}-articles"
            if not (source / ARTICLES).is_file():
                print(f"There is no '{source / ARTICLES}': skipped.")
                continue
            compared = timed(name, partial(compare, source, place, given.questions, encoder))
            results["articles"][name] = compared
    sections = []
    for name, one in results["articles"].items():
        sections.append(f"{name}, {one['articles']} whole articles, {one['questions']} questions:")
        sections.append(table(one["splitters"]))
    machine.write("articles", results, sections)


def compare(source: Path, place: Path, most: int, encoder: Encoder) -> dict[str, Any]:
    """Share of questions where one of the first passages wholly contains an answer's span."""
    questions = [one for one in questions_of(source, most, documents=ARTICLES, spans=ARTICLE_SPANS)[0] if one.gold]
    rows = {"nrqa": timed("  nrqa", partial(product, source, place, questions, encoder))}
    documents = [(one.id, one.title, one.text) for one in documents_in(source / ARTICLES)]
    for name, split in splitters(encoder).items():
        rows[name] = timed(f"  {name}", partial(baseline, documents, split, questions, encoder))
    return {"questions": len(questions), "articles": len(documents), "splitters": rows}


def product(source: Path, place: Path, questions: Sequence[Question], encoder: Encoder) -> dict[str, Any]:
    built = build(source, place, encoder, ARTICLES)
    found = [
        [stretch(built, hit) for hit in answer.hits]
        for answer in answers(built.index, [one.text for one in questions], DEPTH)
    ]
    length = mean(one.end - one.start for stretches in found for one in stretches)
    return {
        "passages": built.report.passages_total,
        "characters": length,
        "signals": {"product": shares(questions, found)},
    }


def baseline(
    documents: Sequence[tuple[str, str, str]], split: Split, questions: Sequence[Question], encoder: Encoder
) -> dict[str, Any]:
    cut = passages(documents, split, encoder)
    found: dict[str, list[list[Stretch]]] = defaultdict(list)
    for signals in every([one.text for one in questions], encoder, cut):
        for name, stretches in signals.items():
            found[name].append(stretches[:DEPTH])
    length = mean(mean_length(one) for stretches in found.values() for one in stretches if one)
    return {
        "passages": len(cut.stretches),
        "characters": length,
        "signals": {name: shares(questions, stretches) for name, stretches in found.items()},
    }


def table(splitters: Mapping[str, Any]) -> str:
    cells: list[tuple[str, int, str, str]] = []
    hits: dict[str, list[float]] = {f"hit@{cut}": [] for cut in CUTS}
    for splitter, one in splitters.items():
        for signal, found in one["signals"].items():
            cells.append((splitter, one["passages"], f"{one['characters']:.0f}", signal))
            for cut, values in hits.items():
                values.append(found[cut])
    return machine.table(
        ("splitter", "passages", "characters of a hit", "ranked by", *hits),
        ((*one, *bold) for one, *bold in zip(cells, *map(best_bold, hits.values()), strict=True)),
    )


if __name__ == "__main__":
    main()
