"""Encodes shards in processes of this machine; one that dies is replaced, and loses only its shard."""

from __future__ import annotations

import os
import signal
import subprocess
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from queue import Queue
from threading import Event, Thread

from nrqa.cage.launching import command, source_paths
from nrqa.corpus.worker.messages import receive, send
from nrqa.encoder.batches import cores
from nrqa.errors import EncoderError
from nrqa.indexing.shards.cutting import Shard
from nrqa.indexing.shards.task import Task, written

_TRIES = 3
"""How often a shard is given to a new process after one died over it: the next may have more memory."""

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
    workers = [_Worker(task, max(1, cores() // count), over) for _ in range(count)]

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


def _serve(worker: _Worker, waiting: deque[Named], found: _Found) -> None:
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


class _Worker:
    """A process that encodes one shard after another, or the next one in its place."""

    def __init__(self, task: Task, threads: int, over: Event) -> None:
        self._task, self._threads, self._over = task, threads, over
        self._process: subprocess.Popen[bytes] | None = None

    def encoded(self, shard: Shard) -> bytes | None:
        """The piece of a shard; None where all work was ended meanwhile."""
        for _ in range(_TRIES):
            process = self._process = self._process or self._started()
            if self._over.is_set():  # said before this process could be killed
                return None
            assert process.stdin
            assert process.stdout
            answer = None
            with suppress(OSError):
                send(process.stdin, {"shard": written(shard)})
                answer = receive(process.stdout)
            if self._over.is_set():
                return None
            if answer is not None:
                content, frames = answer
                if "error" in content:
                    raise EncoderError(content["error"])
                return frames[0]
            self.kill()
            code = process.wait()
            self.end()
        names = f"'{shard[0].name}'" + (f" to '{shard[-1].name}'" if len(shard) > 1 else "")
        raise EncoderError(
            f"Processes that encode died {_TRIES} times over the files {names} ({_told(code)}). What is finished is "
            "kept. If memory is short, run it again with fewer: nrqa index --processes 1"
        )

    def kill(self) -> None:
        """End the process at once; what it was doing is lost."""
        if (process := self._process) is not None:
            process.kill()

    def end(self) -> None:
        """End the process, which has nothing to do."""
        if (process := self._process) is not None:
            self._process = None
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                with suppress(OSError):
                    assert pipe
                    pipe.close()

    def _started(self) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(  # noqa: S603 - a module of our own
            _command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={
                **os.environ,
                "PYTHONPATH": source_paths(),
                "OMP_NUM_THREADS": str(self._threads),
                "OPENBLAS_NUM_THREADS": "1",
            },
        )
        assert process.stdin
        with suppress(OSError):
            send(process.stdin, self._task.to_dict(), [self._task.codebook])
        return process


def _command() -> list[str]:
    return command("nrqa.indexing.shards.worker")


def _told(code: int) -> str:
    """How a process ended."""
    with suppress(ValueError):
        return signal.Signals(-code).name
    return f"exit status {code}"
