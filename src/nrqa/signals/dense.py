"""The dense signal: cosines of a question with passages, which FAISS finds and computes (see module vectors)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from nrqa.signals.vectors import EXACT, Vectors, probes

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Rows = NDArray[np.int64]
    Scores = NDArray[np.float32]

REFINED = 1_000
"""At least this many rows of a part with lists are compared by their bytes; more where more hits are asked for."""
_ROOTS = 3
"""At least this number times the square root of the number of rows (after filters) are compared: 3,000 of a million."""
_DEEPER = 20
"""At least this many rows are compared for each wanted hit."""
_FEW = 0.1
"""Of a part of which a filter leaves less than this share, the rows that are left are copied: that takes less time than
asking FAISS for each row whether it is one of them."""
_WORTH = 4
"""If there are fewer rows than this number times those to compare, all are compared."""

_WIDER = 1 / 3
"""The root of what a filter excludes, which multiplies the lists that are looked into. The square root finds hardly
more: of the exact ten by bytes .999 and 1.000 within 30 and 5% of a million rows, in 1.3 and 1.5 times the time."""


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
    k = min(k, count)
    if not k:
        return np.empty(0, np.int64), np.empty(0, np.float32)
    question = np.ascontiguousarray(question[None, :], np.float32)
    with _one_thread(faiss):
        scores, at = _refined(part, question, k, allowed) or _exact(part, question, k, allowed)
    return np.asarray(part.rows[at[0]]), scores[0]


def _refined(part: Vectors, question: Scores, k: int, allowed: Rows | None) -> tuple[Scores, Rows] | None:
    """The ``k`` best of those whose bits seem nearest; None where comparing all by bytes is as quick, or better."""
    import faiss

    count = len(part.rows) if allowed is None else len(allowed)
    compared = max(REFINED, _DEEPER * k, int(_ROOTS * count**0.5))
    if part.index.refined is None or count <= max(EXACT, _WORTH * compared):
        return None
    # A filter leaves less in each list, and what it leaves may lie in other lists than the question.
    wider = (len(part.rows) / count) ** _WIDER
    lists = part.index.lists.nlist
    chosen = faiss.IVFSearchParameters(nprobe=min(lists, int(probes(lists) * wider)), sel=_selected(part, allowed))
    params = faiss.IndexRefineSearchParameters(k_factor=compared / k, base_index_params=chosen)
    scores, at = part.index.refined.search(question, k, params=params)
    enough = at[0, -1] >= 0
    return (scores, at) if enough else None


def _exact(part: Vectors, question: Scores, k: int, allowed: Rows | None) -> tuple[Scores, Rows]:
    """The ``k`` best of all, by their bytes."""
    import faiss
    import numpy as np

    if allowed is None or len(allowed) > _FEW * len(part.rows):
        params = faiss.SearchParameters(sel=_selected(part, allowed))
        scores, at = part.index.exact.search(question, k, params=params)
        return scores, at
    scores, at = part.index.only(allowed).search(question, k)
    return scores, np.asarray(allowed[at])


def _selected(part: Vectors, allowed: Rows | None) -> Any:
    """FAISS's selector of the positions that pass a filter; None where there is none."""
    import faiss

    return None if allowed is None else faiss.IDSelectorBitmap(_bits(allowed, len(part.rows)))


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
