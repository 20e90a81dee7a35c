"""Thousands of damaged files of each format through the readers; README.md says what is counted."""

import argparse
import json
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.shared import machine

sys.path.insert(0, str(machine.ROOT / "tests" / "helpers"))

from mutating import broken_rules, mutated
from nrqa.corpus.worker.isolation import reading
from nrqa.errors import UnreadableError

DOCUMENTS = machine.ROOT / "tests" / "documents"
ARTICLES = machine.ROOT / "corpus"
SLACK = 3
"""Seconds that starting a new worker and a busy machine may add to the limit."""
EXAMPLES = 3

Found = dict[str, Any]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument(
        "formats", nargs="*", help="folders of tests/documents, 'txt' and 'md'; all where none is named"
    )
    options.add_argument("--files", type=int, default=5000, help="damaged files of each format")
    options.add_argument("--seconds", type=int, default=20, help="limit for one file")
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--seed", type=int, default=5)
    options.add_argument("--keep", type=Path, help="folder for examples of crashes, broken rules and late files")
    given = options.parse_args()
    results = machine.RESULTS / "fuzzing.json"
    # Formats that were measured before stay as they are.
    known: Found = {"machine": {}, "formats": {}} | (json.loads(results.read_text("utf-8")) if results.exists() else {})
    known["machine"] = machine.describe()
    for name, files in formats().items():
        if not given.formats or name in given.formats:
            known["formats"][name] = fuzzed(name, files, given)
            results.write_text(json.dumps(known, indent=1) + "\n", "utf-8")
    machine.write("fuzzing", known, [table(known["formats"])])


def formats() -> dict[str, list[Path]]:
    """The real files of each format, by name."""
    found = {
        folder.name: [one for one in sorted(folder.iterdir()) if one.suffix != ".md"]
        for folder in sorted(DOCUMENTS.iterdir())
        if folder.is_dir() and folder.name != "hostile"
    }
    return {
        "txt": sorted(ARTICLES.glob("*.txt")),
        "md": [*sorted(ARTICLES.glob("*.md")), machine.ROOT / "README.md"],
    } | found


def fuzzed(name: str, files: Sequence[Path], given: argparse.Namespace) -> Found:
    began = time.monotonic()
    with ThreadPoolExecutor(given.workers) as pool:
        parts = list(pool.map(lambda worker: share(name, files, given, worker), range(given.workers)))
    total: Counter[str] = sum((one["counts"] for one in parts), Counter())
    reasons: Counter[str] = sum((one["reasons"] for one in parts), Counter())
    found = {
        "counts": dict(total),
        "slowest": round(max(one["slowest"] for one in parts), 1),
        "seconds": round(time.monotonic() - began),
        "reasons": dict(reasons.most_common(40)),
        "wrong": [wrong for one in parts for wrong in one["wrong"]][:20],
    }
    print(name, found["counts"], f"slowest {found['slowest']} s, {found['seconds']} s in all", flush=True)
    for reason, count in reasons.most_common(15):
        print(f"    {count:6} {reason}")
    for wrong in found["wrong"]:
        print("   !", wrong, flush=True)
    return found


def share(name: str, files: Sequence[Path], given: argparse.Namespace, worker: int) -> Found:
    """What one worker reads of the damaged files."""
    counts: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    wrong: list[str] = []
    slowest = 0.0
    originals = [file.read_bytes() for file in files]
    with reading(seconds=given.seconds) as read:
        for at in range(worker, given.files, given.workers):
            chance = random.Random(f"{given.seed} {name} {at}")  # noqa: S311 - no secret
            which = chance.randrange(len(files))
            data = mutated(originals[which], chance.choice(originals), chance)
            began = time.monotonic()
            outcome, told = one(read, f"{at}{files[which].suffix}", data)
            took = time.monotonic() - began
            slowest = max(slowest, took)
            if took > given.seconds + SLACK:
                outcome = "hung"
            counts[outcome] += 1
            if outcome == "refused":
                reasons[re.sub(r"\d+", "N", told)[:90]] += 1
            elif outcome != "read":
                wrong.append(f"{outcome}: {files[which].name}, number {at}: {told}")
            if outcome not in ("read", "refused") and given.keep and counts[outcome] <= EXAMPLES:
                given.keep.mkdir(exist_ok=True)
                (given.keep / f"{name}-{outcome.replace(' ', '-')}-{at}{files[which].suffix}").write_bytes(data)
    return {"counts": counts, "reasons": reasons, "wrong": wrong, "slowest": slowest}


def one(read: Any, name: str, data: bytes) -> tuple[str, str]:
    try:
        document, blocks = read(name, data)
    except UnreadableError as error:
        told = str(error)
        kinds = {"reading it crashed": "crashed", "reading it takes longer": "too slow"}
        return next((kind for words, kind in kinds.items() if told.startswith(words)), "refused"), told
    except Exception as error:  # noqa: BLE001 - it would have ended the run
        return "escaped", f"{type(error).__name__}: {error}"
    wrong = broken_rules(document, blocks)
    return ("wrong", "; ".join(wrong)) if wrong else ("read", "")


def table(found: Found) -> str:
    names = ("read", "refused", "crashed", "too slow", "hung", "wrong", "escaped")
    lines = ["| format | files | " + " | ".join(names) + " | slowest, s |", "|---|" + "---:|" * (len(names) + 2)]
    for name, its in sorted(found.items()):
        cells = " | ".join(f"{its['counts'].get(one, 0):,}" for one in names)
        lines.append(f"| {name} | {sum(its['counts'].values()):,} | {cells} | {its['slowest']} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
