"""One generation of an index that a server keeps, opened for reading."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from nrqa.errors import IndexIncompatibleError
from nrqa.index.filters import Filters
from nrqa.index.manifest import Manifest, manifest_of, refuse_other_format
from nrqa.index.milvus.content import damaged, joined, unpacked
from nrqa.index.milvus.documents import TEXT, Kept, kept_of
from nrqa.index.milvus.facts import COUNTED, SHOWN, Facts
from nrqa.index.milvus.record import Record
from nrqa.index.milvus.schema import DOCUMENTS, LAYOUT, PASSAGES, PIECES, SEARCH, Collections, alive
from nrqa.index.milvus.words import EngineWords
from nrqa.index.rows import Known, Listed, Stored
from nrqa.index.snapshot import Filtered, Where
from nrqa.records import Document, PageWords, Span
from nrqa.signals.late.coding import counts_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from nrqa.signals.late.coding import Codebook, Coded

    Rows = NDArray[np.int64]
    Scores = NDArray[np.float32]
    Codes = NDArray[np.uint8]

_MORE = 10
"""The engine is asked for so many neighbours more: those as near as the last one are ordered here, as in a folder."""
_ROUNDING = 1e-5
"""By how much an engine's cosine may differ from ours."""
_MOST = 16_384
_KEYS = 1000
"""Keys that are looked up at a time."""
_ALONE = 100
"""Up to so many documents are asked for by their numbers; with more, all are read, and kept."""
_PIECES = 100
"""Pieces that one request asks for: 65 kB each."""


class EngineSnapshot:
    """See ``Snapshot``, which it implements."""

    def __init__(self, record: Record, number: int, beside: Path) -> None:
        """Read what the generation says of itself; the rest is asked for when it is needed."""
        self._record, self._connection, self._address = record, record.connection, record.address
        self._number, self._beside = number, beside
        data = record.get_bytes(manifest_key(number))
        if data is None:
            raise damaged(f"generation {number} of '{self._address}'", "it is not there any more")
        try:
            content = json.loads(data)
            totals = int(content["totals"]["passages"]), int(content["totals"]["terms"])
            self.collections = Collections(self._address, int(content["totals"]["epoch"]))
        except (ValueError, LookupError, TypeError) as error:
            raise damaged(f"the manifest of '{self._address}'", error) from error
        refuse_other_format(content, beside)
        if content["totals"].get("layout") != LAYOUT:
            raise IndexIncompatibleError(
                f"The index '{self._address}' was built by another version of nrqa, whose rows this one does not read. "
                f"Build it again: nrqa index --index '{self._address}'"
            )
        self.manifest: Manifest = manifest_of({**content, "generation": number, "files": {}}, beside)
        self._size, self._totals = int(content["totals"].get("bytes", 0)), totals
        self.facts = Facts(self._connection, self.collections, self.manifest.model.dimensions, self._code_bytes)
        self._words = EngineWords(self._connection, self.collections, number, self.facts, totals)
        self._few: dict[int, Kept] = {}

    @property
    def beside(self) -> Path:
        """A folder of this machine for what users keep with the index."""
        return self._beside

    @property
    def away(self) -> bool:
        """It is."""
        return True

    @property
    def size(self) -> int:
        """The bytes of the rows that its writers sent."""
        return self._size

    @property
    def totals(self) -> tuple[int, int]:
        """The number of passages, and the sum of their lengths in terms."""
        return self._totals

    @cached_property
    def codebook(self) -> Codebook | None:
        """From the record."""
        from nrqa.signals.codebook import codebook_from

        data = self._record.get_bytes(f"codebook/{self.collections.epoch}")
        if data is None:
            return None
        found = codebook_from(io.BytesIO(data))
        if found is None or len(found.by_passage) != self.manifest.model.dimensions:
            raise IndexIncompatibleError(f"The codebook of the index '{self._address}' is of another encoder.")
        return found

    @property
    def lexical(self) -> EngineWords | None:
        """The words; None where there is no passage."""
        return self._words if self.manifest.passages else None

    @cached_property
    def kept(self) -> dict[int, Kept]:
        """All documents, by number."""
        found = self._documents(alive(self._number))
        if len(found) != self.manifest.documents:
            raise damaged(
                f"the index '{self._address}'", f"{len(found)} of {self.manifest.documents} documents are there"
            )
        return {one.number: one for one in sorted(found, key=lambda one: one.number)}

    @cached_property
    def known(self) -> dict[str, Known]:
        """The documents in the index, by name."""
        stamps = {int(number): stamp for number, stamp in self.manifest.stamps.items()}
        return {
            one.known.name: one.known.under(stamps[one.number]) if one.number in stamps else one.known
            for one in self.kept.values()
        }

    def vouch(self, numbers: Iterable[int]) -> None:
        """Every row was compared with its checksum when it came."""

    def listed(self) -> Iterator[Listed]:
        """The documents in the index, with what is known about each."""
        return (one.listed for one in self.kept.values())

    @cached_property
    def facets(self) -> dict[str, dict[str, int]]:
        """For each metadata key its values, the most common first, and how many documents have each."""
        return self._filters.facets

    def filtered(self, where: Where | None, only: Sequence[str] | None) -> Filtered:
        """What passes the filters."""
        if not where and not only:
            return Filtered(None, self.manifest.documents, self.manifest.passages)
        return self._within(sorted(self._filters.passing(where, only)))

    def within_documents(self, numbers: Sequence[int]) -> Filtered:
        """A filter that only these few documents pass."""
        return self._within(sorted(numbers))

    def open_vectors(self) -> None:
        """The server has them open."""

    def search_dense(self, question: Scores, k: int, within: Filtered) -> tuple[Rows, Scores]:
        """The engine's neighbours, by our cosines."""
        import numpy as np

        if not k or not within.passage_count:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        (found,) = self._connection.call(
            "search", self._collection(PASSAGES), data=[question.tolist()], anns_field="vector",
            limit=min(_MOST, k + _MORE), filter=self._condition(within), output_fields=["row", *COUNTED, *SHOWN],
            search_params={"metric_type": "IP", "params": SEARCH[self._address.kind]}, consistency_level="Strong",
        )  # fmt: skip
        least = sorted((float(one["distance"]) for one in found), reverse=True)[:k][-1:] or [0.0]
        near = [one["entity"] for one in found if float(one["distance"]) >= least[0] - _ROUNDING]
        rows = np.array(sorted(self.facts.learn(near)), np.int64)
        cosines = self.score_dense(question, rows)
        order = np.lexsort((rows, -cosines))[:k]
        return rows[order], cosines[order]

    def score_dense(self, question: Scores, rows: Rows) -> Scores:
        """The cosine of each of ``rows`` with the question, in their order."""
        import numpy as np

        facts = self.facts.coded(rows.tolist())
        return np.array([float(one.vector @ question) for one in facts], np.float32)

    def search_lexical(self, terms: list[str], k: int, within: Filtered) -> tuple[Rows, Scores]:
        """The ``k`` best rows by BM25 and their scores, best first."""
        import numpy as np

        if self.lexical is None or (within.documents is not None and not within.documents):
            return np.empty(0, np.int64), np.empty(0, np.float32)
        return self.lexical.search(terms, k, documents=within.documents)

    def token_counts(self, ids: Rows) -> Rows:
        """In how many passages each of the tokens occurs."""
        return counts_of(ids, self.counted_tokens)

    @cached_property
    def counted_tokens(self) -> tuple[Rows, Rows]:
        """The ids (ascending) of all tokens that occur in passages, and in how many each occurs."""
        import numpy as np

        data = self._record.get_bytes(counts_key(self._number))
        if data is None or len(data) % 16:
            if self.codebook is not None:
                raise damaged(f"the token counts of '{self._address}'", "they are not there")
            return np.empty(0, np.int64), np.empty(0, np.int64)
        ids, counts = np.frombuffer(data, "<i8").reshape(2, -1)
        return ids, counts

    def coded(self, rows: Iterable[int]) -> list[Coded]:
        """Token codes and vector of each row."""
        return self.facts.coded(rows)

    def rows(self, within: Filtered) -> Rows:
        """All rows that pass a filter, ascending."""
        import numpy as np

        found = self._connection.rows(self._collection(PASSAGES), self._condition(within), ["row"])
        return np.array(sorted(int(one["row"]) for one in found), np.int64)

    def rows_of(self, numbers: Iterable[int]) -> Rows:
        """The rows of the documents with those numbers, ascending."""
        import numpy as np

        found = self._some({*numbers}).values()
        return np.array(
            sorted(row for one in found for row in range(one.first_row, one.first_row + len(one.lengths))), np.int64
        )

    def documents_of(self, rows: Rows) -> Rows:
        """The number of the document of each of ``rows``, in their order."""
        import numpy as np

        return np.array(self.facts.documents(rows.tolist()), np.int64)

    def stored(self, row: int) -> Stored:
        """The passage of a row that a search found."""
        return self.facts.stored([row])[0]

    def passages_of(self, numbers: Iterable[int]) -> Iterator[Stored]:
        """The passages of the documents with those numbers."""
        for number in sorted({*numbers}):
            yield from self.facts.stored(self.rows_of([number]).tolist())

    def passage_lengths(self) -> Iterator[tuple[int, list[int]]]:
        """Each document in the index, with the lengths of its passages in bytes."""
        return ((one.number, [*one.lengths]) for one in self.kept.values())

    def document_named(self, name: str) -> tuple[str, list[Stored]] | None:
        """Text and passages of the document of that name, or None."""
        found = self._named(name)
        if found is None:
            return None
        rows = range(found.first_row, found.first_row + len(found.lengths))
        return self._text(found.number), self.facts.stored(rows)

    def document_text(self, name: str) -> str:
        """The text of the document of that name; KeyError where there is none."""
        found = self._named(name)
        if found is None:
            raise KeyError(name)
        return self._text(found.number)

    def documents(self) -> Iterator[Document]:
        """All documents with their texts, one after another."""
        return (one.document(self._text(one.number)) for one in self.kept.values())

    def documents_holding(self, text: str) -> list[str]:
        """The names of the documents whose text contains ``text`` exactly, sorted; it reads all texts."""
        return sorted(one.name for one in self.documents() if text in one.text)

    def seams_of(self, name: str) -> list[Span]:
        """Where the web page of that name shows other than its text has, in order."""
        found = self._named(name)
        return [*found.seams] if found else []

    def page_spans(self, name: str) -> list[tuple[int, int, int]]:
        """The number of each page of the document of that name, and where its text begins and ends, in order."""
        found = self._named(name)
        return [*found.pages] if found else []

    def page_words(self, name: str, pages: Iterable[int]) -> list[PageWords]:
        """The positions of the words on some pages of the document of that name, in order."""
        found, wanted = self._named(name), {*pages}
        return [
            PageWords(page, start, end, self._piece(found.number, f"page-{page}"))
            for page, start, end in (found.pages if found else ())
            if found and page in wanted
        ]

    def page_counts(self) -> dict[int, int]:
        """The number of pages of each document whose format has pages, by document number."""
        return {one.number: len(one.pages) for one in self.kept.values() if one.pages}

    def encodings(self) -> dict[int, str]:
        """The encoding of the file of each document whose format is text, by document number."""
        return {one.number: one.encoding for one in self.kept.values() if one.encoding}

    def embedded(self, keys: Sequence[bytes]) -> dict[bytes, tuple[NDArray[np.float16], Codes]]:
        """Vector and token codes that were computed from the texts with those keys; those that are not there lack."""
        import numpy as np

        rows: dict[bytes, int] = {}
        for first in range(0, len(keys), _KEYS):
            wanted = [key.hex() for key in keys[first : first + _KEYS]]
            found = self._connection.rows(self._collection(PASSAGES), f"hash in {json.dumps(wanted)}", ["row", "hash"])
            rows |= {bytes.fromhex(one["hash"]): int(one["row"]) for one in found}
        facts = self.facts.coded(rows.values())
        return {key: (one.vector.astype(np.float16), one.codes) for key, one in zip(rows, facts, strict=True)}

    def close(self) -> None:
        """The connection is the index's, and stays."""

    @cached_property
    def _filters(self) -> Filters:
        return Filters((one.listed for one in self.kept.values()), self.manifest.own_folder)

    def _collection(self, name: str) -> str:
        return self.collections.named(name)

    def _condition(self, within: Filtered) -> str:
        condition = alive(self._number)
        return condition if within.documents is None else f"{condition} and document in {sorted(within.documents)}"

    def _within(self, numbers: Sequence[int]) -> Filtered:
        passages = sum(len(one.lengths) for one in self._some({*numbers}).values())
        return Filtered(frozenset(numbers), len(numbers), passages)

    def _named(self, name: str) -> Kept | None:
        """The document of that name, asked for alone."""
        if "kept" in self.__dict__:
            known = self.known.get(name)
            return self.kept[known.number] if known else None
        found = self._documents(f'hash == "{name_hash(name)}" and {alive(self._number)}')
        return next((one for one in found if one.known.name == name), None)

    def _some(self, numbers: set[int]) -> dict[int, Kept]:
        """Those of the documents that are there, in order; a few are asked for alone."""
        if "kept" not in self.__dict__ and len(numbers) <= _ALONE:
            missing = sorted(numbers - self._few.keys())
            if missing:
                found = self._documents(f"number in {missing} and {alive(self._number)}")
                self._few |= {one.number: one for one in found}
            return {number: self._few[number] for number in sorted(numbers) if number in self._few}
        return {number: self.kept[number] for number in sorted(numbers) if number in self.kept}

    def _documents(self, condition: str) -> list[Kept]:
        rows = self._connection.rows(self._collection(DOCUMENTS), condition, ["number", "content"])
        return [kept_of(int(one["number"]), unpacked(one["content"], f"document {one['number']}")) for one in rows]

    def _code_bytes(self) -> int:
        return self.codebook.size if self.codebook else 1

    def _text(self, number: int) -> str:
        try:
            return self._piece(number, TEXT).decode("utf-8")
        except UnicodeDecodeError as error:
            raise damaged(f"the text of document {number}", error) from error

    def _piece(self, number: int, kind: str) -> bytes:
        rows = self._connection.rows(
            self._collection(PIECES), f'document == {number} and key like "{number}/{kind}/%"', ["key", "content"],
            few=_PIECES,
        )  # fmt: skip
        found = sorted((int(one["key"].rpartition("/")[2]), str(one["content"])) for one in rows)
        return joined([field for _, field in found], f"{kind} of document {number}")


def manifest_key(number: int) -> str:
    """Where the record has the manifest of a generation."""
    return f"generation/{number}/manifest"


def counts_key(number: int) -> str:
    """Where the record has the token counts of a generation."""
    return f"generation/{number}/tokens"


def name_hash(name: str) -> str:
    """By what a document's name is looked up: names may hold any sign."""
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
