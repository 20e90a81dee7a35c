"""The vectors of one part of the index: a file that FAISS wrote and searches, whose ids are the rows.

A vector takes a byte a dimension (FAISS's ``QT_8bit_uniform``). What the bytes stand for is the same for every vector
and in every part, so that parts can be joined, and a vector used again, without becoming any other: they divide a range
that only the number of dimensions decides. It is trained on nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nrqa.signals.vector_layout import checked

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Rows = NDArray[np.int64]
    Scores = NDArray[np.float32]
    Chunks = Callable[[], Iterator[Scores]]

_REACH = 5.0
"""The range of a dimension, in standard deviations of a unit vector's numbers if all dimensions share its length. All
of 3,000 passages of three corpora lie within .98 of it with all-MiniLM-L6-v2."""
_KEPT = 0.999
"""A vector of which the range keeps this much of the length is not harmed by it."""
_HARMED = 0.01
"""If the range harms more than this share of a part's vectors, as with an encoder that has a few large dimensions, it
is doubled until it does not."""


class Vectors:
    """The vectors of one part: FAISS's index of them is the mapped ``file``; ``rows`` ascend.

    FAISS reads the file when a vector is first asked for, out of the same mapping that was checked: a question that
    needs no vector does not load FAISS, and a file that is deleted meanwhile is still there.
    """

    def __init__(self, rows: Rows, file: NDArray[np.uint8], dimensions: int) -> None:
        """ValueError where the file is not what FAISS writes for so many rows and dimensions."""
        checked(file, len(rows), dimensions)
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
    def index(self) -> Any:
        """FAISS's index; the ids are positions in ``rows``."""
        import faiss

        reader = faiss.ZeroCopyIOReader(faiss.swig_ptr(self._file), self._file.size)
        whole = faiss.read_index(reader)
        return _Held(faiss.downcast_index(whole.index), whole)

    def restored(self, places: Rows) -> Scores:
        """The vectors at some positions, as they are kept: float32, shape (positions, dimensions)."""
        import numpy as np

        if not len(places):
            return np.empty((0, self._dimensions), np.float32)
        return np.asarray(self.index.exact.reconstruct_batch(np.ascontiguousarray(places, np.int64)))


class _Held:
    """FAISS's index of a part, held together with what owns its memory."""

    def __init__(self, inner: Any, whole: Any) -> None:
        self.inner = inner
        self.exact = inner
        self._whole = whole


def write(file: Path, rows: Rows, dimensions: int, chunks: Chunks) -> None:
    """Write the unit vectors of rows, which ``chunks`` gives some at a time, and again as often as it is called."""
    import faiss
    import numpy as np

    quantised = faiss.IndexScalarQuantizer(
        dimensions, faiss.ScalarQuantizer.QT_8bit_uniform, faiss.METRIC_INNER_PRODUCT
    )
    reach = _range_of(chunks, len(rows), dimensions)
    faiss.copy_array_to_vector(np.array([-reach, 2 * reach], np.float32), quantised.sq.trained)
    quantised.is_trained = True
    index = faiss.IndexIDMap(quantised)
    index.is_trained = True
    at = 0
    for some in chunks():
        index.add_with_ids(np.ascontiguousarray(some, np.float32), np.ascontiguousarray(rows[at : at + len(some)]))
        at += len(some)
    faiss.write_index(index, str(file))


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
