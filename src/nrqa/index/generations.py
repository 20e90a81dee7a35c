"""What an index must give to be written and found, whatever keeps it: generations, one published after another.

The other side of the seam is module snapshot: what a question asks of one generation.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from nrqa.corpus.passages.splitter import Draft
    from nrqa.index.manifest import Manifest, Part
    from nrqa.index.rows import Written
    from nrqa.index.snapshot import Snapshot
    from nrqa.records import Document, Stamp
    from nrqa.signals.late.coding import Codebook

    Rows = NDArray[np.int64]
    Codes = NDArray[np.uint8]


class Generations(Protocol):
    """An index as a place where one generation after another is published."""

    def __str__(self) -> str:
        """Where it is, as people write it."""
        ...

    @property
    def beside(self) -> Path:
        """The folder on this machine with what users keep with the index: standing questions, a calibration."""
        ...

    @property
    def encoder(self) -> Path | None:
        """The folder of a converted encoder that the index brings, for machines that have none; mostly None."""
        ...

    def newest_number(self) -> int | None:
        """The number of the published generation, or None where there is none."""
        ...

    def identity(self, number: int | None = None) -> Hashable | None:
        """A key that differs for a generation of the same number in another index at this place; None if it is gone.

        Without a number it is that of the published generation.
        """
        ...

    def newest(self) -> Snapshot:
        """The published generation, opened. IndexMissingError where there is none."""
        ...

    def at(self, number: int) -> Snapshot:
        """An earlier generation, while it is kept."""
        ...

    def asking(self) -> AbstractContextManager[None]:
        """Raises nrqa's own errors in place of those that a damaged or unreachable index leads to meanwhile."""
        ...

    def newest_content(self) -> Any:
        """The newest generation's manifest as JSON, however damaged all else is; None where it cannot be read.

        For module ``recorded``.
        """
        ...

    def damage(self) -> Iterator[tuple[str, str]]:
        """Each piece of the newest generation that is not as it was written, and what is wrong with it."""
        ...

    def writing(self) -> AbstractContextManager[None]:
        """Makes this process the only writer meanwhile, and raises nrqa's own errors in place of others.

        Raises IndexBusyError where there is another writer. What writers left that died is cleared away.
        """
        ...

    def builder(self, previous: Snapshot | None, vectors: Snapshot | None, *, dimensions: int) -> Builder:
        """Begin the next generation, which continues ``previous`` and uses vectors of ``vectors`` again.

        Both are snapshots of this index, or None.
        """
        ...


class Builder(Protocol):
    """The next generation, while it is built: ``add`` and ``remove``, then ``seal``, ``put``, ``finish``, ``publish``.

    Token codes are made with ``codebook``: that of the older vectors, or one that is set before the first ``put``.
    ``terms`` gives the terms of a passage's text: ``document_terms``, or what is set before ``finish``.
    """

    codebook: Codebook | None
    terms: Callable[[str], Sequence[str]]

    @property
    def next_row(self) -> int:
        """The first row that no passage has yet."""
        ...

    @property
    def next_document(self) -> int:
        """The first number that no document has yet."""
        ...

    def add(
        self, document: Document, stamp: Stamp, drafts: Sequence[Draft], lines: Sequence[int], unread: str = ""
    ) -> None:
        """Write a document with its passages; ``lines`` are the line numbers of each draft's start and end.

        ``unread`` is the script that the encoder does not read, "" where it reads the document.
        """
        ...

    def remove(self, number: int) -> None:
        """Remove a document of the previous generation."""
        ...

    def seal(self) -> Rows:
        """Fix the new rows, and fill in every vector that exists already; returns those to encode, ascending.

        That is one row for each distinct text.
        """
        ...

    def written(self, rows: Iterable[int]) -> Iterator[Written]:
        """The passages of new rows."""
        ...

    def key(self, row: int) -> bytes:
        """The key of a new row."""
        ...

    def copies(self, row: int) -> int:
        """How many new passages have the same text as the row, itself included."""
        ...

    def put(self, row: int, vector: NDArray[np.float16], codes: Codes) -> None:
        """Store a vector and token codes for the row and all new rows with the same text."""
        ...

    def finish(self) -> tuple[tuple[Part, ...], int]:
        """Complete all but the manifest: gives its ``parts`` and ``lexical_dead``."""
        ...

    def passages_alive(self) -> int:
        """How many passages the finished generation answers with."""
        ...

    def publish(self, manifest: Manifest) -> int:
        """Make it the generation that answers, in one step; returns its number."""
        ...

    def abandon(self) -> None:
        """Give back what is held, and delete what was not published."""
        ...
