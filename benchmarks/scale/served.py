"""A question to an index in a folder and to one on a Milvus server: how long, where the time goes, what is sent.

    python -m benchmarks.scale.served --work FOLDER [--sizes 10000,100000] [--server HOST:PORT]
    python -m benchmarks.scale.served --work FOLDER --corpus FOLDER --ask FILE [--server HOST:PORT]

Real sentences recombined (README.md, "Corpora of any size"), with vectors lent to them, so nothing is encoded but
questions; or files of your own. Without ``--server``, a server of the lite kind is started on loopback, and its data
stay in the folder; of a named server, what was made is deleted.
"""

import argparse
import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import nrqa
from benchmarks.shared import asked, machine, wire
from benchmarks.shared.corpora import arguments, corpus_in, encoder_in, questions_in, real_encoder
from nrqa.encoder.protocol import Encoder
from nrqa.index.opening import generations_at

sys.path.insert(0, str(machine.ROOT / "tests" / "helpers"))
from milvus_server import Server, at_hand

SIZES = "10000,100000"
QUESTIONS = machine.ROOT / "tests" / "questions.jsonl"
_WARM_UP = 10
THREADS = (1, 2, 4, 8)
_SNAPSHOTS = ("nrqa.index.local.snapshot.LocalSnapshot", "nrqa.index.milvus.snapshot.EngineSnapshot")
_WORDS = ("nrqa.signals.lexical.Lexical", "nrqa.index.milvus.words.EngineWords")


def _of(classes: tuple[str, ...], *names: str) -> tuple[str, ...]:
    return tuple(f"{one}.{name}" for one in classes for name in names)


PARTS: dict[str, tuple[str, ...]] = {
    "encoding": ("nrqa.encoder.onnx_encoder.OnnxEncoder.encode_questions",),
    "is there a newer generation": ("nrqa.answering.asking.Index._is_newest",),
    "candidates, dense": _of(_SNAPSHOTS, "search_dense", "score_dense"),
    "candidates, lexical": _of(_WORDS, "search", "score"),
    "statistics of words": _of(
        _WORDS, "known", "weights", "occurs", "holding", "documents_with", "holding_documents", "best_documents", "like"
    ),
    "token codes": _of(_SNAPSHOTS, "coded"),
    "scoring by tokens": tuple(f"nrqa.signals.late.matching.{name}" for name in ("tables", "scores")),
    "contents": _of(_SNAPSHOTS, "stored"),
}
"""What is asked of an index, whatever keeps it; what is in none of these is "rest"."""


def main() -> None:
    options = arguments(__doc__)
    options.add_argument("--server", help="HOST:PORT; without it a server of the lite kind is started")
    options.add_argument("--sizes", default=SIZES, help="about how many passages, with commas between")
    options.add_argument("--corpus", type=Path, help="a folder of your own in place of all sizes")
    options.add_argument("--ask", type=Path, default=QUESTIONS, help="questions to it, one JSON object a line")
    options.add_argument("--questions", type=int, default=100)
    options.add_argument("--seconds", type=float, default=10.0, help="how long each number of threads asks")
    options.add_argument("--name", default="served", help="of the files with the results")
    given = options.parse_args()
    os.environ["XDG_DATA_HOME"] = str(given.work.resolve() / "data")
    results: dict[str, Any] = {"machine": machine.describe(), "sizes": {}}
    for name, one in _corpora(given):
        with wire.counted() as requests, at_hand(given.work / f"server-{name}" / "milvus", given.server) as server:
            results["sizes"][name] = _measured(given, name, one, server, requests)
    results["machine"]["load_at_the_end"] = machine.load()
    machine.write(given.name, results, tables(results))


@dataclass(frozen=True, slots=True)
class Corpus:
    """What is asked: a folder, questions to it, and an encoder for its passages."""

    folder: Callable[[], Path]
    questions: list[str]
    encoder: Callable[[], Encoder]


def _corpora(given: argparse.Namespace) -> Iterator[tuple[str, Corpus]]:
    """Corpora of all sizes, or the one that was given."""
    if given.corpus:
        lines = given.ask.read_text("utf-8").splitlines()
        yield "own", Corpus(lambda: Path(given.corpus), [json.loads(one)["question"] for one in lines], real_encoder)
        return
    for size in map(int, given.sizes.split(",")):
        questions = [one.question for one in questions_in(given.work, given.data)]
        yield (
            str(size),
            Corpus(partial(corpus_in, given.work, given.data, size), questions, lambda: encoder_in(given.work)),
        )


def _measured(
    given: argparse.Namespace, name: str, one: Corpus, server: Server, requests: list[wire.Request]
) -> dict[str, Any]:
    """One corpus, in a folder and on the server."""
    encoder = real_encoder()
    found: dict[str, Any] = {}
    for kind, place in (("folder", given.work / f"index-{name}"), ("server", server.address(f"served_{name}"))):
        if generations_at(place).newest_number() is None:
            began = time.monotonic()
            nrqa.reindex(one.folder(), place, encoder=one.encoder())
            print(f"{place}: {time.monotonic() - began:.0f} s", flush=True)
        requests.clear()
        found[kind] = _asked(place, encoder, one.questions, given.questions, given.seconds, requests)
        print(name, kind, found[kind], flush=True)
    return found


def _asked(
    place: Path, encoder: Encoder, texts: list[str], count: int, seconds: float, requests: list[wire.Request]
) -> dict[str, Any]:
    """What questions take one after another, by part and by request, and how many threads get answers to."""
    began = time.perf_counter()
    index = nrqa.Index.open(place, encoder=encoder)
    asked.seconds(index, texts[-1:], k=5)
    first = time.perf_counter() - began
    opened = wired(requests, 1)
    asked.seconds(index, texts[-_WARM_UP:], k=5)
    requests.clear()
    took = asked.seconds(index, texts[:count], k=5)
    over = wired(requests, len(took))
    again = asked.seconds(index, texts[:count], k=5)
    index = nrqa.Index.open(place, encoder=encoder)  # without what the index has kept of those questions
    asked.seconds(index, texts[-_WARM_UP:], k=5)
    return {
        "passages": index.snapshot.manifest.passages,
        "first answer, with opening": round(first * 1000, 1),
        "its requests": opened,
        "milliseconds": asked.spread(took),
        "asked again": asked.spread(again),
        "parts": asked.parts(index, texts[:count], PARTS),
        "wire": over,
        "threads": {str(one): _together(place, encoder, texts, one, seconds) for one in THREADS},
    }


def wired(requests: Sequence[wire.Request], questions: int) -> dict[str, dict[str, float]]:
    """For each kind of request: how many a question makes, their bytes both ways, and the milliseconds of one."""
    return {
        kind: {
            "a question": round(len(those) / questions, 2),
            "bytes a question": round(sum(one.sent + one.received for one in those) / questions),
            "milliseconds each": round(median(one.seconds for one in those) * 1000, 2),
            "milliseconds a question": round(sum(one.seconds for one in those) / questions * 1000, 2),
        }
        for kind in sorted({one.kind for one in requests})
        if (those := [one for one in requests if one.kind == kind])
    }


def _together(place: Path, encoder: Encoder, texts: list[str], threads: int, seconds: float) -> dict[str, float]:
    """So many threads ask one index, each another question."""
    index = nrqa.Index.open(place, encoder=encoder)
    asked.seconds(index, texts[-_WARM_UP:], k=5)
    took: list[float] = []
    until = time.perf_counter() + seconds

    def ask(first: int) -> None:
        at = first
        while time.perf_counter() < until:
            took.extend(asked.seconds(index, [texts[at % len(texts)]], k=5))
            at += threads

    asking = [threading.Thread(target=ask, args=(one,)) for one in range(threads)]
    began = time.perf_counter()
    for one in asking:
        one.start()
    for one in asking:
        one.join()
    return {"a second": round(len(took) / (time.perf_counter() - began), 1), **asked.spread(took)}


def tables(results: Mapping[str, Any]) -> Iterator[str]:
    """Latency, parts, requests, throughput."""
    each = [(size, kind, its[kind]) for size, its in results["sizes"].items() for kind in ("folder", "server")]
    yield "One question after another, five hits, each question new; milliseconds:"
    yield machine.table(
        ("passages", "index", "p50", "p95", "the same questions again", "opening and the first answer"),
        [
            (
                f"{one['passages']:,}", kind, one["milliseconds"]["p50"], one["milliseconds"]["p95"],
                one["asked again"]["p50"], one["first answer, with opening"],
            )
            for _, kind, one in each
        ],
    )  # fmt: skip
    yield "Where the time goes, medians in milliseconds (beside: in another thread, for which the rest waits, too):"
    heads = [f"{kind}, {one['passages']:,}" for _, kind, one in each]
    names = dict.fromkeys(name for _, _, one in each for name, value in one["parts"].items() if value)
    yield machine.table(
        ("part", *heads), [(name, *(one["parts"].get(name, 0.0) for _, _, one in each)) for name in names]
    )
    for _, kind, one in each:
        if kind == "server":
            yield f"What goes over the wire for a question, {one['passages']:,} passages:"
            yield machine.table(
                ("request", "a question", "kB a question", "ms each", "ms a question"),
                [
                    (
                        name, its["a question"], f"{its['bytes a question'] / 1000:,.1f}", its["milliseconds each"],
                        its["milliseconds a question"],
                    )
                    for name, its in (*one["wire"].items(), ("all", _sum(one["wire"])))
                ],
            )  # fmt: skip
    yield "Threads that ask one index at once, questions a second (p50 and p95 in milliseconds):"
    yield machine.table(
        ("passages", "index", *(f"{count} threads" for count in THREADS)),
        [
            (
                f"{one['passages']:,}", kind,
                *(f"{its['a second']} ({its['p50']:,.0f}, {its['p95']:,.0f})" for its in one["threads"].values()),
            )
            for _, kind, one in each
        ],
    )  # fmt: skip


def _sum(kinds: Mapping[str, Mapping[str, float]]) -> dict[str, Any]:
    names = ("a question", "bytes a question", "milliseconds a question")
    summed: dict[str, Any] = {name: round(sum(one[name] for one in kinds.values()), 2) for name in names}
    return {**summed, "milliseconds each": ""}


if __name__ == "__main__":
    main()
