"""Where the time of a question from a cold shell goes, and of a file of questions; README.md says what is compared."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.shared import machine

QUESTION = "why does Russia oppose missile defense"
QUESTIONS = machine.ROOT / "tests" / "questions.jsonl"
PLAIN = str(Path(__file__).resolve().parent / "plain_script.py")
# In the order of `nrqa query`; a module counts to the first step that imports it.
STEPS = (
    ("Python itself", ""),
    ("its standard library, as far as typer needs it", "import inspect, subprocess, uuid, difflib, gettext, platform"),
    ("typer", "import typer"),
    ("nrqa's command line", "from nrqa.cli import application; application(['query'])"),
    ("nrqa's records, signals and index", "import nrqa.answering.asking"),
    ("numpy", "import numpy"),
    ("tantivy", "import tantivy"),
    ("onnxruntime", "import onnxruntime"),
    ("tokenizers", "import tokenizers"),
    ("opening the index", "index = nrqa.answering.asking.Index.open(sys.argv[1], one_shot=True)"),
    ("loading the model, encoding the question", "index.encode([sys.argv[2]])"),
    ("searching and ranking, the verdict", "index._stale = lambda *_, **__: (); answer = index.ask(sys.argv[2])"),
    ("looking at the corpus", "del index._stale; index._stale(index.snapshot, surely=True)"),
    ("rich, and rendering", "from nrqa.rendering.answer import render_answer; shown = render_answer(answer)"),
    ("printing", "from nrqa.cli.output import print_rich; print_rich(shown)"),
)
CLOCKED = """
import os, sys, time
times = [time.time()]
for code in sys.argv.pop().split("\\n"):
    exec(code)
    times.append(time.time())
print(repr(times), file=sys.stderr, flush=True)
os._exit(0)
"""
Rounds = dict[str, list[float]]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=9, help="rounds of every command")
    options.add_argument("--repeat", type=int, default=4, help="how many times a batch holds our questions")
    given = options.parse_args()
    os.environ["HF_HUB_OFFLINE"] = "1"  # neither side shall wait for the network
    os.environ["NRQA_OFFLINE"] = "1"
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # what is installed is compiled
    results: dict[str, Any] = {"machine": machine.describe()}
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        corpus = machine.ROOT / "corpus"
        timed(PLAIN, "index", corpus, place / "plain")
        timed("-m", "nrqa", "index", corpus, "--index", place / "index")
        results |= processes(place, given.runs)
        results["batch"] = batch(place, given.repeat, given.runs)
    results["machine"]["load_at_the_end"] = machine.load()
    machine.write("cold", results, tables(results), targets(results))


def timed(*words: object) -> float:
    """Seconds of a fresh process of this Python; it must succeed."""
    began = time.perf_counter()
    subprocess.run([sys.executable, *map(str, words)], stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - began


def processes(place: Path, count: int) -> dict[str, Any]:
    """Seconds of each command and of each step of a question, in turns; the first round does not count."""
    commands: dict[str, Sequence[object]] = {
        "plain script's query": (PLAIN, "query", place / "plain", QUESTION),
        "nrqa query": ("-m", "nrqa", "query", QUESTION, "--index", place / "index"),
        "nrqa query --json": ("-m", "nrqa", "query", QUESTION, "--json", "--index", place / "index"),
        "nrqa --help": ("-m", "nrqa", "--help"),
        "import nrqa": ("-c", "import nrqa"),
        "python alone": ("-c", "pass"),
    }
    seconds: Rounds = {name: [] for name in commands}
    steps: Rounds = {name: [] for name, _ in STEPS}
    for _ in range(count + 1):
        for name, words in commands.items():
            seconds[name].append(timed(*words))
        for name, one in clocked(place / "index").items():
            steps[name].append(one)
    return {
        "seconds": {name: one[1:] for name, one in seconds.items()},
        "steps": {name: one[1:] for name, one in steps.items()},
    }


def clocked(index: Path) -> dict[str, float]:
    """Seconds of each step of one question in one fresh process."""
    code = "\n".join(code for _, code in STEPS[1:])
    began = time.time()
    done = subprocess.run(
        [sys.executable, "-c", CLOCKED, str(index), QUESTION, code],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    times = [began, *json.loads(done.stderr)]
    return {name: after - before for (name, _), (before, after) in zip(STEPS, pairwise(times), strict=True)}


def batch(place: Path, repeat: int, count: int) -> dict[str, Any]:
    """Seconds a question: a process for each, `--batch`, and in one process `Index.ask` and `Index.ask_many`."""
    from nrqa.answering.asking import Index

    questions = [json.loads(line)["question"] for line in QUESTIONS.read_text("utf-8").splitlines()]
    file = place / "questions.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in questions * repeat), "utf-8")
    words = ("-m", "nrqa", "query", "--index", str(place / "index"))
    index = Index.open(place / "index")
    seconds: Rounds = {"nrqa query": [], "nrqa query --batch": [], "Index.ask": [], "Index.ask_many": []}
    for turn in range(count + 1):
        seconds["nrqa query"].append(timed_any(*words, "--json", questions[turn % len(questions)]))
        seconds["nrqa query --batch"].append(timed_any(*words, "--batch", file) / (len(questions) * repeat))
        began = time.perf_counter()
        alone = [index.ask(one) for one in questions]
        between = time.perf_counter()
        together = index.ask_many(questions)
        seconds["Index.ask"].append((between - began) / len(questions))
        seconds["Index.ask_many"].append((time.perf_counter() - between) / len(questions))
        assert [one.verdict for one in alone] == [one.verdict for one in together]
        assert [[hit.passage for hit in one.hits] for one in alone] == [
            [hit.passage for hit in one.hits] for one in together
        ]
    return {"questions": len(questions) * repeat, "seconds": {name: one[1:] for name, one in seconds.items()}}


def timed_any(*words: object) -> float:
    """Seconds of a fresh process that may find nothing."""
    began = time.perf_counter()
    done = subprocess.run([sys.executable, *map(str, words)], stdout=subprocess.DEVNULL, check=False)
    assert done.returncode in (0, 1)
    return time.perf_counter() - began


def targets(results: dict[str, Any]) -> list[machine.Target]:
    found, many = medians(results["seconds"]), medians(results["batch"]["seconds"])
    return [
        machine.Target("`nrqa query`, s", found["nrqa query"], 0.5),
        machine.Target(
            "`nrqa query`, times faster than the plain script",
            found["plain script's query"] / found["nrqa query"],
            12,
            at_least=True,
        ),
        machine.Target("`nrqa --help`, s", found["nrqa --help"], 0.12),
        machine.Target("`import nrqa`, s more than Python alone", found["import nrqa"] - found["python alone"], 0.03),
        machine.Target(
            "`--batch`, times as many questions a second",
            many["nrqa query"] / many["nrqa query --batch"],
            8,
            at_least=True,
        ),
    ]


def medians(rounds: Rounds) -> dict[str, float]:
    return {name: median(one) for name, one in rounds.items()}


def tables(results: dict[str, Any]) -> list[str]:
    many = medians(results["batch"]["seconds"])
    return [
        "Fresh processes, in turns:",
        machine.table(
            ("command", "median s", "least", "most", "runs"),
            (
                (name, f"{median(one):.3f}", f"{min(one):.3f}", f"{max(one):.3f}", len(one))
                for name, one in results["seconds"].items()
            ),
        ),
        "A question, step by step, in a process of its own that takes one after the other:",
        machine.table(
            ("step", "median ms", "least"),
            (
                (name, f"{1000 * median(one):.0f}", f"{1000 * min(one):.0f}")
                for name, one in [*results["steps"].items(), ("all", [sum(one) for one in turns(results["steps"])])]
            ),
        ),
        f"Many questions ({results['batch']['questions']} in the batch):",
        machine.table(
            ("", "median ms a question", "least", "times a process for each"),
            (
                (name, f"{1000 * median(one):.1f}", f"{1000 * min(one):.1f}", f"{many['nrqa query'] / median(one):.1f}")
                for name, one in results["batch"]["seconds"].items()
            ),
        ),
    ]


def turns(rounds: Rounds) -> list[tuple[float, ...]]:
    """What belongs to the same turn."""
    return list(zip(*rounds.values(), strict=True))


if __name__ == "__main__":
    main()
