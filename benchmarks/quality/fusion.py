"""Fits the weights of the signals on question sets, and shows how they do on a set they were not fitted on.

Each set's questions are asked of its own index; the weights are those of a softmax over each question's candidates
(listwise, ListNet's loss with one relevant document). ``foreign`` is lexical times tokens a word beyond the first.
"""

import argparse
import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from benchmarks.quality.columns import CUT
from benchmarks.shared import machine
from benchmarks.shared.kept_encoder import KeptEncoder
from benchmarks.shared.question_sets import DATA, EVERY, build, questions_of
from nrqa.answering import ranking
from nrqa.encoder.opening import open_for_indexing
from nrqa.encoder.protocol import Encoder
from nrqa.settings import DEFAULT_MODEL
from nrqa.signals import fusion
from nrqa.signals.late.token_weights import tokens_per_word

NAMES = ("dense", "lexical", "late", "foreign")
DEPTH = 50
RELATED = ("squad", "xquad")
"""Sets of one origin: none of them is fitted on when another is judged."""
KEEP = 1e-3
"""Weight of the penalty on the sum of squares, on scores in units of their deviation."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The candidates of a set's questions, one after another; question ``i`` has those from ``starts[i]`` on."""

    name: str
    starts: NDArray[np.int64]
    features: NDArray[np.float64]
    relevant: NDArray[np.bool_]
    documents: list[list[str]]
    grades: list[Mapping[str, int]]
    shipped: NDArray[np.float64]
    """The product's own scores of the candidates."""

    @property
    def questions(self) -> int:
        return len(self.documents)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, default=DATA, help="folder of the question sets")
    options.add_argument("--questions", type=int, default=1000, help="questions a set")
    options.add_argument("--sets", default=",".join(EVERY), help="sets to ask, with commas between them")
    options.add_argument("--work", type=Path, help="keeps corpora, indexes and vectors: a second run encodes nothing")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        work = given.work or Path(temporary)
        encoder = KeptEncoder(open_for_indexing(DEFAULT_MODEL, offline=True, announce=print), work)
        names = [name for name in given.sets.split(",") if (given.data / name).is_dir()]
        sets = [ask(given.data / name, work / name, given.questions, encoder) for name in names]
    results: dict[str, Any] = {"machine": machine.describe(), "questions": given.questions, "sets": {}}
    for one in sets:
        others = [other for other in sets if not related(one.name, other.name)]
        left_out = fit(others)
        results["sets"][one.name] = {
            **{name: ndcg(one, one.features[:, at]) for at, name in enumerate(NAMES[:3])},
            "left out": ndcg(one, one.features @ left_out),
            "shipped": ndcg(one, one.shipped),
            "weights": dict(zip(NAMES, np.round(left_out, 2).tolist(), strict=True)),
        }
        print(one.name, json.dumps(results["sets"][one.name]), flush=True)
    results["fitted on all"] = dict(zip(NAMES, np.round(fit(sets), 2).tolist(), strict=True))
    print(results["fitted on all"])
    machine.write("fusion", results, table(results))


def related(one: str, other: str) -> bool:
    """Whether the two are the same, or squad and xquad sets, which share questions."""
    return one == other or (one.startswith(RELATED) and other.startswith(RELATED) and one[0] == other[0])


def ask(source: Path, place: Path, most: int, encoder: Encoder) -> Asked:
    built = build(source, place, encoder)
    snapshot = built.index.snapshot
    within = snapshot.filtered(None, None)
    questions, _ = questions_of(source, most)
    asked = ranking.prepared(snapshot, [one.text for one in questions], encoder.encode_questions)
    starts, features, shipped, documents, grades = [0], [], [], [], []
    hits: list[bool] = []
    for question, one in zip(questions, asked, strict=True):
        ranked = ranking.rank(snapshot, one, DEPTH, within)
        if ranked.tokens is None or ranked.tokens.alone:
            continue  # no weights are asked for: its words alone decide
        assert one.tokens is not None
        found = [built.names[snapshot.stored(row).passage.citation.document] for row in ranked.rows.tolist()]
        lexical = ranked.comparable["lexical"]
        foreign = lexical * fusion.foreignness(tokens_per_word(one.text, one.tokens.spans))
        features.append(np.stack([ranked.signals["dense"], lexical, ranked.signals["late"], foreign], axis=1))
        shipped.append(ranked.scores)
        hits.extend(document in question.relevant for document in found)
        documents.append(found)
        grades.append(question.relevant)
        starts.append(starts[-1] + len(found))
    return Asked(
        source.name,
        np.array(starts),
        np.concatenate(features).astype(float),
        np.array(hits),
        documents,
        grades,
        np.concatenate(shipped).astype(float),
    )


def fit(sets: list[Asked]) -> NDArray[np.float64]:
    """The weights under which the relevant candidates are likeliest, each set counting alike."""
    deviation = np.concatenate([one.features for one in sets]).std(axis=0)

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        total, slope = KEEP * float(weights @ weights), 2 * KEEP * weights
        for one in sets:
            scaled, starts = one.features / deviation, one.starts[:-1]
            question = np.repeat(np.arange(one.questions), np.diff(one.starts))
            scores = scaled @ weights
            powers = np.exp(scores - np.maximum.reduceat(scores, starts)[question])
            all_, right = np.add.reduceat(powers, starts), np.add.reduceat(powers * one.relevant, starts)
            answered = right > 0
            share = 1 / len(sets) / answered.sum()
            total += share * float(np.log(all_[answered] / right[answered]).sum())
            wrong = powers / all_[question] - powers * one.relevant / np.where(answered, right, 1)[question]
            slope = slope + share * (scaled.T @ (wrong * answered[question]))
        return total, slope

    found = minimize(loss, np.zeros(len(NAMES)), jac=True, method="L-BFGS-B", bounds=[(0, None)] * len(NAMES))
    return np.asarray(found.x / deviation)


def ndcg(one: Asked, scores: NDArray[np.float64]) -> float:
    """Mean nDCG@10 by document, with graded relevance as trec_eval has it: grade / log2(rank + 1)."""
    found = []
    for start, end, documents, grades in zip(one.starts[:-1], one.starts[1:], one.documents, one.grades, strict=True):
        order = np.argsort(-scores[start:end], kind="stable")
        ranked = list(dict.fromkeys(documents[at] for at in order.tolist()))[:CUT]
        best = sorted(grades.values(), reverse=True)[:CUT]
        found.append(_gain([grades.get(name, 0) for name in ranked]) / _gain(best))
    return float(np.mean(found))


def _gain(grades: Sequence[int]) -> float:
    return float(sum(grade / np.log2(rank + 2) for rank, grade in enumerate(grades)))


def table(results: dict[str, Any]) -> list[str]:
    return [
        machine.table(
            ("set", *NAMES[:3], "weights fitted on other sets", "weights shipped", *NAMES),
            (
                (
                    name,
                    *(f"{one[column]:.3f}" for column in (*NAMES[:3], "left out", "shipped")),
                    *(f"{one['weights'][signal]:.1f}" for signal in NAMES),
                )
                for name, one in results["sets"].items()
            ),
        ),
        f"Fitted on all sets: {results['fitted on all']}.",
    ]


if __name__ == "__main__":
    main()
