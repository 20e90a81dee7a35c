"""What it costs: time of a warm question beside the plain script's, of the late signal, and room on the disk."""

import multiprocessing
import shutil
import time
from collections.abc import Sequence
from dataclasses import replace
from multiprocessing.connection import Connection
from typing import Any

import numpy as np
from numpy.typing import NDArray

import nrqa
from benchmarks.shared.question_sets import Built, sampled
from nrqa.answering import ranking
from nrqa.answering.ranking import Question
from nrqa.encoder.protocol import Encoder
from nrqa.index.layout import CODEBOOK, LEXICAL, TOKEN_COUNTS, TOKEN_PLACES, TOKENS, VECTORS
from nrqa.index.snapshot import Snapshot
from nrqa.signals.late import matching

K = 5
CANDIDATES = 50
"""The late signal's target is for so many."""
_WARM_UP = 20
_PAUSE = 0.02
"""Seconds between turns, so that the threads of the one no longer spin when it is the other's turn."""

Vectors = NDArray[np.float32]


def measure(built: Built, texts: Sequence[str], count: int, encoder: Encoder) -> dict[str, Any]:
    asked = sampled(texts, count + _WARM_UP)
    index = nrqa.Index.open(built.folder)  # with an encoder of its own, as a user has it
    return {
        "warm": warm(index, asked),
        "late": late_signal(index.snapshot, asked[_WARM_UP:], encoder),
        "room": room(index.snapshot),
        "build": building(built, encoder),
    }


def warm(index: nrqa.Index, texts: Sequence[str]) -> dict[str, Any]:
    """Milliseconds of a question, one by one in turns with the plain script, which has a process of its own.

    Both search the same passages. The plain script's index holds the vectors that nrqa stored, which are those
    that sentence-transformers makes of these texts (see bulk.py).
    """
    vectors = np.concatenate([part.restored(np.arange(len(part.rows))) for part in index.snapshot.vector_parts])
    here, there = multiprocessing.Pipe()
    # Not a fork: it would inherit the locks of threads that it does not have.
    worker = multiprocessing.get_context("spawn").Process(target=_plain, args=(there, vectors), daemon=True)
    worker.start()
    assert here.recv() == "ready"
    found: dict[str, list[float]] = {"nrqa": [], "plain script": []}
    for turn, text in enumerate(texts):
        for name in ("nrqa", "plain script") if turn % 2 else ("plain script", "nrqa"):
            time.sleep(_PAUSE)
            found[name].append(_ours(index, text) if name == "nrqa" else _theirs(here, text))
    here.send(None)
    worker.join()
    return {"questions": len(texts) - _WARM_UP, **{name: _summary(one[_WARM_UP:]) for name, one in found.items()}}


def _ours(index: nrqa.Index, text: str) -> float:
    began = time.perf_counter()
    index.ask(text, k=K)
    return time.perf_counter() - began


def _theirs(connection: Connection, text: str) -> float:
    connection.send(text)
    seconds: float = connection.recv()
    return seconds


def _plain(connection: Connection, vectors: Vectors) -> None:
    """Another process: plain_script.py's question, over and over."""
    import faiss

    from benchmarks.speed.plain_script import load_model

    model = load_model()
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    connection.send("ready")
    while (text := connection.recv()) is not None:
        began = time.perf_counter()
        index.search(model.encode([text], normalize_embeddings=True), K)
        connection.send(time.perf_counter() - began)


def late_signal(snapshot: Snapshot, texts: Sequence[str], encoder: Encoder) -> dict[str, Any]:
    """Milliseconds of ranking with and without the late signal, in turns, and of the signal alone at 50 candidates."""
    within = snapshot.filtered(None, None)
    asked = [ranking.prepared(snapshot, [text], encoder.encode_questions)[0] for text in texts]
    found: dict[str, list[float]] = {"with": [], "without": [], "alone": []}
    candidates = []
    for one in asked:
        began = time.perf_counter()
        ranked = ranking.rank(snapshot, one, K, within)
        between = time.perf_counter()
        ranking.rank(snapshot, replace(one, tokens=None), K, within)
        after = time.perf_counter()
        _alone(snapshot, one, ranked.rows[:CANDIDATES].tolist())
        end = time.perf_counter()
        for name, seconds in zip(found, (between - began, after - between, end - after), strict=True):
            found[name].append(seconds)
        candidates.append(len(ranked.rows))
    added = [one - other for one, other in zip(found["with"], found["without"], strict=True)]
    return {
        "candidates": float(np.mean(candidates)),
        **{name: _summary(one) for name, one in {**found, "added": added}.items()},
    }


def _alone(snapshot: Snapshot, question: Question, rows: list[int]) -> None:
    """The late signal of these rows: token weights, codes read from the disk, MaxSim."""
    assert snapshot.codebook is not None
    assert question.tokens is not None
    weights = ranking.weights_of(snapshot, question)
    asked = matching.tables(snapshot.codebook, question.tokens.vectors, question.table)
    matching.score(asked, weights, snapshot.coded(rows))


def room(snapshot: Snapshot) -> dict[str, Any]:
    """Bytes of the index: in all, and by what they are for."""
    bytes_of = dict.fromkeys(("vectors", "token codes", "lexical", "catalog and texts"), 0)
    for file in snapshot.folder.rglob("*"):
        if not file.is_file():
            continue
        inside = file.relative_to(snapshot.folder)
        if inside.parts[0] == LEXICAL:
            kind = "lexical"
        elif inside.name == VECTORS:
            kind = "vectors"
        elif inside.name in (TOKENS, TOKEN_PLACES, TOKEN_COUNTS, CODEBOOK):
            kind = "token codes"
        else:
            kind = "catalog and texts"
        bytes_of[kind] += file.stat().st_size
    return {"passages": snapshot.manifest.passages, "bytes": {**bytes_of, "in all": sum(bytes_of.values())}}


def building(built: Built, encoder: Encoder) -> dict[str, Any]:
    """Seconds from files to a finished index, the encoder already open; built again where it was there already."""
    report = built.report
    if report.passages_embedded < report.passages_total:
        again = built.folder.with_name("index-again")
        shutil.rmtree(again, ignore_errors=True)
        report = nrqa.reindex(built.corpus, again, encoder=encoder)
        shutil.rmtree(again)
    return {"passages": report.passages_total, "seconds": report.seconds}


def _summary(seconds: Sequence[float]) -> dict[str, float]:
    middle, late_ones = np.quantile(np.asarray(seconds) * 1000, (0.5, 0.95))
    return {"p50_ms": float(middle), "p95_ms": float(late_ones)}
