"""A generation opened for reading: it stays complete and the same, whatever writers do meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from unicodedata import normalize

from nrqa.errors import IndexDamagedError, IndexMissingError, IndexUnusableError
from nrqa.index.local import generation
from nrqa.index.local.catalog.reading import Catalog
from nrqa.index.local.checks import check_manifest, opened, refuse_strange_files
from nrqa.index.local.failures import damaged, reading
from nrqa.index.local.files import CODEBOOK, DOCUMENTS, LEXICAL, ROWS, TOKEN_COUNTS, TOKEN_PLACES, TOKENS, VECTORS
from nrqa.index.local.tokens import TokenFile
from nrqa.index.manifest import Manifest, Part, manifest_of, refuse_other_format
from nrqa.index.rows import Known, Listed, Stored, Written
from nrqa.index.snapshot import OPENING, Filtered, Where
from nrqa.records import Document, PageWords, Span
from nrqa.signals import dense
from nrqa.signals.codebook import read_codebook
from nrqa.signals.late.coding import Coded, counts_of
from nrqa.signals.lexical import Lexical
from nrqa.signals.vectors import Vectors

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from nrqa.signals.late.coding import Codebook

    Rows = NDArray[np.int64]
    Scores = NDArray[np.float32]
    Codes = NDArray[np.uint8]

_FILTERS = 4
"""How many filters keep their results in memory: 8 bytes for each passage that passes a filter."""
_MOST_COSINE = 1.05
"""Vectors have unit length; keeping them in bytes adds less."""
_TRIES = 20
"""How often opening is tried: a writer may delete the generation meanwhile, and then there is a newer one."""


@dataclass(frozen=True, slots=True)
class OpenPart:
    """A part opened for reading."""

    part: Part
    catalog: Catalog
    vectors: Vectors
    documents: Rows
    """The document of each row, aligned with ``vectors.rows``."""
    alive: Rows | None
    """The positions of the rows whose documents are still in the index; None where all are."""
    tokens: TokenFile


class LocalSnapshot:
    """Everything a question needs of one generation; it stays readable after the generation is deleted."""

    def __init__(self, index: Path, number: int) -> None:
        self.folder = folder = generation.folder_of(index, number)
        content = generation.read_manifest(folder, first=lambda found: refuse_other_format(found, folder))
        self.manifest: Manifest = manifest_of(content, folder)
        check_manifest(self.manifest, folder)
        with reading(folder):
            self.codebook, self._token_counts = self._open_tokens()
            self._left: dict[str, Filtered] = {}
            size = self.codebook.size if self.codebook else 1
            self._parts = [
                open_part(
                    folder / part.name, part, self.manifest.model.dimensions, size,
                    coded=f"{part.name}/{TOKEN_PLACES}" in self.manifest.files,
                )
                for part in self.manifest.parts
            ]  # fmt: skip
            # Opened now, not when first used: a writer may delete the folder at any time.
            self.lexical = _watched_lexical(folder) if self._parts else None

    @classmethod
    def newest(cls, index: Path) -> LocalSnapshot:
        """The published generation with the highest number. IndexMissingError where there is none."""
        gone: Exception | None = None
        for _ in range(_TRIES):
            number = generation.newest(index)
            if number is None:
                raise IndexMissingError(
                    f"There is no index in '{index}'. Build it first: nrqa index CORPUS --index '{index}'"
                )
            try:
                with OPENING:
                    return cls(index, number)
            except FileNotFoundError as error:
                gone = error
            except OSError as error:  # too many open files, no permission to read, an unreachable network file system
                raise IndexUnusableError(
                    f"The index '{index}' cannot be opened: {(error.strerror or str(error)).lower()}. "
                    "Mend that, and try again."
                ) from error
            except IndexDamagedError as error:
                if generation.folder_of(index, number).exists():
                    raise
                gone = error
        raise IndexDamagedError(f"The index '{index}' changes faster than it can be opened: {gone}") from gone

    @property
    def beside(self) -> Path:
        """The index folder."""
        return self.folder.parent

    @property
    def away(self) -> bool:
        """It is on this machine."""
        return False

    @property
    def size(self) -> int:
        """The bytes of its files."""
        return sum(int(facts["size"]) for facts in self.manifest.files.values())

    @cached_property
    def known(self) -> dict[str, Known]:
        """The documents in the index, by name.

        Their rows are not compared with their checksums, since that would take as long again: whoever shows one, or
        believes that a file has changed, asks ``vouch`` first.
        """
        removed, stamps = self._removed, {int(number): stamp for number, stamp in self.manifest.stamps.items()}
        return {
            one.name: one.under(stamps[one.number]) if one.number in stamps else one
            for open_part in self._parts
            for one in self._whole(open_part, open_part.catalog.known())
            if one.number not in removed
        }

    def vouch(self, numbers: Iterable[int]) -> None:
        """Raise IndexDamagedError where one of these documents is not as it was written."""
        wanted = set(numbers)
        for one in self._parts:
            for number in sorted(wanted.intersection(one.documents.tolist())):
                if not one.catalog.is_sound(number):
                    raise damaged(self.folder / one.part.name, f"document {number} is not as it was written")

    def _whole(self, one: OpenPart, known: list[Known]) -> list[Known]:
        if len(known) < one.part.documents:
            raise damaged(self.folder / one.part.name, "documents are missing")
        return known

    def listed(self) -> Iterator[Listed]:
        """The documents in the index, with what is known about each."""
        for open_part in self._parts:
            yield from (one for one in open_part.catalog.listed() if one.number not in self._removed)

    @cached_property
    def facets(self) -> dict[str, dict[str, int]]:
        """For each metadata key its values (case-folded), the most common first, and how many documents have each."""
        counts: dict[str, dict[str, int]] = {}
        for open_part in self._parts:
            for number, key, value in open_part.catalog.facets():
                if number not in self._removed:
                    of_key = counts.setdefault(key, {})
                    of_key[value] = of_key.get(value, 0) + 1
        return {
            key: dict(sorted(values.items(), key=lambda one: (-one[1], one[0])))
            for key, values in sorted(counts.items())
        }

    @property
    def vector_parts(self) -> list[Vectors]:
        """The vectors of all parts, removed documents included (see ``filtered``)."""
        return [one.vectors for one in self._parts]

    def filtered(self, where: Where | None, only: Sequence[str] | None) -> Filtered:
        """What passes the filters. QuestionError where no document has metadata of that name.

        The results of the last few filters are kept, since most filters are used again.
        """
        if not where and not only:
            alive = [one.alive for one in self._parts]
            return Filtered(None, self.manifest.documents, self.manifest.passages, alive)
        said = repr((sorted((where or {}).items()), list(only or ())))
        found = self._left.pop(said, None) or self._filtered(where, only)
        self._left[said] = found  # now it is the latest
        for oldest in list(self._left)[:-_FILTERS]:
            self._left.pop(oldest, None)
        return found

    def _filtered(self, where: Where | None, only: Sequence[str] | None) -> Filtered:
        numbers = {number for number, _ in self._names()}
        for key, wanted in (where or {}).items():
            numbers &= self._numbers_with(key, wanted)
        if only:
            from nrqa.corpus.files.choosing import chooser  # most questions choose none

            chosen = chooser(only, self.manifest.own_folder)
            numbers &= {number for number, name in self._names() if chosen(normalize("NFC", name))}
        places = self._places_of(numbers)
        return Filtered(frozenset(numbers), len(numbers), sum(map(len, places)), [*places])

    def open_vectors(self) -> None:
        """Open the vectors of all parts, which else the first search does; what fails, fails again there."""
        with suppress(Exception):
            for one in self._parts:
                _ = one.vectors.index

    def search_dense(self, question: Scores, k: int, within: Filtered) -> tuple[Rows, Scores]:
        """The ``k`` nearest rows and their cosines, best first."""
        with reading(self.folder):
            rows, cosines = dense.search(self.vector_parts, question, k, allowed=_places(within))
            return rows, _cosines(cosines)

    def score_dense(self, question: Scores, rows: Rows) -> Scores:
        """The cosine of each of ``rows`` with the question, in their order."""
        with reading(self.folder):
            return _cosines(dense.score(self.vector_parts, question, rows))

    def search_lexical(self, terms: list[str], k: int, within: Filtered) -> tuple[Rows, Scores]:
        """The ``k`` best rows by BM25 and their scores, best first."""
        import numpy as np

        if self.lexical is None or (within.documents is not None and not within.documents):
            return np.empty(0, np.int64), np.empty(0, np.float32)
        return self.lexical.search(terms, k, documents=within.documents)

    def token_counts(self, ids: Rows) -> Rows:
        """In how many passages each of the tokens occurs."""
        return counts_of(ids, self._token_counts)

    def rows(self, within: Filtered) -> Rows:
        """All rows that pass a filter, ascending."""
        import numpy as np

        found = [
            one.vectors.rows if places is None else one.vectors.rows[places]
            for one, places in zip(self._parts, _places(within), strict=True)
        ]
        return np.sort(np.concatenate(found)) if found else np.empty(0, np.int64)

    def coded(self, rows: Iterable[int]) -> list[Coded]:
        """Token codes and vector of each row (see ``late.coding``)."""
        import numpy as np

        wanted = np.fromiter(rows, np.int64)
        found: dict[int, Coded] = {}
        with reading(self.folder):
            for one in self._parts:
                at, known = dense.positions(one.vectors.rows, wanted)
                at = at[known]
                one.tokens.expect(at)
                vectors = one.vectors.restored(at)
                for row, place, vector in zip(wanted[known].tolist(), at.tolist(), vectors, strict=True):
                    found[row] = Coded(one.tokens.of(place), vector)
            return [found[row] for row in wanted.tolist()]

    def stored(self, row: int) -> Stored:
        """The passage of a row that a search found."""
        for open_part in self._parts:
            found = open_part.catalog.stored(row)
            if found and found.document not in self._removed:
                return found
        # Searches find only rows of documents that are there: what they read, or the catalog, is damaged.
        raise damaged(self.folder, f"there is no passage {row}")

    def document_named(self, name: str) -> tuple[str, list[Stored]] | None:
        """Text and passages of the document of that name, or None."""
        found = self._named(name)
        if found is None:
            return None
        catalog, number = found
        passages = catalog.passages_of(number)
        if any(one.passage.citation.document != name for one in passages):
            raise damaged(self.folder, f"the document named '{name}' has another name")
        return catalog.text_of(number), passages

    def seams_of(self, name: str) -> list[Span]:
        """Where the web page of that name shows other than its text has, in order."""
        found = self._named(name)
        return found[0].seams_of(found[1]) if found else []

    def page_spans(self, name: str) -> list[tuple[int, int, int]]:
        """The number of each page of the document of that name, and where its text begins and ends, in order."""
        found = self._named(name)
        return found[0].page_spans(found[1]) if found else []

    def page_words(self, name: str, pages: Iterable[int]) -> list[PageWords]:
        """The positions of the words on some pages of the document of that name, in order."""
        found = self._named(name)
        return found[0].page_words(found[1], pages) if found else []

    def document_text(self, name: str) -> str:
        """The text of the document of that name; KeyError where there is none."""
        found = self._named(name)
        if found is None:
            raise KeyError(name)
        return found[0].text_of(found[1])

    def page_counts(self) -> dict[int, int]:
        """The number of pages of each document whose format has pages, by document number."""
        return {number: pages for one in self._parts for number, pages in one.catalog.page_counts()}

    def encodings(self) -> dict[int, str]:
        """The encoding of the file of each document whose format is text, by document number."""
        return {number: encoding for one in self._parts for number, encoding in one.catalog.encodings()}

    def passage_lengths(self) -> Iterator[tuple[int, list[int]]]:
        """Each document in the index, with the lengths of its passages in bytes."""
        for one in self._parts:
            for number, those in groupby(one.catalog.passage_lengths(), key=itemgetter(0)):
                if number not in self._removed:
                    yield number, [length for _, length in those]

    def documents_holding(self, text: str) -> list[str]:
        """The names of the documents whose text contains ``text`` exactly, sorted."""
        numbers = {number for one in self._parts for number in one.catalog.numbers_holding(text)}
        return sorted(name for name, known in self.known.items() if known.number in numbers)

    def documents(self) -> Iterator[Document]:
        """All documents with their texts, one after another."""
        for open_part in self._parts:
            yield from open_part.catalog.documents(self._removed)

    def embedded(self, keys: Sequence[bytes]) -> dict[bytes, tuple[NDArray[np.float16], Codes]]:
        """Vector and token codes that were computed earlier from the texts with those keys, also for removed documents.

        Keys of texts from which nothing was computed lack.
        """
        import numpy as np

        found: dict[bytes, tuple[NDArray[np.float16], Codes]] = {}
        for one in self._parts:
            rows = {key: row for key in keys if key not in found and (row := one.catalog.row_with_key(key)) is not None}
            if not rows:
                continue
            with reading(self.folder):
                at, known = dense.positions(one.vectors.rows, np.fromiter(rows.values(), np.int64))
                if not known.all():
                    raise ValueError("a passage has no vector")
                vectors = one.vectors.restored(at).astype(np.float16)
                codes = map(one.tokens.of, at.tolist())
                found |= dict(zip(rows, zip(vectors, codes, strict=True), strict=True))
        return found

    def written(self, name: str, *, without: AbstractSet[int]) -> Iterator[Written]:
        """The passages of one part as the lexical signal needs them, except those of the documents in ``without``."""
        return next(one for one in self._parts if one.part.name == name).catalog.written(without)

    def passages_of(self, numbers: Iterable[int]) -> Iterator[Stored]:
        """The passages of the documents with those numbers."""
        wanted = set(numbers)
        for open_part in self._parts:
            for number in sorted(wanted.intersection(open_part.documents.tolist())):
                yield from open_part.catalog.passages_of(number)

    def counted_tokens(self) -> tuple[Rows, Rows]:
        """The ids (ascending) of all tokens that occur in passages, and in how many each occurs."""
        return self._token_counts

    def part(self, name: str) -> OpenPart:
        """One part, to be rewritten."""
        return next(one for one in self._parts if one.part.name == name)

    def rows_of(self, numbers: Iterable[int]) -> Rows:
        """The rows of the documents with those numbers, ascending."""
        import numpy as np

        places = self._places_of(numbers)
        rows = [one.vectors.rows[at] for one, at in zip(self._parts, places, strict=True)]
        return np.sort(np.concatenate(rows)) if rows else np.empty(0, np.int64)

    def documents_of(self, rows: Rows) -> Rows:
        """The number of the document of each of ``rows``, in their order."""
        import numpy as np

        found = np.full(len(rows), -1, np.int64)
        for one in self._parts:
            at, known = dense.positions(one.vectors.rows, rows)
            found[known] = one.documents[at[known]]
        return found

    def within_documents(self, numbers: Sequence[int]) -> Filtered:
        """A filter that only these few documents pass."""
        import numpy as np

        places: list[Rows | None] = []
        for one in self._parts:
            # The rows of a document follow one another, and later ones belong to later documents.
            begin = np.searchsorted(one.documents, numbers, side="left")
            end = np.searchsorted(one.documents, numbers, side="right")
            ranges = [np.arange(*pair) for pair in sorted(zip(begin.tolist(), end.tolist(), strict=True))]
            places.append(np.concatenate(ranges) if ranges else np.empty(0, np.int64))
        return Filtered(frozenset(numbers), len(numbers), sum(len(one) for one in places if one is not None), places)

    def close(self) -> None:
        """Close the catalogs and the files of token codes."""
        for open_part in self._parts:
            open_part.catalog.close()
            open_part.tokens.close()

    def _open_tokens(self) -> tuple[Codebook | None, tuple[Rows, Rows]]:
        import numpy as np

        if CODEBOOK not in self.manifest.files:
            return None, (np.empty(0, np.int64), np.empty(0, np.int64))
        ids, counts = opened(self.folder / TOKEN_COUNTS, "int64", 2, None)
        codebook = read_codebook(self.folder / CODEBOOK)
        if codebook is None:
            raise ValueError(f"'{CODEBOOK}' cannot be read")
        if len(codebook.by_passage) != self.manifest.model.dimensions or codebook.id_bytes not in (2, 3):
            raise ValueError(f"'{CODEBOOK}' is of another encoder")
        if len(ids) and not (ids[0] >= 0 and ids[-1] < 256**codebook.id_bytes and (np.diff(ids) > 0).all()):
            raise ValueError(f"'{TOKEN_COUNTS}' counts tokens that cannot be")
        return codebook, (ids, counts)

    @cached_property
    def _removed(self) -> frozenset[int]:
        return frozenset(number for part in self.manifest.parts for number in part.removed)

    def _named(self, name: str) -> tuple[Catalog, int] | None:
        """The catalog and the number of the document of that name in the index, or None."""
        for open_part in self._parts:
            for number in open_part.catalog.numbers_named(name):
                if number not in self._removed:
                    return open_part.catalog, number
        if name in self.known:
            raise damaged(self.folder, f"the document named '{name}' is not found by its name")
        return None

    def _names(self) -> Iterator[tuple[int, str]]:
        for open_part in self._parts:
            for number, name in open_part.catalog.names():
                if number not in self._removed:
                    yield number, name

    def _numbers_with(self, key: str, wanted: str | Sequence[str]) -> set[int]:
        from nrqa.index.conditions import read_condition, refuse_meaningless

        key = key.strip().lower()
        condition = read_condition(wanted)
        found = set().union(*(one.catalog.numbers_with(key, condition) for one in self._parts)) - self._removed
        if not found:
            refuse_meaningless(key, wanted, self.facets)
        return found

    def _places_of(self, numbers: Iterable[int]) -> list[Rows]:
        """For each part, the positions (ascending) of its rows of these documents."""
        import numpy as np

        wanted = np.fromiter(numbers, np.int64)
        return [np.flatnonzero(np.isin(one.documents, wanted)) for one in self._parts]


def _places(within: Filtered) -> list[Rows | None]:
    """For each part, the positions (ascending) of its rows that pass a filter, or None for all."""
    return cast("list[Rows | None]", within.kept)


def _cosines(scores: Scores) -> Scores:
    """The scores; ValueError where one of them is no cosine, so that a changed byte makes no passage the best."""
    import numpy as np

    if not (np.abs(scores) <= _MOST_COSINE).all():
        raise ValueError("vectors that cannot be")
    return scores


class _Watched:
    """An object whose methods raise nrqa's own errors in place of those of the library behind it."""

    def __init__(self, inner: object, folder: Path) -> None:
        self._inner, self._folder = inner, folder

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._inner, name)

        def call(*args: Any, **options: Any) -> Any:
            with reading(self._folder):
                return method(*args, **options)

        return call


def _watched_lexical(folder: Path) -> Lexical:
    refuse_strange_files(folder / LEXICAL)
    return cast("Lexical", _Watched(Lexical(folder / LEXICAL), folder / LEXICAL))


def open_part(place: Path, part: Part, dimensions: int, size: int, *, coded: bool) -> OpenPart:
    """Open a part's folder; ``size`` are the bytes of a token code, ``coded`` says whether it has any."""
    import numpy as np

    rows = part.rows
    row_numbers = opened(place / ROWS, "int64", rows)
    documents = opened(place / DOCUMENTS, "int64", rows)
    vectors = Vectors.opened(place / VECTORS, row_numbers, dimensions)
    alive = None
    if part.removed:
        alive = np.flatnonzero(~np.isin(documents, np.array(part.removed, np.int64)))
    tokens = TokenFile(None, np.empty((0, 2), np.uint32), size)
    if coded:
        tokens = TokenFile(place / TOKENS, opened(place / TOKEN_PLACES, "uint32", rows, 2), size)
    return OpenPart(part, Catalog(place, part.mark), vectors, documents, alive, tokens)
