"""What encoding in shards costs, by processes and on a Ray cluster, and what is left to one process; see README.md."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from benchmarks.shared import machine
from benchmarks.shared.question_sets import DATA
from benchmarks.speed.squad_files import write_files
from nrqa.corpus.worker import isolation
from nrqa.encoder.opening import open_for_indexing
from nrqa.index.local.builder import Builder
from nrqa.indexing import drafted_files, drafting, embedding, reindexing
from nrqa.indexing.shards import cutting, encoding
from nrqa.indexing.shards.cutting import Shard
from nrqa.indexing.shards.task import Task
from nrqa.settings import DEFAULT_MODEL

_PACKED = 20
"""Passages of a set in a file: documents are mostly longer than one paragraph."""
_LARGE = ("chunking_eval", "clapnq_dev", "legalbench_contractnli", "medquad_liveqa", "nq_oracle", "squad_v1_dev")
_ENCODED = 128
"""Passages that are encoded where vectors are borrowed: four seconds."""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, default=DATA, help="folder of the question sets")
    options.add_argument("--passages", type=int, default=1600, help="paragraphs of squad in the corpus")
    options.add_argument(
        "--ways", default="plain,1,2,shares,build", help="what is run: plain, numbers of processes, ray, shares, build"
    )
    options.add_argument("--shard", type=int, default=cutting.SHARD, help="bytes of a shard, about")
    options.add_argument("--name", default="shards", help="name of the files in results/")
    given = options.parse_args()
    os.environ["NRQA_OFFLINE"] = "1"
    found: dict[str, Any] = {"machine": machine.describe(), "seconds": {}}
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        corpus = corpus_in(place, given.data / "squad_v1_dev" / "corpus.jsonl", given.passages)
        for way in given.ways.split(","):
            if way == "shares":
                found[way] = shares(corpus, place / way)
            elif way == "build":
                with replaced_by(encoding, "encode", borrowed(embedding.encode)):
                    found[way] = shares(many_in(place, given.data), place / way)
            else:
                found["seconds"][way] = run(corpus, place / way, way, given.shard)
            print(way, json.dumps(found.get(way) or found["seconds"][way]), flush=True)
    machine.write(given.name, found, tables(found))


def corpus_in(place: Path, source: Path, passages: int) -> Path:
    """Files of several paragraphs each."""
    single = sorted(write_files(source, place / "single", passages).iterdir())
    corpus = place / "corpus"
    corpus.mkdir()
    for first in range(0, len(single), _PACKED):
        text = "\n".join(one.read_text("utf-8") for one in single[first : first + _PACKED])
        (corpus / f"{first:06}.txt").write_text(text, "utf-8")
    return corpus


def many_in(place: Path, data: Path) -> Path:
    """Files of several passages each, of all sets in English: 16,000 passages."""
    corpus = place / "many"
    corpus.mkdir()
    for name in _LARGE:
        lines = (data / name / "corpus.jsonl").read_text("utf-8").splitlines()
        texts = [f"{one.get('title', '')}\n{one['text']}" for one in map(json.loads, lines)]
        for first in range(0, len(texts), _PACKED):
            text = "\n\n".join(texts[first : first + _PACKED])
            (corpus / f"{name}-{first:06}.txt").write_text(text, "utf-8")
    return corpus


def borrowed(encode: Callable[..., Any]) -> Callable[..., Any]:
    """Encodes some passages, and gives their vectors and codes to all others: a build does not care whose they are."""
    known: list[Any] = []

    def lent(
        encoder: Any, codebook: Any, inputs: Sequence[Any], **options: Any
    ) -> Iterator[tuple[list[int], list[Any]]]:
        if not known:
            for _, coded in encode(encoder, codebook, inputs[:_ENCODED], **options):
                known.extend(coded)
        yield list(range(len(inputs))), [known[at % len(known)] for at in range(len(inputs))]

    return lent


def run(corpus: Path, index: Path, way: str, shard: int) -> dict[str, float]:
    """Seconds of a fresh process that indexes, and of what it says itself."""
    code = f"from nrqa.indexing.shards import cutting; cutting.SHARD = {shard}; from nrqa.cli import main; main()"
    with cluster() if way == "ray" else nullcontext("") as address:
        how = {"plain": [], "ray": ["--ray", address]}.get(way, ["--processes", way])
        began = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-c", code, "index", str(corpus), "--index", str(index), "--json", *how],
            check=True, capture_output=True, text=True,
        )  # fmt: skip
        took = time.monotonic() - began
    report = json.loads(done.stdout)
    return {"process": took, "reindex": report["seconds"], "passages": report["passages_total"]}


@contextmanager
def cluster() -> Iterator[str]:
    """The address of a cluster on this machine: a head without processors, two workers with one each.

    Ray's processes listen on all addresses: run this where nobody hears them (`unshare --net`).
    """
    from ray.cluster_utils import Cluster

    found = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False})
    try:
        for _ in range(2):
            found.add_node(num_cpus=1)
        found.wait_for_nodes()
        yield found.address
    finally:
        found.shutdown()


def shares(corpus: Path, index: Path) -> dict[str, float]:
    """Seconds of each part of the work, one after the other in this process: of the shards, and of the build."""
    took: dict[str, float] = {}
    encoder = open_for_indexing(DEFAULT_MODEL, offline=True, announce=print)

    def here(task: Task, named: Sequence[tuple[str, Shard]]) -> Iterator[tuple[str, bytes]]:
        with encoding.working(task, lambda _: encoder) as encode:
            for name, shard in named:
                with timed(took, "shards, all of it"):
                    piece = encode(shard)
                yield name, piece
        took.update({f"{name} (shards)": took.pop(name) for name in ("read", "split", "make terms")})

    with (
        replaced(drafting, "drafts_of", took, "split"),
        replaced(encoding, "save_terms", took, "make terms"),
        replaced(isolation, "_answered", took, "read"),
        replaced(drafted_files, "_drafted", took, "read what workers read and split"),
        replaced(Builder, "add", took, "write texts and passages"),
        replaced(reindexing, "embed", took, "find the vectors"),
        replaced(Builder, "finish", took, "write words and vectors"),
        replaced(Builder, "publish", took, "flush, hash and rename"),
    ):
        report = reindexing.reindex(corpus, index, encoder=encoder, spread=here)
    took["the build, all of it"] = report.seconds - took["shards, all of it"]
    return {**took, "whole": report.seconds, "passages": report.passages_total}


@contextmanager
def timed(took: dict[str, float], name: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    took[name] = took.get(name, 0.0) + time.monotonic() - began


@contextmanager
def replaced_by(owner: Any, name: str, other: Any) -> Iterator[None]:
    plain = getattr(owner, name)
    setattr(owner, name, other)
    try:
        yield
    finally:
        setattr(owner, name, plain)


@contextmanager
def replaced(owner: Any, name: str, took: dict[str, float], told: str) -> Iterator[None]:
    """Meanwhile, the function's time is added up."""
    plain: Callable[..., Any] = getattr(owner, name)

    def measured(*args: Any, **options: Any) -> Any:
        with timed(took, told):
            return plain(*args, **options)

    with replaced_by(owner, name, measured):
        yield


def tables(found: dict[str, Any]) -> list[str]:
    plain = found["seconds"].get("plain")
    names = {"plain": "in one process", "ray": "`--ray`: a head, two workers with a processor each"}
    rows = [
        (
            names.get(way, f"`--processes {way}`"), f"{one['process']:.1f}", f"{one['passages'] / one['process']:.0f}",
            f"{one['process'] / plain['process']:.2f}" if plain else "",
        )
        for way, one in found["seconds"].items()
    ]  # fmt: skip
    sections: list[str] = []
    if rows:
        sections += [
            "Whole commands, each in a fresh process:",
            machine.table(("how", "s", "passages a second", "times one process"), rows),
        ]
    for way, told in (("shares", ""), ("build", " (shards with borrowed vectors: only the build counts)")):
        if not (its := found.get(way)):
            continue
        count = its["passages"]
        sections += [
            f"Each part of the work of {count:,} passages, one after the other on this machine{told}:",
            machine.table(
                ("part", "s", "ms a passage"),
                [(name, f"{one:.2f}", f"{1000 * one / count:.2f}") for name, one in its.items() if name != "passages"],
            ),
        ]
    return sections


if __name__ == "__main__":
    main()
