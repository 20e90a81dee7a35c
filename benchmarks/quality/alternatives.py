"""Compares nrqa with what people would use instead, by document; docs/comparison.md explains the table.

grep, Recoll and a plain script are asked the very questions of the last run of retrieval.py, which has the other rows.
"""

import argparse
import hashlib
import importlib.util
import json
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.quality.other_tools import Ask, grep, plain_script, recoll, seconds_alone
from benchmarks.shared import machine
from benchmarks.shared.question_sets import DATA, mean, questions_of
from nrqa.evaluation.judgments.beir import DOCUMENTS, documents_in
from nrqa.evaluation.judgments.files import file_names, write_documents
from nrqa.evaluation.judgments.model import Question

SETS = ("medquad_liveqa", "xquad_en")
SHOWN = 5
ALONE = 5
"""Questions that the script is asked from processes of their own: each loads the model anew."""
SCRIPT = "a plain script"
KNOWN = {
    "BM25 of whole documents": "BM25 of documents",
    "vectors of passages alone": "dense",
    "vectors and BM25 of passages, blended": "two-signal blend",
    "nrqa": "product",
}
"""Rows that retrieval.py measured, and its names for them."""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, default=DATA, help="folder of the question sets")
    options.add_argument("--untimed", action="store_true", help="the machine is busy: leave the script's times out")
    options.add_argument("--sets", default=",".join(SETS), help="sets to ask, with commas between them")
    given = options.parse_args()
    described = machine.describe()
    if shutil.which("recollq") is None:
        print("Recoll is left out: apt-get install recollcmd")
    if importlib.util.find_spec("bm25s") is None:
        print("The plain script is left out: pip install bm25s")
    known = json.loads((machine.RESULTS / "retrieval.json").read_text("utf-8"))
    names = [name for name in given.sets.split(",") if (given.data / name).is_dir()]
    commit = known["machine"]["commit"]
    origin = f"grep, Recoll and the script: now; the others: retrieval.py at commit {commit}, the same questions"
    found = {}
    for name in names:
        found[name] = measured(given.data / name, known["questions"], known["sets"][name], timed=not given.untimed)
        machine.write("alternatives", {"machine": described, "sets": found}, [origin, *tables(found)])


def measured(source: Path, most: int, known: dict[str, Any], *, timed: bool) -> dict[str, Any]:
    questions, _ = questions_of(source, most)
    names = hashlib.sha256("\n".join(one.id for one in questions).encode()).hexdigest()[:16]
    assert names == known["each"]["asked"], f"{source.name}: retrieval.py asked other questions"
    rows: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as temporary:
        corpus, place = Path(temporary) / "corpus", Path(temporary) / "recoll"
        corpus.mkdir()
        unique = file_names(one.id for one in documents_in(source / DOCUMENTS))
        files = write_documents(documents_in(source / DOCUMENTS), unique, corpus)
        documents = {file.name: name for name, file in files.items()}
        rows["grep"] = asked(grep(corpus, SHOWN), questions, documents)
        if shutil.which("recollq") is not None:
            began = time.perf_counter()
            ask = recoll(corpus, place, SHOWN)
            built = time.perf_counter() - began
            rows["Recoll"] = {**asked(ask, questions, documents), "built": built}
        if importlib.util.find_spec("bm25s") is not None:
            place = Path(temporary) / "script"
            began = time.perf_counter()
            ask = plain_script(corpus, place, SHOWN)
            built = time.perf_counter() - began
            rows[SCRIPT] = asked(ask, questions, documents)
            del rows[SCRIPT]["seconds"]  # a process of its own loads the model first
            if timed:
                alone = median(seconds_alone(place, one.text) for one in questions[:ALONE])
                rows[SCRIPT] |= {"built": built, "seconds": alone}
    for row, name in KNOWN.items():
        means = known["means"][name]
        rows[row] = {"first": means["hit@1"], "among": means["hit@5"]}
    return {"questions": len(questions), "documents": len(documents), "tools": rows}


def asked(ask: Ask, questions: list[Question], documents: dict[str, str]) -> dict[str, float]:
    """How often a right document is first, and among those shown; the median seconds of a question."""
    first, among, seconds = [], [], []
    for question in questions:
        began = time.perf_counter()
        found = ask(question.text)
        seconds.append(time.perf_counter() - began)
        right = [question.relevant.get(documents[file], 0) > 0 for file in found]
        first.append(any(right[:1]))
        among.append(any(right))
    return {"first": mean(first), "among": mean(among), "seconds": median(seconds)}


def tables(found: dict[str, Any]) -> Iterator[str]:
    every = list(next(iter(found.values()))["tools"])
    sizes = (f"{name}: {one['documents']} documents, {one['questions']} questions" for name, one in found.items())
    yield "A right document first / among five:"
    yield machine.table(
        ["", *sizes], [[tool, *(_share(one["tools"].get(tool)) for one in found.values())] for tool in every]
    )
    timed = [tool for tool in every if "seconds" in next(iter(found.values()))["tools"][tool]]
    yield "Milliseconds of a question, a new process each (median); seconds to build:"
    yield machine.table(
        ["", *found], [[tool, *(_time(one["tools"][tool]) for one in found.values())] for tool in timed]
    )


def _share(one: dict[str, float] | None) -> str:
    if one is None:
        return "not asked"
    return f"{one['first']:.3f} / {one['among']:.3f}"


def _time(one: dict[str, float]) -> str:
    return f"{one['seconds'] * 1000:.0f} ms" + (f"; built in {one['built']:.1f} s" if "built" in one else "")


if __name__ == "__main__":
    main()
