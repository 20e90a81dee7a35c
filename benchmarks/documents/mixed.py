"""A thousand files of all formats, a tenth of them broken, indexed in one run; README.md says what is checked."""

import argparse
import json
import os
import re
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from benchmarks.shared import machine

sys.path.insert(0, str(machine.ROOT / "tests" / "helpers"))

import nrqa
from bad_files import BAD, misbehaving, write_bad
from good_files import GOOD, write_good
from nrqa.corpus.worker import isolation
from nrqa.records import IndexReport

ARTICLES = machine.ROOT.parent / "shared" / "data" / "squad_v1_dev" / "articles.jsonl"
EACH = 2
"""Paragraphs of one file."""
DEPTH = 5
"""Hits among which a file's own sentence must be found."""
WORDS = 6
"""A sentence that is asked for has at least so many."""
HANG_SECONDS = 10
"""Limit for one file here, so that those made to hang do not take two minutes each."""

Made = dict[str, tuple[str, str]]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--articles", type=Path, default=ARTICLES, help="articles.jsonl of squad_v1_dev")
    options.add_argument("--good", type=int, default=900)
    options.add_argument("--bad", type=int, default=100)
    given = options.parse_args()
    results: dict[str, Any] = {"machine": machine.describe()}
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        os.environ["PYTHONPATH"] = misbehaving(place / "site")
        isolation.reading.__wrapped__.__kwdefaults__["seconds"] = HANG_SECONDS  # type: ignore[attr-defined]
        good = written(place / "corpus", given.articles, given.good)
        bad = {write_bad(place / "corpus", one, at): one for at, one in enumerate(islice(cycle(BAD), given.bad))}
        began = time.monotonic()
        report = nrqa.reindex(place / "corpus", place / "index", offline=True)
        results["seconds"] = round(time.monotonic() - began, 1)
        results["MB of memory"] = {
            "the run": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            "largest worker": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
        }
        results["good files"] = len(good)
        results["documents"] = report.documents_added
        results["passages"] = report.passages_total
        results["bad files"] = len(bad)
        results["listed"] = report.documents_unreadable
        told = reasons(report)
        results["without their true reason"] = {
            name: told.get(name) for name, one in bad.items() if not re.search(one.reason, told.get(name) or "")
        }
        results["not found"] = not_found(place / "index", good)
        results["formats"] = dict(Counter(Path(name).suffix for name in good))
        results["reasons"] = {name.partition("/")[2]: told.get(name) for name in islice(bad, len(BAD))}
    machine.write("mixed", results, [table(results), listed(results["reasons"])])


def written(corpus: Path, articles: Path, count: int) -> Made:
    """Good files, the formats in turn; by name the format and a sentence of it to ask for."""
    made: Made = {}
    texts = paragraphs(articles)
    for at, suffix in enumerate(islice(cycle(GOOD), count)):
        its = list(islice(texts, EACH))
        if len(its) < EACH:
            raise SystemExit(f"The articles are enough for {at} files only; ask for fewer: --good {at}")
        name = write_good(corpus, f"folder{at % 30}/file{at}", suffix, its[0][0], [text for _, text in its])
        made[name] = (suffix, sentence_of(its[1][1]))
    return made


def sentence_of(text: str) -> str:
    """Its first sentence of some words; "2." is none."""
    return next((one for one in text.split(". ") if len(one.split()) >= WORDS), text)


def paragraphs(articles: Path) -> Iterator[tuple[str, str]]:
    """Title and text of every paragraph, each text once."""
    seen: set[str] = set()
    for line in articles.read_text("utf-8").splitlines():
        article = json.loads(line)
        for text in re.split(r"\n+", article["text"]):
            if len(text) > 100 and text not in seen:
                seen.add(text)
                yield article["title"], text


def reasons(report: IndexReport) -> dict[str, str]:
    """By name what was said of each file; of a name that is no UTF-8 by the folder."""
    said = {one.document: one.reason for one in (*report.unreadable, *report.excluded)}
    for name, reason in list(said.items()):
        if "caf" in name:
            said[f"{name.partition('/')[0]}/name.txt"] = reason
    return said


def not_found(index: Path, good: Made) -> list[str]:
    """The files that are not among the hits for a sentence of their own."""
    answers = nrqa.Index.open(index).ask_many([sentence for _, sentence in good.values()], k=DEPTH)
    missing = []
    for (name, (_, sentence)), answer in zip(good.items(), answers, strict=True):
        cited = {one.document for hit in answer.hits for one in (hit.passage.citation, *hit.also)}
        if name not in cited:
            missing.append(f"{name}: {sentence}")
    return missing


def table(results: dict[str, Any]) -> str:
    good = results["good files"]
    rows: Sequence[tuple[str, object]] = [
        ("good files, of " + str(len(results["formats"])) + " formats", good),
        (f"of these found by a sentence of theirs (first {DEPTH} hits)", good - len(results["not found"])),
        (f"bad files, broken in {len(BAD)} ways", results["bad files"]),
        ("of these listed with their true reason", results["bad files"] - len(results["without their true reason"])),
        ("passages", f"{results['passages']:,}"),
        ("seconds", results["seconds"]),
        ("peak memory of the run, MB", f"{results['MB of memory']['the run']:,}"),
        ("peak memory of the largest worker, MB", f"{results['MB of memory']['largest worker']:,}"),
    ]
    return machine.table(("what", "number"), rows)


def listed(told: dict[str, str]) -> str:
    return machine.table(("bad file", "what is said of it"), told.items())


if __name__ == "__main__":
    main()
