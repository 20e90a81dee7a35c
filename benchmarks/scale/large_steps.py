"""What large.py measures, each step in a process of its own: `large_steps.py STEP SIZE --work DIR` prints JSON."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

import nrqa
from benchmarks.scale.peers import STEPS as PEERS
from benchmarks.shared import asked, memory
from benchmarks.shared.corpora import arguments, encoder_in, questions_in
from benchmarks.shared.exact import DEEP, Exact, exact_vectors, recall
from benchmarks.shared.measured_encoder import MeasuredEncoder
from benchmarks.shared.real_sentences import Planted
from nrqa.answering.ranking import prepared
from nrqa.index.local import generation
from nrqa.index.local.snapshot import LocalSnapshot
from nrqa.index.snapshot import Filtered, Snapshot
from nrqa.indexing.process_tuning import collect_rarely, return_large_blocks

ASKED = 300
"""Questions whose time is taken, after the first of them as a warm-up."""
_WARM = 30
COLD = 7
FILTERS: dict[str, tuple[dict[str, Any], Callable[[str, str], bool]]] = {
    "metadata, 3 of 10 documents": ({"where": {"section": "A"}}, lambda _, head: "section: A" in head.splitlines()),
    "metadata, 1 of 100 documents": ({"where": {"shelf": "s07"}}, lambda _, head: "shelf: s07" in head.splitlines()),
    "name, 2 of 10 documents": ({"only": "*/d*[05].*"}, lambda name, _: bool(re.search(r"/d\d*[05]\.\w+$", name))),
}
"""What is asked with, and whether a file belongs there by its name and first lines, of which nrqa is not asked."""
_HEAD = 400
"""Characters of a file that hold its first lines."""
KINDS = {
    "vectors": ("vectors", "rows.npy"),
    "token codes": ("token", "codebook"),
    "lexical": ("lexical/",),
    "catalog and texts": ("catalog", "texts", "documents.npy", "manifest"),
}
"""The parts of a generation's files' names that tell what they are for."""


def main() -> None:
    options = arguments(__doc__)
    options.add_argument("step", choices=STEPS)
    options.add_argument("size", type=int)
    given = options.parse_args()
    print(json.dumps(STEPS[given.step](given.work, given.size)))


def index_of(work: Path, size: int) -> Path:
    return work / f"index-{size}"


def vectors_of(work: Path, size: int) -> Path:
    return work / f"vectors-{size}.f32"


def build(work: Path, size: int) -> dict[str, Any]:
    """From files to a published index, with borrowed vectors."""
    return_large_blocks()  # as `nrqa index` does, and large.py has matrices multiplied in one thread
    collect_rarely()
    corpus, index = work / f"corpus-{size}", index_of(work, size)
    shutil.rmtree(index, ignore_errors=True)
    seen: dict[str, list[float]] = {}
    before = memory.written_bytes()
    with memory.watching() as watched, MeasuredEncoder(encoder_in(work), vectors_of(work, size)) as encoder:
        began, busy = time.perf_counter(), time.process_time()
        report = nrqa.reindex(
            corpus,
            index,
            encoder=encoder,
            progress=lambda stage, *_: seen.setdefault(stage, []).append(time.perf_counter() - began),
        )
        whole, busy = time.perf_counter() - began, time.process_time() - busy
    files = memory.bytes_below(generation.folder_of(index, report.generation))
    return {
        "documents": report.documents_added,
        "unreadable": report.documents_unreadable,
        "passages": report.passages_total,
        "embedded": report.passages_embedded,
        "seconds": whole,
        "seconds in the encoder": encoder.encoding,
        "processor seconds less the encoder's": busy - encoder.busy,
        "processor seconds in the encoder": encoder.busy,
        "seconds tokenizing": encoder.tokenizing,
        "seconds until all was read": seen["reading"][-1],
        "seconds after the last vector": whole - seen["encoding"][-1],
        "peak resident": memory.most_resident(),
        "peak own": watched.own,
        "written": memory.written_bytes() - before,
        "bytes": {name: sum(size for file, size in files.items() if _kind(file) == name) for name in (*KINDS, "other")},
        "parts": len(LocalSnapshot.newest(index).manifest.parts),
    }


def _kind(file: str) -> str:
    return next((name for name, marks in KINDS.items() if any(mark in file for mark in marks)), "other")


def uncached(work: Path, size: int) -> dict[str, Any]:
    """A process that opens the index and asks, its files not in the system's cache."""
    texts = [one.question for one in _questions(work)]
    _each_file(work, size, lambda file: os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED))
    index = nrqa.Index.open(index_of(work, size))
    asked.seconds(index, texts[-1:], k=5)
    return {"milliseconds": asked.spread(asked.seconds(index, texts[:ASKED], k=5))}


def _each_file(work: Path, size: int, act: Callable[[int], object]) -> None:
    """Do something to each file of the index."""
    folder = index_of(work, size)
    number = generation.newest(folder)
    assert number is not None
    for name in memory.bytes_below(generation.folder_of(folder, number)):
        file = os.open(generation.folder_of(folder, number) / name, os.O_RDONLY)
        try:
            act(file)
        finally:
            os.close(file)


def _read_through(file: int) -> None:
    while os.read(file, 1 << 24):
        pass


def ask(work: Path, size: int) -> dict[str, Any]:
    """A process that opens the index, its files in the system's cache, and asks: time, by part, memory, and hits."""
    planted = _questions(work)
    _each_file(work, size, _read_through)
    texts = [one.question for one in planted]
    opened = memory.held()
    index = nrqa.Index.open(index_of(work, size))
    asked.seconds(index, texts[-_WARM:], k=5)
    took = asked.seconds(index, texts[:ASKED], k=5)
    after = memory.held()
    return {
        "questions": len(took),
        "milliseconds": asked.spread(took),
        "parts": asked.parts(index, texts[:ASKED]),
        "memory before": opened,
        "memory": after,
        **_quality(index, planted),
    }


def _quality(index: nrqa.Index, planted: list[Planted]) -> dict[str, Any]:
    """How well the planted passages are found among all others."""
    wanted = {str(at): {f"planted/{one.name}.txt": 1} for at, one in enumerate(planted)}
    answers = index.ask_many([one.question for one in planted], k=10)
    found = {
        str(at): list(dict.fromkeys(hit.passage.citation.document for hit in answer.hits))
        for at, answer in enumerate(answers)
    }
    first = sum(found[at][:1] == list(documents) for at, documents in wanted.items())
    scores = [_ndcg(found[at], next(iter(documents))) for at, documents in wanted.items()]
    return {"hit@1": first / len(planted), "nDCG@10": sum(scores) / len(scores)}


def _ndcg(found: list[str], wanted: str) -> float:
    return float(1 / np.log2(found.index(wanted) + 2)) if wanted in found[:10] else 0.0


def compare(work: Path, size: int) -> dict[str, Any]:
    """The dense search as it is beside exact inner products of the vectors as the encoder gave them."""
    texts = [one.question for one in _questions(work)]
    index = nrqa.Index.open(index_of(work, size))
    snapshot = index.snapshot
    exact = exact_vectors(vectors_of(work, size), index_of(work, size))
    vectors = np.stack([one.vector for one in prepared(snapshot, texts, index.encode)])
    rows, scores = exact.search(vectors, DEEP)
    everything = snapshot.filtered(None, None)
    found = {k: [snapshot.search_dense(vector, k, everything)[0] for vector in vectors] for k in (10, DEEP)}
    recalls = {
        f"recall@{k}": float(
            np.mean([recall(exact, *one) for one in zip(vectors, found[k], scores[:, :k], strict=True)])
        )
        for k in found
    }
    return {
        **recalls,
        **_same_hits(index, snapshot, texts, vectors, (rows, scores)),
        "filters": {
            name: _filtered(index, exact, (texts[:ASKED], vectors[:ASKED]), given, allowed)
            for name, (given, _) in FILTERS.items()
            if (allowed := _belonging(snapshot, work / f"corpus-{size}", FILTERS[name][1]))
        },
        "similarities": {f"{at + 1}.": float(np.median(scores[:, at])) for at in (0, 9, DEEP - 1)},
    }


def _same_hits(
    index: nrqa.Index, snapshot: Snapshot, texts: list[str], vectors: Any, best: tuple[Any, Any]
) -> dict[str, float]:
    """How often hits are those that an exact dense search would have led to."""
    usual = snapshot.search_dense

    def search(question: Any, k: int, within: Filtered) -> tuple[Any, Any]:
        if within.documents is not None:  # the passages of the few documents that the question names
            return usual(question, k, within)
        at = int((vectors @ question).argmax())  # its digits depend on the questions that are encoded with it
        return best[0][at, :k], best[1][at, :k]

    ours = [_places(one) for one in index.ask_many(texts, k=10)]
    snapshot.search_dense = search  # type: ignore[method-assign]
    exactly = [_places(one) for one in index.ask_many(texts, k=10)]
    del snapshot.search_dense
    pairs = list(zip(ours, exactly, strict=True))
    return {
        "same first hit": sum(one[:1] == other[:1] for one, other in pairs) / len(pairs),
        "same ten hits": sum(one == other for one, other in pairs) / len(pairs),
    }


def _places(answer: nrqa.Answer) -> list[tuple[str, int]]:
    return [(hit.passage.citation.document, hit.passage.citation.start) for hit in answer.hits]


def _belonging(snapshot: Snapshot, corpus: Path, belongs: Callable[[str, str], bool]) -> dict[str, int]:
    """The documents, by name and number, whose files a filter means."""
    found = {}
    for name, known in snapshot.known.items():
        with (corpus / name).open(encoding="utf-8") as file:
            # Text files begin their keys with a capital.
            head = file.read(_HEAD).replace("Section:", "section:").replace("Shelf:", "shelf:")
        if belongs(name, head):
            found[name] = known.number
    return found


def _filtered(
    index: nrqa.Index, exact: Exact, questions: tuple[list[str], Any], given: dict[str, Any], documents: dict[str, int]
) -> dict[str, Any]:
    """Whether nothing else is found and nothing is missed under a filter, and how long it takes."""
    texts, vectors = questions
    snapshot = index.snapshot
    within = snapshot.filtered(given.get("where"), [given["only"]] if "only" in given else None)
    allowed = exact.rows[np.isin(exact.documents, list(documents.values()))]
    _, scores = exact.search(vectors, 10, allowed)
    found = [snapshot.search_dense(vector, 10, within)[0] for vector in vectors]
    answers = index.ask_many(texts, k=10, **given)
    outside = sum(hit.passage.citation.document not in documents for answer in answers for hit in answer.hits)
    fresh = nrqa.Index.open(index.folder)
    asked.seconds(fresh, texts[-3:], k=5)
    first = asked.seconds(fresh, texts[:1], k=5, **given)[0]
    took = asked.seconds(fresh, texts[:100], k=5, **given)
    return {
        "passages": len(allowed),
        "outside": outside + int(sum(np.count_nonzero(~np.isin(rows, allowed)) for rows in found)),
        "recall@10": float(np.mean([recall(exact, *one) for one in zip(vectors, found, scores, strict=True)])),
        "first": round(first * 1000, 2),
        "milliseconds": asked.spread(took),
    }


def cold(work: Path, size: int) -> dict[str, Any]:
    """`nrqa query` by the shell, with the corpus there and without."""
    texts = [one.question for one in _questions(work)][: COLD + 1]
    corpus, index = work / f"corpus-{size}", index_of(work, size)
    found = {"corpus there": [_shell(text, index) for text in texts][1:]}
    hidden = corpus.rename(corpus.with_name(corpus.name + ".hidden"))
    try:
        found["corpus gone"] = [_shell(text, index) for text in texts][1:]
    finally:
        hidden.rename(corpus)
    return {name: {"median": round(median(took), 3), "most": round(max(took), 3)} for name, took in found.items()}


def _shell(question: str, index: Path) -> float:
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "nrqa", "query", question, "--index", index],
        stdout=subprocess.DEVNULL, check=False, env={**os.environ, "NRQA_OFFLINE": "1"},
    )  # fmt: skip
    assert done.returncode in (0, 1)
    return time.perf_counter() - began


def _questions(work: Path) -> list[Planted]:
    """In an order of no meaning, the same every time."""
    planted = questions_in(work, work)
    order = np.random.default_rng(0).permutation(len(planted))
    return [planted[at] for at in order]


def _peer(name: str) -> Callable[[Path, int], dict[str, Any]]:
    def step(work: Path, size: int) -> dict[str, Any]:
        exact = exact_vectors(vectors_of(work, size), index_of(work, size))
        texts = [one.question for one in _questions(work)]
        return PEERS[name](work, size, exact, texts)

    return step


STEPS: dict[str, Callable[[Path, int], dict[str, Any]]] = {
    "build": build,
    "uncached": uncached,
    "ask": ask,
    "compare": compare,
    "cold": cold,
    **{name: _peer(name) for name in PEERS},
}

if __name__ == "__main__":
    main()
