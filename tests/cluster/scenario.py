"""What is tried on a cluster of one head and two workers on this machine; run inside a network namespace.

Ray's processes listen on all addresses without asking who comes: `unshare -n` leaves them nobody to hear.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ["RAY_USAGE_STATS_ENABLED"] = "0"

from ray.cluster_utils import Cluster

DRIVER = Path(__file__).with_name("driver.py")


def index(corpus: Path, place: Path, how: str) -> dict[str, Any]:
    """The report of a whole run, with the seconds of the whole process."""
    began = time.monotonic()
    done = subprocess.run([sys.executable, DRIVER, corpus, place, how], check=True, capture_output=True, text=True)
    return {**json.loads(done.stdout.splitlines()[-1]), "wall": time.monotonic() - began}


def killed_after(
    corpus: Path, place: Path, address: str, pieces: int, kill: Callable[[subprocess.Popen[str]], None]
) -> str:
    """Kill something once so many pieces are finished; returns what the driver said to the end."""
    driver = subprocess.Popen([sys.executable, DRIVER, corpus, place, address], stdout=subprocess.PIPE, text=True)
    until = time.monotonic() + 180
    while len(finished(place)) < pieces:
        assert driver.poll() is None, "it ended too soon"
        assert time.monotonic() < until, "too slow"
        time.sleep(0.05)
    kill(driver)
    return driver.communicate(timeout=300)[0]


def finished(place: Path) -> list[str]:
    """The names of the finished pieces."""
    return sorted(file.name for file in place.glob("tmp-vectors-*/*.piece"))


def main() -> None:
    """Writes what happened as JSON."""
    corpus, work = map(Path, sys.argv[1:])
    said: dict[str, Any] = {}
    said["plain"] = index(corpus, work / "plain", "0")
    said["processes"] = index(corpus, work / "processes", "2")
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False})
    try:
        nodes = [cluster.add_node(num_cpus=1) for _ in range(2)]
        cluster.wait_for_nodes()
        address = cluster.address
        said["ray"] = index(corpus, work / "ray", address)
        killed_after(corpus, work / "driver", address, 4, lambda driver: os.kill(driver.pid, signal.SIGKILL))
        said["finished before the driver died"] = len(finished(work / "driver"))
        said["driver"] = index(corpus, work / "driver", address)
        out = killed_after(
            corpus, work / "node", address, 4, lambda _: cluster.remove_node(nodes[0], allow_graceful=False)
        )
        said["node"] = json.loads(out.splitlines()[-1])
    finally:
        cluster.shutdown()
    (work / "said.json").write_text(json.dumps(said, indent=1))


if __name__ == "__main__":
    main()
