"""Indexes a corpus on a cluster, in small shards: a process of its own, which may kill itself at a stage.

Arguments: corpus, index, 0 or a number of processes or an address, a kind of fake worker or "", a stage and how far.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from pathlib import Path
from typing import Any

from cluster_workers import DELETING, SHARD, spread_on
from fakes import FakeEncoder
from nrqa.indexing.reindexing import reindex
from nrqa.indexing.shards import cutting
from nrqa.signals.late import coding


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


_remove = shutil.rmtree


def _deletes_one(folder: Path, **options: Any) -> None:
    """In place of shutil.rmtree: dies over the pieces, after the first."""
    if not any(folder.glob("*.piece")):
        _remove(folder, **options)
        return
    next(folder.glob("*.piece")).unlink()
    _die()


if __name__ == "__main__":
    corpus, index, how, kind, stage, at = sys.argv[1:]
    cutting.SHARD = SHARD
    coding._ROUNDS = 2
    if stage == DELETING:
        shutil.rmtree = _deletes_one  # type: ignore[assignment]

    def progress(now: str, done: int, _: int) -> None:
        if now == stage and done >= int(at):
            _die()

    options: dict[str, Any] = {"ray": how}
    if how.isdigit():
        options = {"processes": int(how) or None}
    elif kind:
        options = {"encoder": FakeEncoder(), "spread": spread_on(how, kind)}
    report = reindex(Path(corpus), Path(index), offline=True, progress=progress, **options)
    sys.stdout.write(json.dumps(report.to_dict()))
