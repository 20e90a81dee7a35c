"""Writers and a Milvus server that are killed while a reader asks: in which phase, what the reader saw, how it went on.

    python -m benchmarks.evidence.server_kills [--writers 54] [--servers 24]

The server is of the lite kind, on loopback. It fails where an answer is of two generations or lacks a document.
"""

import argparse
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.shared import machine

sys.path.insert(0, str(machine.ROOT / "tests" / "helpers"))

from fakes import FakeEncoder
from milvus_kills import Seen, kill_servers, kill_writers
from milvus_server import running
from nrqa.index.milvus import record
from nrqa.indexing.reindexing import reindex
from states import write_state


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--writers", type=int, default=54)
    options.add_argument("--servers", type=int, default=24)
    given = options.parse_args()
    record._SETTLES = 0.1  # noqa: SLF001 - one writer alone
    results: dict[str, Any] = {"machine": machine.describe()}
    with tempfile.TemporaryDirectory() as temporary, running(Path(temporary) / "server") as server:
        folder = Path(temporary)
        os.environ["XDG_DATA_HOME"] = str(folder / "data")
        for kind, count in (("writers", given.writers), ("servers", given.servers)):
            corpus, place = folder / kind, server.address(kind)
            corpus.mkdir()
            write_state(corpus, 1)
            reindex(corpus, place, encoder=FakeEncoder())
            kill = kill_writers if kind == "writers" else None
            seen = kill(place, corpus, folder, count) if kill else kill_servers(server, place, corpus, folder, count)
            results[kind] = told(seen, count)
            print(kind, results[kind], flush=True)
    results["machine"]["load_at_the_end"] = machine.load()
    machine.write("server-kills", results, tables(results))


def told(seen: Seen, count: int) -> dict[str, Any]:
    """What was seen, as JSON."""
    recovered = seen.recovered and {"median": round(median(seen.recovered), 1), "most": round(max(seen.recovered), 1)}
    generations = len(seen.published)
    return {
        "kills": count,
        "phases": dict(seen.phases),
        "generations": generations,
        "recovered": recovered,
        **seen.reader,
    }


def tables(results: Mapping[str, Any]) -> Iterator[str]:
    """Kills, phases, and what the reader saw."""
    yield machine.table(
        ("killed", "times", "answers meanwhile, each of one generation, whole", "errors that name the server",
         "longest without an answer, s", "until the next generation, median and most, s"),
        [
            (
                kind, one["kills"], f"{one['asked']:,}", one["away"], f"{one['longest']:.1f}",
                "{median} and {most}".format(**one["recovered"]) if one["recovered"] else "",
            )
            for kind, one in ((kind, results[kind]) for kind in ("writers", "servers"))
        ],
    )  # fmt: skip
    yield "Where writers were when they were killed:"
    yield machine.table(("phase", "kills"), Counter(results["writers"]["phases"]).most_common())


if __name__ == "__main__":
    main()
