"""How time, memory and disk grow with the corpus; README.md says what is measured."""

import argparse
import json
import os
import subprocess
import sys
import time
from typing import Any

from benchmarks.scale import growth, large_tables
from benchmarks.scale.large_steps import STEPS
from benchmarks.shared import machine
from benchmarks.shared.corpora import arguments, corpus_in, questions_in

SIZES = "1000,10000,100000,1000000"
_STEPS_MODULE = "benchmarks.scale.large_steps"


def main() -> None:
    options = arguments(__doc__)
    options.add_argument("--sizes", default=SIZES, help="about how many passages, with commas between")
    options.add_argument("--again", action="store_true", help="measure also what was measured by an earlier run")
    options.add_argument("--leave-out", default="", help=f"steps, with commas between: {', '.join(STEPS)}")
    options.add_argument("--name", default="large", help="of the files with the results")
    given = options.parse_args()
    results: dict[str, Any] = {"machine": machine.describe(), "sizes": {}}
    for size in map(int, given.sizes.split(",")):
        results["sizes"][str(size)] = _measured(given, size)
    results["machine"]["load_at_the_end"] = machine.load()
    growth.draw(machine.RESULTS / f"{given.name}.svg", results["sizes"])
    found = results["sizes"]
    machine.write(given.name, results, large_tables.sections(found, given.name), large_tables.targets(found))


def _measured(given: argparse.Namespace, size: int) -> dict[str, Any]:
    """All steps of a size, one after another; what an earlier run found is kept in the folder."""
    questions_in(given.work, given.data)
    corpus_in(given.work, given.data, size)
    file = given.work / f"measured-{size}.json"
    found: dict[str, Any] = json.loads(file.read_text("utf-8")) if file.exists() and not given.again else {}
    for step in STEPS:
        if step in found or step in given.leave_out.split(","):
            continue
        began = time.perf_counter()
        words = [sys.executable, "-m", _STEPS_MODULE, step, str(size), "--work", str(given.work)]
        # As `nrqa index` has it; the step itself imports numpy before it could say so.
        threads = {"OPENBLAS_NUM_THREADS": "1"} if step == "build" else {}
        done = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True, env={**os.environ, **threads})
        here = machine.describe()
        when = {name: here[name] for name in ("commit", "date", "load")}
        found[step] = {**json.loads(done.stdout.splitlines()[-1]), **when}
        print(f"{size}: {step}: {time.perf_counter() - began:.0f} s", flush=True)
        file.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    return found


if __name__ == "__main__":
    main()
