"""Writes the next generation: what is new becomes a new part, and parts that stay are hard-linked."""

from __future__ import annotations

import shutil
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nrqa.corpus.passages.locators import flagging, locating
from nrqa.corpus.passages.splitter import Draft
from nrqa.index.encoder_input import input_of_draft
from nrqa.index.local import generation
from nrqa.index.local.catalog.writing import CatalogWriter
from nrqa.index.local.disk_space import reserve
from nrqa.index.local.distinct_keys import Distinct
from nrqa.index.local.failures import reading
from nrqa.index.local.files import (
    CODEBOOK,
    DOCUMENTS,
    LEXICAL,
    ROWS,
    TOKEN_COUNTS,
    TOKEN_PLACES,
    TOKENS,
    VECTORS,
    part_name,
)
from nrqa.index.local.snapshot import LocalSnapshot
from nrqa.index.local.token_counts import TokenCounts
from nrqa.index.manifest import Manifest, Part
from nrqa.index.rows import NewPassage, Written
from nrqa.index.snapshot import Snapshot
from nrqa.records import Document, Stamp
from nrqa.signals import lexical, vectors
from nrqa.signals.codebook import write_codebook
from nrqa.signals.late.coding import ids_of
from nrqa.text.markup import readable
from nrqa.text.terms import document_terms

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Rows = NDArray[np.int64]

_MOST_DEAD = 0.08
"""A part with a larger share of rows of removed documents is rewritten without them. So the size and the speed of an
index after many changes are within a tenth of those of an index that was built from scratch."""
_MOST_DEAD_TERMS = 0.05
"""The lexical index is rewritten if the passages removed from it are more than this share of those that are left."""
_SMALL = 2000
"""Up to this many passages, the lexical index is rewritten after every removal: that takes less than a second."""
_BLOCK = 16_384
"""Rows whose vectors are read or written at a time."""
_UNWRITTEN = "unwritten.npy"
"""The vectors of a part until all of them are there."""
_CODED = 1024
"""Removed passages whose token codes are read at a time: all of them may be half of the corpus."""
_ASKED = 1024
"""Passages whose vectors are asked for at a time: a server takes as long for one."""
_ABSORB = 2
"""The new part absorbs older ones of up to twice its size, so that n changes leave about log n parts."""


class Builder:
    """Writes one generation into a draft folder of an index: see the protocol ``Builder`` of module snapshot."""

    def __init__(
        self,
        index: Path,
        previous: LocalSnapshot | None,
        vectors: Snapshot | None,
        *,
        dimensions: int,
        begins: tuple[int, int] = (0, 0),
    ) -> None:
        """``previous`` is what the new generation continues, ``vectors`` is the one whose vectors can be used again.

        ``begins`` are the first row and the first number of a document where nothing is continued.
        """
        self._index = index
        self._draft = draft = generation.begin(index)
        self._previous = previous
        self._vectors = vectors
        self._dimensions = dimensions
        self.codebook = vectors.codebook if vectors else None
        self.terms: lexical.TermsOf = document_terms
        self._next_row = previous.manifest.next_row if previous else begins[0]
        self._next_document = previous.manifest.next_document if previous else begins[1]
        self._first_row = self._next_row
        self._place = draft / part_name(previous.manifest.parts if previous else ())
        self._writer: CatalogWriter | None = None
        self._new_keys = Distinct()
        self._new_documents = array("q")
        self._removed: set[int] = set()
        self._kept: list[Part] = []
        self._rows: NDArray[np.int64]
        self._part_documents = 0
        self._vectors_put: Any = None
        self._new_places: Rows
        self._places: NDArray[np.uint32]
        self._codes: Any = None
        self._codes_written = 0
        self._token_counts = TokenCounts(previous.counted_tokens() if previous else None)

    def add(
        self, document: Document, stamp: Stamp, drafts: Sequence[Draft], lines: Sequence[int], unread: str = ""
    ) -> None:
        """Write a document with its passages; ``lines`` are the line numbers of each draft's start and end.

        ``unread`` is the script that the encoder does not read, "" where it reads the document.
        """
        number, self._next_document = self._next_document, self._next_document + 1
        passages = list(self._passages(document, drafts, lines))
        self._catalog().add(number, document, stamp, passages, unread)
        for one in passages:
            self._new_keys.append(one.key)
        self._new_documents.extend(repeat(number, len(passages)))

    def remove(self, number: int) -> None:
        """Remove a document of the previous generation."""
        self._removed.add(number)

    def seal(self) -> Rows:
        """Fix the rows of the new part, and fill in every vector that exists already.

        Returns the rows to encode, ascending: one for each distinct text.
        """
        import numpy as np

        new_rows = np.arange(self._first_row, self._next_row, dtype=np.int64)
        absorbed = self._absorbed_parts(len(new_rows))
        rows, documents = [new_rows], [np.array(self._new_documents, np.int64)]
        olds = []
        for name, gone in absorbed:
            assert self._previous is not None
            old = self._previous.part(name)
            alive = ~np.isin(old.documents, np.fromiter(gone, np.int64))
            if not alive.any():
                continue
            self._catalog().adopt(old.catalog, np.unique(old.documents[alive]).tolist())
            rows.append(old.vectors.rows[alive])
            documents.append(old.documents[alive])
            olds.append((old, old.vectors.rows[alive], np.flatnonzero(alive)))
        order = np.argsort(np.concatenate(rows), kind="stable")
        self._rows = np.concatenate(rows)[order]
        if not len(self._rows):
            return self._rows
        np.save(self._place / ROWS, self._rows)
        np.save(self._place / DOCUMENTS, np.concatenate(documents)[order])
        self._part_documents = len(np.unique(np.concatenate(documents)))
        shape = (len(self._rows), self._dimensions)
        self._vectors_put = np.lib.format.open_memmap(self._place / _UNWRITTEN, "w+", np.float16, shape)
        reserve(self._place / _UNWRITTEN)
        self._places = np.zeros((len(self._rows), 2), np.uint32)
        self._codes = (self._place / TOKENS).open("wb")
        for old, old_rows, at in olds:
            assert self._previous is not None
            places = np.searchsorted(self._rows, old_rows)
            with reading(self._previous.folder):
                for first in range(0, len(at), _BLOCK):
                    some = slice(first, first + _BLOCK)
                    self._vectors_put[places[some]] = old.vectors.restored(at[some])
            for alike, codes in old.tokens.distinct(at):
                self._put_codes(places[alike], codes)
        self._new_places = np.searchsorted(self._rows, new_rows)
        return self._rows_to_encode()

    def written(self, rows: Iterable[int]) -> Iterator[Written]:
        """The passages of rows of the new part."""
        return self._catalog().written(rows)

    def key(self, row: int) -> bytes:
        """The key of a new row."""
        return self._new_keys.key(row - self._first_row)

    def copies(self, row: int) -> int:
        """How many new passages have the same text as the row, itself included."""
        return len(self._new_keys.alike(row - self._first_row))

    def put(self, row: int, vector: NDArray[np.float16], codes: NDArray[np.uint8]) -> None:
        """Store a vector and token codes for the row and all new rows with the same text."""
        places = self._new_places[self._new_keys.alike(row - self._first_row)]
        self._vectors_put[places] = vector
        self._put_codes(places, codes)
        if self.codebook is not None:
            self._token_counts.add(ids_of(codes, self.codebook.id_bytes), len(places))

    def finish(self) -> tuple[tuple[Part, ...], int]:
        """Complete all files of the draft; returns its parts and the new value of ``Manifest.lexical_dead``."""
        dead = self._write_lexical()
        self._write_codebook()
        new = self.finish_part()
        parts = [*self._kept, *([new] if new else [])]
        if self._previous is not None:
            kept = {part.name for part in self._kept}
            for name in self._previous.manifest.files:
                if name.split("/")[0] in kept:
                    generation.reuse(self._previous.folder, name, self._draft)
        return tuple(parts), dead

    def finish_part(self) -> Part | None:
        """Complete the files of the new part alone; None where it has no passage."""
        if self._writer is None:
            return None
        self._writer.close()
        if not len(self._rows):
            return None
        self._finish_vectors()
        self._finish_tokens()
        return Part(self._place.name, len(self._rows), self._part_documents, self._writer.mark)

    @property
    def part_folder(self) -> Path:
        """Where the files of the new part are."""
        return self._place

    def passages_alive(self) -> int:
        """How many passages the finished generation answers with."""
        import numpy as np

        alive = len(self._rows)
        for part in self._kept:
            assert self._previous is not None
            documents = self._previous.part(part.name).documents
            alive += len(documents) - int(np.isin(documents, np.array(part.removed, np.int64)).sum())
        return alive

    @property
    def next_row(self) -> int:
        """The first row that no passage has yet."""
        return self._next_row

    @property
    def next_document(self) -> int:
        """The first number that no document has yet."""
        return self._next_document

    def publish(self, manifest: Manifest) -> int:
        """Rename the draft folder to the next number."""
        previous = self._previous
        linked = previous.manifest.files if previous else {}
        return generation.publish(
            self._index, self._draft, manifest.to_dict(), linked=linked, leave_out=lexical.is_lock
        )

    def abandon(self) -> None:
        """Close the draft's files, and delete its folder where it was not published."""
        self._vectors_put = None
        if self._codes is not None:
            self._codes.close()
        if self._writer is not None:
            self._writer.abandon()
        shutil.rmtree(self._draft, ignore_errors=True)

    def _catalog(self) -> CatalogWriter:
        if self._writer is None:
            self._place.mkdir()
            self._writer = CatalogWriter(self._place)
        return self._writer

    def _passages(self, document: Document, drafts: Sequence[Draft], lines: Sequence[int]) -> Iterator[NewPassage]:
        text = document.text
        locators_of, flags_of = locating(document.places), flagging(document.flags)
        in_bytes = _byte_positions(text, [at for draft in drafts for at in (draft.start, draft.end)])
        for at, draft in enumerate(drafts):
            row, self._next_row = self._next_row, self._next_row + 1
            yield NewPassage(
                row=row,
                key=input_of_draft(text, draft).key,
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
                locators=locators_of(draft.start, draft.end),
                flags=flags_of(draft.start, draft.end),
            )

    def _absorbed_parts(self, size: int) -> list[tuple[str, set[int]]]:
        """The previous parts to rewrite, with their removed documents; the others are kept as they are."""
        import numpy as np

        absorbed: list[tuple[str, set[int]]] = []
        if self._previous is None:
            return absorbed
        for part in self._previous.manifest.parts:
            documents = self._previous.part(part.name).documents
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

    def _rows_to_encode(self) -> Rows:
        import numpy as np

        firsts = np.asarray(self._new_keys.firsts(), np.int64) + self._first_row
        if self._vectors is None:
            return firsts
        missing = array("q")  # 8 bytes each: there may be millions
        for first in range(0, len(firsts), _ASKED):
            rows = firsts[first : first + _ASKED].tolist()
            keys = [*map(self.key, rows)]
            known = self._vectors.embedded(keys)
            for row, key in zip(rows, keys, strict=True):
                if key in known:
                    self.put(row, *known[key])
                else:
                    missing.append(row)
        return np.array(missing, np.int64)

    def _put_codes(self, places: Rows, codes: NDArray[np.uint8]) -> None:
        """Append the codes once, however many passages have the same text."""
        self._places[places] = (self._codes_written, len(codes))
        self._codes.write(codes.tobytes())
        self._codes_written += len(codes)

    def _finish_vectors(self) -> None:
        import numpy as np

        put = self._vectors_put

        def chunks() -> Iterator[NDArray[np.float32]]:
            for first in range(0, len(put), _BLOCK):
                yield put[first : first + _BLOCK].astype(np.float32)

        vectors.write(self._place / VECTORS, self._rows, self._dimensions, chunks)
        self._vectors_put = put = put[:0]  # closed, so that it can be deleted
        (self._place / _UNWRITTEN).unlink()

    def _finish_tokens(self) -> None:
        import numpy as np

        self._codes.close()
        if self.codebook is None:
            (self._place / TOKENS).unlink()
        else:
            np.save(self._place / TOKEN_PLACES, self._places)

    def _write_codebook(self) -> None:
        """Write the codebook and the token counts: the previous counts, minus removed passages, plus new ones."""
        import numpy as np

        if self.codebook is None:
            return
        if self._previous is not None and self._previous.codebook is not None:
            generation.reuse(self._previous.folder, CODEBOOK, self._draft)
        else:
            write_codebook(self._draft / CODEBOOK, self.codebook)
        if self._previous is not None and self._removed:
            gone = self._previous.rows_of(self._removed)
            for first in range(0, len(gone), _CODED):
                for one in self._previous.coded(gone[first : first + _CODED].tolist()):
                    self._token_counts.add(ids_of(one.codes, self.codebook.id_bytes), -1)
        np.save(self._draft / TOKEN_COUNTS, self._token_counts.counted())

    def _write_lexical(self) -> int:
        """Write the lexical index and return how many passages were removed from it since it was last rewritten.

        tantivy's statistics count removed passages until the index is rewritten. So it is rewritten after every removal
        while it is small, and otherwise when a twentieth is gone.
        """
        folder = self._draft / LEXICAL
        folder.mkdir()
        dead = self._passages_removed()
        alive = self.passages_alive()
        if self._previous is None or dead > _MOST_DEAD_TERMS * alive or (dead and alive <= _SMALL):
            lexical.write(folder, map(entry_of, self._written_alive()), terms=self.terms)
            return 0
        for name in self._previous.manifest.files:
            if name.startswith(f"{LEXICAL}/"):
                generation.reuse(self._previous.folder, name, self._draft)
        new_rows = range(self._first_row, self._next_row)
        if new_rows or self._removed:
            new = self.written(new_rows) if new_rows else iter(())
            lexical.write(folder, map(entry_of, new), removed=sorted(self._removed), terms=self.terms)
        else:
            lexical.touch_locks(folder)
        return dead

    def _passages_removed(self) -> int:
        import numpy as np

        if self._previous is None:
            return 0
        gone = np.fromiter(self._removed, np.int64)
        parts = self._previous.manifest.parts
        now = sum(int(np.isin(self._previous.part(part.name).documents, gone).sum()) for part in parts)
        return self._previous.manifest.lexical_dead + now

    def _written_alive(self) -> Iterator[Written]:
        """All passages that the finished generation answers with."""
        for part in self._kept:
            assert self._previous is not None
            yield from self._previous.written(part.name, without=set(part.removed))
        if self._writer is not None:
            yield from self._writer.written(map(int, self._rows))


def entry_of(one: Written) -> lexical.Entry:
    """A passage as the lexical signal sees it."""
    text = readable(one.text) if one.markup else one.text
    return lexical.Entry(one.row, one.document, text, one.context, one.name, one.names)


def _byte_positions(text: str, positions: Sequence[int]) -> dict[int, int]:
    """The position in UTF-8 bytes of each position in code points."""
    if text.isascii():
        return {at: at for at in positions}
    found: dict[int, int] = {}
    at = in_bytes = 0
    for position in sorted(set(positions)):
        in_bytes += len(text[at:position].encode("utf-8"))
        at = position
        found[position] = in_bytes
    return found
