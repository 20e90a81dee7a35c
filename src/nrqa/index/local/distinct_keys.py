"""Finds which new passages have the same key, with few bytes of memory per passage."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Rows = NDArray[np.int64]

_SIZE = 16


class Distinct:
    """A list of keys of 16 bytes; append all of them before you use ``firsts`` or ``alike``."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def append(self, key: bytes) -> None:
        """Add a key."""
        assert len(key) == _SIZE
        self._bytes += key

    def key(self, at: int) -> bytes:
        """The key at that index."""
        return bytes(self._bytes[_SIZE * at : _SIZE * (at + 1)])

    def firsts(self) -> Rows:
        """The first index of each distinct key, ascending."""
        import numpy as np

        order, starts, _ = self._groups
        return np.sort(order[starts[:-1]])

    def alike(self, at: int) -> Rows:
        """All indices (ascending) whose key equals the key at ``at``."""
        order, starts, group_of = self._groups
        group = group_of[at]
        return order[starts[group] : starts[group + 1]]

    @cached_property
    def _groups(self) -> tuple[Rows, Rows, NDArray[np.uint32]]:
        """The indices sorted by key; where each group of equal keys begins in them, and the end; each index's group."""
        import numpy as np

        halves = np.frombuffer(bytes(self._bytes), np.uint64).reshape(-1, 2)
        order = np.lexsort((halves[:, 1], halves[:, 0]))
        new = np.ones(len(order), bool)
        new[1:] = (halves[order[1:]] != halves[order[:-1]]).any(axis=1)
        group_of = np.empty(len(order), np.uint32)
        group_of[order] = np.cumsum(new) - 1
        return order, np.append(np.flatnonzero(new), len(order)), group_of
