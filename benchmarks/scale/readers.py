"""Many reading processes at once, and one while the index is built anew; README.md says what is measured."""

import argparse
import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import nrqa
from benchmarks.scale.large_steps import index_of
from benchmarks.scale.reader import Reader
from benchmarks.shared import machine
from benchmarks.shared.corpora import arguments, corpus_in, encoder_in, questions_in

_SELF = "benchmarks.scale.readers"
MANY = 10
_SHOWN = ("questions a second", "p50", "p95", "resident", "share")


def main() -> None:
    options = arguments(__doc__)
    options.add_argument("--size", type=int, default=100_000, help="about how many passages")
    options.add_argument("--rebuilt", type=int, default=10_000, help="the same of the index that is built anew")
    options.add_argument("--seconds", type=float, default=30, help="how long is asked in each setting")
    options.add_argument("--rebuild", help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.rebuild:
        os.nice(10)  # as `nrqa index` does where an index is there already
        _rebuild(given.work, given.rebuilt, Path(given.rebuild))
        return
    questions_in(given.work, given.data)
    for size in (given.size, given.rebuilt):
        corpus_in(given.work, given.data, size)
        if not index_of(given.work, size).exists():
            _rebuild(given.work, size, index_of(given.work, size))
    index, changing = index_of(given.work, given.size), index_of(given.work, given.rebuilt)
    results: dict[str, Any] = {
        "machine": machine.describe(),
        "passages": nrqa.Index.open(index).snapshot.manifest.passages,
        "passages of the one built anew": nrqa.Index.open(changing).snapshot.manifest.passages,
        "at once": [_at_once(given.work, index, count, given.seconds) for count in (1, 2, MANY)],
        "meanwhile": {
            "indexing with lent vectors, whole": _meanwhile(
                given.work, changing, given.seconds,
                ["-m", _SELF, "--work", given.work, "--rebuilt", given.rebuilt, "--rebuild", changing],
                None,
            ),
            "`nrqa index --rebuild`, its beginning": _meanwhile(
                given.work, changing, given.seconds,
                ["-m", "nrqa", "index", given.work / f"corpus-{given.rebuilt}", "--index", changing, "--rebuild"],
                given.seconds,
            ),
        },
    }  # fmt: skip
    results["machine"]["load_at_the_end"] = machine.load()
    machine.write("readers", results, _sections(results), _targets(results))


def _rebuild(work: Path, size: int, index: Path) -> None:
    nrqa.reindex(work / f"corpus-{size}", index, encoder=encoder_in(work), rebuild=True)


def _at_once(work: Path, index: Path, count: int, seconds: float) -> dict[str, Any]:
    with ExitStack() as stack:
        readers = [stack.enter_context(Reader(work, index, at)) for at in range(count)]
        for one in readers:
            one.go()
        began = time.monotonic()
        time.sleep(seconds)
        held = [one.held() for one in readers]
        ended = time.monotonic()
        found = [one.stop() for one in readers]
    spreads = [one.spread([(began, ended)]) for one in found]
    return {
        "processes": count,
        "questions a second": sum(one["questions"] for one in spreads) / (ended - began),
        "p50": sum(one["p50"] for one in spreads) / count,
        "p95": max(one["p95"] for one in spreads),
        "failures": sum(len(one.failures) for one in found),
        "resident": sum(one["resident"] for one in held),
        **{name: sum(one[name] for one in held) for name in ("share", "own", "files")},
    }


def _meanwhile(work: Path, index: Path, seconds: float, words: list[object], most: float | None) -> dict[str, Any]:
    """A reader before and during a command, which is killed after ``most`` seconds."""
    with Reader(work, index) as reader:
        reader.go()
        began = time.monotonic()
        time.sleep(seconds)
        between = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, *map(str, words)], stdout=subprocess.DEVNULL, env={**os.environ, "NRQA_OFFLINE": "1"}
        )
        try:
            process.wait(most)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
        ended = time.monotonic()
        time.sleep(0.5)
        found = reader.stop()
    assert most is not None or process.returncode == 0
    return {
        "quiet": found.spread([(began, between)]),
        "during": found.spread([(between, ended)]),
        "seconds": ended - between,
        "failures": list(found.failures),
        "generations": list(found.generations),
    }


def _targets(results: dict[str, Any]) -> list[machine.Target]:
    one, two, many = results["at once"]
    return [
        machine.Target(
            "questions a second, two processes, times one",
            two["questions a second"] / one["questions a second"],
            1.6,
            at_least=True,
        ),
        machine.Target(
            f"memory of {MANY}, as a share of {MANY} times its own and the files once",
            many["share"] / (MANY * one["own"] + one["files"]),
            1.1,
        ),
        *(
            machine.Target(f"p95 during: {name}, times quiet", found["during"]["p95"] / found["quiet"]["p95"], 2)
            for name, found in results["meanwhile"].items()
        ),
        machine.Target("questions that failed", _failed(results), 0),
    ]


def _sections(results: dict[str, Any]) -> list[str]:
    return [
        f"{results['passages']:,} passages.",
        "Processes asking at once:",
        machine.table(
            ("processes", "questions a second", "p50 ms", "largest p95 ms", "resident MB", "shares MB", "failed"),
            (
                (at["processes"], *(f"{at[name]:.1f}" for name in _SHOWN),
                 at["failures"])
                for at in results["at once"]
            ),
        ),
        f"One process asking, quiet and while {results['passages of the one built anew']:,} passages are built anew:",
        machine.table(
            ("", "seconds", "questions", "quiet p50 ms", "p95 ms", "p99 ms", "most", "during p50 ms", "p95 ms",
             "p99 ms", "most"),
            (
                (name, f"{found['seconds']:.0f}", found["during"]["questions"],
                 *(found[when][p] for when in ("quiet", "during") for p in ("p50", "p95", "p99", "most")))
                for name, found in results["meanwhile"].items()
            ),
        ),
    ]  # fmt: skip


def _failed(results: dict[str, Any]) -> int:
    meanwhile = (len(one["failures"]) for one in results["meanwhile"].values())
    return sum([*meanwhile, *(int(one["failures"]) for one in results["at once"])])


if __name__ == "__main__":
    main()
