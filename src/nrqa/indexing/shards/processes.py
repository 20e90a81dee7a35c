"""Encodes shards in processes of this machine; one that dies is replaced, and loses only its shard."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from queue import Queue
from threading import Event, Thread

from nrqa.encoder.batches import cores
from nrqa.indexing.shards.cutting import Shard
from nrqa.indexing.shards.kept_worker import KeptWorker, usual_command
from nrqa.indexing.shards.task import Task

Named = tuple[str, Shard]
_Found = Queue[tuple[str, bytes] | BaseException | None]
"""Pieces, errors, and None for each worker that has ended."""


def in_processes(task: Task, shards: Sequence[Named], processes: int) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the piece of each shard, in any order, from so many processes, which share the processors.

    Raises EncoderError where a worker says what is wrong, or processes die over the same shard again and again.
    """
    waiting = deque(shards)
    found: _Found = Queue(processes)
    over = Event()
    count = min(processes, len(shards))
    workers = [KeptWorker(task, max(1, cores() // count), _command, over) for _ in range(count)]

    threads = [Thread(target=_serve, args=[worker, waiting, found], daemon=True) for worker in workers]
    for thread in threads:
        thread.start()
    running = count
    try:
        while running:
            one = found.get()
            if isinstance(one, BaseException):
                raise one
            if one is None:
                running -= 1
            else:
                yield one
    finally:
        over.set()
        for worker in workers:
            worker.kill()
        while running:  # nobody waits to hand something over any more
            running -= found.get() is None
        for thread in threads:
            thread.join()


def _serve(worker: KeptWorker, waiting: deque[Named], found: _Found) -> None:
    """Give a worker one shard after another."""
    try:
        while waiting:
            try:
                name, shard = waiting.popleft()
            except IndexError:  # another worker took the last one
                break
            piece = worker.encoded(shard)
            if piece is None:
                break
            found.put((name, piece))
    except BaseException as error:  # noqa: BLE001 - raised in the thread that waits
        found.put(error)
    finally:
        worker.end()
        found.put(None)


def _command() -> Sequence[str]:
    return usual_command()
