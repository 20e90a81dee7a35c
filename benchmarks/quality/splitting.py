"""Cuts compared on chunking_eval: how much of what answers is in the first so many tokens, and how much else.

Each document is searched by itself, as in Chroma's report. Hits are taken in order until they make up the number of
tokens (the last one is cut short), so that no cut wins by handing out more text. Recall, precision and IoU are over
tokens, each counted once.
"""

import argparse
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import nrqa
from benchmarks.quality.splitters import Spans, every, passages, splitters
from benchmarks.shared import machine
from benchmarks.shared.question_sets import DATA, mean, questions_of, timed
from nrqa.encoder.converted.files import TOKENIZER, converted_folder
from nrqa.encoder.opening import open_for_indexing
from nrqa.encoder.protocol import Encoder
from nrqa.evaluation.judgments.beir import documents_in
from nrqa.evaluation.judgments.model import Question
from nrqa.settings import DEFAULT_MODEL

BUDGETS = (200, 400, 800)
"""Tokens taken of what is found."""
DEPTH = 50
OURS = "nrqa's passages"
MEASURES = ("recall", "precision", "IoU")
SIGNALS = ("dense", "BM25", "two-signal blend", "product")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, default=DATA, help="folder of the question sets")
    options.add_argument("--characters", type=int, default=150_000, help="of each document, from its beginning; 0: all")
    given = options.parse_args()
    encoder = open_for_indexing(DEFAULT_MODEL, offline=True, announce=print)
    source = given.data / "chunking_eval"
    questions, _ = questions_of(source, 0)
    found: dict[tuple[str, str, int], list[dict[str, float]]] = defaultdict(list)
    lengths: dict[str, list[int]] = defaultdict(list)
    asked = 0
    for document in documents_in(source / "corpus.jsonl"):
        text = document.text[: given.characters or None]
        within = [one for one in questions if gold_of(one, document.id) and last(one, document.id) <= len(text)]
        asked += len(within)
        ends = token_ends(text, encoder)
        for splitter, signals, spans in timed(document.id, partial(ranked, text, within, encoder)):
            lengths[splitter] += [end - start for start, end in spans]
            for name, stretches in signals.items():
                for question, one in zip(within, stretches, strict=True):
                    gold = tokens(gold_of(question, document.id), ends)
                    for budget in BUDGETS:
                        found[splitter, name, budget].append(measured(gold, tokens(one, ends, budget)))
    results: dict[str, Any] = {
        "machine": machine.describe(),
        "characters": given.characters,
        "questions": asked,
        "mean characters of a passage": {name: mean(map(float, one)) for name, one in lengths.items()},
        "measures": [
            {"splitter": splitter, "signal": signal, "tokens": budget}
            | {name: mean(one[name] for one in rows) for name in MEASURES}
            for (splitter, signal, budget), rows in found.items()
        ],
    }
    machine.write("splitting", results, tables(results))


def ranked(
    text: str, questions: Sequence[Question], encoder: Encoder
) -> list[tuple[str, dict[str, list[Spans]], Spans]]:
    """For each way of cutting: the spans that each signal finds for each question, best first, and all spans."""
    asked = [one.text for one in questions]
    with tempfile.TemporaryDirectory() as folder:
        corpus, index = Path(folder) / "corpus", Path(folder) / "index"
        corpus.mkdir()
        (corpus / "document.txt").write_text(text, "utf-8", newline="")
        nrqa.reindex(corpus, index, encoder=encoder)
        opened = nrqa.Index.open(index, encoder=encoder)
        known = opened.snapshot.document_named("document.txt")
        assert known is not None
        assert known[0] == text
        ours = [(one.passage.citation.start, one.passage.citation.end) for one in known[1]]
        product = [
            [(hit.passage.citation.start, hit.passage.citation.end) for hit in answer.hits]
            for answer in opened.ask_many(asked, k=DEPTH)
        ]
    found = []
    for name, split in {OURS: lambda _: ours, **splitters(encoder)}.items():
        cut = passages([("document", "", text)], split, encoder)
        signals: dict[str, list[Spans]] = defaultdict(list)
        for one in every(asked, encoder, cut):
            for signal, stretches in one.items():
                signals[signal].append([(stretch.start, stretch.end) for stretch in stretches])
        if name == OURS:
            signals["product"] = product
        found.append((name, signals, split(text)))
    return found


def gold_of(question: Question, document: str) -> Spans:
    return [(one.answer.start, one.answer.end) for one in question.gold if one.document == document]


def last(question: Question, document: str) -> int:
    return max(end for _, end in gold_of(question, document))


def token_ends(text: str, encoder: Encoder) -> NDArray[np.int64]:
    """Where each of the encoder's tokens of the text ends."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(converted_folder(encoder.model.fingerprint) / TOKENIZER))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return np.array([end for _, end in tokenizer.encode(text, add_special_tokens=False).offsets], np.int64)


def tokens(spans: Spans, ends: NDArray[np.int64], most: int = 0) -> set[int]:
    """The numbers of the tokens that end within the spans, in order of the spans, up to so many."""
    found: dict[int, None] = {}
    for start, end in spans:
        for at in range(*np.searchsorted(ends, [start, end], side="right").tolist()):
            if most and len(found) == most:
                return set(found)
            found.setdefault(at)
    return set(found)


def measured(gold: set[int], taken: set[int]) -> dict[str, float]:
    common = len(gold & taken)
    return {
        "recall": common / len(gold) if gold else 0.0,
        "precision": common / len(taken) if taken else 0.0,
        "IoU": common / len(gold | taken) if gold else 0.0,
    }


def tables(results: dict[str, Any]) -> list[str]:
    lines = [f"{results['questions']} questions, each of its own document."]
    lengths = results["mean characters of a passage"]
    for budget in BUDGETS:
        rows = [one for one in results["measures"] if one["tokens"] == budget and one["signal"] in SIGNALS]
        lines += [
            f"The first {budget} tokens:",
            machine.table(
                ("cut", "characters", "ranked by", *MEASURES),
                (
                    (
                        one["splitter"],
                        f"{lengths[one['splitter']]:.0f}",
                        one["signal"],
                        *(f"{one[name]:.3f}" for name in MEASURES),
                    )
                    for one in rows
                ),
            ),
        ]
    return lines


if __name__ == "__main__":
    main()
