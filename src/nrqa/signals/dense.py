"""The dense signal: cosines of a question with passages, whose vectors are stored with one byte per dimension.

In a part of up to ``EXACT`` rows, all rows are compared. In a larger part, only the ``RESCORED`` or more rows are
compared whose signs differ least from the question's. There is one sign bit per dimension, and FAISS counts the bits
that differ (the Hamming distance), as in locality-sensitive hashing by hyperplanes (Charikar, STOC 2002) with the axes
as hyperplanes. This needs no training, grows by appending, is shared by all processes that map it, and can search only
the rows that pass a filter. benchmarks/README.md has what it was compared with.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Rows = NDArray[np.int64]
    Scores = NDArray[np.float32]
    Bytes = NDArray[np.int8]
    Bits = NDArray[np.uint8]

EXACT = 20_000
"""In a part of up to this many rows, all rows are compared: some 4 ms at 384 dimensions."""
RESCORED = 1_000
"""At least this many rows of a larger part are compared; more where more hits are asked for."""
_ROOTS = 5
"""At least this number times the square root of the number of rows (after filters) are compared: 5,000 of a million."""
_DEEPER = 20
"""At least this many rows are compared for each wanted hit."""
_WORTH = 4
"""If there are fewer rows than this number times those to compare, all are compared."""
_MANY = 0.25
"""If a filter leaves more than this share of a part's rows, the search skips the others; else it copies those left."""
_LEVELS = 127
_BLOCK = 1024
"""Rows compared at a time: they take so little memory that it is not requested again for each block."""
_QUICK = (4, 8, 16, 20, 32, 64)
"""Bytes per row of signs for which FAISS has special code: a million rows of 64 take 2.6 ms, of 48 they take 3.9."""


@dataclass(frozen=True, slots=True)
class Vectors:
    """The vectors of one part of the index: that of ``rows[i]`` is ``numbers[i]`` (int8) times ``scales[i]``.

    It has unit length; ``rows`` ascend. ``signs`` has a bit for each dimension (uint8, shape (rows, bytes)), or no rows
    if the part is so small that all its rows are compared. All arrays are memory-mapped.
    """

    rows: Rows
    numbers: Bytes
    scales: Scores
    signs: Bits


def quantised(vectors: Scores) -> tuple[Bytes, Scores]:
    """Quantise unit vectors (float32, shape (count, dimensions)) to int8; also return the scales that restore length 1.

    The largest absolute value of each vector becomes 127, so quantising a restored vector gives the same bytes. Vectors
    of all-MiniLM-L6-v2 have a cosine above .9999 with their restored vectors.
    """
    import numpy as np

    most = np.maximum(np.abs(vectors).max(axis=1, keepdims=True), np.float32(1e-12))
    numbers = np.rint(vectors * (np.float32(_LEVELS) / most)).astype(np.int8)
    lengths = np.sqrt(np.square(numbers, dtype=np.float32).sum(axis=1))
    return numbers, np.float32(1) / np.maximum(lengths, np.float32(1))


def restored(numbers: Bytes, scales: Scores) -> Scores:
    """The unit vectors of quantised ones: float32, shape (count, dimensions)."""
    return numbers * scales[:, None]


def signs_of(numbers: Bytes | Scores) -> Bits:
    """A bit for each dimension (the last axis): whether it is above zero; padded with zeros to ``sign_bytes``."""
    import numpy as np

    bits = np.packbits(numbers > 0, axis=-1)
    missing = sign_bytes(numbers.shape[-1]) - bits.shape[-1]
    return np.pad(bits, [*[(0, 0)] * (bits.ndim - 1), (0, missing)]) if missing else bits


def sign_bytes(dimensions: int) -> int:
    """The number of bytes that a row of signs takes."""
    needed = -(-dimensions // 8)
    return next((size for size in _QUICK if size >= needed), needed)


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
    """The cosine of each of ``rows`` (which must exist) with the question, in their order."""
    import numpy as np

    scores = np.full(len(rows), np.nan, np.float32)
    for part in parts:
        at, known = positions(part.rows, rows)
        numbers = part.numbers[at[known]].astype(np.float32)
        # Not as a matrix product: there the last digits of a score depend on the row's position among the others.
        scores[known] = np.einsum("ij,j->i", numbers, question) * part.scales[at[known]]
    return scores


def positions(rows: Rows, wanted: Rows) -> tuple[Rows, NDArray[np.bool_]]:
    """The position of each of ``wanted`` in the ascending ``rows``, and whether it is there at all."""
    import numpy as np

    at = np.searchsorted(rows, wanted)
    at[at == len(rows)] = 0
    return at, (rows[at] == wanted) if len(rows) else np.zeros(len(wanted), bool)


def _search_part(part: Vectors, question: Scores, k: int, allowed: Rows | None) -> tuple[Rows, Scores]:
    import numpy as np

    count = len(part.rows) if allowed is None else len(allowed)
    places = allowed
    compared = max(RESCORED, _DEEPER * k, int(_ROOTS * count**0.5))
    if count > EXACT and len(part.signs) and compared < count // _WORTH:
        places = _likely(part.signs, question, compared, allowed)
    scores = _cosines(part, places, question)
    at = np.arange(count) if places is None else places
    best = _first(scores, k)
    return np.asarray(part.rows[at[best]]), scores[best]


def _cosines(part: Vectors, places: Rows | None, question: Scores) -> Scores:
    """The cosines of the rows at ``places`` in a part (None: all rows), in blocks so that memory does not grow."""
    import numpy as np

    count = len(part.rows) if places is None else len(places)
    scores = np.empty(count, np.float32)
    for first in range(0, count, _BLOCK):
        block: slice | Rows = slice(first, first + _BLOCK) if places is None else places[first : first + _BLOCK]
        products = part.numbers[block].astype(np.float32) @ question
        scores[first : first + _BLOCK] = products * part.scales[block]
    return scores


def _first(scores: Scores, k: int) -> Rows:
    """The positions of the ``k`` best scores and of all that equal the k-th, in no particular order."""
    import numpy as np

    if len(scores) <= k:
        return np.arange(len(scores))
    least = np.partition(scores, len(scores) - k)[len(scores) - k]
    return np.flatnonzero(scores >= least)


def _likely(signs: Bits, question: Scores, count: int, allowed: Rows | None) -> Rows:
    """The positions of the ``count`` rows whose signs differ least from the question's."""
    import numpy as np

    asked = signs_of(question)[: signs.shape[1]]  # rows of older parts are shorter: they are not padded
    if allowed is None:
        return _nearest(signs, asked, count)
    if len(allowed) < _MANY * len(signs):
        return np.asarray(allowed[_nearest(signs[allowed], asked, count)])
    wanted = np.zeros(len(signs), bool)
    wanted[allowed] = True
    deep = count
    while True:
        # Deeper in proportion to the rows that the filter excludes, plus a fifth: one turn is then mostly enough.
        deep = min(len(signs), max(2 * deep, int(1.2 * count * len(signs) / len(allowed))))
        found = _nearest(signs, asked, deep)
        found = found[wanted[found]]
        if len(found) >= min(count, len(allowed)):
            return found[:count]


def _nearest(signs: Bits, asked: Bits, count: int) -> Rows:
    """The positions of the ``count`` nearest rows, nearest first."""
    import faiss
    import numpy as np

    # In this thread: beside the threads of other libraries, waking FAISS's took 13 ms for half a millisecond of work.
    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    _, found = faiss.knn_hamming(asked[None, :], signs, min(count, len(signs)), variant="mc")
    faiss.omp_set_num_threads(threads)
    return np.asarray(found[0])
