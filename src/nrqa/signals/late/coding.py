"""Stores token vectors in few bytes: predicts them from what is stored anyway, and quantises the residual.

A token's vector is close to a linear function of two things: the encoder's own input embedding of that token, and the
vector of its passage. On the measured sets this predicts .56 of its squared length. The residual is rotated so that all
its pieces carry equally much (the parametric solution of optimised product quantisation, Ge et al., CVPR 2013), and
product-quantised (Jégou et al., PAMI 2011): each piece is stored as the number of its nearest centroid.

The code of a token is one byte for its sentence in the passage (0: title, headings, and special tokens), then its
number in the encoder's vocabulary, then one byte for each piece.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from nrqa.encoder.protocol import Table

    Rows = NDArray[np.int64]
    Floats = NDArray[np.float32]
    Codes = NDArray[np.uint8]

PIECES = 16
"""Bytes for the residual, which is not predicted."""
CENTROIDS = 256
SAMPLE = 60_000
"""The most token vectors that a codebook is trained on; training on a third of them made no difference."""
_SAME = 1e-6
"""Two centroids of a piece that are closer (squared distance) count as one. FAISS's k-means splits one by a 1,024th."""
_NOWHERE = 8.0
"""The value in every dimension of a centroid that is never the nearest, since token vectors have unit length."""
_ROUNDS = 20
_SEED = 1234
_RIDGE, _RIDGE_OF_FEW = 1e-4, 10.0
"""Added to the diagonal of the normal equations, as a share of its mean; the second is divided by the number of tokens,
so that predictions from few tokens are small."""
_BLOCK = 8192
_SHORT_ID = 1 << 16


@dataclass(frozen=True, slots=True)
class Kept:
    """The tokens of some passages that are kept.

    ``vectors`` (float32, shape (tokens, width)) have unit length, ``ids`` are their numbers in the vocabulary, and
    ``owners`` the index of each token's passage in ``passages`` (unit vectors, shape (passages, dimensions)).
    ``table`` holds the encoder's input embeddings; None where it gives none.
    """

    vectors: Floats
    ids: Rows
    owners: Rows
    passages: Floats
    table: Table | None


@dataclass(frozen=True, slots=True)
class Codebook:
    """What encodes token vectors and decodes their codes (all float32).

    The prediction is ``offset`` (width,) + input embedding @ ``by_type`` (embedding's width, width) + passage's vector
    @ ``by_passage`` (dimensions, width). The residual @ ``rotation`` (width, width) is cut into pieces, each of which
    is replaced by one of its ``centroids`` (pieces, 256, width / pieces). ``by_type`` has no rows where the encoder
    gives no embeddings. ``id_bytes`` is how many bytes a number of the vocabulary takes.
    """

    offset: Floats
    by_type: Floats
    by_passage: Floats
    rotation: Floats
    centroids: Floats
    id_bytes: int

    @property
    def pieces(self) -> int:
        """How many bytes the residual takes."""
        return int(self.centroids.shape[0])

    @property
    def size(self) -> int:
        """How many bytes the code of a token takes, the byte of its sentence included."""
        return 1 + self.id_bytes + self.pieces


@dataclass(frozen=True, slots=True)
class Coded:
    """A passage as the late signal sees it: its tokens' codes (uint8, shape (tokens, size)), and its unit vector."""

    codes: Codes
    vector: Floats


def train(kept: Kept) -> Codebook:
    """Train a codebook on tokens; the same tokens give the same codebook.

    It has as many pieces as possible, at most 16, such that their number divides the width.
    """
    import faiss
    import numpy as np

    width = kept.vectors.shape[1]
    pieces = max(one for one in range(1, PIECES + 1) if width % one == 0)
    places = np.random.default_rng(_SEED).permutation(len(kept.vectors))[:SAMPLE]
    offset, by_type, by_passage = _prediction(kept, places)
    id_bytes = 2 if kept.table is not None and len(kept.table) <= _SHORT_ID else 3
    # Rounded as they are stored, so that encoding now and decoding later use the same values.
    offset, by_type, by_passage = _rounded_to_half(offset), _rounded_to_half(by_type), _rounded_to_half(by_passage)
    plain = Codebook(
        offset, by_type, by_passage, np.eye(width, dtype=np.float32), np.empty((0, 0, 0), np.float32), id_bytes
    )
    rest = np.concatenate([kept.vectors[some] - _predicted(plain, kept, some) for some in _blocks(places)])
    rotation = _rounded_to_half(_balanced(rest, pieces))
    # k-means needs a point for each centroid; a corpus of a few words repeats its points.
    if len(rest) < CENTROIDS:
        rest = rest[np.arange(CENTROIDS) % len(rest)]
    quantiser = faiss.ProductQuantizer(width, pieces, 8)
    quantiser.cp.niter = _ROUNDS
    quantiser.cp.seed = _SEED
    quantiser.cp.min_points_per_centroid = 1
    quantiser.cp.max_points_per_centroid = SAMPLE
    quantiser.train(np.ascontiguousarray(rest @ rotation, np.float32))
    centroids = faiss.vector_to_array(quantiser.centroids).reshape(pieces, CENTROIDS, width // pieces)
    return Codebook(offset, by_type, by_passage, rotation, _rounded_to_half(_without_near_copies(centroids)), id_bytes)


def encode(codebook: Codebook, kept: Kept) -> Codes:
    """The codes of tokens without the byte of the sentence: shape (tokens, size - 1)."""
    import numpy as np

    size = codebook.centroids.shape[2]
    codes = np.empty((len(kept.vectors), codebook.size - 1), np.uint8)
    # The nearest centroid c of x has the largest x·c - |c|²/2: a matrix product, with a 1 appended to x. In one thread,
    # which is what `nrqa index` leaves beside the encoder, it takes a third less time than faiss.knn.
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
    """The numbers of tokens in the vocabulary, read from their codes (which include the byte of the sentence)."""
    import numpy as np

    ids = np.zeros(len(codes), np.int64)
    for byte in range(id_bytes):
        ids |= codes[:, 1 + byte].astype(np.int64) << (8 * byte)
    return ids


def counts_of(ids: Rows, counted: tuple[Rows, Rows]) -> Rows:
    """In how many passages each token occurs; ``counted`` are the ids (ascending) that occur, and their counts."""
    import numpy as np

    known, counts = counted
    if not len(known):
        return np.zeros(len(ids), np.int64)
    at = np.minimum(np.searchsorted(known, ids), len(known) - 1)
    return np.where(known[at] == ids, counts[at], 0)


def _without_near_copies(centroids: NDArray[np.float32]) -> NDArray[np.float32]:
    """The centroids of each piece; one that nearly equals an earlier one is moved to where no token is.

    If there are few different tokens, k-means puts many centroids in one place. Rounding would decide which of them is
    the nearest, and so the codes would differ with the processor and with what is encoded together.
    """
    import numpy as np

    apart = centroids.copy()
    for piece, ours in zip(apart, centroids.astype(np.float64), strict=True):
        squares = (ours**2).sum(axis=1)
        distances = squares[:, None] + squares - 2 * ours @ ours.T
        piece[np.tril(distances < _SAME, -1).any(axis=1)] = _NOWHERE
    return apart


def _prediction(kept: Kept, places: Rows) -> tuple[Floats, Floats, Floats]:
    """The offset and the linear maps that predict these tokens' vectors best, by ridge regression."""
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
    """The predictions of some tokens' vectors: float32, shape (tokens, width)."""
    import numpy as np

    found = codebook.offset + (kept.passages @ codebook.by_passage)[kept.owners[some]]
    if len(codebook.by_type):
        assert kept.table is not None
        types, at = np.unique(kept.ids[some], return_inverse=True)
        found += (np.asarray(kept.table[types], np.float32) @ codebook.by_type)[at]
    return np.asarray(found, np.float32)


def _balanced(rest: Floats, pieces: int) -> Floats:
    """The rotation after which each of ``pieces`` pieces has about the same product of variances.

    It takes the directions of the principal components, the one with most variance first, and gives each to the piece
    that has room and whose product is the smallest so far.
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


def _rounded_to_half(values: Floats) -> Floats:
    import numpy as np

    return np.asarray(values, np.float16).astype(np.float32)


def _blocks(places: Rows) -> Iterator[Rows]:
    for first in range(0, len(places), _BLOCK):
        yield places[first : first + _BLOCK]
