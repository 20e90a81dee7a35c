"""Blends several signals into one score, and sorts rows in one total order."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    Rows = NDArray[np.int64]
    Scores = NDArray[np.float32]

WEIGHTS = {"dense": 0.07, "lexical": 0.15, "late": 0.78, "foreign": 0.40}
"""The weight of each signal on a comparable scale: cosine, BM25 as a share of the most it can be for the question,
MaxSim. ``foreign`` times the question's ``foreignness`` is added to ``lexical``. Fitted by
benchmarks/quality/fusion.py, whose result is flat here: with dense from .03 to .10 and lexical from .12 to .20 it stays
within .001."""
_READ, _UNREAD = 0.4, 0.7
"""Up to the first share of unread letters (as in ``encoder.unread``), words have no share of their own; from the second
on, they have ``_MOST`` of the score. With limits from .3 and .6 to .4 and .8, nothing changes by more than .003."""
_MOST = 0.75
"""With values from .6 to .9, nothing changes by more than .004; Russian loses .009 with 1."""
_FOREIGN = 1.0
"""With this many tokens per word beyond the first, a question is entirely foreign."""


def weights_for(
    weights: Mapping[str, float], tokens_per_word: float, *, late: bool, unread: float = 0.0
) -> dict[str, float]:
    """The share of each signal in the score of one question; the shares add up to 1.

    An encoder cuts words that it hardly knows (other languages, names) into many tokens. Its vectors for them are worth
    less than the fact that the words occur, so the lexical signal gets more weight. Of what it does not read at all,
    its vectors say nothing: ``unread`` is the share of the question's letters (see module encoder.unread). ``late``
    says whether the index has the late signal.
    """
    lexical = weights["lexical"] + weights["foreign"] * foreignness(tokens_per_word)
    raw = {"dense": weights["dense"], "lexical": lexical}
    if late:
        raw["late"] = weights["late"]
    total = sum(raw.values())
    alone = words_alone(unread)
    return {name: (1 - alone) * one / total + alone * (name == "lexical") for name, one in raw.items()}


def words_alone(unread: float) -> float:
    """The share of the score that the words have alone: 0 where the encoder reads most letters of a question."""
    return _MOST * min(max((unread - _READ) / (_UNREAD - _READ), 0.0), 1.0)


def foreignness(tokens_per_word: float) -> float:
    """Between 0 (the encoder knows every word) and 1 (it cuts words into two or more tokens on average)."""
    return min(max(tokens_per_word - 1.0, 0.0), _FOREIGN)


def blend(signals: Mapping[str, Scores], weights: Mapping[str, float]) -> Scores:
    """The weighted sum of the signals, each aligned to the same rows and on a scale that ends at 1."""
    import numpy as np

    total = sum(np.float32(weights[name]) * scores for name, scores in signals.items())
    return np.asarray(total, np.float32)


def order(rows: Rows, scores: Scores) -> NDArray[np.int64]:
    """The positions that sort by score, highest first, and by row where scores are equal."""
    import numpy as np

    return np.lexsort((rows, -scores))
