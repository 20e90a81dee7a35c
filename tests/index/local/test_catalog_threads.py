"""Several threads that read one catalog at the same time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import project
from fakes import FakeEncoder
from nrqa.indexing.reindexing import reindex

_READING = """
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from nrqa.index.local.catalog import opening
opening._STEP, opening._STEPS_PER_BYTE = 1, 1_000_000  # SQLite asks Python after each instruction
from nrqa.index.local.snapshot import LocalSnapshot
snapshot = LocalSnapshot.newest(Path(sys.argv[1]))
rows = range(snapshot.manifest.passages)
with ThreadPoolExecutor(4) as pool:
    print(len(list(pool.map(snapshot.stored, [*rows] * 100))))
"""


def test_threads_that_read_one_catalog_never_wait_for_each_other_for_ever(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    for name in ("tea", "rice", "wheat", "oats", "salt"):
        (tmp_path / "corpus" / f"{name}.md").write_text(f"# {name}\n\nThe {name} was brought up the river.\n")
    reindex(tmp_path / "corpus", tmp_path / "index", encoder=FakeEncoder())
    command = [sys.executable, "-c", _READING, str(tmp_path / "index")]
    # A process of its own: one that waits for ever keeps Python's lock, and could not be told to end.
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True, cwd=project.ROOT)
    assert done.stdout == "500\n"
