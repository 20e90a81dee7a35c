"""What the file of a part's vectors consists of, byte by byte: it is compared before FAISS reads it.

FAISS reads whatever kind of index a file says it is, and believes the lengths in it. A file may be damaged or somebody
else's. So all of it that is not a vector or an id is compared with what FAISS writes for the number of rows and
dimensions that the manifest names, and nothing else is read.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Bytes = NDArray[np.uint8]

_UNIFORM = 2
"""FAISS's number for ``QT_8bit_uniform``."""
_INNER_PRODUCT = 0
_ALWAYS = 1 << 20
"""What FAISS writes twice in each index's head, for nothing."""
_ID = 8
_RANGE = struct.Struct("<ff")


def checked(file: Bytes, rows: int, dimensions: int) -> None:
    """Raise ValueError where the file is not what ``vectors.write`` writes for so many rows and dimensions."""
    head = _head(b"IxMp", rows, dimensions) + _quantiser(rows, dimensions)
    codes = rows * dimensions
    at = len(head) + _RANGE.size
    expected = at + struct.calcsize("<Q") + codes + struct.calcsize("<Q") + _ID * rows
    if file.size != expected:
        raise ValueError(f"the file of vectors has {file.size} bytes, not {expected}")
    _same(file, 0, head)
    least, width = _RANGE.unpack(file[len(head) : at].tobytes())
    if not (0 < width / 2 <= 1 and least == -width / 2):
        raise ValueError("the vectors have a range that cannot be")
    _same(file, at, struct.pack("<Q", codes))
    _same(file, at + struct.calcsize("<Q") + codes, struct.pack("<Q", rows))


def _same(file: Bytes, at: int, wanted: bytes) -> None:
    if file[at : at + len(wanted)].tobytes() != wanted:
        raise ValueError("the file of vectors is not one that was written for this part")


def _head(name: bytes, rows: int, dimensions: int) -> bytes:
    """The head of an index: its kind, dimensions, rows, that it is trained, and how it compares."""
    return name + struct.pack("<iqqq?i", dimensions, rows, _ALWAYS, _ALWAYS, True, _INNER_PRODUCT)  # noqa: FBT003


def _quantiser(rows: int, dimensions: int) -> bytes:
    """The head of an index of bytes, up to the range."""
    of_kind = struct.pack("<iifQQQ", _UNIFORM, 0, 0.0, dimensions, dimensions, 2)
    return _head(b"IxSQ", rows, dimensions) + of_kind
