"""What a scenario on a cluster shares with its driver, and worker processes with the fake encoder for it."""

from __future__ import annotations

import os
import signal
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from fakes import FakeEncoder
from nrqa.encoder.protocol import Encoded
from nrqa.indexing.shards import worker
from nrqa.indexing.shards.cutting import Shard
from nrqa.indexing.shards.ray_cluster import on_ray
from nrqa.indexing.shards.spreading import Spread
from nrqa.indexing.shards.task import Task

SHARD = 6000
"""Bytes: some five passages."""
DELETING = "deleting pieces"
"""A stage at which the driver may die."""
LOG = "NRQA_TEST_CLUSTER"
"""The file to which workers write a line each time they open or use an encoder."""
POISON = "hemlock"
"""A word over which a worker dies."""


class _Noting(FakeEncoder):
    """It notes where it is, and what it may use."""

    def encode_passages(self, texts: Sequence[str]) -> Encoded:
        names = ("NRQA_TEST_NODE", "CUDA_VISIBLE_DEVICES", "OMP_NUM_THREADS")
        told = [str(os.getpid()), *(f"{name}={os.environ.get(name)}" for name in names)]
        with Path(os.environ[LOG]).open("a") as log:
            log.write(" ".join([*told, f"TEXTS={zlib.crc32(repr(texts).encode())}"]) + "\n")
        return super().encode_passages(texts)


class _Failing(_Noting):
    """It fails, as an encoder does whose card has."""

    def encode_passages(self, texts: Sequence[str]) -> Encoded:
        super().encode_passages(texts)
        raise RuntimeError(f"the card fell off the bus\nwith {len(texts)} texts")


class _Mortal(_Noting):
    """It takes its process with it, as an encoder does that takes all memory."""

    def encode_passages(self, texts: Sequence[str]) -> Encoded:
        found = super().encode_passages(texts)
        if any(POISON in text for text in texts):
            os.kill(os.getpid(), signal.SIGKILL)
        return found


KINDS: dict[str, Callable[..., FakeEncoder]] = {"well": _Noting, "failing": _Failing, "mortal": _Mortal}


def spread_on(address: str, kind: str, **other: str) -> Spread:
    """Has shards encoded on the cluster by such workers, which are told something else of the task."""

    def spread(task: Task, shards: Sequence[tuple[str, Shard]]) -> Iterator[tuple[str, bytes]]:
        return on_ray(replace(task, **other), shards, address, _Command(kind))  # type: ignore[arg-type]

    return spread


class _Command:
    """What starts such a worker; sent to the cluster, where this module is found as well."""

    def __init__(self, kind: str) -> None:
        self._kind = kind

    def __call__(self) -> Sequence[str]:
        import ray

        os.environ["NRQA_TEST_NODE"] = ray.get_runtime_context().get_node_id()
        return [sys.executable, __file__, self._kind]


def _opened(task: Task) -> FakeEncoder:
    return KINDS[sys.argv[1]](name=task.model)


if __name__ == "__main__":
    worker.main(_opened)
