"""A warm question beside the plain script's, in processor time; what the index takes to build, and on the disk."""

import argparse
import json
import multiprocessing
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np

import nrqa
from benchmarks.shared import machine
from benchmarks.shared.machine import Target
from benchmarks.shared.question_sets import DATA, sampled
from benchmarks.speed.squad_files import write_files
from nrqa.answering import ranking
from nrqa.answering.ranking import Question
from nrqa.encoder.opening import open_for_indexing
from nrqa.encoder.protocol import Encoder
from nrqa.index.local.files import CODEBOOK, LEXICAL, TOKEN_COUNTS, TOKEN_PLACES, TOKENS, VECTORS
from nrqa.index.local.generation import folder_of
from nrqa.index.snapshot import Snapshot
from nrqa.settings import DEFAULT_MODEL
from nrqa.signals.late import matching

K = 5
CANDIDATES = 50
"""The late signal's target is for so many."""
PLAIN = str(Path(__file__).resolve().parent / "plain_script.py")
_WARM_UP = 20
_PAUSE = 0.02
"""Seconds between turns, so that the threads of the one no longer spin when it is the other's turn."""
_LATE_MS, _TOKEN_BYTES = 15, 4096


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, default=DATA, help="folder of the question sets")
    options.add_argument("--files", type=int, default=0, help="files that are indexed, 0 for all 2,067")
    options.add_argument("--questions", type=int, default=500, help="questions whose time is taken")
    options.add_argument("--name", default="warm", help="name of the files in results/")
    given = options.parse_args()
    os.environ["HF_HUB_OFFLINE"] = "1"  # neither side shall wait for the network
    os.environ["NRQA_OFFLINE"] = "1"
    results: dict[str, Any] = {"machine": machine.describe()}
    squad = given.data / "squad_v1_dev"
    texts = [json.loads(line)["text"] for line in (squad / "queries.jsonl").read_text("utf-8").splitlines()]
    asked = sampled(texts, given.questions + _WARM_UP)
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        corpus = write_files(squad / "corpus.jsonl", place / "corpus", given.files)
        results["build"] = {
            "nrqa": process("-m", "nrqa", "index", corpus, "--index", place / "index"),
            "plain script": process(PLAIN, "index", corpus, place / "plain"),
        }
        index = nrqa.Index.open(place / "index")
        results["warm"] = warm(index, place / "plain", asked)
        results["late"] = late_signal(
            index.snapshot, asked[_WARM_UP:], open_for_indexing(DEFAULT_MODEL, offline=True, announce=print)
        )
        results["room"] = room(index)
        results["plain bytes"] = sum(file.stat().st_size for file in (place / "plain").iterdir())
    results["machine"]["load_at_the_end"] = machine.load()
    machine.write(given.name, results, tables(results), targets(results))


def process(*words: object) -> dict[str, float]:
    """Seconds of a process of this Python, by the clock and of processors, those of its own processes included."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, *map(str, words)], stdout=subprocess.DEVNULL, check=True)
    after, ended = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"seconds": ended - began, "processor seconds": busy}


def warm(index: nrqa.Index, plain: Path, texts: Sequence[str]) -> dict[str, Any]:
    """Milliseconds of a question, one by one in turns with the plain script, which has a process of its own."""
    here, there = multiprocessing.Pipe()
    # Not a fork: it would inherit the locks of threads that it does not have.
    worker = multiprocessing.get_context("spawn").Process(target=_plain, args=(there, plain), daemon=True)
    worker.start()
    assert here.recv() == "ready"
    found: dict[str, list[tuple[float, float]]] = {"nrqa": [], "plain script": []}
    for turn, text in enumerate(texts):
        for name in ("nrqa", "plain script") if turn % 2 else ("plain script", "nrqa"):
            time.sleep(_PAUSE)
            found[name].append(_clocked(lambda: index.ask(text, k=K)) if name == "nrqa" else _theirs(here, text))  # noqa: B023
    here.send(None)
    worker.join()
    return {
        "questions": len(texts) - _WARM_UP,
        **{
            name: {
                "clock": _summary([seconds for seconds, _ in one[_WARM_UP:]]),
                "processor": _summary([busy for _, busy in one[_WARM_UP:]]),
            }
            for name, one in found.items()
        },
    }


def _clocked(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock, and those of processors in all threads of this process."""
    began, busy = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - began, time.process_time() - busy


def _theirs(connection: Connection, text: str) -> tuple[float, float]:
    connection.send(text)
    found: tuple[float, float] = connection.recv()
    return found


def _plain(connection: Connection, folder: Path) -> None:
    """Another process: plain_script.py's question, over and over."""
    import faiss

    from benchmarks.speed.plain_script import load_model

    model = load_model()
    index = faiss.read_index(str(folder / "index.faiss"))
    connection.send("ready")
    while (text := connection.recv()) is not None:
        connection.send(_clocked(lambda: index.search(model.encode([text], normalize_embeddings=True), K)))


def late_signal(snapshot: Snapshot, texts: Sequence[str], encoder: Encoder) -> dict[str, Any]:
    """Milliseconds of processors for ranking with and without the late signal, in turns, and for the signal alone."""
    within = snapshot.filtered(None, None)
    asked = [ranking.prepared(snapshot, [text], encoder.encode_questions)[0] for text in texts]
    found: dict[str, list[float]] = {"with": [], "without": [], "alone": []}
    candidates = []
    for one in asked:
        began = time.process_time()
        ranked = ranking.rank(snapshot, one, K, within)
        between = time.process_time()
        ranking.rank(snapshot, replace(one, tokens=None), K, within)
        after = time.process_time()
        _alone(snapshot, one, ranked.rows[:CANDIDATES].tolist())
        end = time.process_time()
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


def room(index: nrqa.Index) -> dict[str, Any]:
    """Bytes of the index: in all, and by what they are for (the codebook with the counts of tokens)."""
    bytes_of = dict.fromkeys(("vectors", "token codes", "codebook", "lexical", "catalog and texts"), 0)
    folder = folder_of(index.folder, index.snapshot.manifest.generation)
    for file in folder.rglob("*"):
        if not file.is_file():
            continue
        inside = file.relative_to(folder)
        if inside.parts[0] == LEXICAL:
            kind = "lexical"
        elif inside.name == VECTORS:
            kind = "vectors"
        elif inside.name in (TOKENS, TOKEN_PLACES):
            kind = "token codes"
        elif inside.name in (CODEBOOK, TOKEN_COUNTS):  # as large however many passages there are
            kind = "codebook"
        else:
            kind = "catalog and texts"
        bytes_of[kind] += file.stat().st_size
    return {"passages": index.snapshot.manifest.passages, "bytes": {**bytes_of, "in all": sum(bytes_of.values())}}


def targets(results: dict[str, Any]) -> list[Target]:
    ours, theirs = results["warm"]["nrqa"], results["warm"]["plain script"]
    room = results["room"]
    return [
        Target(
            f"warm question, p50 of {what} time, times the plain script's",
            ours[name]["p50_ms"] / theirs[name]["p50_ms"],
            1,
        )
        for name, what in (("processor", "processor"), ("clock", "wall clock"))
    ] + [
        Target("late signal at 50 candidates, p50 of processor time, ms", results["late"]["alone"]["p50_ms"], _LATE_MS),
        Target("token codes, bytes a passage", room["bytes"]["token codes"] / room["passages"], _TOKEN_BYTES),
    ]


def tables(results: dict[str, Any]) -> list[str]:
    warm, late, room, build = results["warm"], results["late"], results["room"], results["build"]
    labels = {
        "with": f"ranking, late signal and all ({late['candidates']:.0f} candidates)",
        "without": "ranking without the late signal",
        "added": "the difference",
        "alone": "the late signal at 50 candidates",
    }
    asked = [
        (name, *(f"{warm[name][clock][at]:.1f}" for clock in ("processor", "clock") for at in ("p50_ms", "p95_ms")))
        for name in ("nrqa", "plain script")
    ]
    parts = [
        (label, *(f"{late[name][at]:.1f}" for at in ("p50_ms", "p95_ms")), "", "") for name, label in labels.items()
    ]
    sizes = [("nrqa, " + what, size) for what, size in room["bytes"].items()]
    sizes.append(("plain script, in all", results["plain bytes"]))
    return [
        f"A warm question with k=5, encoding included, {warm['questions']} questions in turns, milliseconds:",
        machine.table(("", "processor, p50", "p95", "clock, p50", "p95"), [*asked, *parts]),
        f"{room['passages']} passages on the disk:",
        machine.table(
            ("", "MB", "bytes a passage"),
            ((name, f"{size / 1e6:.1f}", f"{size / room['passages']:.0f}") for name, size in sizes),
        ),
        "From files to an index, a process each:",
        machine.table(
            ("", "seconds", "processor seconds", "passages a processor second"),
            (
                (
                    name,
                    f"{one['seconds']:.1f}",
                    f"{one['processor seconds']:.1f}",
                    f"{room['passages'] / one['processor seconds']:.1f}",
                )
                for name, one in build.items()
            ),
        ),
    ]


def _summary(seconds: Sequence[float]) -> dict[str, float]:
    middle, late_ones = np.quantile(np.asarray(seconds) * 1000, (0.5, 0.95))
    return {"p50_ms": float(middle), "p95_ms": float(late_ones)}


if __name__ == "__main__":
    main()
