"""nrqa-slim, nrqa and other tools, each on a machine that never had it: sizes, and the time until it answers.

    python -m benchmarks.scale.installs --work DIR [--only nrqa-slim,nrqa,LlamaIndex,txtai,Chroma] [--install] [--keep]

For each a new environment, and a home without anything in it: what is fetched, what it takes on the disk, the
first index of the two articles, questions from a cold shell, and the most memory. The
bundle that this checkout packs is then opened by nrqa-slim alone. Environments take up to 2 GB, one after another;
with --keep they stay in DIR, and --install only makes them, so that the times can be taken when the machine is quiet.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.scale import peer_scripts
from benchmarks.scale.environment import Environment, Run
from benchmarks.shared import machine

QUESTION = "why does Russia oppose missile defense"
QUESTIONS = machine.ROOT / "tests" / "questions.jsonl"
CORPUS = machine.ROOT / "corpus"
SLIM, FULL = "nrqa-slim", "nrqa"
PEERS = {
    "LlamaIndex": (peer_scripts.LLAMAINDEX, peer_scripts.LLAMAINDEX_SCRIPT),
    "txtai": (peer_scripts.TXTAI, peer_scripts.TXTAI_SCRIPT),
    "Chroma": (peer_scripts.CHROMA, peer_scripts.CHROMA_SCRIPT),
}
MEASURED = "measured.json"
_LATER = 3
"""Cold questions after the first."""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--work", type=Path, required=True, help="for environments and what was measured of each")
    options.add_argument("--only", default=",".join([SLIM, FULL, *PEERS]), help="which of them, with commas between")
    options.add_argument("--install", action="store_true", help="only make the environments")
    options.add_argument("--keep", action="store_true", help="do not delete them")
    given = options.parse_args()
    work = given.work.resolve()
    for name in given.only.split(","):
        place = Environment(work / name)
        installed = place.install(_wanted(name, work))
        if not given.install:
            found = {"installed": asdict(installed), **_measured(name, place)}
            (work / f"{name}.json").write_text(json.dumps(found), "utf-8")
        if not given.install and not given.keep:
            place.remove()
    if given.install:
        return
    kept = {name: work / f"{name}.json" for name in (SLIM, FULL, *PEERS)}
    results = {name: json.loads(file.read_text("utf-8")) for name, file in kept.items() if file.exists()}
    machine.write("installs", {"machine": machine.describe(), **results}, tables(results), targets(results))


def _wanted(name: str, work: Path) -> list[str]:
    """What pip is asked for."""
    if name in PEERS:
        return PEERS[name][0]
    out = work / f"{name}-wheel"
    made = sorted(out.glob("*.whl"))
    if not made:
        build = [str(machine.ROOT / "packaging" / "slim.py"), str(out)]
        plain = ["-m", "build", "--wheel", "--outdir", str(out), str(machine.ROOT)]
        subprocess.run([sys.executable, *(build if name == SLIM else plain)], check=True)
        made = sorted(out.glob("*.whl"))
    return [str(made[-1])]


def _measured(name: str, place: Environment) -> dict[str, Any]:
    place.fresh_home()
    index = place.home / "index"
    if name in PEERS:
        script = place.place / "script.py"
        script.write_text(PEERS[name][1], "utf-8")
        built = place.run("python", script, "index", CORPUS, index)
        return _asked(built, lambda: place.run("python", script, "query", index, QUESTION))
    built = place.run("nrqa", "index", CORPUS, "--index", index)
    found = _asked(built, lambda: place.run("nrqa", "query", QUESTION, "--index", index))
    return found | (_bundle(place) if name == SLIM else {})


def _asked(built: Run, ask: Callable[[], Run]) -> dict[str, Any]:
    asked = [ask() for _ in range(1 + _LATER)]
    return {
        "index": built.seconds,
        "first": asked[0].seconds,
        "later": [one.seconds for one in asked[1:]],
        "resident to index": built.resident,
        "resident to ask": max(one.resident for one in asked),
    }


def _bundle(place: Environment) -> dict[str, Any]:
    """What an environment without anything but nrqa-slim makes of a bundle that was packed here."""
    with tempfile.TemporaryDirectory() as folder:
        index, file = Path(folder, "index"), Path(folder, "articles.nrqa")
        here("index", CORPUS, "--index", index)
        here("pack", index, file, "--sources", "--encoder")
        expected = json.loads(here("query", QUESTION, "--json", "--index", index))
        place.fresh_home()
        opened = [place.run("nrqa", "query", QUESTION, "--json", "--index", file) for _ in range(2 + _LATER)]
        found = json.loads(opened[0].output)
        questions = Path(folder, "questions.jsonl")
        asked = [json.loads(line)["question"] for line in QUESTIONS.read_text("utf-8").splitlines()]
        questions.write_text("".join(json.dumps({"question": one}) + "\n" for one in asked), "utf-8")
        batch = ("query", "--batch", questions, "--json", "--index")
        theirs = [json.loads(line) for line in place.run("nrqa", *batch, file).output.splitlines()]
        ours = [json.loads(line) for line in here(*batch, index).splitlines()]
        return {
            "bundle": {
                "megabytes": file.stat().st_size / 1e6,
                "opened first": opened[0].seconds,
                "opened again": [one.seconds for one in opened[1:]],
                "resident": max(one.resident for one in opened),
                "same answer": _without_searched(found) == _without_searched(expected),
                "same citation": found["hits"][0]["citation"] == expected["hits"][0]["citation"],
                "citation": found["hits"][0]["citation"],
                "questions": len(asked),
                "same rankings": sum(map(_is_same_ranking, theirs, ours)) if len(theirs) == len(ours) else 0,
            }
        }


def here(*words: object) -> str:
    """What the nrqa of this checkout prints, with sentence-transformers and all."""
    done = subprocess.run([sys.executable, "-m", "nrqa", *map(str, words)], capture_output=True, text=True, check=False)
    if done.returncode > 1:
        sys.exit(done.stderr)
    return done.stdout


def _without_searched(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer but for what was searched, which names the folder of the corpus where there is one."""
    return {name: one for name, one in answer.items() if name != "searched"}


def _is_same_ranking(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """The same hits in the same order, with the same citations and highlights, and the same verdict."""
    hits = [[(hit["citation"], hit["highlights"]) for hit in answer["hits"]] for answer in (one, other)]
    return hits[0] == hits[1] and one["verdict"] == other["verdict"]


def targets(results: dict[str, Any]) -> list[machine.Target]:
    slim = results.get(SLIM)
    if slim is None:
        return []
    bundle = slim["bundle"]
    return [
        machine.Target("nrqa-slim installed, MB", slim["installed"]["added"], 450),
        machine.Target("nrqa-slim, first index and first answer, s", slim["index"] + slim["first"], 20),
        machine.Target("nrqa-slim, first answer from a bundle, s", bundle["opened first"], 20),
        machine.Target("the bundle's answer is that of its maker", float(bundle["same answer"]), 1, at_least=True),
        machine.Target(
            "questions with other hits than the full install's", bundle["questions"] - bundle["same rankings"], 0
        ),
    ]


def tables(results: dict[str, Any]) -> list[str]:
    found = [
        "Each in an environment of its own, with the same model; PyTorch is the build for processors alone:",
        machine.table(
            ("", *results),
            (
                (what, *(shown(one) for one in results.values()))
                for what, shown in (
                    ("fetched, MB", lambda one: f"{one['installed']['fetched']:,.0f}"),
                    ("installed, MB", lambda one: f"{one['installed']['added']:,.0f}"),
                    ("packages", lambda one: one["installed"]["distributions"]),
                    ("the first index of the two articles, s", lambda one: f"{one['index']:.1f}"),
                    ("the first question from a cold shell, s", lambda one: f"{one['first']:.1f}"),
                    ("later ones, median, s", lambda one: f"{median(one['later']):.1f}"),
                    ("most memory to index, MB", lambda one: f"{one['resident to index']:,.0f}"),
                    ("most memory to ask, MB", lambda one: f"{one['resident to ask']:,.0f}"),
                )
            ),
        ),
        "Memory is that of the largest process. What the others are asked for: `benchmarks/scale/peer_scripts.py`.",
    ]
    if SLIM in results:
        bundle = results[SLIM]["bundle"]
        citation = bundle["citation"]
        found += [
            "A bundle with sources and encoder, packed by the full nrqa, opened by nrqa-slim alone:",
            machine.table(
                ("", ""),
                (
                    ("the file, MB", f"{bundle['megabytes']:.1f}"),
                    ("the first question, unpacking it, s", f"{bundle['opened first']:.1f}"),
                    ("later ones, median, s", f"{median(bundle['opened again']):.1f}"),
                    ("most memory, MB", f"{bundle['resident']:,.0f}"),
                    ("the answer is that of its maker's folder", "yes" if bundle["same answer"] else "**no**"),
                    (
                        "its citation",
                        f"{citation['document']}:{citation['line_start']}, {citation['sha256'][:12]}…",
                    ),
                    (
                        "questions whose hits, order, citations, highlights and verdict are those of the full nrqa",
                        f"{bundle['same rankings']} of {bundle['questions']}",
                    ),
                ),
            ),
        ]
    return found


if __name__ == "__main__":
    main()
