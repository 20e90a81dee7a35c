"""What it costs to change one sentence of one document; README.md says what is compared."""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.shared import machine
from benchmarks.shared.question_sets import DATA
from benchmarks.speed.cold import timed
from benchmarks.speed.squad_files import write_files
from nrqa.index.local.snapshot import LocalSnapshot

EDITS = 5


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, default=DATA, help="folder of the question sets")
    given = options.parse_args()
    os.environ["NRQA_OFFLINE"] = "1"
    results: dict[str, Any] = {"machine": machine.describe()}
    with tempfile.TemporaryDirectory() as folder:
        for name, file in (("passage files", "corpus.jsonl"), ("article files", "articles.jsonl")):
            place = Path(folder) / file
            corpus = write_files(given.data / "squad_v1_dev" / file, place / "corpus")
            whole = timed("-m", "nrqa", "index", corpus, "--index", place / "index")
            results[name] = editing(corpus, place / "index", whole)
    results["machine"]["load_at_the_end"] = machine.load()
    machine.write("editing", results, tables(results), targets(results))


def editing(corpus: Path, index: Path, whole: float) -> dict[str, Any]:
    """One sentence put into the middle of one document, and `nrqa index` again; then another document."""
    files = random.Random(0).sample(sorted(corpus.iterdir()), EDITS)  # noqa: S311 - the same sample every time
    edits = []
    for file in files:
        document = LocalSnapshot.newest(index).document_named(file.name)
        assert document is not None
        paragraphs = file.read_text("utf-8").split("\n\n")
        paragraphs[len(paragraphs) // 2] = paragraphs[len(paragraphs) // 2].strip() + " This was added later."
        file.write_text("\n\n".join(paragraphs), "utf-8")
        began = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", "nrqa", "index", corpus, "--index", index, "--json"],
            stdout=subprocess.PIPE,
            check=True,
        )
        seconds = time.perf_counter() - began
        report = json.loads(done.stdout)
        edits.append(
            {
                "document": file.name,
                "passages": len(document[1]),
                "embedded": report["passages_embedded"],
                "changed": report["documents_changed"],
                "seconds": seconds,
            }
        )
    return {"documents": len(list(corpus.iterdir())), "whole": whole, "edits": edits}


def targets(results: dict[str, Any]) -> Iterator[machine.Target]:
    for name, one in _measured(results):
        yield machine.Target(f"one sentence, share of building, {name}", _again(one) / one["whole"], 0.1)
        others = max(edit["embedded"] - edit["passages"] for edit in one["edits"])
        yield machine.Target(f"passages embedded beyond those of the document, {name}", max(0, others), 0)


def tables(results: dict[str, Any]) -> Iterator[str]:
    yield "One sentence put into one document, and `nrqa index` again:"
    yield machine.table(
        ("", "building s", "again, median s", "passages embedded"),
        (
            (f"{one['documents']} {name}", f"{one['whole']:.1f}", f"{_again(one):.2f}",
             ", ".join(f"{edit['embedded']} of {edit['passages']}" for edit in one["edits"]))
            for name, one in _measured(results)
        ),
    )  # fmt: skip


def _measured(results: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    return ((name, one) for name, one in results.items() if name != "machine")


def _again(one: dict[str, Any]) -> float:
    return float(median(edit["seconds"] for edit in one["edits"]))


if __name__ == "__main__":
    main()
