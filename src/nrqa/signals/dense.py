"""The dense signal: cosines of a question with passages, which FAISS computes (see module vectors)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from nrqa.signals.vectors import Vectors

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Rows = NDArray[np.int64]
    Scores = NDArray[np.float32]


def search(
    parts: list[Vectors], question: Scores, k: int, *, allowed: list[Rows | None] | None = None
) -> tuple[Rows, Scores]:
    """The ``k`` best rows (fewer where there are fewer) and their cosines, best first.

    ``question`` has shape (dimensions,). ``allowed`` has for each part the positions (ascending) that are searched, or
    None for all: a filter applies before the ranking. Equal scores are ordered by row.
    """
    import numpy as np

    found = [
        _search_part(part, question, k, places)
        for part, places in zip(parts, allowed or [None] * len(parts), strict=True)
    ]
    if not found:
        return np.empty(0, np.int64), np.empty(0, np.float32)
    rows = np.concatenate([rows for rows, _ in found])
    scores = np.concatenate([scores for _, scores in found])
    best = np.lexsort((rows, -scores))[:k]
    return rows[best], scores[best]


def score(parts: list[Vectors], question: Scores, rows: Rows) -> Scores:
    """The cosine of each of ``rows`` (which must exist) with the question, in their order.

    FAISS compares one row at a time, so that no digit of a score depends on the other rows.
    """
    import faiss
    import numpy as np

    question = np.ascontiguousarray(question, np.float32)
    scores = np.full(len(rows), np.nan, np.float32)
    for part in parts:
        at, known = positions(part.rows, rows)
        if known.any():
            compare = part.index.exact.get_distance_computer()
            compare.set_query(faiss.swig_ptr(question))
            scores[known] = [compare(place) for place in at[known].tolist()]
    return scores


def positions(rows: Rows, wanted: Rows) -> tuple[Rows, NDArray[np.bool_]]:
    """The position of each of ``wanted`` in the ascending ``rows``, and whether it is there at all."""
    import numpy as np

    at = np.searchsorted(rows, wanted)
    at[at == len(rows)] = 0
    return at, (rows[at] == wanted) if len(rows) else np.zeros(len(wanted), bool)


def _search_part(part: Vectors, question: Scores, k: int, allowed: Rows | None) -> tuple[Rows, Scores]:
    import faiss
    import numpy as np

    count = len(part.rows) if allowed is None else len(allowed)
    if not min(count, k):
        return np.empty(0, np.int64), np.empty(0, np.float32)
    bits = None if allowed is None else _bits(allowed, len(part.rows))
    chosen = faiss.SearchParameters(sel=faiss.IDSelectorBitmap(bits)) if bits is not None else None
    with _one_thread(faiss):
        scores, at = part.index.inner.search(
            np.ascontiguousarray(question[None, :], np.float32), min(count, k), params=chosen
        )
    found = at[0] >= 0
    return np.asarray(part.rows[at[0][found]]), scores[0][found]


def _bits(allowed: Rows, count: int) -> NDArray[np.uint8]:
    """A bit for each position, as FAISS reads them."""
    import numpy as np

    wanted = np.zeros(count, bool)
    wanted[allowed] = True
    return np.packbits(wanted, bitorder="little")


@contextmanager
def _one_thread(faiss: Any) -> Iterator[None]:
    """FAISS in this thread alone: beside the threads of other libraries, waking its own took 13 ms for half of work."""
    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(threads)
