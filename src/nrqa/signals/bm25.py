"""BM25 of single passages, as tantivy computes it: for an index whose terms another engine keeps.

score = sum of idf * tf * (k1 + 1) / (tf + k1 * (1 - b + b * length / average)). As in Lucene, ``length`` is kept in one
byte: exact up to 40, then rounded down to four significant bits (SmallFloat.byte4ToInt in Lucene, fieldnorm/code.rs in
tantivy). Numbers are float32, as there.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from nrqa.signals.lexical import K1

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

B = 0.75
_EXACT = 24
"""Lengths below are their own codes; 232 codes are left for larger ones."""
_BITS = 8


def _lengths() -> list[int]:
    """The lengths that one byte can say, ascending."""
    found = [*range(_EXACT)]
    for code in range(256 - _EXACT):
        step, rest = divmod(code, _BITS)
        found.append(_EXACT + (rest if step == 0 else (rest | _BITS) << (step - 1)))
    return found


_LENGTHS = _lengths()


def kept_length(length: int) -> int:
    """The length as an index keeps it."""
    return _LENGTHS[bisect_right(_LENGTHS, length) - 1]


def scores(
    idfs: Mapping[str, float], passages: Sequence[tuple[Mapping[str, int], int]], average: float
) -> NDArray[np.float32]:
    """The score of each passage, given as the counts of its terms and its length; shape (passages,).

    ``idfs`` are the weights of the question's terms, ``average`` is the mean length of all passages.
    """
    import numpy as np

    one = np.float32
    found = np.zeros(len(passages), np.float32)
    lengths = np.array([kept_length(length) for _, length in passages], np.float32)
    norms = one(K1) * (one(1 - B) + one(B) * lengths / one(average))
    for term, weight in idfs.items():
        occurs = np.array([counts.get(term, 0) for counts, _ in passages], np.float32)
        found += one(weight) * one(1 + K1) * (occurs / (occurs + norms))
    return found
