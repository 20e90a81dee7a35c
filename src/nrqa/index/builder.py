"""Writing the next generation: what is new becomes a new part, what stays is linked."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nrqa import generation, lexical
from nrqa.catalog import CatalogWriter, NewPassage, Written
from nrqa.index.layout import DOCUMENTS, LEXICAL, ROWS, VECTORS, Part, part_name
from nrqa.index.snapshot import Snapshot
from nrqa.markup import readable
from nrqa.records import Document
from nrqa.splitter import Draft

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_MOST_DEAD = 0.3
"""A part with a larger share of rows of removed documents is written anew without them."""
_MOST_DEAD_TERMS = 0.1
"""Share of passages taken out of the lexical index, of those alive, above which it is written anew."""
_SMALL = 2000
"""Passages up to which the lexical index is written anew after every removal: less than a second's work."""
_ABSORB = 2
"""The new part takes in older ones up to twice its size, so that n changes leave about log n parts."""


def encoder_input(context: str, text: str, *, markup: bool) -> str:
    """What the encoder reads for a passage: title and headings on a line of their own, then its words."""
    words = readable(text) if markup else text
    return f"{context}\n{words}" if context else words


def key_of(text: str) -> bytes:
    """The key under which the vector of this encoder input is found again (BLAKE2b, 128 bits)."""
    return hashlib.blake2b(text.encode("utf-8"), digest_size=16).digest()


class Builder:
    """Collects one generation in a draft folder: ``add`` and ``remove``, ``seal``, ``put``, ``finish``."""

    def __init__(self, draft: Path, previous: Snapshot | None, vectors: Snapshot | None, *, dimensions: int) -> None:
        """Begin; ``previous`` is what the new generation continues, ``vectors`` where older vectors are."""
        self._draft = draft
        self._previous = previous
        self._vectors = vectors
        self._dimensions = dimensions
        self._next_row = previous.manifest.next_row if previous else 0
        self._next_document = previous.manifest.next_document if previous else 0
        self._first_row = self._next_row
        self._place = draft / part_name(previous.manifest.parts if previous else ())
        self._writer: CatalogWriter | None = None
        self._new_keys: list[bytes] = []
        self._new_documents: list[int] = []
        self._removed: set[int] = set()
        self._kept: list[Part] = []
        self._rows: NDArray[np.int64]
        self._part_documents = 0
        self._matrix: Any = None
        self._places_of: dict[bytes, list[int]] = {}

    def add(
        self, document: Document, stamp: tuple[int, int, int], drafts: Sequence[Draft], lines: Sequence[int]
    ) -> None:
        """Write a document with its passages; ``lines`` are the line numbers of each draft's start and end."""
        number, self._next_document = self._next_document, self._next_document + 1
        passages = list(self._passages(document.text, drafts, lines))
        self._catalog().add(number, document, stamp, passages)
        self._new_keys.extend(one.key for one in passages)
        self._new_documents.extend([number] * len(passages))

    def remove(self, number: int) -> None:
        """Take a document of the previous generation out."""
        self._removed.add(number)

    def seal(self) -> list[int]:
        """Fix the rows of the new part and fill in every vector that exists already.

        Returns the rows to encode, one for each text.
        """
        import numpy as np

        new_rows = np.arange(self._first_row, self._next_row, dtype=np.int64)
        absorbed = self._absorbed_parts(len(new_rows))
        rows, documents = [new_rows], [np.array(self._new_documents, np.int64)]
        vectors = []
        for name, gone in absorbed:
            assert self._previous is not None
            catalog, old_rows, old_documents, matrix = self._previous.part(name)
            alive = ~np.isin(old_documents, np.fromiter(gone, np.int64))
            if not alive.any():
                continue
            self._catalog().adopt(catalog, np.unique(old_documents[alive]).tolist())
            rows.append(old_rows[alive])
            documents.append(old_documents[alive])
            vectors.append((old_rows[alive], matrix, np.flatnonzero(alive)))
        order = np.argsort(np.concatenate(rows), kind="stable")
        self._rows = np.concatenate(rows)[order]
        if not len(self._rows):
            return []
        np.save(self._place / ROWS, self._rows)
        np.save(self._place / DOCUMENTS, np.concatenate(documents)[order])
        self._part_documents = len(np.unique(np.concatenate(documents)))
        shape = (len(self._rows), self._dimensions)
        self._matrix = np.lib.format.open_memmap(self._place / VECTORS, mode="w+", dtype=np.float32, shape=shape)
        for old_rows, matrix, at in vectors:
            self._matrix[np.searchsorted(self._rows, old_rows)] = matrix[at]
        return self._rows_to_encode()

    def written(self, rows: Iterable[int]) -> Iterator[Written]:
        """The passages of rows of the new part."""
        return self._catalog().written(rows)

    def key(self, row: int) -> bytes:
        """The key of a new row."""
        return self._new_keys[row - self._first_row]

    def put(self, row: int, vector: NDArray[np.float32]) -> None:
        """Store the vector for the row and for all new rows with the same text."""
        self._matrix[self._places_of[self.key(row)]] = vector

    def finish(self) -> tuple[tuple[Part, ...], int]:
        """Complete all files of the draft; returns its parts, and what ``Manifest.lexical_dead`` is now."""
        dead = self._write_lexical()
        parts = list(self._kept)
        if self._writer is not None:
            self._writer.close()
            if len(self._rows):
                self._matrix.flush()
                parts.append(Part(self._place.name, len(self._rows), self._part_documents))
            self._matrix = None
        if self._previous is not None:
            kept = {part.name for part in self._kept}
            for name in self._previous.manifest.files:
                if name.split("/")[0] in kept:
                    generation.reuse(self._previous.folder / name, self._draft / name)
        return tuple(parts), dead

    def passages_alive(self) -> int:
        """How many passages the finished generation answers with."""
        import numpy as np

        alive = len(self._rows)
        for part in self._kept:
            assert self._previous is not None
            _, rows, documents, _ = self._previous.part(part.name)
            alive += len(rows) - int(np.isin(documents, np.array(part.removed, np.int64)).sum())
        return alive

    @property
    def next_row(self) -> int:
        """The first row that no passage has yet."""
        return self._next_row

    @property
    def next_document(self) -> int:
        """The first number that no document has yet."""
        return self._next_document

    def abandon(self) -> None:
        """Let go of the draft's files, so that the folder can be removed."""
        self._matrix = None
        if self._writer is not None:
            self._writer.abandon()

    def _catalog(self) -> CatalogWriter:
        if self._writer is None:
            self._place.mkdir()
            self._writer = CatalogWriter(self._place)
        return self._writer

    def _passages(self, text: str, drafts: Sequence[Draft], lines: Sequence[int]) -> Iterator[NewPassage]:
        in_bytes = _byte_positions(text, [at for draft in drafts for at in (draft.start, draft.end)])
        for at, draft in enumerate(drafts):
            row, self._next_row = self._next_row, self._next_row + 1
            written = text[draft.start : draft.end]
            yield NewPassage(
                row=row,
                key=key_of(encoder_input(draft.context, written, markup=draft.markup)),
                start=draft.start,
                end=draft.end,
                byte_start=in_bytes[draft.start],
                byte_end=in_bytes[draft.end],
                line_start=lines[2 * at],
                line_end=lines[2 * at + 1],
                heading=draft.heading,
                sentences=draft.sentences,
                context=draft.context,
                markup=draft.markup,
            )

    def _absorbed_parts(self, size: int) -> list[tuple[str, set[int]]]:
        """The previous parts to write anew, with their removed documents; the others are kept as they are."""
        import numpy as np

        absorbed: list[tuple[str, set[int]]] = []
        if self._previous is None:
            return absorbed
        for part in self._previous.manifest.parts:
            _, _, documents, _ = self._previous.part(part.name)
            gone = {*part.removed, *self._removed.intersection(np.unique(documents).tolist())}
            dead = int(np.isin(documents, np.fromiter(gone, np.int64)).sum())
            if dead > _MOST_DEAD * part.rows:
                absorbed.append((part.name, gone))
                size += part.rows - dead
            else:
                self._kept.append(replace(part, removed=tuple(sorted(gone))))
        while size and self._kept and self._kept[-1].rows <= _ABSORB * size:
            part = self._kept.pop()
            absorbed.append((part.name, set(part.removed)))
            size += part.rows
        return absorbed

    def _rows_to_encode(self) -> list[int]:
        import numpy as np

        places = np.searchsorted(self._rows, np.arange(self._first_row, self._next_row))
        first_of: dict[bytes, int] = {}
        for at, key in enumerate(self._new_keys):
            self._places_of.setdefault(key, []).append(int(places[at]))
            first_of.setdefault(key, self._first_row + at)
        missing = []
        for key, row in first_of.items():
            vector = self._vectors.vector_with_key(key) if self._vectors else None
            if vector is None:
                missing.append(row)
            else:
                self._matrix[self._places_of[key]] = vector
        return missing

    def _write_lexical(self) -> int:
        """Write the lexical index and return how many passages were taken out of it since it was written anew.

        tantivy's statistics count what was taken out until it is written anew, so that is done while it is small,
        and where a tenth is gone.
        """
        folder = self._draft / LEXICAL
        folder.mkdir()
        dead = self._passages_removed()
        alive = self.passages_alive()
        if self._previous is None or dead > _MOST_DEAD_TERMS * alive or (dead and alive <= _SMALL):
            lexical.write(folder, self._entries(self._written_alive()))
            return 0
        for name in self._previous.manifest.files:
            if name.startswith(f"{LEXICAL}/"):
                generation.reuse(self._previous.folder / name, self._draft / name)
        new_rows = range(self._first_row, self._next_row)
        if new_rows or self._removed:
            new = self.written(new_rows) if new_rows else iter(())
            lexical.write(folder, self._entries(new), removed=sorted(self._removed))
        else:
            lexical.touch_locks(folder)
        return dead

    def _passages_removed(self) -> int:
        import numpy as np

        if self._previous is None:
            return 0
        gone = np.fromiter(self._removed, np.int64)
        parts = self._previous.manifest.parts
        now = sum(int(np.isin(self._previous.part(part.name)[2], gone).sum()) for part in parts)
        return self._previous.manifest.lexical_dead + now

    def _written_alive(self) -> Iterator[Written]:
        """All passages that the finished generation answers with."""
        for part in self._kept:
            assert self._previous is not None
            yield from self._previous.written(part.name, without=set(part.removed))
        if self._writer is not None:
            yield from self._writer.written(self._rows.tolist())

    def _entries(self, passages: Iterable[Written]) -> Iterator[lexical.Entry]:
        for one in passages:
            text = readable(one.text) if one.markup else one.text
            yield lexical.Entry(one.row, one.document, text, f"{one.file_title} {one.context}")


def is_lock(name: str) -> bool:
    """Whether a file in a generation's folder is a lock, which belongs to no generation."""
    return lexical.is_lock(name)


def _byte_positions(text: str, positions: Sequence[int]) -> dict[int, int]:
    """The place in UTF-8 of each code point position."""
    if text.isascii():
        return {at: at for at in positions}
    found: dict[int, int] = {}
    at = in_bytes = 0
    for position in sorted(set(positions)):
        in_bytes += len(text[at:position].encode("utf-8"))
        at = position
        found[position] = in_bytes
    return found
