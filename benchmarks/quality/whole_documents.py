"""Documents ranked as wholes, as tools do that index each document once: BM25, and RRF of BM25 and the encoder."""

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from benchmarks.quality.columns import BM25_OF_DOCUMENTS, DEPTH, RRF_OF_DOCUMENTS, Rows, reciprocal_ranks
from nrqa.answering.ranking import Question
from nrqa.encoder.protocol import Encoder
from nrqa.index.encoder_input import encoder_input
from nrqa.index.snapshot import Snapshot
from nrqa.signals.lexical import Entry, Lexical, write

_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Whole:
    """A snapshot's documents as units: ``rows`` has the passages of each document, by its number."""

    snapshot: Snapshot
    lexical: Lexical
    vectors: NDArray[np.float32]
    numbers: list[int]
    rows: dict[int, Rows]

    def ranked(self, question: Question) -> dict[str, Rows]:
        """For each column, the best passage (by BM25) of each document, best document first."""
        by_words, _ = self.lexical.search(question.terms, DEPTH)
        near = np.argsort(-(self.vectors @ question.vector), kind="stable")[:DEPTH]
        by_meaning = np.array([self.numbers[at] for at in near.tolist()], np.int64)
        fused = reciprocal_ranks(by_meaning, by_words)
        best = self._best(question, {*by_words.tolist(), *fused.tolist()})
        return {
            name: np.array([best[number] for number in order.tolist()], np.int64)
            for name, order in ((BM25_OF_DOCUMENTS, by_words), (RRF_OF_DOCUMENTS, fused))
        }

    def _best(self, question: Question, documents: set[int]) -> dict[int, int]:
        assert self.snapshot.lexical is not None
        found = {}
        for number in documents:
            rows = self.rows[number]
            best = int(np.argmax(self.snapshot.lexical.score(question.terms, rows))) if len(rows) > 1 else 0
            found[number] = int(rows[best])
        return found


def whole(snapshot: Snapshot, encoder: Encoder, kept: Path | None) -> Whole:
    """Every document under its title; the encoder reads as much of it as it can, as it does for those tools.

    ``kept`` is where the vectors stay for the next run.
    """
    texts: dict[int, list[str]] = defaultdict(list)
    rows: dict[int, list[int]] = defaultdict(list)
    titles: dict[int, str] = {}
    paths: dict[int, str] = {}
    for row in snapshot.rows(snapshot.filtered(None, None)).tolist():
        stored = snapshot.stored(row)
        texts[stored.document].append(stored.passage.text)
        rows[stored.document].append(row)
        titles.setdefault(stored.document, stored.context)
        paths[stored.document] = stored.passage.citation.document
    numbers = sorted(texts)
    entries = [Entry(one, one, "\n".join(texts[one]), titles[one], paths[one]) for one in numbers]
    with TemporaryDirectory() as folder:
        write(Path(folder), entries)
        lexical = Lexical(Path(folder))  # what is opened stays mapped when the folder is gone
    vectors = _vectors([encoder_input(one.context, one.text, markup=False) for one in entries], encoder, kept)
    return Whole(snapshot, lexical, vectors, numbers, {one: np.array(rows[one], np.int64) for one in numbers})


def _vectors(texts: list[str], encoder: Encoder, kept: Path | None) -> NDArray[np.float32]:
    key = hashlib.sha256("\0".join([encoder.model.fingerprint, *texts]).encode("utf-8", "surrogatepass")).hexdigest()
    if kept is not None and kept.is_file():
        with np.load(kept) as known:
            if str(known["key"]) == key:
                return np.asarray(known["vectors"], np.float32)
    found = [encoder.encode_passages(texts[at : at + _AT_ONCE]).vectors for at in range(0, len(texts), _AT_ONCE)]
    vectors = np.concatenate(found)
    if kept is not None:
        np.savez(kept, key=np.array(key), vectors=vectors)
    return vectors
