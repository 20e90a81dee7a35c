"""A build that dies at any instant leaves the last published generation answering, whole."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

import project
from effort import tries
from fakes import FakeEncoder
from nrqa.answering.asking import Index
from nrqa.index.local.snapshot import LocalSnapshot
from nrqa.indexing.reindexing import reindex
from states import states_of, write_state

KILLS = tries(100)

# For each line (a state) forks a writer that brings the corpus to that state, indexes it, and goes on with the
# next; says its number and waits for its death. Forking saves every writer the second that imports take.
_NURSERY = """
import os, pathlib, sys
import faiss, filelock, numpy, tantivy, sentencex, markdown_it, Stemmer
from fakes import FakeEncoder
from states import write_state
from nrqa.indexing.reindexing import reindex
corpus, index = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
for line in sys.stdin:
    writer = os.fork()
    if not writer:
        state = int(line)
        while True:
            write_state(corpus, state)
            reindex(corpus, index, encoder=FakeEncoder())
            state += 1
    print(writer, flush=True)
    os.waitpid(writer, 0)
"""

# Asks all the time; every answer must come from one state only, and states must not go back.
_READER = """
import sys, json, pathlib
from fakes import FakeEncoder
from states import DOCUMENTS, states_of
from nrqa.answering.asking import Index
index, last, asked = pathlib.Path(sys.argv[1]), -1, 0
while not (index.parent / "stop").exists():
    # A long-lived reader that follows generations, and a fresh one, in turn.
    held = Index.open(index, encoder=FakeEncoder()) if asked % 20 == 0 else held
    answer = held.ask("which state has the document", k=1000)
    states = states_of(answer)
    assert len(states) == 1, f"mixed: {states}"
    assert len(answer.hits) == DOCUMENTS, len(answer.hits)
    state = states.pop()
    assert state >= last, f"went back from {last} to {state}"
    last, asked = state, asked + 1
print(json.dumps({"asked": asked, "last": last}))
"""


@pytest.mark.slow
def test_killing_the_writer_at_random_never_shows_a_wrong_mixed_or_failed_answer(corpus: Path, index: Path) -> None:
    imported = (project.HELPERS, project.TESTS, os.environ.get("PYTHONPATH", ""))
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": os.pathsep.join(map(str, imported))}
    write_state(corpus, 0)
    reindex(corpus, index, encoder=FakeEncoder())
    with ExitStack() as processes:
        reader = processes.enter_context(
            subprocess.Popen(
                [sys.executable, "-c", _READER, str(index)],
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
        # Whatever goes wrong, nobody goes on asking.
        processes.callback(reader.kill)
        nursery = processes.enter_context(
            subprocess.Popen(
                [sys.executable, "-c", _NURSERY, str(corpus), str(index)],
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        )
        processes.callback(nursery.kill)
        assert nursery.stdin
        assert nursery.stdout
        chance, state, published, longest = random.Random(7), 1, set(), 0.8
        for _ in range(KILLS):
            nursery.stdin.write(f"{state}\n")
            nursery.stdin.flush()
            writer = int(nursery.stdout.readline())
            time.sleep(chance.uniform(0.0, longest))
            os.kill(writer, signal.SIGKILL)
            assert reader.poll() is None, reader.communicate()[1]
            state += 1000  # whatever this one published, what comes later is later
            snapshot = LocalSnapshot.newest(index)
            # Before, during and after publishing, however busy the machine is: about every other one publishes.
            longest *= 1.2 if snapshot.manifest.generation in published else 0.9
            published.add(snapshot.manifest.generation)
            snapshot.close()
        nursery.stdin.close()
        nursery.wait()
        assert len(published) > KILLS // 4
        (index.parent / "stop").touch()
        said, complaint = reader.communicate(timeout=120)
        assert reader.returncode == 0, complaint
        assert json.loads(said)["asked"] > KILLS
    # The next run completes, and nothing of the dead ones is left.
    write_state(corpus, state)
    reindex(corpus, index, encoder=FakeEncoder())
    answer = Index.open(index, encoder=FakeEncoder()).ask("which state has the document", k=1000)
    assert states_of(answer) == {state}
    assert not list(index.glob("tmp-*"))
