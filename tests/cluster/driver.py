"""Indexes a corpus on a cluster, in small shards: a process of its own, so that it can be killed."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from nrqa.indexing.reindexing import reindex
from nrqa.indexing.shards import cutting

SHARD = 6000
"""Bytes: some five passages."""

if __name__ == "__main__":
    corpus, index, how = sys.argv[1:]
    cutting.SHARD = SHARD
    where: dict[str, Any] = {"processes": int(how)} if how.isdigit() else {"ray": how}
    report = reindex(Path(corpus), Path(index), offline=True, **(where if how != "0" else {}))
    sys.stdout.write(json.dumps(report.to_dict()))
