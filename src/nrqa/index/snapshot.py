"""A generation opened for reading: one snapshot, whole, whatever writers do meanwhile."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nrqa import dense, generation
from nrqa.catalog import Catalog, Known, Stored, Written
from nrqa.dense import Vectors
from nrqa.errors import IndexDamagedError, IndexMissingError, QuestionError
from nrqa.index.layout import DOCUMENTS, LEXICAL, ROWS, VECTORS, Manifest, Part, manifest_of
from nrqa.lexical import Lexical

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Rows = NDArray[np.int64]
    Scores = NDArray[np.float32]

Where = Mapping[str, str | Sequence[str]]
_TRIES = 20
"""A reader may find its generation swept while opening it; by then a newer one is there."""


@dataclass(frozen=True, slots=True)
class _OpenPart:
    part: Part
    catalog: Catalog
    vectors: Vectors
    documents: Rows
    """The document of each row, aligned with ``vectors.rows``."""
    alive: Rows | None
    """The rows whose documents are still there; None where all are."""


@dataclass(frozen=True, slots=True)
class Filtered:
    """The documents and rows that a filter leaves; ``documents`` is None where nothing was filtered out."""

    documents: frozenset[int] | None
    rows: Rows | None
    document_count: int
    passage_count: int


class Snapshot:
    """Everything a question needs of one generation; it stays readable after the generation is swept."""

    def __init__(self, index: Path, number: int) -> None:
        self.folder = generation.folder_of(index, number)
        self.manifest: Manifest = manifest_of(generation.read_manifest(self.folder), self.folder)
        self._parts = [_open_part(self.folder, part) for part in self.manifest.parts]
        # Opened now, not when first used: a writer may sweep the folder at any time.
        self.lexical = Lexical(self.folder / LEXICAL) if self._parts else None

    @classmethod
    def newest(cls, index: Path) -> Snapshot:
        """The published generation with the highest number. IndexMissingError where there is none."""
        gone: OSError | None = None
        for _ in range(_TRIES):
            number = generation.newest(index)
            if number is None:
                raise IndexMissingError(
                    f"There is no index in '{index}'. Build it first: nrqa index CORPUS --index '{index}'"
                )
            try:
                return cls(index, number)
            except FileNotFoundError as error:
                gone = error
            except (OSError, ValueError, sqlite3.Error) as error:
                if generation.folder_of(index, number).exists():
                    raise IndexDamagedError(
                        f"The index '{index}' cannot be opened ({type(error).__name__}: {error}). "
                        "`nrqa status --verify` names the damaged file; `nrqa index --rebuild` builds it again."
                    ) from error
        raise IndexDamagedError(f"The index '{index}' changes faster than it can be opened: {gone}") from gone

    @cached_property
    def known(self) -> dict[str, Known]:
        """The documents that are in, by name."""
        known = {}
        for open_part in self._parts:
            for one in open_part.catalog.known():
                if one.number not in self._removed:
                    stamp = self.manifest.stamps.get(str(one.number))
                    known[one.name] = one if stamp is None else Known(one.number, one.name, one.sha256, *stamp)
        return known

    @property
    def vector_parts(self) -> list[Vectors]:
        """The vectors of all parts, removed documents included (see ``filtered``)."""
        return [one.vectors for one in self._parts]

    def filtered(self, where: Where | None, only: Sequence[str] | None) -> Filtered:
        """What the filters leave. QuestionError where no document has metadata of that name."""
        if not where and not only:
            rows = self._alive_rows
            return Filtered(None, rows, self.manifest.documents, self.manifest.passages)
        numbers = {number for number, _ in self._names()}
        for key, wanted in (where or {}).items():
            numbers &= self._numbers_with(key, wanted)
        if only:
            numbers &= {number for number, name in self._names() if any(fnmatchcase(name, glob) for glob in only)}
        rows = self._rows_of(numbers)
        return Filtered(frozenset(numbers), rows, len(numbers), len(rows))

    def search_dense(self, question: Scores, k: int, within: Filtered) -> tuple[Rows, Scores]:
        """The ``k`` nearest rows and their cosines, best first."""
        return dense.search(self.vector_parts, question, k, allowed=within.rows)

    def search_lexical(self, terms: list[str], k: int, within: Filtered) -> tuple[Rows, Scores]:
        """The ``k`` best rows by BM25 and their scores, best first."""
        import numpy as np

        if self.lexical is None or (within.documents is not None and not within.documents):
            return np.empty(0, np.int64), np.empty(0, np.float32)
        return self.lexical.search(terms, k, documents=within.documents)

    def stored(self, row: int) -> Stored:
        """The passage of a row that a search found."""
        for open_part in self._parts:
            found = open_part.catalog.stored(row)
            if found:
                return found
        raise KeyError(row)

    def document_named(self, name: str) -> tuple[str, list[Stored]] | None:
        """Text and passages of the document of that name, or None."""
        for open_part in self._parts:
            for number in open_part.catalog.numbers_named(name):
                if number not in self._removed:
                    return open_part.catalog.text_of(number), open_part.catalog.passages_of(number)
        return None

    def vector_with_key(self, key: bytes) -> Scores | None:
        """The vector made earlier from the text with that key, also of a document that is gone."""
        for open_part in self._parts:
            row = open_part.catalog.row_with_key(key)
            if row is not None:
                import numpy as np

                at = int(np.searchsorted(open_part.vectors.rows, row))
                vector: Scores = open_part.vectors.matrix[at]
                return vector
        return None

    def written(self, name: str, *, without: AbstractSet[int]) -> Iterator[Written]:
        """The passages of one part as the lexical signal needs them, less those of some documents."""
        return next(one for one in self._parts if one.part.name == name).catalog.written(without)

    def part(self, name: str) -> tuple[Catalog, Rows, Rows, Scores]:
        """Catalog, rows, their documents and their vectors of one part, for writing it anew."""
        found = next(one for one in self._parts if one.part.name == name)
        return found.catalog, found.vectors.rows, found.documents, found.vectors.matrix

    def close(self) -> None:
        """Let go of the catalogs."""
        for open_part in self._parts:
            open_part.catalog.close()

    @cached_property
    def _removed(self) -> frozenset[int]:
        return frozenset(number for part in self.manifest.parts for number in part.removed)

    def _names(self) -> Iterator[tuple[int, str]]:
        for open_part in self._parts:
            for number, name in open_part.catalog.names():
                if number not in self._removed:
                    yield number, name

    def _numbers_with(self, key: str, wanted: str | Sequence[str]) -> set[int]:
        key = key.strip().lower()
        values = [wanted] if isinstance(wanted, str) else list(wanted)
        known = set().union(*(one.catalog.metadata_keys() for one in self._parts)) if self._parts else set()
        if key not in known:
            raise QuestionError(
                f"No document has metadata named '{key}'. Known are: {', '.join(sorted(known)) or 'none'}."
            )
        return set().union(*(one.catalog.numbers_with(key, values) for one in self._parts)) - self._removed

    @cached_property
    def _alive_rows(self) -> Rows | None:
        """All rows of documents that are still there; None where that is every row."""
        import numpy as np

        if all(one.alive is None for one in self._parts):
            return None
        return np.sort(np.concatenate([one.vectors.rows if one.alive is None else one.alive for one in self._parts]))

    def _rows_of(self, numbers: Iterable[int]) -> Rows:
        import numpy as np

        wanted = np.fromiter(numbers, np.int64)
        rows = [one.vectors.rows[np.isin(one.documents, wanted)] for one in self._parts]
        return np.sort(np.concatenate(rows)) if rows else np.empty(0, np.int64)


def _open_part(folder: Path, part: Part) -> _OpenPart:
    import numpy as np

    place = folder / part.name
    loaded: list[Any] = [np.load(place / name, mmap_mode="r") for name in (ROWS, DOCUMENTS, VECTORS)]
    rows, documents, matrix = loaded
    alive = None
    if part.removed:
        alive = np.asarray(rows[~np.isin(documents, np.array(part.removed, np.int64))])
    return _OpenPart(part, Catalog(place), Vectors(rows, matrix), documents, alive)
