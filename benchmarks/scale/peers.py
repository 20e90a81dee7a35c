"""What others make of the same vectors and texts: FAISS in memory, SQLite's full-text search."""

import sqlite3
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.shared import asked, memory
from benchmarks.shared.corpora import real_encoder
from benchmarks.shared.exact import Exact, recall
from nrqa.index.local.snapshot import LocalSnapshot
from nrqa.text.terms import question_terms

_TOGETHER = 16_384
_LINKS, _BREADTH = 32, 64
"""Of HNSW: links of a vector (FAISS's usual), and how many candidates a question looks at (16 is usual, finds less)."""
_FEW = 100
"""Questions to SQLite, which takes long."""


def flat(_: Path, __: int, exact: Exact, texts: Sequence[str]) -> dict[str, Any]:
    """FAISS's exact search over all vectors in memory."""
    import faiss

    return _faiss(faiss.IndexFlatIP(exact.vectors.shape[1]), exact, texts)


def graph(_: Path, __: int, exact: Exact, texts: Sequence[str]) -> dict[str, Any]:
    """FAISS's HNSW over whole vectors."""
    import faiss

    index = faiss.IndexHNSWFlat(exact.vectors.shape[1], _LINKS, faiss.METRIC_INNER_PRODUCT)
    index.hnsw.efSearch = _BREADTH
    return _faiss(index, exact, texts)


def _faiss(index: Any, exact: Exact, texts: Sequence[str]) -> dict[str, Any]:
    import faiss

    encoder = real_encoder()
    questions = encoder.encode_questions(list(texts)).vectors
    before = memory.held()["own"]
    began = time.perf_counter()
    for at in range(0, len(exact.rows), _TOGETHER):
        index.add(np.ascontiguousarray(exact.vectors[exact.places[at : at + _TOGETHER]]))
    built = time.perf_counter() - began
    after = memory.held()["own"]
    found, took = _searched(index, exact, questions)
    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    _, alone = _searched(index, exact, questions)
    faiss.omp_set_num_threads(threads)
    _, scores = exact.search(questions, 10)
    return {
        "seconds to build": built,
        "megabytes": after - before,
        "milliseconds": asked.spread(took),
        "milliseconds of one thread": asked.spread(alone),
        "recall@10": float(np.mean([recall(exact, *one) for one in zip(questions, found, scores, strict=True)])),
    }


def _searched(index: Any, exact: Exact, questions: NDArray[np.float32]) -> tuple[list[Any], list[float]]:
    """The rows found for each question, and the seconds it took."""
    found, took = [], []
    for question in questions:
        began = time.perf_counter()
        _, at = index.search(question[None, :], 10)
        took.append(time.perf_counter() - began)
        found.append(exact.rows[at[0][at[0] >= 0]])
    return found, took


def fts5(work: Path, size: int, _: Exact, texts: Sequence[str]) -> dict[str, Any]:
    """SQLite FTS5 over the same texts, stemmed, questions as any of their words; beside nrqa's own."""
    file = work / f"fts5-{size}.sqlite"
    file.unlink(missing_ok=True)
    snapshot = LocalSnapshot.newest(work / f"index-{size}")
    database = sqlite3.connect(file, isolation_level=None)
    began = time.perf_counter()
    database.execute("CREATE VIRTUAL TABLE passages USING fts5(context, text, content='', tokenize='porter unicode61')")
    database.execute("BEGIN")
    for part in snapshot.manifest.parts:
        rows = ((one.row, one.context, one.text) for one in snapshot.written(part.name, without=set(part.removed)))
        database.executemany("INSERT INTO passages(rowid, context, text) VALUES (?, ?, ?)", rows)
    database.execute("COMMIT")
    built = time.perf_counter() - began
    query = "SELECT rowid FROM passages WHERE passages MATCH ? ORDER BY rank LIMIT 50"
    theirs, ours = [], []
    everything = snapshot.filtered(None, None)
    for text in texts[:_FEW]:
        words = " OR ".join(f'"{word}"' for word in dict.fromkeys(_words(text)))
        began = time.perf_counter()
        database.execute(query, (words,)).fetchall()
        between = time.perf_counter()
        snapshot.search_lexical(question_terms(text), 50, everything)
        theirs.append(between - began)
        ours.append(time.perf_counter() - between)
    database.close()
    found = {
        "seconds to build": built,
        "bytes": file.stat().st_size,
        "milliseconds": asked.spread(theirs),
        "nrqa, milliseconds": asked.spread(ours),
    }
    file.unlink()
    return found


def _words(text: str) -> list[str]:
    return "".join(char if char.isalnum() else " " for char in text).split()


STEPS: dict[str, Callable[[Path, int, Exact, Sequence[str]], dict[str, Any]]] = {
    "faiss flat": flat,
    "faiss hnsw": graph,
    "sqlite fts5": fts5,
}
