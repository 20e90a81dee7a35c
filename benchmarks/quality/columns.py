"""The columns of the table: what each signal, and each way of fusing signals, makes of the same candidates."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

import nrqa
from nrqa.answering import ranking
from nrqa.answering.ranking import Question, Ranked
from nrqa.encoder.protocol import Encoder
from nrqa.evaluation import measures
from nrqa.signals import fusion

DEPTH = 50
"""Candidates of each of the two searches; RRF fuses as many."""
RRF_K = 60
TWO_SIGNALS = {"dense": 0.45, "lexical": 0.55}
"""nrqa's blend before it had the late signal: cosine, and BM25 as a share of the most it can be for the question."""
CUT = 10
BM25_OF_DOCUMENTS, RRF_OF_DOCUMENTS = "BM25 of documents", "RRF of documents"
SINGLE = ("dense", "BM25", "late", BM25_OF_DOCUMENTS)
BASELINES = ("dense", "BM25", "RRF", "two-signal blend", BM25_OF_DOCUMENTS, RRF_OF_DOCUMENTS)
"""What other tools do: on nrqa's own candidates, or with each document as one unit."""
COLUMNS = ("dense", "BM25", "late", BM25_OF_DOCUMENTS, "RRF", RRF_OF_DOCUMENTS, "two-signal blend", "product")
_AT_ONCE = 100

Rows = NDArray[np.int64]
Scores = NDArray[np.float32]


def orders(rows: Rows, dense: Scores, lexical: Scores, bound: float) -> dict[str, Rows]:
    """The rows, best first, by each of the baselines.

    ``rows`` are the union of the best of both signals, whose scores are given for all of them; ``bound`` is the most
    that BM25 can be for the question. A row without any of its words is not found by BM25.
    """
    by_dense = rows[fusion.order(rows, dense)]
    by_lexical = rows[[at for at in fusion.order(rows, lexical).tolist() if lexical[at] > 0]]
    comparable = {"dense": dense, "lexical": lexical / np.float32(bound)}
    blend = fusion.blend(comparable, TWO_SIGNALS)
    return {
        "dense": by_dense,
        "BM25": by_lexical,
        "RRF": reciprocal_ranks(by_dense[:DEPTH], by_lexical[:DEPTH]),
        "two-signal blend": rows[fusion.order(rows, blend)],
    }


def reciprocal_ranks(*rankings: Rows) -> Rows:
    """Reciprocal rank fusion (Cormack et al., SIGIR 2009): 1 / (k + rank), added up."""
    scores: dict[int, float] = {}
    for one in rankings:
        for rank, row in enumerate(one.tolist(), 1):
            scores[row] = scores.get(row, 0.0) + 1 / (RRF_K + rank)
    return np.array(sorted(scores, key=lambda row: (-scores[row], row)), np.int64)


def ranked(index: nrqa.Index, encoder: Encoder, texts: Sequence[str]) -> Iterator[tuple[Question, Ranked]]:
    """Every question with its candidates and the scores of all signals, as the product has them."""
    snapshot = index.snapshot
    within = snapshot.filtered(None, None)
    for first in range(0, len(texts), _AT_ONCE):
        some = list(texts[first : first + _AT_ONCE])
        for one in ranking.prepared(snapshot, some, encoder.encode_questions):
            yield one, ranking.rank(snapshot, one, DEPTH, within)


def by_signals(one: Ranked, bound: float) -> dict[str, Rows]:
    """The rows of the candidates by each column but the product's."""
    found = orders(one.rows, one.signals["dense"], one.signals["lexical"], bound)
    if "late" in one.signals:
        found["late"] = one.rows[fusion.order(one.rows, one.signals["late"])]
    return found


def measured(
    relevant: Mapping[str, Mapping[str, int]], found: Mapping[str, Mapping[str, Sequence[str]]]
) -> dict[str, dict[str, dict[str, float]]]:
    """For each column, each question's measures; ``found`` has for each column the ranked units of each question."""
    return {column: measures.ranking(relevant, units) for column, units in found.items()}


def difference(one: Mapping[str, Mapping[str, float]], other: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """By how much nDCG@10 of one column is above the other's, with the 95% interval of a paired bootstrap."""
    values = [one[question]["nDCG@10"] - other[question]["nDCG@10"] for question in one]
    low, high = measures.bootstrap(values)
    return {"mean": sum(values) / len(values), "low": low, "high": high}
