"""Counts in how many passages each token of the encoder's vocabulary occurs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Rows = NDArray[np.int64]


class TokenCounts:
    """The counts in an array that is indexed by token id, since these ids are small."""

    def __init__(self, before: tuple[Rows, Rows] | None) -> None:
        """Start from token ids (ascending) and their counts, or from nothing."""
        import numpy as np

        self._counts = np.zeros(0, np.int64)
        if before is not None:
            self._grow(int(before[0].max(initial=-1)))
            self._counts[before[0]] = before[1]

    def add(self, ids: Rows, passages: int) -> None:
        """Add ``passages`` to the count of each distinct token; a negative number where passages were removed."""
        import numpy as np

        distinct = np.unique(ids)
        self._grow(int(distinct.max(initial=-1)))
        self._counts[distinct] += passages

    def counted(self) -> Rows:
        """The ids (ascending) of the tokens that occur in any passage, and in how many: shape (2, tokens)."""
        import numpy as np

        found = np.flatnonzero(self._counts > 0)
        return np.stack([found, self._counts[found]])

    def _grow(self, largest: int) -> None:
        import numpy as np

        if largest >= len(self._counts):
            more = np.zeros(max(largest + 1, 2 * len(self._counts)) - len(self._counts), np.int64)
            self._counts = np.concatenate([self._counts, more])
