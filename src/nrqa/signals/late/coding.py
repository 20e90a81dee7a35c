"""Token vectors in few bytes: what they mostly are, predicted from what is stored anyway, and the rest quantised.

A token's vector is near to a linear function of two things: the encoder's own input embedding of that token, and the
vector of its passage. On the sets measured this predicts .56 of its squared length. What is left is turned so that
every piece of it carries as much (the parametric solution of optimised product quantisation, Ge et al., CVPR 2013) and
product-quantised (Jégou et al., PAMI 2011): each piece is told by the number of its nearest centroid.

The code of a token is one byte for its sentence in the passage (0: title, headings, and tokens that stand for the
whole), then its number in the encoder's vocabulary, then one byte for each piece.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Rows = NDArray[np.int64]
    Floats = NDArray[np.float32]
    Codes = NDArray[np.uint8]
    Table = NDArray[np.float32]
    """The encoder's input embeddings, one for each token of its vocabulary."""

PIECES = 16
"""Bytes for what is not predicted."""
CENTROIDS = 256
SAMPLE = 60_000
"""Token vectors a codebook is trained on, at most; a third of it made no difference."""
_SAME = 1e-6
"""Squared distance below which two centroids of a piece are one. k-means of faiss splits one by a 1,024th."""
_NOWHERE = 8.0
"""A value in every dimension of a centroid that is never the nearest: tokens' vectors have unit length."""
_ROUNDS = 20
_SEED = 1234
_RIDGE, _RIDGE_OF_FEW = 1e-4, 10.0
"""Added to the diagonal of the normal equations, as a share of its mean; the second is divided by the number of tokens,
so that few predict little."""
_BLOCK = 8192
_SHORT_ID = 1 << 16


@dataclass(frozen=True, slots=True)
class Kept:
    """The tokens that are kept of some passages.

    ``vectors`` (float32, shape (tokens, width)) have unit length, ``ids`` are their numbers in the vocabulary,
    ``owners`` the number of each one's passage among ``passages`` (unit vectors, shape (passages, dimensions)).
    ``table`` is None where the encoder gives none.
    """

    vectors: Floats
    ids: Rows
    owners: Rows
    passages: Floats
    table: Table | None


@dataclass(frozen=True, slots=True)
class Codebook:
    """How codes stand for token vectors (all float32).

    ``offset`` (width,) + input embedding @ ``by_type`` (embedding's width, width) + passage's vector @ ``by_passage``
    (dimensions, width) is what is predicted; what is left, @ ``rotation`` (width, width), is the pieces' ``centroids``
    (pieces, 256, width / pieces). ``by_type`` has no rows where the encoder gives no embeddings. ``id_bytes`` is how
    many bytes a number of the vocabulary takes.
    """

    offset: Floats
    by_type: Floats
    by_passage: Floats
    rotation: Floats
    centroids: Floats
    id_bytes: int

    @property
    def pieces(self) -> int:
        """How many bytes what is not predicted takes."""
        return int(self.centroids.shape[0])

    @property
    def size(self) -> int:
        """How many bytes a token takes, that of its sentence included."""
        return 1 + self.id_bytes + self.pieces


@dataclass(frozen=True, slots=True)
class Coded:
    """A passage as the late signal sees it: its tokens' codes (uint8, shape (tokens, size)), and its unit vector."""

    codes: Codes
    vector: Floats


def train(kept: Kept) -> Codebook:
    """A codebook from tokens; the same ones give the same codebook.

    It holds as many pieces as divide the width, at most 16.
    """
    import faiss
    import numpy as np

    width = kept.vectors.shape[1]
    pieces = max(one for one in range(1, PIECES + 1) if width % one == 0)
    places = np.random.default_rng(_SEED).permutation(len(kept.vectors))[:SAMPLE]
    offset, by_type, by_passage = _prediction(kept, places)
    id_bytes = 2 if kept.table is not None and len(kept.table) <= _SHORT_ID else 3
    # As they are stored, so that what is encoded now is decoded alike later.
    offset, by_type, by_passage = _halved(offset), _halved(by_type), _halved(by_passage)
    plain = Codebook(
        offset, by_type, by_passage, np.eye(width, dtype=np.float32), np.empty((0, 0, 0), np.float32), id_bytes
    )
    rest = np.concatenate([kept.vectors[some] - _predicted(plain, kept, some) for some in _blocks(places)])
    rotation = _halved(_balanced(rest, pieces))
    # k-means needs a point for each centroid; a corpus of a few words repeats its own.
    if len(rest) < CENTROIDS:
        rest = rest[np.arange(CENTROIDS) % len(rest)]
    quantiser = faiss.ProductQuantizer(width, pieces, 8)
    quantiser.cp.niter = _ROUNDS
    quantiser.cp.seed = _SEED
    quantiser.cp.min_points_per_centroid = 1
    quantiser.cp.max_points_per_centroid = SAMPLE
    quantiser.train(np.ascontiguousarray(rest @ rotation, np.float32))
    centroids = faiss.vector_to_array(quantiser.centroids).reshape(pieces, CENTROIDS, width // pieces)
    return Codebook(offset, by_type, by_passage, rotation, _halved(_told_apart(centroids)), id_bytes)


def encode(codebook: Codebook, kept: Kept) -> Codes:
    """The codes of tokens, less the byte of the sentence: shape (tokens, size - 1)."""
    import numpy as np

    size = codebook.centroids.shape[2]
    codes = np.empty((len(kept.vectors), codebook.size - 1), np.uint8)
    # The nearest centroid c of x is that with the most of x·c - |c|²/2: a product of matrices, with 1 beside x. In one
    # thread, which is what `nrqa index` leaves for it beside the encoder, it takes a third less than faiss.knn.
    halves = (codebook.centroids**2).sum(axis=2, keepdims=True) / 2
    sought = np.concatenate([codebook.centroids, -halves], axis=2).transpose(0, 2, 1)
    for some in _blocks(np.arange(len(kept.vectors))):
        rest = (kept.vectors[some] - _predicted(codebook, kept, some)) @ codebook.rotation
        for byte in range(codebook.id_bytes):
            codes[some, byte] = (kept.ids[some] >> (8 * byte)) & 255
        cut, nearness = np.ones((len(some), size + 1), np.float32), np.empty((len(some), CENTROIDS), np.float32)
        for piece in range(codebook.pieces):
            cut[:, :size] = rest[:, piece * size : (piece + 1) * size]
            np.matmul(cut, sought[piece], out=nearness)
            codes[some, codebook.id_bytes + piece] = nearness.argmax(axis=1)
    return codes


def ids_of(codes: Codes, id_bytes: int) -> Rows:
    """The numbers of tokens in the vocabulary, from their codes with the byte of the sentence."""
    import numpy as np

    ids = np.zeros(len(codes), np.int64)
    for byte in range(id_bytes):
        ids |= codes[:, 1 + byte].astype(np.int64) << (8 * byte)
    return ids


def _told_apart(centroids: NDArray[np.float32]) -> NDArray[np.float32]:
    """The centroids of each piece, those that nearly equal an earlier one moved to where no token is.

    From few different tokens k-means makes many centroids in one place. Which of them is the nearest would be decided
    by rounding, and so differ with the processor and with what is encoded together.
    """
    import numpy as np

    apart = centroids.copy()
    for piece, ours in zip(apart, centroids.astype(np.float64), strict=True):
        squares = (ours**2).sum(axis=1)
        distances = squares[:, None] + squares - 2 * ours @ ours.T
        piece[np.tril(distances < _SAME, -1).any(axis=1)] = _NOWHERE
    return apart


def _prediction(kept: Kept, places: Rows) -> tuple[Floats, Floats, Floats]:
    """Offset and maps that predict these tokens' vectors best: ridge regression."""
    import numpy as np

    dimensions, width = kept.passages.shape[1], kept.vectors.shape[1]
    types = 0 if kept.table is None else kept.table.shape[1]
    size = 1 + types + dimensions
    squares, products = np.zeros((size, size)), np.zeros((size, width))
    for some in _blocks(places):
        seen = np.ones((len(some), size), np.float32)
        if kept.table is not None:
            seen[:, 1 : 1 + types] = kept.table[kept.ids[some]]
        seen[:, 1 + types :] = kept.passages[kept.owners[some]]
        squares += seen.T @ seen
        products += seen.T @ kept.vectors[some]
    ridge = _RIDGE + _RIDGE_OF_FEW / len(places)
    squares[np.diag_indices(size)] += ridge * np.trace(squares) / size
    found = np.linalg.solve(squares, products).astype(np.float32)
    return found[0], found[1 : 1 + types], found[1 + types :]


def _predicted(codebook: Codebook, kept: Kept, some: Rows) -> Floats:
    """What is predicted of some tokens' vectors: float32, shape (tokens, width)."""
    import numpy as np

    found = codebook.offset + (kept.passages @ codebook.by_passage)[kept.owners[some]]
    if len(codebook.by_type):
        assert kept.table is not None
        types, at = np.unique(kept.ids[some], return_inverse=True)
        found += (np.asarray(kept.table[types], np.float32) @ codebook.by_type)[at]
    return np.asarray(found, np.float32)


def _balanced(rest: Floats, pieces: int) -> Floats:
    """The rotation after which every piece of so many has about the same product of variances.

    The directions of principal components, the one with most variance first, each given to the piece whose product is
    least so far and that has room.
    """
    import numpy as np

    width = rest.shape[1]
    many = rest.astype(np.float64)
    variances, directions = np.linalg.eigh(many.T @ many / len(many))
    given: list[list[int]] = [[] for _ in range(pieces)]
    sums = np.zeros(pieces)
    logs = np.log(np.maximum(variances, 1e-9)) - np.log(1e-9)
    for at in range(width - 1, -1, -1):
        piece = min((one for one in range(pieces) if len(given[one]) < width // pieces), key=lambda one: sums[one])
        given[piece].append(at)
        sums[piece] += logs[at]
    return np.asarray(directions[:, [at for piece in given for at in piece]], np.float32)


def _halved(values: Floats) -> Floats:
    import numpy as np

    return np.asarray(values, np.float16).astype(np.float32)


def _blocks(places: Rows) -> Iterator[Rows]:
    for first in range(0, len(places), _BLOCK):
        yield places[first : first + _BLOCK]
