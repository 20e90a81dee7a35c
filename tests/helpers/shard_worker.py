"""A worker process with the fake encoder, which notes what it encodes, and may be told to be slow or to die."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Sequence
from pathlib import Path

from fakes import FakeEncoder
from nrqa.encoder.protocol import Encoded
from nrqa.indexing.shards import worker
from nrqa.indexing.shards.task import Task

LOG = "NRQA_TEST_SHARDS"
"""The file to which each process appends what it encodes."""
DEATHS = "NRQA_TEST_DEATHS"
"""A folder: a worker that finds a file in it takes it away and dies over the next passages."""
SLOW = "NRQA_TEST_SLOW"
"""Seconds for each call of the encoder."""


class _Noted(FakeEncoder):
    def encode_passages(self, texts: Sequence[str]) -> Encoded:
        _die()
        time.sleep(float(os.environ.get(SLOW, "0")))
        with Path(os.environ[LOG]).open("a") as log:
            log.writelines(f"{os.getpid()} {text.splitlines()[-1]}\n" for text in texts)
        return super().encode_passages(texts)


def _die() -> None:
    for file in Path(os.environ.get(DEATHS, os.devnull)).glob("*"):
        try:
            file.unlink()
        except FileNotFoundError:  # another worker took it
            continue
        os.kill(os.getpid(), signal.SIGKILL)


def opened(task: Task) -> FakeEncoder:
    """The fake, whatever was asked for."""
    return _Noted(name=task.model)


if __name__ == "__main__":
    worker.main(opened)
