"""The vectors of one part of the index: a file that FAISS wrote and searches, whose ids are the rows.

A vector takes a byte a dimension (FAISS's ``QT_8bit_uniform``). What the bytes stand for is the same for every vector
and in every part, so that parts can be joined, and a vector used again, without becoming any other: they divide a range
that only the number of dimensions decides. It is trained on nothing.

In a part of up to ``EXACT`` rows, that is all. A larger part also has a bit for each dimension (RaBitQ), in inverted
lists; the rows that seem nearest by these are then compared by their bytes (``IndexRefine``). Up to ``ONE_LIST`` rows
there is one list. docs/decisions/a-faiss-index.md has what was measured.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any

from nrqa.signals.vector_layout import check_ids, checked

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Rows = NDArray[np.int64]
    Scores = NDArray[np.float32]
    Chunks = Callable[[], Iterator[Scores]]

EXACT = 20_000
"""In a part of up to this many rows, all rows are compared: that takes some 2 ms at 384 dimensions."""
ONE_LIST = 300_000
"""A part of up to this many rows has one list, and all its bits are compared: some 4 ms. Above that it has lists."""
TO_A_LIST = 500
"""Rows to a list, about."""
_PROBED = 10
"""A question looks into this number times the square root of the lists: 244 of 600, 447 of 2,000. The more lists there
are, the smaller is the share of them that holds the nearest vectors."""
_DEEPER = 20
"""Rows whose bytes are compared for each wanted hit, where nothing else is said. The dense signal says how many."""
_TRAINED = 40
"""Vectors for each list that the lists are trained on: fewer are too few, more find no better ones."""
_TURNS = 6
"""Turns of k-means: more hardly change the lists."""
_REACH = 5.0
"""The range of a dimension, in standard deviations of a unit vector's numbers if all dimensions share its length. All
of 3,000 passages of three corpora lie within .98 of it with all-MiniLM-L6-v2."""
_KEPT = 0.999
"""A vector of which the range keeps this much of the length is not harmed by it."""
_HARMED = 0.01
"""If the range harms more than this share of a part's vectors, as with an encoder that has a few large dimensions, it
is doubled until it does not."""
_LEVELS = 255
_SAME = 0.1
"""A vector whose numbers are all within this many steps of what bytes can say was restored from bytes."""
_MENDED = 3
"""How often lengths are mended: a length that is off by a thousandth would change all cosines of a passage by as much.
With that, bytes find as much of the ten nearest as bytes that divide each vector's own range (.987, before .985)."""


class Vectors:
    """The vectors of one part: FAISS's index of them is the mapped ``file``; ``rows`` ascend.

    FAISS reads the file when a vector is first asked for, out of the same mapping that was checked: a question that
    needs no vector does not load FAISS, and a file that is deleted meanwhile is still there.
    """

    def __init__(self, rows: Rows, file: NDArray[np.uint8], dimensions: int) -> None:
        """ValueError where the file is not what FAISS writes for so many rows and dimensions."""
        self._ids = checked(file, len(rows), dimensions)
        self.rows = rows
        self._file = file
        self._dimensions = dimensions

    @classmethod
    def opened(cls, file: Path, rows: Rows, dimensions: int) -> Vectors:
        """The vectors in a file, memory-mapped."""
        import numpy as np

        # As a plain array: taking rows of numpy's own class for mapped files is slow.
        return cls(rows, np.asarray(np.memmap(file, np.uint8, mode="r")), dimensions)

    @cached_property
    def index(self) -> Opened:
        """FAISS's index. ValueError where its lists name vectors that are not there."""
        import faiss

        check_ids(self._file, self._ids, len(self.rows))
        try:
            return Opened(faiss.read_index(faiss.ZeroCopyIOReader(faiss.swig_ptr(self._file), self._file.size)))
        except RuntimeError as error:  # what FAISS raises for anything
            raise ValueError(f"the vectors cannot be read: {error}") from error

    def restored(self, places: Rows) -> Scores:
        """The vectors at some positions, as they are kept: float32, shape (positions, dimensions)."""
        import numpy as np

        if not len(places):
            return np.empty((0, self._dimensions), np.float32)
        return np.asarray(self.index.exact.reconstruct_batch(np.ascontiguousarray(places, np.int64)))


class Opened:
    """FAISS's index of a part; the ids of what is in it are positions.

    ``exact`` compares bytes. ``refined`` compares bits first, with those of its ``lists``; None in a small part.
    """

    def __init__(self, whole: Any) -> None:
        import faiss

        self._whole = whole  # it owns the others
        inner = faiss.downcast_index(whole.index)
        self.refined: Any = inner if isinstance(inner, faiss.IndexRefine) else None
        self.exact = faiss.downcast_index(inner.refine_index) if self.refined else inner
        self.lists: Any = faiss.downcast_index(inner.base_index) if self.refined else None

    def only(self, places: Rows) -> Any:
        """An index of copies of the vectors at some positions, whose ids are the positions in ``places``."""
        import faiss
        import numpy as np

        codes = faiss.rev_swig_ptr(self.exact.codes.data(), self.exact.codes.size()).reshape(-1, self.exact.d)
        some = _bytes_of(self.exact.d, faiss.vector_to_array(self.exact.sq.trained))
        some.add_sa_codes(np.ascontiguousarray(codes[places]))
        return some


def write(file: Path, rows: Rows, dimensions: int, chunks: Chunks) -> None:
    """Write the unit vectors of rows, which ``chunks`` gives some at a time, and again as often as it is called.

    Their bytes are collected in a mapped file, which the system may write out: there may be gigabytes of them.
    """
    import faiss
    import numpy as np

    reach = _range_of(chunks, len(rows), dimensions)
    exact = _bytes_of(dimensions, np.array([-reach, 2 * reach], np.float32))
    lists = _trained_lists(chunks, len(rows), dimensions) if len(rows) > EXACT else None
    inner: Any = exact
    if lists:
        inner = faiss.IndexRefine(lists, exact)
        inner.k_factor = _DEEPER
    index = faiss.IndexIDMap(inner)
    with TemporaryFile(dir=file.parent) as place:
        codes = np.memmap(place, np.uint8, "w+", shape=(len(rows), dimensions))
        at = 0
        for some in chunks():
            mended = _of_full_length(exact, some, reach)
            codes[at : at + len(some)] = exact.sa_encode(mended)
            if lists:
                lists.add(mended)
            at += len(some)
        exact.codes = faiss.MaybeOwnedVectorUInt8.create_view(faiss.swig_ptr(codes), codes.size, exact.codes.owner)
        faiss.copy_array_to_vector(np.ascontiguousarray(rows, np.int64), index.id_map)
        exact.ntotal = inner.ntotal = index.ntotal = len(rows)
        index.is_trained = True
        faiss.write_index(index, str(file))
        exact.codes = faiss.MaybeOwnedVectorUInt8()  # before the mapping ends


def _bytes_of(dimensions: int, of_range: Scores) -> Any:
    """FAISS's index of vectors in bytes, empty."""
    import faiss

    found = faiss.IndexScalarQuantizer(dimensions, faiss.ScalarQuantizer.QT_8bit_uniform, faiss.METRIC_INNER_PRODUCT)
    faiss.copy_array_to_vector(of_range, found.sq.trained)
    found.is_trained = True
    return found


def _trained_lists(chunks: Chunks, count: int, dimensions: int) -> Any:
    import faiss
    import numpy as np

    lists = 1 if count <= ONE_LIST else count // TO_A_LIST
    coarse = faiss.IndexFlat(dimensions, faiss.METRIC_INNER_PRODUCT)
    found = faiss.IndexIVFRaBitQFastScan(coarse, dimensions, lists, faiss.METRIC_INNER_PRODUCT)
    found.cp.niter, found.cp.max_points_per_centroid, found.cp.spherical = _TURNS, _TRAINED, True
    found.nprobe = probes(lists)
    every = max(1, count // max(EXACT, _TRAINED * lists))
    sample = (some[::every].copy() for some in chunks())  # a view would keep all of its chunk
    found.train(np.concatenate(list(sample)))
    return found


def probes(lists: int) -> int:
    """How many of a part's lists a question without a filter looks into."""
    return min(lists, int(_PROBED * lists**0.5))


def _of_full_length(exact: Any, vectors: Scores, reach: float) -> Scores:
    """The vectors, longer or shorter by so much that their bytes have length 1; those from bytes as they are."""
    import numpy as np

    vectors = np.array(vectors, np.float32)  # a copy
    kept = exact.sa_decode(exact.sa_encode(vectors))
    new = np.flatnonzero((np.abs(vectors - kept) > _SAME * 2 * reach / _LEVELS).any(axis=1))
    mended = vectors[new]
    for _ in range(_MENDED if len(new) else 0):
        lengths = np.linalg.norm(exact.sa_decode(exact.sa_encode(mended)), axis=1, keepdims=True)
        mended /= np.maximum(lengths, np.float32(0.5))
    vectors[new] = mended
    return vectors


def _range_of(chunks: Chunks, count: int, dimensions: int) -> float:
    """What the largest byte stands for."""
    reach: float = min(1.0, _REACH / dimensions**0.5)
    while reach < 1 and sum(_harmed(some, reach) for some in chunks()) > _HARMED * count:
        reach = min(1.0, 2 * reach)
    return reach


def _harmed(vectors: Scores, reach: float) -> int:
    import numpy as np

    beyond = vectors[(np.abs(vectors) > reach).any(axis=1)]
    left = np.linalg.norm(np.clip(beyond, -reach, reach), axis=1)
    return int((left < _KEPT * np.linalg.norm(beyond, axis=1)).sum())
