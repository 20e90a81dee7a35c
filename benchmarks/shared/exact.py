"""Exact inner products over all vectors as the encoder gave them, whatever the index keeps of them."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.shared.measured_encoder import DIGEST, digest, digests_of
from nrqa.index.encoder_input import encoder_input
from nrqa.index.local.snapshot import LocalSnapshot

DEEP = 50
"""As deep as the product's own search."""
TIE = 1e-6
_BLOCK = 32_768

Rows = NDArray[np.int64]
Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Exact:
    """``vectors[places[i]]`` is the vector of row ``rows[i]``, which is in document ``documents[i]``.

    The rows ascend; the vectors are memory-mapped.
    """

    rows: Rows
    documents: Rows
    places: Rows
    vectors: Scores

    def blocks(self) -> "list[tuple[Rows, Rows]]":
        """Rows and places, some at a time."""
        cuts = range(0, len(self.rows), _BLOCK)
        return [(self.rows[at : at + _BLOCK], self.places[at : at + _BLOCK]) for at in cuts]

    def search(self, questions: Scores, k: int, allowed: Rows | None = None) -> tuple[Rows, Scores]:
        """The ``k`` best rows of each question and their scores, best first: shapes (questions, k)."""
        rows = np.zeros((len(questions), 0), np.int64)
        scores = np.zeros((len(questions), 0), np.float32)
        for some, places in self.blocks():
            if allowed is not None:
                kept = np.isin(some, allowed)
                some, places = some[kept], places[kept]  # noqa: PLW2901 - the block, less what the filter leaves out
            scores = np.concatenate([scores, questions @ self.vectors[places].T], axis=1)
            rows = np.concatenate([rows, np.broadcast_to(some, (len(questions), len(some)))], axis=1)
            best = (
                np.argpartition(-scores, k - 1, axis=1)[:, :k] if scores.shape[1] > k else np.argsort(-scores, axis=1)
            )
            rows, scores = np.take_along_axis(rows, best, 1), np.take_along_axis(scores, best, 1)
        order = np.argsort(-scores, axis=1, kind="stable")
        return np.take_along_axis(rows, order, 1), np.take_along_axis(scores, order, 1)

    def scores_of(self, question: Scores, rows: Rows) -> Scores:
        """The exact scores of rows (any order)."""
        return np.asarray(self.vectors[self.places[np.searchsorted(self.rows, rows)]] @ question)


def exact_vectors(file: Path, index: Path) -> Exact:
    """The vectors that were kept while the index was built, by the index's rows."""
    snapshot = LocalSnapshot.newest(index)
    raw = digests_of(file).read_bytes()
    place_of = {raw[at : at + DIGEST]: at // DIGEST for at in range(0, len(raw), DIGEST)}
    found = sorted(
        (one.row, one.document, place_of[digest(encoder_input(one.context, one.text, markup=one.markup))])
        for part in snapshot.manifest.parts
        for one in snapshot.written(part.name, without=set(part.removed))
    )
    width = snapshot.manifest.model.dimensions
    rows, documents, places = (np.array(one, np.int64) for one in zip(*found, strict=True))
    return Exact(rows, documents, places, np.memmap(file, np.float32, mode="r").reshape(-1, width))


def recall(exact: Exact, question: Scores, found: Rows, best: Scores) -> float:
    """The share of the best that was found; where several score alike, any of them."""
    if not len(best):
        return 1.0
    scores = exact.scores_of(question, found) if len(found) else np.empty(0, np.float32)
    return float(np.count_nonzero(scores >= best[-1] - TIE)) / len(best)
