"""A model's input embeddings: one file in its conversion, of which the encoder and the late signal read single rows."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nrqa.encoder.converted.files import TABLE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from nrqa.encoder.protocol import Table

_BLOCK = 32
"""Weights that share a scale in a table of four bits."""


class PackedTable:
    """Rows of four bits a weight, as float32 when they are taken: ``table[ids]``.

    ``blocks`` has a row for each token, and in it blocks of a scale (float16) and 16 bytes, whose lower four bits are
    the first 16 weights, plus 8.
    """

    def __init__(self, blocks: NDArray[Any]) -> None:
        self._blocks = blocks
        self.shape: tuple[int, int] = (len(blocks), blocks.shape[1] * _BLOCK)

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        import numpy as np

        taken = self._blocks[ids]
        found = np.empty((*taken.shape, _BLOCK), np.float32)
        lower, upper = self._weights
        # A look-up takes a third of the time of shifting, masking and converting.
        found[..., : _BLOCK // 2] = lower[taken["nibbles"]]
        found[..., _BLOCK // 2 :] = upper[taken["nibbles"]]
        found *= taken["scale"].astype(np.float32)[..., None]
        return found.reshape(*ids.shape, self.shape[1])

    @cached_property
    def _weights(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """What a byte stands for in the first and in the second half of a block, before it is scaled."""
        import numpy as np

        values = np.arange(256)
        return ((values & 15) - 8).astype(np.float32), ((values >> 4) - 8).astype(np.float32)


def open_table(folder: Path) -> Table | None:
    """The table of the conversion in the folder, memory-mapped; None where its model has none."""
    import numpy as np

    file = folder / TABLE
    if not file.exists():
        return None
    # As a plain array: taking rows of numpy's own class for mapped files is slow.
    found = np.asarray(np.load(file, mmap_mode="r"))
    return found if found.dtype.names is None else PackedTable(found)


def packed(scales: NDArray[np.float16], nibbles: NDArray[np.uint8], width: int) -> NDArray[Any]:
    """The array to save for a table that its model stores in four bits: scales (blocks,), nibbles (blocks, 16)."""
    import numpy as np

    found = np.empty(len(scales), [("scale", "<f2"), ("nibbles", "u1", _BLOCK // 2)])
    found["scale"], found["nibbles"] = scales, nibbles
    return found.reshape(-1, width // _BLOCK)
