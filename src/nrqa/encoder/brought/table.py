"""A brought encoder's table of input embeddings, of which nothing is believed.

It is read in this process, since the late signal takes rows of it: an array of numbers, whose size is compared with
what its head says when it is mapped. Rows that are no numbers would give hits in any order.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from nrqa.encoder.converted.input_table import PackedTable, open_table
from nrqa.errors import EncoderError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from nrqa.encoder.protocol import Table

_MOST_ROWS = 1 << 24
"""The ids of token codes have three bytes at most."""


def open_brought_table(folder: Path) -> Table | None:
    """The table in the folder; None where there is none. ValueError where it is no table."""
    try:
        found: Any = open_table(folder)
    except Exception as error:
        # numpy raises what it likes where the head of a file is made to deceive it.
        raise ValueError("its table is not as numpy writes it") from error
    if found is None:
        return None
    packed = isinstance(found, PackedTable)
    if not packed and (found.dtype.kind != "f" or found.ndim != 2):  # noqa: PLR2004 - tokens and width
        raise ValueError("its table is none of numbers")
    if not 0 < len(found) <= _MOST_ROWS:
        raise ValueError("its table has no rows, or too many")
    return _Looked(found)


class _Looked:
    """A table whose rows are looked at when they are taken."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self.shape = table.shape

    def __len__(self) -> int:
        return len(self._table)

    def __getitem__(self, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        import numpy as np

        found = np.asarray(self._table[ids], np.float32)
        if not np.isfinite(found).all():
            raise EncoderError("The encoder that was packed with the index is damaged: its table holds no numbers")
        return found
