"""Encodes shards on a Ray cluster, by Ray Data: each worker keeps its encoder, on a GPU where the cluster has any."""

from __future__ import annotations

import json
import logging
import os
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Event
from typing import Any

from nrqa.encoder.batches import cores
from nrqa.errors import EncoderError, installing
from nrqa.indexing.shards.cutting import Shard
from nrqa.indexing.shards.kept_worker import Command, KeptWorker, usual_command
from nrqa.indexing.shards.task import Task, shard_of, task_of, written
from nrqa.indexing.shards.telling import first_line, told_of

_SECONDS = 5.0
"""For the first word with a cluster."""
_TRIES = 3
"""How often what is missing is given to the cluster again though nothing was finished the last time."""
_ON_A_GPU = 4
"""Workers that share a GPU. Of each passage a worker reads, splits, tokenises, makes terms and codes for 4 ms on its
processor (as measured), so one alone gives a card 250 passages a second to encode, and it would mostly wait."""
_NO_NRQA = "No module named 'nrqa"
"""What Python says on a machine without it."""


def require_ray() -> None:
    """EncoderError with the remedy where Ray is not installed."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"  # nothing leaves the machine; said before it is imported
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")  # else it talks of its own affairs on standard error
    try:
        import ray.data  # noqa: F401 - to know that it is there
    except ImportError as error:
        raise EncoderError(f"Ray is not installed. Install it: {installing('ray')}") from error


def on_ray(
    task: Task, shards: Sequence[tuple[str, Shard]], address: str, command: Command = usual_command
) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the piece of each shard, as the cluster at the address finishes them.

    ``command`` gives what starts a worker process on a machine of the cluster.

    Ray gives the shards of a machine that died to another. Where it gives up, as it does if workers die while they
    start, what is missing is given to it again. EncoderError where that does not help, or a worker says what is wrong.
    """
    require_ray()
    import ray

    if ray.is_initialized():
        yield from _all_of(task, dict(shards), command)
        return
    with _silent():
        try:
            _reach(address)
            ray.init(address=address, logging_level=logging.CRITICAL, log_to_driver=False)
        except (OSError, RuntimeError, ValueError) as error:
            raise EncoderError(
                f"There is no Ray cluster at '{address}' ({first_line(error)}). Run this on a machine of it, with "
                "--ray auto, or start one: ray start --head --disable-usage-stats"
            ) from error
        try:
            yield from _all_of(task, dict(shards), command)
        finally:
            ray.shutdown()


@contextmanager
def _silent() -> Iterator[None]:
    """Meanwhile Ray says nothing: its plans and advice are not for whoever indexes, who is told what is wrong.

    It prints what its machines tell to standard output, which may be JSON that somebody reads.
    """
    import ray

    loggers = [logging.getLogger(name) for name in ("ray", "ray.data")]
    levels = [one.level for one in loggers]
    for one in loggers:
        one.setLevel(logging.CRITICAL)
    ray._private.worker._worker_logs_enabled = False  # noqa: SLF001 - there is no other way
    try:
        yield
    finally:
        ray._private.worker._worker_logs_enabled = True  # noqa: SLF001
        for one, level in zip(loggers, levels, strict=True):
            one.setLevel(level)


def _all_of(task: Task, missing: dict[str, Shard], command: Command) -> Iterator[tuple[str, bytes]]:
    """The pieces, asked for until none is missing."""
    import ray

    tries, count = 0, len(missing)
    while missing:
        tries += 1
        try:
            for name, piece in _mapped(task, [*missing.items()], command):
                del missing[name]
                tries = 0
                yield name, piece
        except ray.exceptions.RayError as error:
            if _NO_NRQA in str(error):
                raise EncoderError(
                    "A worker has no nrqa, or another one. Install the same version on every machine of the cluster: "
                    f"pip install 'nrqa[ray]=={task.version}'"
                ) from error
            if tries >= _TRIES:
                raise EncoderError(
                    f"The cluster gave up with {len(missing)} of {count} shards ({first_line(error)}). What is "
                    "finished is kept: run it again"
                ) from error


def _reach(address: str) -> None:
    """Raise OSError where nobody listens at HOST:PORT: Ray would go on trying for more than a minute."""
    host, colon, port = address.rpartition(":")
    if colon and port.isdecimal() and "/" not in host:
        socket.create_connection((host.strip("[]"), int(port)), timeout=_SECONDS).close()


def _mapped(task: Task, shards: Sequence[tuple[str, Shard]], command: Command) -> Iterator[tuple[str, bytes]]:
    import ray

    cluster = ray.cluster_resources()
    gpus, cpus = int(cluster.get("GPU", 0)), int(cluster.get("CPU", 1))
    workers = max(1, min(_ON_A_GPU * gpus or cpus, len(shards)))
    rows = [{"name": name, "shard": json.dumps(written(shard))} for name, shard in shards]
    with ray.data.DataContext.current(_context()):
        dataset = ray.data.from_items(rows, override_num_blocks=len(rows)).map(
            Encoding,
            fn_constructor_args=(task.to_dict(), task.codebook, command),
            # All are started at once: Ray's own pace adds one after the other.
            compute=ray.data.ActorPoolStrategy(min_size=1, initial_size=workers, max_size=workers),
            num_gpus=1 / _ON_A_GPU if gpus else None,
            num_cpus=None if gpus else 1,
        )
    for row in dataset.iter_rows():
        if row["error"]:
            raise EncoderError(row["error"])
        yield row["name"], bytes(row["piece"])


def _context() -> Any:
    """How Ray Data works here: a copy, since whoever calls may use it for other things."""
    import ray

    context = ray.data.DataContext.get_current().copy()
    context.enable_progress_bars = False
    # Each piece is handed over when it is finished, and not when there are as many as Ray likes a block to hold.
    context.target_max_block_size = 1
    return context


class Encoding:
    """An actor's worker: a process that opens the encoder once, and encodes one shard after another.

    It is a process of its own so that a shard that takes all memory is told with its files after a few tries, as it is
    without a cluster: Ray would try it for ever. For the same reason, what goes wrong comes back in the row: an error
    that is raised would be tried again, and be wrapped in Ray's own.
    """

    def __init__(self, content: dict[str, Any], codebook: bytes, command: Command) -> None:
        self._given = content, codebook
        self._command = command
        self._worker: KeptWorker | None = None

    def __call__(self, row: dict[str, Any]) -> dict[str, Any]:
        """The piece of a shard, or what is wrong."""
        shard: Shard = ()
        piece, told = b"", ""
        try:
            if self._worker is None:
                self._worker = KeptWorker(task_of(*self._given), cores(), self._command, Event())
            shard = shard_of(json.loads(row["shard"]))
            piece = self._worker.encoded(shard) or b""
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told
            told = told_of(error, shard)
        return {"name": row["name"], "piece": piece, "error": told}
