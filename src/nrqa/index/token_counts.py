"""In how many passages each token of the encoder's vocabulary stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Rows = NDArray[np.int64]


class TokenCounts:
    """Counts by the tokens' numbers, which are small."""

    def __init__(self, before: tuple[Rows, Rows] | None) -> None:
        """Go on from numbers (ascending) and their counts."""
        import numpy as np

        self._counts = np.zeros(0, np.int64)
        if before is not None:
            self._grow(int(before[0].max(initial=-1)))
            self._counts[before[0]] = before[1]

    def add(self, ids: Rows, passages: int) -> None:
        """Count so many passages with these tokens; fewer than none where they are gone."""
        import numpy as np

        distinct = np.unique(ids)
        self._grow(int(distinct.max(initial=-1)))
        self._counts[distinct] += passages

    def counted(self) -> Rows:
        """The tokens that stand in any passage, ascending, and in how many: shape (2, tokens)."""
        import numpy as np

        found = np.flatnonzero(self._counts > 0)
        return np.stack([found, self._counts[found]])

    def _grow(self, largest: int) -> None:
        import numpy as np

        if largest >= len(self._counts):
            more = np.zeros(max(largest + 1, 2 * len(self._counts)) - len(self._counts), np.int64)
            self._counts = np.concatenate([self._counts, more])
