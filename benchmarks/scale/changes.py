"""Small changes to a large corpus, and five hundred of them to a smaller one; README.md says what is measured."""

import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import mean, median
from typing import Any

import nrqa
from benchmarks.scale.reader import Reader
from benchmarks.shared import asked, machine, memory
from benchmarks.shared.corpora import arguments, corpus_in, encoder_in, questions_in, sources_in
from benchmarks.shared.exact import exact_vectors, recall
from benchmarks.shared.measured_encoder import MeasuredEncoder
from benchmarks.shared.real_sentences import SEED
from benchmarks.shared.recombining import Sources, file_of, write_document
from nrqa.index.local import generation
from nrqa.index.local.snapshot import LocalSnapshot

SMALL = (1, 2)
"""Passages of a document here."""
EACH = 10
TIMES = 3
"""Runs of each kind of change; the one of median length is told."""
_QUIET = 20.0
"""Seconds of asking before anything changes."""
KINDS = {"add": ["add"], "edit": ["edit"], "delete": ["delete"], "all three": ["delete", "edit", "add"]}
_LOOKED = 50
"""Rounds after which is looked."""
_ASKED = 100
ROUND = {"added": 3, "edited": 4, "deleted": 3}


def main() -> None:
    options = arguments(__doc__)
    options.add_argument("--documents", type=int, default=100_000)
    options.add_argument(
        "--long", type=int, default=20_000, help="documents of the corpus that is changed round by round"
    )
    options.add_argument("--rounds", type=int, default=500)
    options.add_argument("--name", default="changes", help="of the files with the results")
    given = options.parse_args()
    questions_in(given.work, given.data)
    sources = sources_in(given.work, given.data)
    results: dict[str, Any] = {"machine": machine.describe()}
    if given.documents:
        results["small"] = small(given.work, given.data, given.documents, sources)
    if given.rounds:
        results["rounds"] = rounds(given.work, given.data, given.long, given.rounds, sources)
    results["machine"]["load_at_the_end"] = machine.load()
    machine.write(given.name, results, _sections(results), _targets(results))


class Changing:
    """A corpus whose documents are added, edited and deleted; each change makes other words than any before."""

    def __init__(self, folder: Path, sources: Sources) -> None:
        self.folder = folder
        self.written: set[str] = set()
        """Names of the documents that were added or edited."""
        self._sources = sources
        self._numbers = sorted(int(file.stem[1:]) for file in folder.glob("[0-9]*/d*"))
        self._next = self._numbers[-1] + 1
        # The same changes every time, and others in a corpus that an earlier run has changed.
        self._seed = SEED + self._next * (len(self._numbers) != self._next)
        self._dice = random.Random(self._seed)  # noqa: S311

    def add(self, count: int) -> None:
        for _ in range(count):
            self._write(self._next)
            self._numbers.append(self._next)
            self._next += 1

    def edit(self, count: int) -> None:
        for number in self._dice.sample(self._numbers, count):
            self._write(number)

    def delete(self, count: int) -> None:
        for number in self._dice.sample(self._numbers, count):
            file = file_of(self.folder, number)
            file.unlink()
            self.written.discard(file.relative_to(self.folder).as_posix())
            self._numbers.remove(number)

    def _write(self, number: int) -> None:
        self._seed += 1
        file = write_document(self.folder, self._sources, number, self._dice.randint(*SMALL), self._seed)
        self.written.add(file.relative_to(self.folder).as_posix())


def _fresh(work: Path, data: Path, documents: int, name: str) -> tuple[Path, Path]:
    """A corpus of so many documents, unchanged, and where its index is to be."""
    folder, index = work / name, work / f"{name}-index"
    for one in (folder, index):
        shutil.rmtree(one, ignore_errors=True)
    return corpus_in(work, data, round(documents * mean(SMALL)), a_document=SMALL, name=name), index


def small(work: Path, data: Path, documents: int, sources: Sources) -> dict[str, Any]:
    """Ten documents added, edited, deleted, and all three at once, by `nrqa index`, while another process asks.

    The index that an earlier run has built is changed further.
    """
    corpus, index = work / f"changing-{documents}", work / f"changing-{documents}-index"
    if generation.newest(index) is None:
        corpus, index = _fresh(work, data, documents, corpus.name)
        nrqa.reindex(corpus, index, encoder=encoder_in(work))
    changing = Changing(corpus, sources)
    _index_again(corpus, index)  # files written within a tenth of a second of the run are looked at again
    manifest = nrqa.Index.open(index).snapshot.manifest
    found: dict[str, Any] = {"documents": manifest.documents, "passages": manifest.passages}
    found["runs"] = _told(_each_kind(changing, index))
    with Reader(work, index) as reader:
        reader.go()
        began = time.monotonic()
        time.sleep(_QUIET)
        between = time.monotonic()
        asked_meanwhile = list(_each_kind(changing, index))
        time.sleep(1)
        answers = reader.stop()
    found["reader"] = {
        "failures": list(answers.failures),
        "generations": list(answers.generations),
        "quiet": answers.spread([(began, between)]),
        "during": answers.spread([window for _, _, window in asked_meanwhile]),
        "runs": _told(asked_meanwhile),
    }
    return found


def _told(runs: Iterable[tuple[str, dict[str, Any], tuple[float, float]]]) -> dict[str, Any]:
    """Of each kind the run of median length, with the seconds of all, and the most any embedded beyond or wrote."""
    of_kind: dict[str, list[dict[str, Any]]] = {}
    for name, run, _ in runs:
        of_kind.setdefault(name, []).append(run)
    return {
        name: {
            **sorted(those, key=lambda one: one["seconds"])[len(those) // 2],
            "all seconds": [one["seconds"] for one in those],
            "beyond": max(one["embedded"] - one["of changed documents"] for one in those),
            "most new": max(one["new bytes"] / one["bytes"] for one in those),
        }
        for name, those in of_kind.items()
    }


def _each_kind(changing: Changing, index: Path) -> Iterator[tuple[str, dict[str, Any], tuple[float, float]]]:
    """Each kind of change and all three at once, in turns: what its run did, and from when to when it ran."""
    for name, kinds in [*KINDS.items()] * TIMES:
        for kind in kinds:
            getattr(changing, kind)(EACH)
        time.sleep(0.5)
        first = time.monotonic()
        run = _index_again(changing.folder, index)
        window = first, time.monotonic()
        listed = {one.name: one.passages for one in LocalSnapshot.newest(index).listed()}
        run["of changed documents"] = sum(listed[one] for one in changing.written)
        changing.written.clear()
        yield name, run, window


def _index_again(corpus: Path, index: Path) -> dict[str, Any]:
    """One `nrqa index`: what it embedded and wrote, and how long it took."""
    old = _newest(index)
    before, disk = _inodes(old), memory.written_bytes()
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "nrqa", "index", corpus, "--index", index, "--json"],
        stdout=subprocess.PIPE,
        check=True,
        env={**os.environ, "NRQA_OFFLINE": "1"},
    )
    seconds = time.perf_counter() - began
    report = json.loads(done.stdout)
    now = _newest(index)
    new = {name: size for name, (inode, size) in _facts(now).items() if inode not in before}
    return {
        "seconds": seconds,
        "seconds inside": report["seconds"],
        "embedded": report["passages_embedded"],
        **{kind: report[f"documents_{kind}"] for kind in ("added", "changed", "removed")},
        "bytes": sum(size for _, size in _facts(now).values()),
        "new bytes": sum(new.values()),
        "written bytes": memory.written_bytes() - disk,
        "largest new files": dict(sorted(new.items(), key=lambda one: -one[1])[:6]),
    }


def rounds(work: Path, data: Path, documents: int, count: int, sources: Sources) -> dict[str, Any]:
    """Ten changes, many times; what comes of the index, and what a fresh build of the same corpus is."""
    corpus, index = _fresh(work, data, documents, f"rounds-{documents}")
    changing = Changing(corpus, sources)
    looks, took = [], []
    file = work / "rounds.f32"
    with MeasuredEncoder(encoder_in(work), file) as encoder:
        nrqa.reindex(corpus, index, encoder=encoder)
        looks.append({"rounds": 0, **_looked(work, index, file, encoder)})
        for at in range(1, count + 1):
            changing.add(ROUND["added"])
            changing.edit(ROUND["edited"])
            changing.delete(ROUND["deleted"])
            time.sleep(0.15)
            began = time.perf_counter()
            nrqa.reindex(corpus, index, encoder=encoder)
            took.append(time.perf_counter() - began)
            if at % _LOOKED == 0 or at == count:
                looks.append(
                    {"rounds": at, **_looked(work, index, file, encoder), "seconds a round": median(took[-_LOOKED:])}
                )
                print(looks[-1], flush=True)
        fresh = work / f"rounds-{documents}-fresh"
        shutil.rmtree(fresh, ignore_errors=True)
        nrqa.reindex(corpus, fresh, encoder=encoder)
        ours, theirs = _in_turns(work, index, fresh)
        return {
            "documents": documents,
            "rounds": looks,
            "changed": {**_looked(work, index, file, encoder), "milliseconds": ours},
            "fresh": {**_looked(work, fresh, file, encoder), "milliseconds": theirs},
            "seconds": took,
        }


def _looked(work: Path, index: Path, file: Path, encoder: MeasuredEncoder) -> dict[str, Any]:
    encoder.flush()
    opened = nrqa.Index.open(index)
    snapshot = opened.snapshot
    texts = [one.question for one in questions_in(work, work)]
    asked.seconds(opened, texts[-20:], k=5)
    vectors = opened.encode(texts).vectors
    exact = exact_vectors(file, index)
    _, scores = exact.search(vectors, 10)
    everything = snapshot.filtered(None, None)
    found = (snapshot.search_dense(vector, 10, everything)[0] for vector in vectors)
    files = memory.bytes_below(_newest(index))
    return {
        "milliseconds": asked.spread(asked.seconds(opened, texts[:_ASKED], k=5)),
        "recall@10": mean(recall(exact, *one) for one in zip(vectors, found, scores, strict=True)),
        "bytes": sum(files.values()),
        "parts": len(snapshot.manifest.parts),
        "lexical segments": sum(name.endswith(".store") for name in files),
        "passages": snapshot.manifest.passages,
    }


def _in_turns(work: Path, one: Path, other: Path) -> tuple[dict[str, float], dict[str, float]]:
    """The same questions to two indexes, each question to the one and then to the other."""
    texts = [planted.question for planted in questions_in(work, work)]
    indexes = [nrqa.Index.open(folder) for folder in (one, other)]
    took: list[list[float]] = [[], []]
    for index in indexes:
        asked.seconds(index, texts[-20:], k=5)
    for text in texts[:300]:
        for at, index in enumerate(indexes):
            took[at] += asked.seconds(index, [text], k=5)
    return asked.spread(took[0]), asked.spread(took[1])


def _newest(index: Path) -> Path:
    number = generation.newest(index)
    assert number is not None
    return generation.folder_of(index, number)


def _facts(folder: Path) -> dict[str, tuple[int, int]]:
    """Inode and size of each file of a generation."""
    return {name: ((folder / name).stat().st_ino, size) for name, size in memory.bytes_below(folder).items()}


def _inodes(folder: Path) -> set[int]:
    return {inode for inode, _ in _facts(folder).values()}


def _sections(results: dict[str, Any]) -> Iterator[str]:
    if "small" in results:
        yield from _small_tables(results["small"])
    if "rounds" in results:
        yield from _rounds_tables(results["rounds"])


def _targets(results: dict[str, Any]) -> Iterator[machine.Target]:
    if "small" in results:
        for name, one in results["small"]["runs"].items():
            what = "passages embedded beyond those of the changed documents"
            yield machine.Target(f"{name}: {what}", one["beyond"], 0)
            yield machine.Target(f"{name}: new bytes, share of the index", one["most new"], 0.02)
            yield machine.Target(f"{name}: seconds of the process", one["seconds"], 3)
            seconds = results["small"]["reader"]["runs"][name]["seconds"]
            yield machine.Target(f"{name}: seconds while another process asks without pause", seconds, 3)
        yield machine.Target("questions that failed meanwhile", len(results["small"]["reader"]["failures"]), 0)
    if "rounds" in results:
        for what, ratio in _ratios(results["rounds"]):
            rises = what.startswith("recall")
            yield machine.Target(f"after all rounds, {what}, times a fresh build", ratio, 0.9 if rises else 1.1, rises)


def _ratios(found: dict[str, Any]) -> Iterator[tuple[str, float]]:
    changed, fresh = found["changed"], found["fresh"]
    yield "p50", changed["milliseconds"]["p50"] / fresh["milliseconds"]["p50"]
    yield "p95", changed["milliseconds"]["p95"] / fresh["milliseconds"]["p95"]
    yield "recall@10", changed["recall@10"] / fresh["recall@10"]
    yield "size", changed["bytes"] / fresh["bytes"]


def _small_tables(found: dict[str, Any]) -> Iterator[str]:
    yield (
        f"{found['documents']:,} documents, {found['passages']:,} passages; {EACH} changed, and `nrqa index`, the run "
        f"of median length of {TIMES}:"
    )
    yield _runs_table(found["runs"])
    yield "The same while another process asks without pause:"
    yield _runs_table(found["reader"]["runs"])
    yield "That process:"
    yield machine.table(("", "questions", "p50 ms", "p95 ms", "p99 ms", "most"), _reader_rows(found["reader"]))


def _runs_table(runs: dict[str, Any]) -> str:
    return machine.table(
        ("", "added", "changed", "removed", "embedded", "of", "s", "least and most", "s inside", "new MB", "written MB",
         "index MB", "share"),
        (
            (name, one["added"], one["changed"], one["removed"], one["embedded"],
             one["of changed documents"],
             f"{one['seconds']:.2f}", f"{min(one['all seconds']):.2f} {max(one['all seconds']):.2f}",
             f"{one['seconds inside']:.2f}",
             *(f"{one[of] / 1e6:.2f}" for of in ("new bytes", "written bytes", "bytes")),
             f"{one['new bytes'] / one['bytes']:.2%}")
            for name, one in runs.items()
        ),
    )  # fmt: skip


def _reader_rows(reader: dict[str, Any]) -> Iterable[tuple[object, ...]]:
    for when in ("quiet", "during"):
        yield when, *(reader[when][name] for name in ("questions", "p50", "p95", "p99", "most"))


def _rounds_tables(found: dict[str, Any]) -> Iterator[str]:
    yield f"{found['documents']:,} documents, ten changes a round ({ROUND}):"
    rows = [
        *((str(one["rounds"]), one) for one in found["rounds"]),
        ("changed, in turns", found["changed"]),
        ("fresh, in turns", found["fresh"]),
    ]
    yield machine.table(
        ("rounds", "passages", "p50 ms", "p95 ms", "recall@10", "MB", "parts", "lexical segments", "s a round"),
        (
            (name, one["passages"], one["milliseconds"]["p50"], one["milliseconds"]["p95"], f"{one['recall@10']:.4f}",
             f"{one['bytes'] / 1e6:.1f}", one["parts"], one["lexical segments"],
             f"{one['seconds a round']:.2f}" if "seconds a round" in one else "")
            for name, one in rows
        ),
    )  # fmt: skip


if __name__ == "__main__":
    main()
