"""Encodes shards on a Ray cluster, by Ray Data: each worker keeps its encoder, on a GPU where the cluster has any."""

from __future__ import annotations

import json
import logging
import os
import socket
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import Any

from nrqa.errors import EncoderError, installing
from nrqa.indexing.shards.cutting import Shard
from nrqa.indexing.shards.encoding import working
from nrqa.indexing.shards.task import Task, shard_of, task_of, written

_SECONDS = 5.0
"""For the first word with a cluster."""
_TRIES = 3
"""How often what is missing is given to the cluster again, while each time something is finished."""


def require_ray() -> None:
    """EncoderError with the remedy where Ray is not installed."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"  # nothing leaves the machine; said before it is imported
    try:
        import ray.data  # noqa: F401 - to know that it is there
    except ImportError as error:
        raise EncoderError(f"Ray is not installed. Install it: {installing('ray')}") from error


def on_ray(task: Task, shards: Sequence[tuple[str, Shard]], address: str) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the piece of each shard, as the cluster at the address finishes them.

    Ray gives the shards of a machine that died to another. Where it gives up, as it does if workers die while they
    start, what is missing is given to it again. EncoderError where that does not help, or a worker says what is wrong.
    """
    require_ray()
    import ray

    began = not ray.is_initialized()
    try:
        _reach(address)
        ray.init(address=address, ignore_reinit_error=True, logging_level=logging.ERROR, log_to_driver=False)
    except (OSError, RuntimeError, ValueError) as error:
        raise EncoderError(
            f"There is no Ray cluster at '{address}' ({str(error).splitlines()[0]}). Run this on a machine of it, with "
            "--ray auto, or start one: ray start --head --disable-usage-stats"
        ) from error
    try:
        missing = dict(shards)
        for tried in range(1, _TRIES + 1):
            try:
                for name, piece in _mapped(task, list(missing.items())):
                    del missing[name]
                    yield name, piece
            except ray.exceptions.RayError as error:
                if isinstance(cause := getattr(error, "cause", None), EncoderError):
                    raise EncoderError(str(cause)) from error
                if tried == _TRIES:
                    raise EncoderError(
                        f"The cluster gave up with {len(missing)} of {len(shards)} shards ({_first_line(error)}). What "
                        "is finished is kept: run it again"
                    ) from error
            if not missing:
                return
    finally:
        if began:
            ray.shutdown()


def _reach(address: str) -> None:
    """Raise OSError where nobody listens at HOST:PORT: Ray would go on trying for more than a minute."""
    host, colon, port = address.rpartition(":")
    if colon and port.isdecimal() and "/" not in host:
        socket.create_connection((host.strip("[]"), int(port)), timeout=_SECONDS).close()


def _mapped(task: Task, shards: Sequence[tuple[str, Shard]]) -> Iterator[tuple[str, bytes]]:
    import ray

    for name in ("ray", "ray.data"):  # plans and advice of Ray's own are not for whoever indexes
        logging.getLogger(name).setLevel(logging.ERROR)
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    # Each piece is handed over when it is finished, and not when there are as many as Ray likes a block to hold.
    context.target_max_block_size = 1
    cluster = ray.cluster_resources()
    gpus, cpus = int(cluster.get("GPU", 0)), int(cluster.get("CPU", 1))
    rows = [{"name": name, "shard": json.dumps(written(shard))} for name, shard in shards]
    dataset = ray.data.from_items(rows, override_num_blocks=len(rows)).map(
        Encoding,
        fn_constructor_args=(task.to_dict(), task.codebook),
        compute=ray.data.ActorPoolStrategy(min_size=1, max_size=max(1, min(gpus or cpus, len(rows)))),
        num_gpus=1 if gpus else None,
        num_cpus=None if gpus else 1,
    )
    for row in dataset.iter_rows():
        yield row["name"], bytes(row["piece"])


class Encoding:
    """An actor's encoder: opened once, it encodes one shard after another."""

    def __init__(self, content: dict[str, Any], codebook: bytes) -> None:
        self._open = ExitStack()
        self._encode = self._open.enter_context(working(task_of(content, codebook)))

    def __call__(self, row: dict[str, Any]) -> dict[str, Any]:
        """The piece of a shard."""
        return {"name": row["name"], "piece": self._encode(shard_of(json.loads(row["shard"])))}


def _first_line(error: Exception) -> str:
    return next((line for line in str(error).splitlines() if line.strip()), type(error).__name__)
