"""The lines for PySpark in docs/many-machines.md, with Spark on this machine (make test-spark)."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import project
from nrqa.index.local.snapshot import LocalSnapshot

pytest.importorskip("pyspark")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark wants Java"),
]

SECONDS = 900
SMALL = "from nrqa.indexing.shards import cutting\ncutting.SHARD = 6000\n"


def _lines(corpus: Path, index: Path) -> str:
    """The page's lines, for this corpus."""
    page = (project.ROOT / "docs" / "many-machines.md").read_text("utf-8")
    found = re.search(r"```python\n(import json\n.*?)```", page, re.DOTALL)
    assert found
    lines = found[1].replace('"/shared/reports", "index"', f"{str(corpus)!r}, {str(index)!r}")
    return SMALL + lines.replace("SLOTS = 8", "SLOTS = 2")


def _run(code: str, **around: str) -> None:
    subprocess.run(
        [sys.executable, "-c", code], check=True, timeout=SECONDS,
        env={**os.environ, "PYTHONPATH": str(project.ROOT / "src"), "SPARK_LOCAL_IP": "127.0.0.1", **around},
    )  # fmt: skip


def _coded(index: Path) -> list[tuple[int, bytes, bytes]]:
    snapshot = LocalSnapshot.newest(index)
    rows = snapshot.rows(snapshot.filtered(None, None)).tolist()
    coded = snapshot.coded(rows)
    return [(row, one.vector.tobytes(), one.codes.tobytes()) for row, one in zip(rows, coded, strict=True)]


# The second one has a master and two workers, each a process of its own: processors and megabytes are of each.
@pytest.mark.parametrize("master", ["local[2]", "local-cluster[2,1,1024]"])
def test_the_index_is_that_of_processes_byte_for_byte(corpus: Path, index: Path, tmp_path: Path, master: str) -> None:
    for article in sorted(project.CORPUS.glob("*.txt")):
        paragraphs = [line for line in article.read_text("utf-8").split("\n") if len(line) > 100]
        for at in range(6):
            some = [f"Version {at}. {paragraphs[(at + one) % len(paragraphs)]}" for one in range(6)]
            (corpus / f"{at}-{article.name}").write_text("\n\n".join(some), "utf-8")
    _run(
        _lines(corpus, index),
        PYSPARK_PYTHON=sys.executable,
        PYSPARK_SUBMIT_ARGS=f"--master {master} --conf spark.ui.enabled=false pyspark-shell",
    )
    other = tmp_path / "processes"
    _run(f"{SMALL}import nrqa\nnrqa.reindex({str(corpus)!r}, {str(other)!r}, processes=2)")
    assert len(_coded(index)) > 50
    assert _coded(index) == _coded(other)
