"""Following a corpus: from the last write of a file until an answer holds it; bursts; and what a quiet minute costs.

    python -m benchmarks.speed.watching [--edits 20] [--quiet 60]

The command runs in a process of its own, on the two articles and on 2,000 small files made of the articles' words.
"""

import argparse
import json
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.shared import machine
from nrqa.answering.asking import Index
from nrqa.index.local import generation

CORPUS = machine.ROOT / "corpus"
_TICKS = os.sysconf("SC_CLK_TCK")


class Followed:
    """`nrqa index --watch` over a corpus; what it reports, each with when."""

    def __init__(self, corpus: Path, index: Path, *options: str) -> None:
        words = [sys.executable, "-m", "nrqa", "index", str(corpus), "--index", str(index), "--watch", "--json"]
        self.process = subprocess.Popen([*words, "--offline", *options], stdout=subprocess.PIPE, text=True)
        self.reports: list[dict[str, Any]] = []
        threading.Thread(target=self._read, daemon=True).start()
        self.until(1)

    def _read(self) -> None:
        assert self.process.stdout
        told = map(json.loads, self.process.stdout)
        self.reports.extend(one for one in told if "generation" in one)  # and no notices

    def until(self, count: int) -> None:
        while len(self.reports) < count:
            if self.process.poll() is not None:
                raise SystemExit("the command has ended")
            time.sleep(0.01)

    def cpu(self) -> float:
        """Seconds of processor time so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, fields[11:15])) / _TICKS

    def end(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait()


def many(folder: Path, count: int) -> None:
    dice = random.Random(1)  # noqa: S311 - the same files every time
    words = [word for file in sorted(CORPUS.iterdir()) for word in file.read_text("utf-8").split()]
    for at in range(count):
        file = folder / f"{at // 50:03d}" / f"{at:05d}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"Document {at}. " + " ".join(dice.choices(words, k=30)) + ".\n")


def latencies(followed: Followed, corpus: Path, index: Path, edits: int) -> dict[str, Any]:
    """Each edit adds a word of its own, which is searchable when a question for it is answered with it."""
    opened = Index.open(index)
    opened.ask("warm up")
    file = next(one for one in sorted(corpus.rglob("*")) if one.suffix in (".txt", ".md"))
    before = file.read_text("utf-8")
    seconds, runs, used = [], [], []
    for at in range(edits):
        word = f"zyx{at}qua{random.randrange(10**6)}"  # noqa: S311
        count, number, cpu = len(followed.reports), generation.newest(index), followed.cpu()
        file.write_text(f"{before}\n\nThe {word} was seen.\n", "utf-8")
        written = time.perf_counter()
        while generation.newest(index) == number:  # asking all the time would take the cores from the run
            time.sleep(0.005)
        while not any(word in hit.passage.text for hit in opened.ask(word, k=1).hits):
            time.sleep(0.01)
        seconds.append(time.perf_counter() - written)
        followed.until(count + 1)
        runs.append(followed.reports[-1]["seconds"])
        used.append(followed.cpu() - cpu)
        time.sleep(0.3)
    file.write_text(before, "utf-8")
    followed.until(len(followed.reports) + 1)
    return {
        "median": statistics.median(seconds), "max": max(seconds), "run": statistics.median(runs),
        "processor": statistics.median(used),
        "all": [round(one, 3) for one in seconds],
    }  # fmt: skip


def burst(followed: Followed, corpus: Path) -> dict[str, Any]:
    """500 files come at once; then their folder is moved, then removed."""
    acts: dict[str, Callable[[], object]] = {
        "500 files written": lambda: _write(corpus / "burst", 500),
        "their folder moved": lambda: (corpus / "burst").rename(corpus / "moved"),
        "their folder removed": lambda: shutil.rmtree(corpus / "moved"),
    }
    made = {}
    for name, act in acts.items():
        count = len(followed.reports)
        act()
        began = time.perf_counter()
        while sum(one["documents_added"] + one["documents_removed"] for one in followed.reports[count:]) < 500:
            time.sleep(0.01)
        took = time.perf_counter() - began
        time.sleep(2)
        some = followed.reports[count:]
        made[name] = {
            "generations": len(some), "embedded": sum(one["passages_embedded"] for one in some), "seconds": took,
        }  # fmt: skip
    return made


def _write(folder: Path, count: int) -> None:
    folder.mkdir()
    for at in range(count):
        (folder / f"{at}.txt").write_text(f"Number {at} of the burst has {at * 7} words of its own.\n")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--edits", type=int, default=20)
    parser.add_argument("--quiet", type=float, default=60)
    given = parser.parse_args()
    results: dict[str, Any] = {"machine": machine.describe(), "quiet_seconds": given.quiet, "corpora": {}}
    with tempfile.TemporaryDirectory() as temporary:
        for name in ("the articles", "2,000 files"):
            place = Path(temporary) / name.replace(" ", "-")
            if name == "the articles":
                shutil.copytree(CORPUS, place / "corpus")
            else:
                many(place / "corpus", 2000)
            followed = Followed(place / "corpus", place / "index")
            found: dict[str, Any] = {"edits": latencies(followed, place / "corpus", place / "index", given.edits)}
            time.sleep(2)
            files = sorted((place / "index").rglob("*"))
            before = followed.cpu()
            time.sleep(given.quiet)
            found["quiet"] = followed.cpu() - before
            found["written"] = sorted((place / "index").rglob("*")) != files
            found["bursts"] = burst(followed, place / "corpus")
            found["load"] = machine.load()
            assert followed.end() == 0
            polled = Followed(place / "corpus", place / "index", "--poll", "1")
            time.sleep(3)
            before = polled.cpu()
            time.sleep(given.quiet / 3)
            found["polling"] = 3 * (polled.cpu() - before)
            polled.end()
            results["corpora"][name] = found
    machine.write("watching", results, tables(results), targets(results))


def targets(results: dict[str, Any]) -> list[machine.Target]:
    found = []
    for name, one in results["corpora"].items():
        found += [
            machine.Target(f"last write to answer, median s, {name}", one["edits"]["median"], 2),
            machine.Target(f"last write to answer, slowest s, {name}", one["edits"]["max"], 2),
            machine.Target(f"quiet, processor time %, {name}", 100 * one["quiet"] / results["quiet_seconds"], 0.1),
        ]
    return found


def tables(results: dict[str, Any]) -> list[str]:
    corpora = results["corpora"]
    head = ["corpus", "last write to answer: median", "slowest", "of it the run", "an edit's processor time",
            "quiet minute, processor",
            "the same, --poll 1"]  # fmt: skip
    minute = 60 / results["quiet_seconds"]
    rows = [
        [name, f"{one['edits']['median']:.2f} s", f"{one['edits']['max']:.2f} s", f"{one['edits']['run']:.2f} s",
         f"{one['edits']['processor']:.2f} s",
         f"{one['quiet'] * minute:.2f} s", f"{one['polling'] * minute:.2f} s"]
        for name, one in corpora.items()
    ]  # fmt: skip
    bursts = [
        [name, what, made["generations"], made["embedded"], f"{made['seconds']:.1f} s"]
        for name, one in corpora.items()
        for what, made in one["bursts"].items()
    ]
    loads = ", ".join(f"{one['load']} after {name}" for name, one in corpora.items())
    edits = len(next(iter(corpora.values()))["edits"]["all"])
    return [
        f"`nrqa index --watch`, {edits} edits of one file each (load {loads}):",
        machine.table(head, rows),
        "Many changes at once:",
        machine.table(["corpus", "what", "generations", "passages embedded", "until indexed"], bursts),
    ]


if __name__ == "__main__":
    main()
