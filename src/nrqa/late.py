"""The late signal: every question token's best match among a passage's tokens (MaxSim), from quantised vectors.

MaxSim as in ColBERT (Khattab and Zaharia, SIGIR 2020), with the token vectors of the encoder that makes the
sentence vectors. Tokens are product-quantised (Jégou et al., PAMI 2011): a vector is cut into pieces, each told by
the number of its nearest centroid. Questions are not quantised.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Rows = NDArray[np.int64]
    Scores = NDArray[np.float32]
    Codes = NDArray[np.uint8]

PIECES = 32
"""Bytes a token takes. With 48 no ranking measured was better, with 24 nDCG@10 was up to .006 lower."""
CENTROIDS = 256
SAMPLE = 60_000
"""Token vectors a codebook is trained on, at most; a third of it made no difference."""
_ROUNDS = 20
_SEED = 1234
_SMOOTHING = 0.5
"""Added to a token's idf: common words count a little as well (nq_oracle +.003, German -.001)."""
_WHOLE = 0.3
"""Weight of tokens that stand for the text as a whole ([CLS], [SEP]), as a share of the heaviest word's."""


@dataclass(frozen=True, slots=True)
class Codebook:
    """The centroids of each piece of a token vector: float32, shape (pieces, 256, width / pieces)."""

    centroids: Scores

    @property
    def pieces(self) -> int:
        """How many bytes a token takes."""
        return int(self.centroids.shape[0])


def train(tokens: Scores) -> Codebook:
    """A codebook from unit token vectors, shape (tokens, width); the same ones give the same codebook.

    It holds as many pieces as divide the width, at most 32.
    """
    import faiss
    import numpy as np

    width = tokens.shape[1]
    pieces = max(one for one in range(1, PIECES + 1) if width % one == 0)
    dice = np.random.default_rng(_SEED)
    # k-means needs a point for each centroid; a corpus of a few words repeats its own.
    places = dice.permutation(len(tokens))[:SAMPLE] if len(tokens) > CENTROIDS else np.arange(CENTROIDS) % len(tokens)
    quantiser = faiss.ProductQuantizer(width, pieces, 8)
    quantiser.cp.niter = _ROUNDS
    quantiser.cp.seed = _SEED
    quantiser.cp.min_points_per_centroid = 1
    quantiser.cp.max_points_per_centroid = SAMPLE
    quantiser.train(np.ascontiguousarray(tokens[places], np.float32))
    centroids = faiss.vector_to_array(quantiser.centroids)
    # As they are stored, so that what is encoded now is decoded alike later.
    halved = centroids.reshape(pieces, CENTROIDS, width // pieces).astype(np.float16)
    return Codebook(halved.astype(np.float32))


def encode(codebook: Codebook, tokens: Scores) -> Codes:
    """The code of each token: shape (tokens, pieces)."""
    import faiss
    import numpy as np

    pieces, centroids, size = codebook.centroids.shape
    quantiser = faiss.ProductQuantizer(pieces * size, pieces, 8)
    assert centroids == CENTROIDS
    faiss.copy_array_to_vector(np.ascontiguousarray(codebook.centroids).ravel(), quantiser.centroids)
    codes: Codes = quantiser.compute_codes(np.ascontiguousarray(tokens, np.float32))
    return codes


def wanted(text: str, spans: Rows) -> NDArray[np.bool_]:
    """Which tokens of a passage are kept: all but punctuation, which takes a tenth of the room and finds nothing."""
    import numpy as np

    return np.array([start == end or _is_word(text[start:end]) for start, end in spans.tolist()], bool)


def words_of(text: str, spans: Rows) -> NDArray[np.bool_]:
    """Which tokens are of words or numbers."""
    import numpy as np

    return np.array([start < end and _is_word(text[start:end]) for start, end in spans.tolist()], bool)


def _is_word(text: str) -> bool:
    return any(char.isalnum() for char in text)


def token_weights(occurrences: Rows, passages: int, words: NDArray[np.bool_], whole: NDArray[np.bool_]) -> Scores:
    """How much each token of a question counts; the weights add up to 1.

    A token of a word counts by its idf over the passages (BM25's formula), ``whole`` ones a fixed share of the
    heaviest, punctuation nothing. ``occurrences`` says in how many passages each token stands.
    """
    import numpy as np

    known = np.minimum(occurrences, passages)
    idf = np.log(1 + (passages - known + 0.5) / (known + 0.5)) + _SMOOTHING
    weights = np.where(words, idf, 0.0)
    if not words.any():
        weights = np.ones(len(words))
    weights = np.where(whole, _WHOLE * weights.max(), weights)
    return np.asarray(weights / weights.sum(), np.float32)


def similarities(codebook: Codebook, question: Scores, codes: Codes) -> Scores:
    """The cosine of each passage token with each question token: shape (passage tokens, question tokens).

    ``question`` holds unit vectors, shape (question tokens, width).
    """
    import numpy as np

    pieces, _, size = codebook.centroids.shape
    cut = question.reshape(len(question), pieces, size).transpose(1, 2, 0)
    # Products of every centroid with every question token, and its square: a token's length is summed alongside.
    squares = np.square(codebook.centroids).sum(axis=2, keepdims=True)
    tables = np.concatenate([codebook.centroids @ cut, squares], axis=2)
    total = np.zeros((len(codes), len(question) + 1), np.float32)
    columns = np.ascontiguousarray(codes.T)
    for table, column in zip(tables, columns, strict=True):
        total += table[column]
    lengths = np.sqrt(np.maximum(total[:, -1:], np.float32(1e-12)))
    return np.asarray(total[:, :-1] / lengths, np.float32)


def score(codebook: Codebook, question: Scores, weights: Scores, passages: Sequence[Codes]) -> Scores:
    """The weighted mean, over the question's tokens, of the best cosine in each passage; 0 for one without tokens."""
    import numpy as np

    scores = np.zeros(len(passages), np.float32)
    filled = [at for at, codes in enumerate(passages) if len(codes)]
    if filled:
        together = similarities(codebook, question, np.concatenate([passages[at] for at in filled]))
        starts = np.cumsum([0, *(len(passages[at]) for at in filled[:-1])])
        scores[filled] = np.maximum.reduceat(together, starts, axis=0) @ weights
    return scores


def tokens_a_word(text: str, spans: Rows) -> float:
    """Into how many tokens the encoder cuts a word of the text, in the mean; at least 1."""
    words, last = 0, -1
    tokens = [(start, end) for start, end in spans.tolist() if start < end and _is_word(text[start:end])]
    for start, end in tokens:
        words += start != last
        last = end
    return len(tokens) / words if words else 1.0
