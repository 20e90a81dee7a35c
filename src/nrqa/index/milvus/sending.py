"""The rows that a finished part becomes: what is sent to a server, and what its statistics count.

A pure function of the part: the same part gives the same rows, wherever it was made.
"""

from __future__ import annotations

import base64
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nrqa.index.milvus.content import of_passage, packed, pieces_of
from nrqa.index.milvus.documents import TEXT, Kept
from nrqa.index.milvus.owners import MOST
from nrqa.index.milvus.schema import DOCUMENTS, FIELD, NEVER, PASSAGES, PIECES, UNUSED, spelled
from nrqa.index.milvus.snapshot import name_hash
from nrqa.index.rows import Listed, Written
from nrqa.signals.lexical import Entry, TermsOf, with_documents
from nrqa.text.terms import document_terms

if TYPE_CHECKING:
    from nrqa.index.local.snapshot import OpenPart

_AT_ONCE = 256


@dataclass(slots=True)
class Sent:
    """What has been sent: how many rows, the sum of their lengths in terms, and where each term stands.

    ``passages`` counts passages by term. ``documents`` has the long documents of each term, where they are not too many
    to be listed, and ``more`` counts those beyond.
    """

    rows: int = 0
    length: int = 0
    passages: Counter[str] = field(default_factory=Counter)
    documents: dict[str, array[int]] = field(default_factory=dict)
    more: Counter[str] = field(default_factory=Counter)

    def add_document(self, number: int, terms: Iterable[str]) -> None:
        """Count a long document."""
        for term in terms:
            those = self.documents.setdefault(term, array("I"))
            if len(those) <= MOST:
                those.append(number)
            else:
                self.more[term] += 1


def part_rows(
    part: OpenPart, sent: Sent, entry_of: Callable[[Written], Entry], born: int, terms_of: TermsOf = document_terms
) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The rows of a part by collection, some at a time; ``sent`` counts them."""
    versions = {"born": born, "died": NEVER}
    passages: list[dict[str, Any]] = []
    lengths: dict[int, list[int]] = {}
    for number, length in part.catalog.passage_lengths():
        lengths.setdefault(number, []).append(length)
    entries = with_documents((entry_of(one) for one in part.catalog.written(frozenset())), terms_of)
    keys = part.catalog.keys()
    for entry, terms, of_document in entries:
        counts = Counter(terms)
        sent.rows += 1
        sent.length += len(terms)
        sent.passages.update(counts.keys())
        passages.append(_passage(part, entry, terms, counts, keys[entry.row]) | versions)
        sent.add_document(entry.document, of_document)
        if len(passages) == _AT_ONCE:
            yield PASSAGES, passages
            passages = []
    if passages:
        yield PASSAGES, passages
    known = {one.number: one for one in part.catalog.known()}
    encodings, firsts = dict(part.catalog.encodings()), part.catalog.first_rows()
    for listed in part.catalog.listed():
        number = listed.number
        kept = Kept(
            number, listed, known[number], encodings.get(number, ""), firsts[number], tuple(lengths.get(number, ())),
            tuple(part.catalog.page_spans(number)), tuple(part.catalog.seams_of(number)),
        )  # fmt: skip
        yield PIECES, [{**one, **versions} for one in _pieces(part, kept)]
        yield DOCUMENTS, [_document(kept, listed) | versions]


def _passage(part: OpenPart, entry: Entry, terms: list[str], counts: Counter[str], key: bytes) -> dict[str, Any]:
    import numpy as np

    stored = part.catalog.stored(entry.row)
    assert stored is not None
    at = int(np.searchsorted(part.vectors.rows, entry.row))
    (vector,) = part.vectors.restored(np.array([at]))
    return {
        "row": entry.row, "document": entry.document, "length": len(terms), "hash": key.hex(),
        "terms": _fitting([*map(spelled, terms)]), "counts": packed(counts),
        "codes": base64.b64encode(part.tokens.of(at).tobytes()).decode(), "content": packed(of_passage(stored)),
        "vector": vector.astype(np.float32).tolist(),
    }  # fmt: skip


def _document(kept: Kept, listed: Listed) -> dict[str, Any]:
    return {
        "number": kept.number, "hash": name_hash(listed.name), "content": packed(kept.to_json()), "unused": UNUSED,
    }  # fmt: skip


def _pieces(part: OpenPart, kept: Kept) -> Iterator[dict[str, Any]]:
    """The text of a document and the words of its pages, in pieces."""
    whole = [(TEXT, part.catalog.text_of(kept.number).encode("utf-8"))]
    for one in part.catalog.page_words(kept.number, [page for page, _, _ in kept.pages]):
        whole.append((f"page-{one.page}", one.words))
    for kind, data in whole:
        for at, field_ in enumerate(pieces_of(data)):
            yield {
                "key": f"{kept.number}/{kind}/{at}", "document": kept.number, "content": field_, "unused": UNUSED,
            }  # fmt: skip


def _fitting(words: list[str]) -> str:
    """As many of the words as a field holds, with blanks between."""
    size = 0
    for at, word in enumerate(words):
        size += len(word) + 1
        if size > FIELD:
            return " ".join(words[:at])
    return " ".join(words)
