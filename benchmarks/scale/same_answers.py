"""The law of an index on a server: the same answers as from a folder, and what they cost.

    python -m benchmarks.scale.same_answers --server HOST:PORT --work FOLDER

Builds three development sets in a folder and on the server, asks each the same questions, and compares hits, citations,
highlights, verdict, scores and confidence. Without ``--server``, a server of the lite kind is started on loopback.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import nrqa
from benchmarks.shared import asked, machine
from benchmarks.shared.corpora import real_encoder
from benchmarks.shared.kept_encoder import KeptEncoder
from benchmarks.shared.question_sets import DATA, build, questions_of, timed
from nrqa.records import Answer

sys.path.insert(0, str(machine.ROOT / "tests" / "helpers"))
from milvus_server import at_hand

OWN = "own"
"""The sample corpus and its questions, which every checkout has."""
SETS = ("squad_v2_cs224n_dev", "clapnq_dev", "xquad_de", OWN)
CLOSE = 1e-4
"""By how much scores may differ."""
_WARM_UP = 5


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--server", help="HOST:PORT; without it a server of the lite kind is started")
    options.add_argument("--work", type=Path, help="keeps vectors and indexes")
    options.add_argument("--data", type=Path, default=DATA, help="folder of the question sets")
    options.add_argument("--questions", type=int, default=100)
    options.add_argument("--sets", nargs="*", default=SETS, help="those that are not there are left out")
    options.add_argument("--name", default="same-answers", help="of the files with the results")
    given = options.parse_args()
    results: dict[str, Any] = {"machine": machine.describe(), "sets": {}}
    with tempfile.TemporaryDirectory() as temporary, at_hand(Path(temporary) / "milvus", given.server) as server:
        work = given.work or Path(temporary) / "work"
        encoder = KeptEncoder(real_encoder(), work)
        for name in given.sets:
            if name != OWN and not (given.data / name).is_dir():
                continue
            folder, corpus, texts = timed(f"{name}: in a folder", lambda: _built(given, work, name, encoder))  # noqa: B023
            place = server.address(f"same_{name}_{int(time.time())}")
            began = time.monotonic()
            nrqa.reindex(corpus, place, encoder=encoder)
            sent = time.monotonic() - began
            there = nrqa.Index.open(place, encoder=encoder)
            one = compared(folder, there, texts)
            for kind, index in (("folder", folder), ("server", there)):
                asked.seconds(index, texts[:_WARM_UP], k=5)
                one[f"{kind} ms"] = round(asked.spread(asked.seconds(index, texts[:50], k=5))["p50"], 1)
            one |= {"passages": folder.snapshot.manifest.passages, "seconds to send": round(sent, 1)}
            results["sets"][name] = one
            print(name, one, flush=True)
    results["machine"]["load_at_the_end"] = machine.load()
    machine.write(given.name, results, tables(results))


def _built(
    given: argparse.Namespace, work: Path, name: str, encoder: KeptEncoder
) -> tuple[nrqa.Index, Path, list[str]]:
    """The index of a set in a folder, its corpus, and questions to it."""
    if name != OWN:
        built = build(given.data / name, work / name, encoder)
        answerable, unanswerable = questions_of(given.data / name, given.questions)
        return built.index, built.corpus, [one.text for one in (*answerable, *unanswerable[: given.questions // 4])]
    corpus, index = machine.ROOT / "corpus", work / name / "index"
    nrqa.reindex(corpus, index, encoder=encoder)
    lines = (machine.ROOT / "tests" / "questions.jsonl").read_text("utf-8").splitlines()
    return nrqa.Index.open(index, encoder=encoder), corpus, [json.loads(one)["question"] for one in lines]


def compared(folder: nrqa.Index, server: nrqa.Index, texts: list[str]) -> dict[str, Any]:
    """How many answers are the same, and what differs in the others."""
    same, furthest, others = 0, 0.0, []
    for text in texts:
        ours, theirs = folder.ask(text, k=10), server.ask(text, k=10)
        told = difference(ours, theirs)
        same += not told
        if told:
            others.append({"question": text, "what": told})
        else:
            apart = (abs(a.score - b.score) for a, b in zip(ours.hits, theirs.hits, strict=True))
            furthest = max(furthest, *apart, 0.0)
    return {"questions": len(texts), "same": same, "furthest apart": furthest, "others": others}


def difference(ours: Answer, theirs: Answer) -> str:
    """What differs; "" where the answers are the same."""
    if [one.passage for one in ours.hits] != [one.passage for one in theirs.hits]:
        for at, (one, other) in enumerate(zip(ours.hits, theirs.hits, strict=False), 1):
            if one.passage != other.passage:
                return f"hit {at}: {one.place} {one.score:.5f}, on the server {other.place} {other.score:.5f}"
        return f"{len(ours.hits)} hits, on the server {len(theirs.hits)}"
    if [one.highlights for one in ours.hits] != [one.highlights for one in theirs.hits]:
        return "highlights"
    if ours.verdict != theirs.verdict:
        return f"verdict {ours.verdict} {ours.confidence:.3f}, on the server {theirs.verdict} {theirs.confidence:.3f}"
    if any(abs(a.score - b.score) > CLOSE for a, b in zip(ours.hits, theirs.hits, strict=True)):
        return "scores"
    return "" if abs(ours.confidence - theirs.confidence) <= CLOSE * 10 else "confidence"


def tables(results: Mapping[str, Any]) -> Iterator[str]:
    """What was found, set by set."""
    yield machine.table(
        ("set", "passages", "questions", "same", "scores apart by", "sent in s", "folder, p50 ms", "server, p50 ms"),
        [
            (
                name, f"{one['passages']:,}", one["questions"], f"{one['same'] / one['questions']:.1%}",
                f"{one['furthest apart']:.1g}", one["seconds to send"], one["folder ms"], one["server ms"],
            )
            for name, one in results["sets"].items()
        ],
    )  # fmt: skip
    differing = [(name, one["question"], one["what"]) for name, its in results["sets"].items() for one in its["others"]]
    if differing:
        yield machine.table(("set", "question", "what differs"), differing)


if __name__ == "__main__":
    main()
