"""Which tokens count, and how much: those of words, by how rare they are."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Rows = NDArray[np.int64]
    Scores = NDArray[np.float32]
    Occurrences = NDArray[np.float64]

_SMOOTHING = 0.5
"""Added to a token's idf, so that common words count a little, too (nq_oracle +.003, German -.001)."""
_WHOLE = 0.3
"""Weight of special tokens, which stand for the whole text ([CLS], [SEP]), as a share of the heaviest word's weight."""

_COMMON = 500
"""Entries at the beginning of a vocabulary that stand in every text of their language; one ten times as far back in
every tenth. With 100 to 2,000, questions in another language than the documents' change by no more than .004."""


def wanted(text: str, spans: Rows) -> NDArray[np.bool_]:
    """Which tokens of a passage are kept: all but punctuation, which takes a tenth of the space and finds nothing."""
    import numpy as np

    return np.array([start == end or _is_word(text[start:end]) for start, end in spans.tolist()], bool)


def words_of(text: str, spans: Rows) -> NDArray[np.bool_]:
    """Which tokens belong to words or numbers."""
    import numpy as np

    return np.array([start < end and _is_word(text[start:end]) for start, end in spans.tolist()], bool)


def token_weights(
    occurrences: Rows | Occurrences, passages: int, words: NDArray[np.bool_], whole: NDArray[np.bool_]
) -> Scores:
    """How much each token of a question counts; the weights add up to 1.

    A token of a word counts by its idf over the passages (BM25's formula), a ``whole`` token by a fixed share of the
    heaviest weight, and punctuation not at all. ``occurrences`` says in how many passages each token occurs.
    """
    import numpy as np

    known = np.clip(occurrences, 0, passages)  # a damaged index may say anything
    idf = np.log(1 + (passages - known + 0.5) / (known + 0.5)) + _SMOOTHING
    weights = np.where(words, idf, 0.0)
    if not words.any():
        weights = np.ones(len(words))
    weights = np.where(whole, _WHOLE * weights.max(initial=0.0), weights)
    return np.asarray(weights / weights.sum(), np.float32)


def with_foreign(occurrences: Rows, ids: Rows, passages: int) -> Occurrences:
    """The occurrences, with those that tokens of another language than the documents' would have in its texts.

    They occur nowhere, and would all count as rare: a question's "der" and "wie" as much as what it is about. But
    vocabularies begin with what is commonest, whatever the language, and the share of texts falls with the place.
    """
    import numpy as np

    supposed = passages * np.minimum(1.0, _COMMON / np.maximum(ids, 1))
    return np.asarray(np.where(occurrences == 0, supposed, occurrences), np.float64)


def tokens_per_word(text: str, spans: Rows) -> float:
    """Into how many tokens the encoder cuts a word of the text, on average; at least 1."""
    words, last = 0, 0
    tokens = [(start, end) for start, end in spans.tolist() if start < end and _is_word(text[start:end])]
    for start, end in tokens:
        words += not words or _parted(text, last, start)
        last = end
    return len(tokens) / words if words else 1.0


def _is_word(text: str) -> bool:
    return any(char.isalnum() for char in text)


def _parted(text: str, last: int, start: int) -> bool:
    """Whether the token that begins at ``start`` begins a new word; the token before it ended at ``last``.

    Some tokenizers include a space in the token after it, leave accents out, or give each byte of a character as a
    token of its own.
    """
    between = text[last : start + 1] if text[start].isspace() else text[last:start]
    return any(not unicodedata.category(char).startswith("M") for char in between)
