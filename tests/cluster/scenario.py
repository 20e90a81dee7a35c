"""What is tried on a cluster of one head and two workers on this machine; run inside a network namespace.

Ray's processes listen on all addresses without asking who comes: `unshare -n` leaves them nobody to hear.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
# A busy machine lets a node wait, which is not dead.
os.environ["RAY_health_check_timeout_ms"] = "60000"  # noqa: SIM112 - so Ray spells it
# Libraries that start a thread for each processor wait for each other here, and spin (see tests/conftest.py).
os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

import ray
from ray.cluster_utils import Cluster

from cluster_workers import DELETING, LOG, POISON, SHARD, spread_on
from fakes import FakeEncoder
from milvus_server import running
from nrqa.errors import NrqaError
from nrqa.index.opening import newest_at
from nrqa.indexing.reindexing import reindex
from nrqa.indexing.shards import cutting
from nrqa.signals.late import coding

DRIVER = Path(__file__).with_name("driver.py")
SECONDS = 240.0
"""The most that one run may take: on a quiet machine of two processors the longest takes 30."""
KILLED = -9


def main() -> None:
    """Writes what happened as JSON."""
    corpus, work = map(Path, sys.argv[1:])
    cutting.SHARD = SHARD
    coding._ROUNDS = 2
    said: dict[str, Any] = {}
    said["plain"] = index(corpus, work / "plain", "0")
    said["processes"] = index(corpus, work / "processes", "2")
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False})
    try:
        nodes = [node(cluster, num_cpus=1) for _ in range(2)]
        cluster.wait_for_nodes()
        said["ray"] = index(corpus, work / "ray", cluster.address)
        said["fake"] = index(corpus, work / "fake", cluster.address, "well")
        said["driver"] = deaths_of_the_driver(corpus, work / "driver", cluster.address)
        said["node"] = death_of_a_node(
            corpus, work / "node", cluster.address, lambda: cluster.remove_node(nodes[0], allow_graceful=False)
        )
        node(cluster, num_cpus=1)
        cluster.wait_for_nodes()
        said["milvus"] = server(corpus, work, cluster.address)
        ray.init(address=cluster.address, log_to_driver=False)
        said["errors"] = errors(corpus, work, cluster.address)
        noted()
        with_gpu = node(cluster, num_cpus=1, num_gpus=1)
        cluster.wait_for_nodes()
        reindex(corpus, work / "gpu", encoder=FakeEncoder(), spread=spread_on(cluster.address, "well"))
        said["gpu"] = {"node": with_gpu.node_id, "workers": noted()}
        ray.shutdown()
        ray.init(address=cluster.address, log_to_driver=False, runtime_env={"worker_process_setup_hook": without_nrqa})
        said["errors"]["no nrqa"] = error_of(corpus, work / "no-nrqa", cluster.address, "well")
    finally:
        ray.shutdown()
        cluster.shutdown()
        (work / "said.json").write_text(json.dumps(said, indent=1))


def node(cluster: Cluster, **has: int) -> Any:
    """Another node: once more where Ray does not see it within its half minute, on a busy machine."""
    try:
        return cluster.add_node(**has)
    except Exception:  # noqa: BLE001 - Ray raises this very class
        return cluster.add_node(**has)


def index(corpus: Path, place: Path, how: str, kind: str = "", stage: str = "", at: int = 0) -> dict[str, Any]:
    """The report of a run in a process of its own, which may end itself at a stage."""
    began = time.monotonic()
    command = [sys.executable, str(DRIVER), str(corpus), str(place), how, kind, stage, str(at)]
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True, timeout=SECONDS)
    assert done.returncode == (KILLED if stage else 0), done.returncode
    report = {} if stage else json.loads(done.stdout)
    return {**report, "wall": time.monotonic() - began, "pieces": len(finished(place))}


def deaths_of_the_driver(corpus: Path, place: Path, address: str) -> dict[str, Any]:
    """Killed while pieces are made, while the index is built from them, while they are deleted, and run to the end."""
    stages = {"encoding shards": 4, "reading": 5, "writing the index": 0, DELETING: 0}
    deaths = [index(corpus, place, address, "well", stage, at)["pieces"] for stage, at in stages.items()]
    return {"pieces after each death": deaths, **index(corpus, place, address, "well")}


def death_of_a_node(corpus: Path, place: Path, address: str, kill: Callable[[], None]) -> dict[str, Any]:
    """A worker's node is killed once some pieces are finished."""
    command = [sys.executable, str(DRIVER), str(corpus), str(place), address, "", "", "0"]
    driver = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    until = time.monotonic() + SECONDS
    while len(finished(place)) < 4:
        assert driver.poll() is None, "it ended too soon"
        assert time.monotonic() < until, "too slow"
        time.sleep(0.05)
    kill()
    out = driver.communicate(timeout=SECONDS)[0]
    report: dict[str, Any] = json.loads(out)
    return report


def finished(place: Path) -> list[str]:
    """The names of the finished pieces."""
    return sorted(file.name for file in place.glob("tmp-vectors-*/*.piece"))


def server(corpus: Path, work: Path, address: str) -> dict[str, Any]:
    """The command, for an index that a server keeps; then again, with a paragraph more in each document."""
    mine = work / "changing"
    shutil.copytree(corpus, mine)
    with running(work / "server") as milvus:
        place = milvus.address("cluster")
        first = command(mine, place, address)
        digests = [digest(newest_at(place)), digest(newest_at(work / "processes"))]
        for file in mine.iterdir():
            file.write_text(f"{file.read_text('utf-8')}\n\nA last paragraph that {file.stem} did not have.", "utf-8")
        return {"first": first, "digests": digests, "again": command(mine, place, address)}


def command(corpus: Path, place: Path, address: str) -> dict[str, Any]:
    """What `nrqa index --ray` reports."""
    given = ["index", str(corpus), "--index", str(place), "--ray", address, "--json"]
    code = f"from nrqa.indexing.shards import cutting; cutting.SHARD = {SHARD}; from nrqa.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", code, *given], check=True, stdout=subprocess.PIPE, timeout=SECONDS)
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def digest(snapshot: Any) -> str:
    """Of every vector and code, by row."""
    rows = snapshot.rows(snapshot.filtered(None, None)).tolist()
    digest = hashlib.sha256()
    for row, one in zip(rows, snapshot.coded(rows), strict=True):
        digest.update(b"%d" % row + one.vector.astype("float16").tobytes() + one.codes.tobytes())
    return digest.hexdigest()


def errors(corpus: Path, work: Path, address: str) -> dict[str, Any]:
    """What is told where workers fail, and how often they were asked."""
    found = {"fails": error_of(corpus, work / "fails", address, "failing")}
    for name, other in {"version": {"version": "0.0.0"}, "model": {"fingerprint": "of another model"}}.items():
        found[name] = error_of(corpus, work / name, address, "well", **other)
    sick = work / "sick"
    shutil.copytree(corpus, sick)
    (sick / "sick.txt").write_text(f"This file is {POISON} to all who read it.", "utf-8")
    found["dies"] = error_of(sick, work / "dies", address, "mortal")
    return found


def error_of(corpus: Path, place: Path, address: str, kind: str, **other: str) -> dict[str, Any]:
    """The error of a run that cannot succeed."""
    noted()
    began = time.monotonic()
    try:
        reindex(corpus, place, encoder=FakeEncoder(), spread=spread_on(address, kind, **other))
    except NrqaError as error:
        kind = type(error).__name__
        return {
            "kind": kind, "text": str(error), "seconds": time.monotonic() - began, "asked": noted(),
            "pieces": len(finished(place)),
        }  # fmt: skip
    raise AssertionError("nothing was told")


def noted() -> list[str]:
    """What workers wrote since the last time."""
    log = Path(os.environ[LOG])
    lines = log.read_text().splitlines() if log.exists() else []
    log.unlink(missing_ok=True)
    return lines


def without_nrqa() -> None:
    """In a worker that starts: as if nrqa were not installed there."""

    class Missing:
        @staticmethod
        def find_spec(name: str, *_: object) -> None:
            if name.partition(".")[0] == "nrqa":
                raise ModuleNotFoundError("No module named 'nrqa'", name="nrqa")

    sys.meta_path.insert(0, Missing())


if __name__ == "__main__":
    main()
