"""Runs the benchmarks of time, memory and disk one after another, and writes README.md's table of the last run.

python -m benchmarks.all --work DIR [--only cold,bulk,...]   # --only "" writes the table alone
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.shared import machine

README = Path(__file__).with_name("README.md")
BEGIN, END = "<!-- the last run -->", "<!-- the end of the last run -->"
# By the names of the files with the results.
COMMANDS = {
    "cold": ["benchmarks.speed.cold"],
    "warm": ["benchmarks.speed.warm"],
    "bulk": ["benchmarks.speed.bulk"],
    "rankings": ["benchmarks.quality.rankings"],
    "editing": ["benchmarks.speed.editing"],
    "watching": ["benchmarks.speed.watching"],
    "large": ["benchmarks.scale.large", "--work"],
    "changes": ["benchmarks.scale.changes", "--rounds", "0", "--work"],
    "rounds": ["benchmarks.scale.changes", "--documents", "0", "--name", "rounds", "--work"],
    "readers": ["benchmarks.scale.readers", "--work"],
    "likeness": ["benchmarks.scale.likeness", "--work"],
}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--work", type=Path, required=True, help="keeps corpora and indexes; some 15 GB for a million")
    options.add_argument("--only", default=",".join(COMMANDS), help="which of them, with commas between")
    given = options.parse_args()
    for name in filter(None, given.only.split(",")):
        module, *words = COMMANDS[name]
        place = [str(given.work)] if "--work" in words else []
        subprocess.run([sys.executable, "-m", module, *words, *place], check=True)
    text = "\n\n".join(_sections())
    before, _, rest = README.read_text("utf-8").partition(BEGIN)
    README.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{rest.partition(END)[2]}", "utf-8")
    print(text)


def _sections() -> Iterator[str]:
    """The targets of each benchmark that was run, with the machine, the commit and the packages of that run."""
    for name in COMMANDS:
        file = machine.RESULTS / f"{name}.json"
        if file.exists():
            found = json.loads(file.read_text("utf-8"))
            yield f"**[{name}](results/{name}.md)**: {machine.line(found['machine'])}"
            targets = found.get("targets")
            yield machine.table(machine.TARGETS_HEAD, targets) if targets else "It has no targets."


if __name__ == "__main__":
    main()
