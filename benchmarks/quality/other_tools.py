"""What people have at hand instead of nrqa: grep, Recoll, and a script of their own (plain_hybrid.py).

Each is made of a folder of text files, and then gives for a question the names of the files it shows, best first.
"""

import os
import re
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

Ask = Callable[[str], list[str]]

_COMMON = frozenset(
    "a an and are as at be by can could did do does for from had has have how i in is it its many may me "
    "much my of on or shall should some than that the their there these they this to was were what when "
    "where which who whom whose why will with would you your".split()
)
"""Words nobody would look for with grep."""


def words(question: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r"\w+", question.lower())))


def grep(corpus: Path, shown: int) -> Ask:
    """Files by how many of the question's words they have, then by how often, then by name."""

    def ask(question: str) -> list[str]:
        wanted = [word for word in words(question) if word not in _COMMON] or words(question)
        if not wanted:
            return []
        command = ["grep", "-r", "-o", "-i", "-w", "-F", *(part for word in wanted for part in ("-e", word)), "--", "."]
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for line in _output(command, corpus).splitlines():
            file, _, word = line.partition(":")
            found[file.removeprefix("./")][word.lower()] += 1
        return sorted(found, key=lambda file: (-len(found[file]), -found[file].total(), file))[:shown]

    return ask


def recoll(corpus: Path, place: Path, shown: int) -> Ask:
    """Recoll's own ranking of files that have any of the words; asked for all of them, it finds few."""
    place.mkdir(parents=True)
    (place / "recoll.conf").write_text(f"topdirs = {corpus.resolve()}\nloglevel = 1\n", "utf-8")
    subprocess.run(["recollindex", "-c", str(place)], check=True, capture_output=True)

    def ask(question: str) -> list[str]:
        command = ["recollq", "-c", str(place), "-o", "-b", "-n", str(shown), " ".join(words(question))]
        lines = [line for line in _output(command, corpus).splitlines() if line.startswith("file://")]
        return [Path(line).name for line in lines[:shown]]

    return ask


def plain_script(corpus: Path, place: Path, shown: int) -> Ask:
    """The script of plain_hybrid.py; files in the order of their best passages."""
    from benchmarks.quality import plain_hybrid

    plain_hybrid.index(corpus, place)
    script = plain_hybrid.Script(place)

    def ask(question: str) -> list[str]:
        return list(dict.fromkeys(script.files[row] for row in script.ask(question)))[:shown]

    return ask


def seconds_alone(place: Path, question: str) -> float:
    """How long a question to the script takes from a process of its own."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "benchmarks.quality.plain_hybrid", "query", str(place), question]
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - began


def _output(command: Sequence[str], folder: Path) -> str:
    """What it prints; grep's exit status is 1 where nothing is found."""
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=environment)
    return done.stdout
