"""Whole articles indexed: does a passage near the top cover the answer? nrqa beside the usual splitters."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.quality.splitters import Split, every, mean_length, passages, splitters
from benchmarks.shared.question_sets import ARTICLE_SPANS, ARTICLES, Built, answers, build, mean, questions_of, timed
from nrqa.encoder.protocol import Encoder
from nrqa.evaluation import measures
from nrqa.evaluation.judgments.beir import documents_in
from nrqa.evaluation.judgments.model import Question
from nrqa.evaluation.measures import Stretch, covers
from nrqa.records import Hit

CUTS = (1, 5)
DEPTH = max(CUTS)
_COVERS = "covers the answer"
"""The unit that every passage covering an answer counts as; it is the only relevant one."""


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


def stretch(built: Built, hit: Hit) -> Stretch:
    """Where a hit stands in its document's text, the title line of the file left out."""
    citation = hit.passage.citation
    name = built.names[citation.document]
    shift = built.files[name].shift
    return Stretch(name, citation.start - shift, citation.end - shift)


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


def shares(questions: Sequence[Question], found: Iterable[Sequence[Stretch]]) -> dict[str, float]:
    units = {}
    for question, stretches in zip(questions, found, strict=True):
        gold = [Stretch(one.document, one.answer.start, one.answer.end) for one in question.gold]
        named = [_COVERS if covers(one, gold) else f"{one.document}@{one.start}-{one.end}" for one in stretches]
        units[question.id] = list(dict.fromkeys(named))
    ranked = measures.ranking({one.id: {_COVERS: 1} for one in questions}, units)
    return {f"hit@{cut}": mean(one[f"hit@{cut}"] for one in ranked.values()) for cut in CUTS}
