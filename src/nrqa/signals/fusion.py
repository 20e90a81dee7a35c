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
_FOREIGN = 1.0
"""With this many tokens per word beyond the first, a question is entirely foreign."""


def words_alone(*, late: bool) -> dict[str, float]:
    """The shares for a question in letters that the encoder does not have: its words decide."""
    return {"dense": 0.0, "lexical": 1.0} | ({"late": 0.0} if late else {})


def weights_for(weights: Mapping[str, float], tokens_per_word: float, *, late: bool) -> dict[str, float]:
    """The share of each signal in the score of one question; the shares add up to 1.

    An encoder cuts words that it hardly knows (other languages, names) into many tokens. Its vectors for them are worth
    less than the fact that the words occur, so the lexical signal gets more weight. ``late`` says whether the index has
    the late signal.
    """
    lexical = weights["lexical"] + weights["foreign"] * foreignness(tokens_per_word)
    raw = {"dense": weights["dense"], "lexical": lexical}
    if late:
        raw["late"] = weights["late"]
    total = sum(raw.values())
    return {name: one / total for name, one in raw.items()}


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
