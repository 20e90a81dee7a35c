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

ALONE = [
    "unshare", "--net", "--pid", "--fork", "--mount-proc", "--kill-child",
    "bash", "-c", 'ip link set lo up && "$@"; exit $?', "alone",
]  # fmt: skip
"""Runs a command where nobody hears what it serves, and where all that it starts ends with it."""
HERE = Path(__file__).parent
SECONDS = 1500
"""The most that the whole scenario may take: 150 on two processors with nothing else to do."""


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All that was tried, once, in a namespace without a network."""
    folder = tmp_path_factory.mktemp("cluster")
    corpus = folder / "corpus"
    corpus.mkdir()
    for article in sorted(project.CORPUS.glob("*.txt")):
        paragraphs = [line for line in article.read_text("utf-8").split("\n") if len(line) > 100]
        for at in range(12):
            some = [paragraphs[(at + one) % len(paragraphs)] for one in range(6)]
            (corpus / f"{at:02}-{article.name}").write_text(
                "\n\n".join(f"Version {at}. {one}" for one in some), "utf-8"
            )
    if subprocess.run([*ALONE, "true"], capture_output=True, check=False).returncode:
        pytest.skip("no network namespace can be made here")
    around = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(map(str, (project.ROOT / "src", project.HELPERS))),
        # Ray's sockets lie below its folder, and their paths must be short.
        "RAY_TMPDIR": "/tmp/nrqa-ray",  # noqa: S108
        "XDG_DATA_HOME": str(folder / "data"),
        "NRQA_TEST_CLUSTER": str(folder / "log"),
    }
    scenario = [*ALONE, sys.executable, str(HERE / "scenario.py"), str(corpus), str(folder)]
    try:
        subprocess.run(scenario, check=True, env=around, timeout=SECONDS)
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


@pytest.mark.parametrize(("how", "other"), [("ray", "processes"), ("node", "processes"), ("driver", "fake")])
def test_the_index_is_that_of_processes_byte_for_byte(work: Path, how: str, other: str) -> None:
    """Whoever was killed; for deaths of the driver with the fake encoder, the index is that of undisturbed workers."""
    ours, theirs = LocalSnapshot.newest(work / how), LocalSnapshot.newest(work / other)
    assert ours.manifest.corpus_root == theirs.manifest.corpus_root
    assert ours.manifest.passages == theirs.manifest.passages
    assert all(ours.document_named(name) == theirs.document_named(name) for name in theirs.known)
    assert _coded(work / how) == _coded(work / other)
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
    assert said["milvus"]["first"]["passages_embedded"] == everything


def test_a_driver_that_is_killed_again_and_again_leaves_what_the_next_one_goes_on_with(said: dict[str, Any]) -> None:
    encoding, building, publishing, deleting = said["driver"]["pieces after each death"]
    assert 4 <= encoding < building
    assert building == publishing > deleting > 0
    # The fourth had published: the fifth had nothing to do but to delete the rest.
    assert said["driver"]["passages_embedded"] == said["driver"]["pieces"] == 0
    assert said["driver"]["generation"] == 1


def test_an_index_on_a_server_is_the_same_and_only_new_text_is_encoded_later(said: dict[str, Any]) -> None:
    ours, theirs = said["milvus"]["digests"]
    assert ours == theirs
    again = said["milvus"]["again"]
    assert again["documents_changed"] == again["documents_added"] + again["documents_changed"] == 24
    assert 24 <= again["passages_embedded"] < again["passages_total"] / 2


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ("version", "A worker has nrqa 0.1.0, and the build is of 0.0.0. Install the same version."),
        ("model", "A worker's model 'fake' is another one than that of the build."),
    ],
)
def test_a_worker_that_does_not_fit_is_told_in_one_sentence(said: dict[str, Any], what: str, told: str) -> None:
    assert (said["errors"][what]["kind"], said["errors"][what]["text"]) == ("EncoderError", told)


def test_an_encoder_that_fails_is_told_at_once_with_its_files(said: dict[str, Any]) -> None:
    error = said["errors"]["fails"]
    assert error["text"].startswith("A worker failed over the file")
    assert ": RuntimeError: the card fell off the bus. What is finished is kept" in error["text"]
    assert "\n" not in error["text"]
    asked = [line.rpartition("TEXTS=")[2] for line in error["asked"]]
    assert asked
    assert len({*asked}) == len(asked), "no shard is tried again"
    assert len(asked) < said["driver"]["pieces after each death"][1], "the build ends before all shards are tried"


def test_a_file_that_kills_its_worker_ends_the_build_with_its_name(said: dict[str, Any]) -> None:
    error = said["errors"]["dies"]
    assert error["text"].startswith("Processes that encode died 3 times over the file")
    assert "sick.txt'" in error["text"]
    assert "(SIGKILL). What is finished is kept." in error["text"]
    assert error["pieces"] > 3


def test_a_worker_without_nrqa_is_told(said: dict[str, Any]) -> None:
    assert said["errors"]["no nrqa"]["text"] == (
        "A worker has no nrqa, or another one. Install the same version on every machine of the cluster: "
        "pip install 'nrqa[ray]==0.1.0'"
    )


def test_where_the_cluster_has_a_gpu_only_its_machine_encodes(said: dict[str, Any]) -> None:
    lines = said["gpu"]["workers"]
    assert lines
    assert all(f"NRQA_TEST_NODE={said['gpu']['node']} CUDA_VISIBLE_DEVICES=0 " in line for line in lines)


def test_where_there_is_no_cluster_the_address_is_named(corpus: Path, index: Path) -> None:
    for at in range(40):
        (corpus / f"{at}.txt").write_text("word " * 6000)
    with pytest.raises(EncoderError, match=r"no Ray cluster at '127\.0\.0\.1:9'"):
        reindex(corpus, index, ray="127.0.0.1:9", offline=True)
