"""Kills writers and servers of an index while a reader asks: when they were killed, and what was seen."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import project
from fakes import FakeEncoder
from milvus_server import Started
from nrqa.index.opening import generations_at
from nrqa.indexing.reindexing import reindex
from states import write_state

# Writes one state after another, and says in a file in which phase it is.
_WRITER = """
import sys, pathlib
from fakes import FakeEncoder
from nrqa.index.milvus import building, record
from nrqa.indexing.reindexing import reindex
from states import write_state
record._SETTLES = 0.1
corpus, index, state, phase = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
def tell(name):
    with open(phase, "w") as file:
        file.write(name)
def telling(name, work):
    def told(*given, **named):
        tell(name)
        return work(*given, **named)
    return told
PHASES = {"_clear_away": "clearing away", "_send": "sending rows", "_take_out": "taking rows out",
          "_write_terms": "writing terms", "_write_codebook": "writing codebook and counts",
          "publish": "manifest, flush, commit", "_sweep": "sweeping, after the commit"}
for name, told in PHASES.items():
    setattr(building.EngineBuilder, name, telling(told, getattr(building.EngineBuilder, name)))
tell("opening")
print("begun", flush=True)
while True:
    write_state(corpus, state)
    tell("lease, reading, encoding")
    reindex(corpus, index, encoder=FakeEncoder())
    state += 1
"""

# Asks all the time. A server that is away is told as an error that names it; every answer is of one state, whole.
_READER = """
import sys, json, pathlib, os, time
from fakes import FakeEncoder
from nrqa.answering.asking import Index
from nrqa.errors import IndexUnusableError
from states import DOCUMENTS, states_of
index, stop = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
last = asked = away = 0
held = failed = None
gaps = []
while not stop.exists():
    try:
        if held is None or asked % 20 == 0:
            held = Index.open(index, encoder=FakeEncoder())
        answer = held.ask("which state has the document", k=1000)
    except IndexUnusableError as error:
        assert "127.0.0.1" in str(error), error
        failed = failed or time.monotonic()
        away += 1
        continue
    if failed:
        gaps.append(time.monotonic() - failed)
        failed = None
    if not asked:
        print("asking", flush=True)
    states = states_of(answer)
    assert len(states) == 1, f"mixed: {states}"
    assert len(answer.hits) == DOCUMENTS, len(answer.hits)
    state = states.pop()
    assert state >= last, f"went back from {last} to {state}"
    last, asked = state, asked + 1
print(json.dumps({"asked": asked, "away": away, "last": last, "longest": max(gaps, default=0.0), "gaps": len(gaps)}))
"""


@dataclass
class Seen:
    """What a reader saw, in which phases writers were killed, and seconds until the next writer had published."""

    reader: dict[str, float] = field(default_factory=dict)
    phases: Counter[str] = field(default_factory=Counter)
    published: set[int | None] = field(default_factory=set)
    recovered: list[float] = field(default_factory=list)


def kill_writers(place: Path, corpus: Path, folder: Path, count: int) -> Seen:
    """Kill so many writers while a reader asks."""
    chance, longest = random.Random(7), 8.0
    seen, phase = Seen(), folder / "phase"
    with reading(place, folder) as reader:
        for at in range(count):
            with subprocess.Popen(
                [sys.executable, "-c", _WRITER, corpus, place, str(1000 * (at + 1)), phase],
                env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            ) as writer:  # fmt: skip
                assert writer.stdout
                assert writer.stdout.readline() == "begun\n"
                time.sleep(chance.uniform(0.0, longest))
                assert writer.poll() is None, writer.communicate()[1]
                writer.kill()
            seen.phases[phase.read_text() or "between"] += 1
            assert reader.poll() is None, reader.communicate()[1]
            number = generations_at(place).newest_number()
            # Before, during and after publishing, however busy the machine is.
            longest *= 0.9 if number not in seen.published else 1.5
            seen.published.add(number)
        seen.reader = ended(reader, folder)
    return seen


def kill_servers(server: Started, place: Path, corpus: Path, folder: Path, count: int) -> Seen:
    """Kill the server so often while a reader asks, and publish the next state when it is back."""
    chance, seen = random.Random(3), Seen()
    with reading(place, folder) as reader:
        for state in range(2, 2 + count):
            time.sleep(chance.uniform(0.2, 2.0))
            server.kill()
            time.sleep(chance.uniform(0.0, 0.5))
            server.start()
            began = time.monotonic()
            write_state(corpus, state)
            reindex(corpus, place, encoder=FakeEncoder())
            seen.recovered.append(time.monotonic() - began)
            assert reader.poll() is None, reader.communicate()[1]
        seen.reader = ended(reader, folder)
    return seen


class reading(ExitStack):  # noqa: N801 - it is used as a context
    """A process that asks all the time, and has begun to."""

    def __init__(self, place: Path, folder: Path) -> None:
        super().__init__()
        (folder / "stop").unlink(missing_ok=True)
        self._process = subprocess.Popen(
            [sys.executable, "-c", _READER, place, folder / "stop"],
            env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.callback(self._process.kill)

    def __enter__(self) -> subprocess.Popen[str]:  # type: ignore[override]
        super().__enter__()
        assert self._process.stdout
        assert self._process.stdout.readline() == "asking\n", self._process.communicate()[1]
        return self._process


def ended(reader: subprocess.Popen[str], folder: Path) -> dict[str, float]:
    """What a reader says when it is told to stop."""
    (folder / "stop").touch()
    said, complaint = reader.communicate(timeout=180)
    assert reader.returncode == 0, complaint
    return dict(json.loads(said))


def environment() -> dict[str, str]:
    imported = (project.HELPERS, project.TESTS, os.environ.get("PYTHONPATH", ""))
    return {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": os.pathsep.join(map(str, imported))}
