"""How well nrqa finds and abstains on question sets; README.md says what the columns mean."""

import argparse
import json
import math
import random
import string
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

import machine
import nrqa
from nrqa import fusion
from nrqa.encoder.opening import open_for_indexing
from nrqa.encoder.protocol import Encoder
from nrqa.settings import DEFAULT_MODEL
from nrqa.terms import question_terms

DATA = machine.ROOT.parent / "shared" / "data"
SETS = ("squad_v1_dev", "squad_v2_cs224n_dev", "nq_oracle", "clapnq_dev", "xquad_en", "xquad_de", "xquad_es")
OUTSIDE = ("pubmed", "privacy")
SIGNALS = ("dense", "BM25", "RRF", "nrqa")
DEPTH = 50
"""Rows of each signal that RRF fuses: as many as nrqa blends."""
RRF_K = 60
CUT = 10
NOTHING = ("absent", "unknown")
"""The same confidence; it is called unknown where the set has a file that nrqa could not read."""
SEED = 20_240_607


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, default=DATA, help="folder of the question sets")
    options.add_argument("--questions", type=int, default=300, help="questions a set")
    options.add_argument("--work", type=Path, help="where corpora and indexes are kept for the next run")
    given = options.parse_args()
    results: dict[str, Any] = {"machine": machine.describe(), "questions": given.questions, "seed": SEED, "sets": {}}
    encoder = open_for_indexing(DEFAULT_MODEL, offline=True, announce=print)
    outside = {name: [one["text"] for one in read(given.data / "ood_questions" / f"{name}.jsonl")] for name in OUTSIDE}
    outside["gibberish"] = gibberish(100)
    with tempfile.TemporaryDirectory() as temporary:
        for name in SETS:
            if not (given.data / name).is_dir():
                print(f"There is no '{given.data / name}': skipped.")
                continue
            place = (given.work or Path(temporary)) / name
            results["sets"][name] = measure(given.data / name, place, given.questions, outside, encoder)
            print(name, json.dumps(results["sets"][name]), flush=True)
    results["machine"]["load_at_the_end"] = machine.load()
    machine.write("retrieval", results, tables(results["sets"]))


def read(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def measure(source: Path, place: Path, most: int, outside: dict[str, list[str]], encoder: Encoder) -> dict[str, Any]:
    write_corpus(source, place / "corpus")
    report = nrqa.reindex(place / "corpus", place / "index", encoder=encoder)
    index = nrqa.Index.open(place / "index", encoder=encoder)
    relevant = relevant_of(source)
    questions = {one["_id"]: one["text"] for one in read(source / "queries.jsonl")}
    answerable = sampled([name for name in questions if name in relevant], most)
    answers = index.ask_many([questions[name] for name in answerable], k=DEPTH)
    found = [
        {**separate(index, encoder, answer.question), "nrqa": [hit.passage.citation.document for hit in answer.hits]}
        for answer in answers
    ]
    near = sampled([name for name in questions if name not in relevant], most)
    return {
        "documents": report.documents_added + report.documents_unchanged,
        "unreadable": [one.document for one in report.unreadable],
        "passages": report.passages_total,
        "questions": len(answerable),
        "ndcg": {
            signal: mean(ndcg(one[signal], relevant[name]) for name, one in zip(answerable, found, strict=True))
            for signal in SIGNALS
        },
        "called_absent": mean(answer.verdict in NOTHING for answer in answers),
        "called_weak": mean(answer.verdict == "weak" for answer in answers),
        "near_misses": len(near),
        "absent": {
            "near misses": absent(index, [questions[name] for name in near]) if near else None,
            **{name: absent(index, texts) for name, texts in outside.items()},
        },
    }


def relevant_of(source: Path) -> dict[str, set[str]]:
    """The names of the documents that answer each question."""
    relevant: dict[str, set[str]] = {}
    for line in (source / "qrels.tsv").read_text("utf-8").splitlines()[1:]:
        question, document, grade = line.split("\t")
        if int(grade) > 0:
            relevant.setdefault(question, set()).add(f"{document}.txt")
    return relevant


def write_corpus(source: Path, folder: Path) -> None:
    """One .txt file for each passage, under a header line with its title."""
    folder.mkdir(parents=True, exist_ok=True)
    for one in read(source / "corpus.jsonl"):
        (folder / f"{one['_id']}.txt").write_text(f"Title: {one['title']}\n\n{one['text']}\n", "utf-8")


def sampled(names: list[str], most: int) -> list[str]:
    return random.Random(SEED).sample(names, min(most, len(names)))  # noqa: S311 - the same sample every time


def gibberish(count: int) -> list[str]:
    """Questions of 3 to 8 words of 2 to 10 random letters."""
    dice = random.Random(SEED)  # noqa: S311 - the same gibberish every time

    def word() -> str:
        return "".join(dice.choices(string.ascii_lowercase, k=dice.randint(2, 10)))

    return [" ".join(word() for _ in range(dice.randint(3, 8))) + "?" for _ in range(count)]


def separate(index: nrqa.Index, encoder: Encoder, question: str) -> dict[str, list[str]]:
    """The documents that each signal alone finds, and RRF of both, best first."""
    snapshot = index.snapshot
    within = snapshot.filtered(None, None)
    dense, _ = snapshot.search_dense(encoder.encode_questions([question]).vectors[0], DEPTH, within)
    lexical, _ = snapshot.search_lexical(question_terms(question), DEPTH, within)
    rows = np.union1d(dense, lexical)
    scores = np.zeros(len(rows), np.float32)
    for one in (dense, lexical):
        scores[np.searchsorted(rows, one)] += 1 / (RRF_K + 1 + np.arange(len(one), dtype=np.float32))
    ranked = {"dense": dense, "BM25": lexical, "RRF": rows[fusion.order(rows, scores)]}
    return {
        name: [snapshot.stored(row).passage.citation.document for row in one.tolist()] for name, one in ranked.items()
    }


def ndcg(found: Sequence[str], relevant: set[str]) -> float:
    """nDCG at 10 by document: of several passages of one document the first counts."""
    best = list(dict.fromkeys(found))[:CUT]
    gain = sum(1 / math.log2(rank + 1) for rank, name in enumerate(best, 1) if name in relevant)
    return gain / sum(1 / math.log2(rank + 1) for rank in range(1, min(CUT, len(relevant)) + 1))


def absent(index: nrqa.Index, questions: Sequence[str]) -> float:
    return mean(answer.verdict in NOTHING for answer in index.ask_many(questions, k=1))


def mean(values: Iterable[float]) -> float:
    listed = list(values)
    return sum(listed) / len(listed)


def tables(sets: dict[str, Any]) -> list[str]:
    return [
        "nDCG@10:",
        machine.table(
            (
                "set",
                "files",
                "unreadable",
                "passages",
                "questions",
                "dense only",
                "BM25 only",
                "RRF (k=60)",
                "nrqa's blend",
            ),
            (
                (
                    name,
                    one["documents"],
                    len(one["unreadable"]),
                    one["passages"],
                    one["questions"],
                    *best_bold(one["ndcg"]),
                )
                for name, one in sets.items()
            ),
        ),
        "Share of questions with the verdict *absent* (right for the last four columns, wrong for the first):",
        machine.table(
            ("set", "answerable", "of them *weak*", "near misses", *(*OUTSIDE, "gibberish")),
            (
                (
                    name,
                    f"{one['called_absent']:.1%}",
                    f"{one['called_weak']:.1%}",
                    *("–" if share is None else f"{share:.1%}" for share in one["absent"].values()),
                )
                for name, one in sets.items()
            ),
        ),
    ]


def best_bold(scores: dict[str, float]) -> list[str]:
    most = max(scores.values())
    return [f"**{scores[name]:.3f}**" if scores[name] == most else f"{scores[name]:.3f}" for name in SIGNALS]


if __name__ == "__main__":
    main()
