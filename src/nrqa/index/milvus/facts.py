"""What ranking needs of single rows, fetched once for a question and kept for the next: rows never change."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any

from nrqa.index.milvus.connection import Connection
from nrqa.index.milvus.content import damaged, passage_of, unpacked
from nrqa.index.milvus.schema import PASSAGES, Collections
from nrqa.index.rows import Stored

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_KEPT = 2000
"""Rows that are kept: some 30 kB each, most of it the counts of terms."""
_FIELDS = ("document", "length", "counts", "codes", "vector")
_MOST_LENGTH = 1.05
"""Vectors have unit length; keeping them in bytes adds less."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A row as the signals need it."""

    document: int
    length: int
    counts: Mapping[str, int]
    vector: NDArray[np.float32]
    codes: NDArray[np.uint8]


class Facts:
    """The rows of one index."""

    def __init__(self, connection: Connection, its: Collections, dimensions: int, code_bytes: int) -> None:
        self._connection, self._place = connection, its.named(PASSAGES)
        self._dimensions, self._code_bytes = dimensions, code_bytes
        self._known: dict[int, Fact] = {}
        self._stored: dict[int, Stored] = {}
        self._lock = Lock()

    def of(self, rows: Iterable[int]) -> list[Fact]:
        """The facts of rows, in their order. IndexDamagedError where one is not there or not as it was written."""
        wanted = [*rows]
        with self._lock:
            known = {row: self._known[row] for row in wanted if row in self._known}
        missing = sorted({*wanted} - known.keys())
        if missing:
            found = self._connection.by_key(self._place, "row", missing, _FIELDS)
            known |= {int(one["row"]): self._fact(one) for one in found}
            with self._lock:
                self._keep(known)
        try:
            return [known[row] for row in wanted]
        except KeyError as error:
            raise damaged(f"passage {error}", "it is not there") from error

    def stored(self, rows: Iterable[int]) -> list[Stored]:
        """The passages of rows, in their order."""
        wanted = [*rows]
        known = {row: self._stored[row] for row in wanted if row in self._stored}
        missing = sorted({*wanted} - known.keys())
        if missing:
            for one in self._connection.by_key(self._place, "row", missing, ("document", "content")):
                row = int(one["row"])
                known[row] = passage_of(row, int(one["document"]), unpacked(one["content"], f"passage {row}"))
            if len(self._stored) > _KEPT:
                self._stored = {}
            self._stored |= known
        try:
            return [known[row] for row in wanted]
        except KeyError as error:
            raise damaged(f"passage {error}", "it is not there") from error

    def _keep(self, known: dict[int, Fact]) -> None:
        if len(self._known) + len(known) > _KEPT:
            self._known = {}
        self._known |= known

    def _fact(self, one: Mapping[str, Any]) -> Fact:
        import numpy as np

        row = int(one["row"])
        counts = unpacked(one["counts"], f"passage {row}")
        try:
            vector = np.array(one["vector"], np.float32)
            codes = np.frombuffer(base64.b64decode(one["codes"], validate=True), np.uint8)
            if vector.shape != (self._dimensions,) or not np.linalg.norm(vector) <= _MOST_LENGTH:
                raise ValueError("a vector that cannot be")  # noqa: TRY301 - told as damage below
            if not isinstance(counts, dict) or not all(type(count) is int for count in counts.values()):
                raise TypeError("counts that are none")  # noqa: TRY301 - told as damage below
            return Fact(int(one["document"]), int(one["length"]), counts, vector, codes.reshape(-1, self._code_bytes))
        except (ValueError, TypeError, LookupError) as error:
            raise damaged(f"passage {row}", error) from error
