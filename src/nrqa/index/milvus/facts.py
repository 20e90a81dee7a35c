"""What ranking needs of single rows: it comes with searches or is fetched, and is kept: rows never change."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from nrqa.index.milvus.connection import Connection
from nrqa.index.milvus.content import damaged, passage_of, unpacked
from nrqa.index.milvus.schema import PASSAGES, Collections
from nrqa.index.rows import Stored
from nrqa.signals.late.coding import Coded

if TYPE_CHECKING:
    import numpy as np

T = TypeVar("T")

_KEPT = 2000
"""Rows that are kept: with some 20 kB each, most of it the counts of terms."""
COUNTED = ("document", "length", "counts")
"""The fields from which words are scored."""
SHOWN = ("document", "codes", "vector", "content")
"""What is scored by tokens may be shown: so its contents come along, a fifth more bytes for one request less."""
_KINDS = {
    "document": (("document",), COUNTED),
    "counted": (COUNTED, COUNTED),
    "coded": (("document", "codes", "vector"), SHOWN),
    "stored": (("document", "content"), ("document", "content")),
}
"""What is made of rows: of which fields, and which are fetched where one of these is not there."""
_MOST_LENGTH = 1.05
"""Vectors have unit length; keeping them in bytes adds less."""


@dataclass(frozen=True, slots=True)
class Counted:
    """The terms of a row."""

    document: int
    length: int
    counts: Mapping[str, int]


@dataclass(slots=True)
class _Row:
    """The fields of a row that have come, and what was made of them."""

    fields: dict[str, Any] = field(default_factory=dict)
    made: dict[str, Any] = field(default_factory=dict)


class Facts:
    """The rows of one index."""

    def __init__(
        self, connection: Connection, its: Collections, dimensions: int, code_bytes: Callable[[], int]
    ) -> None:
        self._connection, self._place = connection, its.named(PASSAGES)
        self._dimensions, self._code_bytes = dimensions, code_bytes
        self._known: dict[int, _Row] = {}
        self._lock = Lock()

    def counted(self, rows: Iterable[int]) -> list[Counted]:
        """The terms of rows, in their order. IndexDamagedError where one is not there or not as it was written."""
        return self._of(rows, "counted", self._counted)

    def coded(self, rows: Iterable[int]) -> list[Coded]:
        """Token codes and vectors of rows, likewise."""
        return self._of(rows, "coded", self._coded)

    def stored(self, rows: Iterable[int]) -> list[Stored]:
        """The passages of rows, likewise."""
        return self._of(rows, "stored", self._stored)

    def documents(self, rows: Iterable[int]) -> list[int]:
        """The documents of rows, likewise."""
        return self._of(rows, "document", lambda _, fields: int(fields["document"]))

    def learn(self, found: Iterable[Mapping[str, Any]]) -> dict[int, _Row]:
        """Keep the fields that a search or a request has brought of rows."""
        learnt: dict[int, _Row] = {}
        with self._lock:
            for one in found:
                number = int(one["row"])
                row = learnt[number] = self._known.pop(number) if number in self._known else _Row()
                row.fields |= one
            self._known |= learnt
            too_many = len(self._known) - max(_KEPT, 2 * len(learnt))
            for oldest in [*islice(self._known, max(0, too_many))]:
                del self._known[oldest]
        return learnt

    def _of(self, rows: Iterable[int], kind: str, make: Callable[[int, Mapping[str, Any]], T]) -> list[T]:
        """What is made of each row, once; rows whose fields have not come are fetched."""
        wanted = [*rows]
        needed, fetched = _KINDS[kind]
        with self._lock:
            known = {number: self._known[number] for number in wanted if number in self._known}
        missing = {number for number in wanted if number not in known or not known[number].fields.keys() >= {*needed}}
        if missing:
            known |= self.learn(self._connection.by_key(self._place, "row", sorted(missing), fetched))
        found: list[T] = []
        for number in wanted:
            try:
                row = known[number]
                if kind not in row.made:
                    row.made[kind] = make(number, row.fields)
                found.append(row.made[kind])
            except (ValueError, TypeError, LookupError) as error:
                raise damaged(f"passage {number}", error if number in known else "it is not there") from error
        return found

    def _counted(self, number: int, fields: Mapping[str, Any]) -> Counted:
        counts = unpacked(fields["counts"], f"passage {number}")
        if not isinstance(counts, dict) or not all(type(count) is int for count in counts.values()):
            raise TypeError("counts that are none")
        return Counted(int(fields["document"]), int(fields["length"]), counts)

    def _coded(self, _: int, fields: Mapping[str, Any]) -> Coded:
        import numpy as np

        vector: np.ndarray[Any, np.dtype[np.float32]] = np.array(fields["vector"], np.float32)
        codes = np.frombuffer(base64.b64decode(fields["codes"], validate=True), np.uint8)
        if vector.shape != (self._dimensions,) or not np.linalg.norm(vector) <= _MOST_LENGTH:
            raise ValueError("a vector that cannot be")
        return Coded(codes.reshape(-1, self._code_bytes()), vector)

    def _stored(self, number: int, fields: Mapping[str, Any]) -> Stored:
        return passage_of(number, int(fields["document"]), unpacked(fields["content"], f"passage {number}"))
