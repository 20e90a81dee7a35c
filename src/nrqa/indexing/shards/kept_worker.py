"""A worker process that is kept: it is given one shard after another, and replaced when it dies."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Sequence
from contextlib import suppress
from threading import Event

from nrqa.cage.launching import command, ending, source_paths
from nrqa.corpus.worker.messages import receive, send
from nrqa.errors import EncoderError
from nrqa.indexing.shards.cutting import Shard
from nrqa.indexing.shards.task import Task, written
from nrqa.indexing.shards.telling import span_of

Command = Callable[[], Sequence[str]]

_TRIES = 3
"""How often a shard is given to a new process after one died over it: the next may have more memory."""


def usual_command() -> Sequence[str]:
    """What starts a worker process."""
    return command("nrqa.indexing.shards.worker")


class KeptWorker:
    """A process that encodes one shard after another, or the next one in its place."""

    def __init__(self, task: Task, threads: int, command: Command, over: Event) -> None:
        """``over`` is set when all work is to be ended."""
        self._task, self._threads, self._command, self._over = task, threads, command, over
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
        raise EncoderError(
            f"Processes that encode died {_TRIES} times over {span_of(shard)} ({ending(code)}). What is finished is "
            "kept. If memory is short, run it again with fewer workers: nrqa index --processes 1"
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
            self._command(),
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
