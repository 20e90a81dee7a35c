"""On a real cluster: the same index as without, and nothing lost or done twice, whoever is killed (make test-ray)."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import project
from nrqa.answering.asking import Index
from nrqa.errors import EncoderError
from nrqa.index.local.snapshot import LocalSnapshot
from nrqa.indexing.reindexing import reindex

pytest.importorskip("ray")
pytestmark = pytest.mark.slow

ALONE = ["unshare", "--net", "bash", "-c", 'ip link set lo up && exec "$@"', "alone"]


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All that was tried, once, in a namespace without a network."""
    folder = tmp_path_factory.mktemp("cluster")
    corpus = folder / "corpus"
    corpus.mkdir()
    for article in sorted(project.CORPUS.glob("*.txt")):
        paragraphs = article.read_text("utf-8").split("\n\n")
        for at in range(40):
            some = "\n\n".join(f"Version {at}. {one}" for one in paragraphs[at % 5 : at % 5 + 6])
            (corpus / f"{at:02}-{article.name}").write_text(some, "utf-8")
    if subprocess.run([*ALONE, "true"], capture_output=True, check=False).returncode:
        pytest.skip("no network namespace can be made here")
    # Ray's sockets lie below its folder, and their paths must be short.
    around = {**os.environ, "PYTHONPATH": str(project.ROOT / "src"), "RAY_TMPDIR": "/tmp/nrqa-ray"}  # noqa: S108
    try:
        subprocess.run(
            [*ALONE, sys.executable, str(Path(__file__).with_name("scenario.py")), str(corpus), str(folder)],
            check=True, env=around, timeout=900,
        )  # fmt: skip
    finally:
        shutil.rmtree("/tmp/nrqa-ray", ignore_errors=True)  # noqa: S108
    return folder


@pytest.fixture(scope="module")
def said(work: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((work / "said.json").read_text())
    return found


def _coded(index: Path) -> list[tuple[int, bytes, bytes]]:
    snapshot = LocalSnapshot.newest(index)
    rows = snapshot.rows(snapshot.filtered(None, None)).tolist()
    coded = snapshot.coded(rows)
    return [(row, one.vector.tobytes(), one.codes.tobytes()) for row, one in zip(rows, coded, strict=True)]


@pytest.mark.parametrize("how", ["ray", "driver", "node"])
def test_the_index_is_that_of_processes_byte_for_byte(work: Path, how: str) -> None:
    ours, theirs = LocalSnapshot.newest(work / how), LocalSnapshot.newest(work / "processes")
    assert ours.manifest.corpus_root == theirs.manifest.corpus_root
    assert ours.manifest.passages == theirs.manifest.passages
    assert all(ours.document_named(name) == theirs.document_named(name) for name in theirs.known)
    assert _coded(work / how) == _coded(work / "processes")
    assert not list((work / how).glob("tmp-*"))


def test_it_has_the_vectors_of_a_build_in_one_process_and_answers_alike(work: Path) -> None:
    ours, theirs = LocalSnapshot.newest(work / "ray"), LocalSnapshot.newest(work / "plain")
    rows = theirs.rows(theirs.filtered(None, None)).tolist()
    one, other = (
        np.stack([its.vector for its in snapshot.coded(rows)]).astype(np.float32) for snapshot in (ours, theirs)
    )
    assert (np.sum(one * other, axis=1) / np.linalg.norm(one, axis=1) / np.linalg.norm(other, axis=1)).min() > 0.999
    question = "why does Russia oppose missile defense"
    hits = [[hit.passage.text for hit in Index.open(work / how).ask(question).hits] for how in ("ray", "plain")]
    assert hits[0] == hits[1]


def test_nothing_is_encoded_twice(said: dict[str, Any]) -> None:
    everything = said["processes"]["passages_embedded"]
    assert said["ray"]["passages_embedded"] == said["node"]["passages_embedded"] == everything
    assert said["finished before the driver died"] >= 4
    assert 0 < said["driver"]["passages_embedded"] < everything


def test_where_there_is_no_cluster_the_address_is_named(corpus: Path, index: Path) -> None:
    for at in range(40):
        (corpus / f"{at}.txt").write_text("word " * 6000)
    with pytest.raises(EncoderError, match=r"no Ray cluster at '127\.0\.0\.1:9'"):
        reindex(corpus, index, ray="127.0.0.1:9", offline=True)
