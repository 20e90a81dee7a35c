"""The dense signal: exact inner products between unit vectors, by FAISS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Rows = NDArray[np.int64]
    Scores = NDArray[np.float32]

BLOCK = 65_536
"""Vectors looked at in one go where some of them must be left out: 100 MB at 384 dimensions."""
FEW = 1024
"""Up to so many rows of a part may be left out by asking FAISS for as many more."""


@dataclass(frozen=True, slots=True)
class Vectors:
    """The vectors of one part of the index: ``matrix[i]`` (float32, unit length) belongs to ``rows[i]``.

    ``rows`` ascend. Both are memory-mapped; nothing here copies more than a block of them.
    """

    rows: Rows
    matrix: Scores


def search(parts: list[Vectors], question: Scores, k: int, *, allowed: Rows | None = None) -> tuple[Rows, Scores]:
    """The ``k`` best rows (fewer where there are fewer) and their inner products, best first.

    ``question`` has shape (dimensions,). Where ``allowed`` (ascending) is given, only those rows are
    looked at: the filter comes before the ranking. Equal scores are ordered by row.
    """
    import numpy as np

    found = [_search_part(part, question, k, allowed) for part in parts if len(part.rows)]
    if not found:
        return np.empty(0, np.int64), np.empty(0, np.float32)
    rows = np.concatenate([rows for rows, _ in found])
    scores = np.concatenate([scores for _, scores in found])
    best = np.lexsort((rows, -scores))[:k]
    return rows[best], scores[best]


def score(parts: list[Vectors], question: Scores, rows: Rows) -> Scores:
    """The inner product of each of ``rows`` (which must exist) with the question, in their order."""
    import numpy as np

    scores = np.full(len(rows), np.nan, np.float32)
    for part in parts:
        at, known = _positions(part.rows, rows)
        scores[known] = part.matrix[at[known]] @ question
    return scores


def _search_part(part: Vectors, question: Scores, k: int, allowed: Rows | None) -> tuple[Rows, Scores]:
    import numpy as np

    if allowed is None:
        return _nearest(part.rows, part.matrix, question, k)
    at, known = _positions(part.rows, allowed)
    at = at[known]
    missing = len(part.rows) - len(at)
    if missing <= FEW:
        # Cheaper than copying all others: fetch as many more, then leave those out.
        rows, scores = _nearest(part.rows, part.matrix, question, k + missing)
        wanted = np.isin(rows, allowed, assume_unique=True)
        return rows[wanted], scores[wanted]
    found = [
        _nearest(part.rows[block], part.matrix[block], question, k)
        for block in (at[first : first + BLOCK] for first in range(0, len(at), BLOCK))
    ]
    if not found:
        return np.empty(0, np.int64), np.empty(0, np.float32)
    return np.concatenate([rows for rows, _ in found]), np.concatenate([scores for _, scores in found])


def _nearest(rows: Rows, matrix: Scores, question: Scores, k: int) -> tuple[Rows, Scores]:
    import faiss

    scores, at = faiss.knn(question[None, :], matrix, min(k, len(rows)), metric=faiss.METRIC_INNER_PRODUCT)
    return rows[at[0]], scores[0]


def _positions(rows: Rows, wanted: Rows) -> tuple[Rows, NDArray[np.bool_]]:
    """Where each of ``wanted`` stands in the ascending ``rows``, and whether it is there at all."""
    import numpy as np

    at = np.searchsorted(rows, wanted)
    at[at == len(rows)] = 0
    return at, (rows[at] == wanted) if len(rows) else np.zeros(len(wanted), bool)
