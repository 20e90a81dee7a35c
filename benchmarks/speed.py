"""How fast nrqa indexes beside plain_script.py; README.md says what is compared."""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import machine

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PLAIN = str(Path(__file__).resolve().parent / "plain_script.py")
SQUAD = machine.ROOT.parent / "shared" / "data" / "squad_v1_dev" / "corpus.jsonl"
CHUNK = 512
"""Strings that each encoder is given in turn; both sort them by length themselves."""
EDITS = 5

Rounds = dict[str, list[float]]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--squad", type=Path, default=SQUAD, help="corpus.jsonl of squad_v1_dev")
    options.add_argument("--index-runs", type=int, default=3, help="rounds of indexing")
    given = options.parse_args()
    os.environ["HF_HUB_OFFLINE"] = "1"  # neither side shall wait for the network
    os.environ["NRQA_OFFLINE"] = "1"
    results: dict[str, Any] = {"machine": machine.describe()}
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        if given.squad.is_file():
            corpus = write_files(given.squad, place / "squad" / "corpus")
            results["indexing"] = indexing(corpus, place / "squad", given.index_runs)
            results["encoding"] = encoding(place / "squad" / "index")
            whole = median(results["indexing"]["seconds"]["nrqa"])
            results["editing"] = {"passage files": editing(corpus, place / "squad" / "index", whole)}
            articles = given.squad.with_name("articles.jsonl")
            if articles.is_file():
                corpus, index = write_files(articles, place / "articles" / "corpus"), place / "articles" / "index"
                whole = timed("-m", "nrqa", "index", corpus, "--index", index)
                results["editing"]["article files"] = editing(corpus, index, whole)
        else:
            print(f"There is no '{given.squad}': indexing and reindexing are skipped. Name it with --squad PATH.")
    results["machine"]["load_at_the_end"] = machine.load()
    machine.write("speed", results, tables(results))


def timed(*words: object) -> float:
    """Seconds of a fresh process of this Python; it must succeed."""
    began = time.perf_counter()
    subprocess.run([sys.executable, *map(str, words)], stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - began


def rounds(commands: dict[str, Sequence[object]], count: int) -> Rounds:
    """Seconds of each command: A B C, A B C, ... so that a busy spell of the machine meets all of them."""
    found: Rounds = {name: [] for name in commands}
    for _ in range(count):
        for name, words in commands.items():
            found[name].append(timed(*words))
    return found


def write_files(source: Path, folder: Path) -> Path:
    """One .txt file for each line of the source, its text and nothing else."""
    folder.mkdir(parents=True)
    with source.open(encoding="utf-8") as lines:
        for line in lines:
            one = json.loads(line)
            (folder / f"{one['_id']}.txt").write_text(one["text"] + "\n", "utf-8")
    return folder


def indexing(corpus: Path, place: Path, count: int) -> dict[str, Any]:
    """Whole processes, from files to a finished index; the last index of nrqa stays."""
    seconds = rounds(
        {
            "plain": (PLAIN, "index", corpus, place / "plain"),
            "nrqa": ("-m", "nrqa", "index", corpus, "--index", place / "index", "--rebuild"),
        },
        count,
    )
    plain = json.loads((place / "plain" / "texts.json").read_text("utf-8"))
    ours, _ = encoder_inputs(place / "index")
    return {"seconds": seconds, "read": {"plain": amount(plain), "nrqa": amount(ours)}}


def encoder_inputs(index: Path) -> tuple[list[str], "NDArray[np.float32]"]:
    """The strings that nrqa's encoder was given for an index, and the vectors that are stored for them."""
    import numpy as np

    from nrqa import dense
    from nrqa.index.builder import encoder_input
    from nrqa.index.snapshot import Snapshot

    snapshot = Snapshot.newest(index)
    texts = []
    for row in (int(row) for part in snapshot.vector_parts for row in part.rows):
        stored = snapshot.stored(row)
        texts.append(encoder_input(stored.context, stored.passage.text, markup=stored.markup))
    return texts, np.concatenate([dense.restored(part.numbers, part.scales) for part in snapshot.vector_parts])


def amount(texts: list[str]) -> dict[str, int]:
    """How many strings and tokens, and how many tokens of them the model reads (256 a string)."""
    from nrqa.encoder.opening import open_for_indexing
    from nrqa.settings import DEFAULT_MODEL

    encoder = open_for_indexing(DEFAULT_MODEL, offline=True, announce=print)
    tokens = encoder.count_tokens(texts)
    room = encoder.passage_room()
    return {"passages": len(texts), "tokens": sum(tokens), "tokens_read": sum(min(one, room) for one in tokens)}


def encoding(index: Path) -> dict[str, Any]:
    """Both encoders over the very same strings, in turns; and how far their vectors are apart."""
    import numpy as np

    from nrqa.encoder.opening import open_for_indexing
    from nrqa.settings import DEFAULT_MODEL
    from plain_script import load_model

    texts, stored = encoder_inputs(index)
    ours, theirs = open_for_indexing(DEFAULT_MODEL, offline=True, announce=print), load_model()
    ours.encode_passages(texts[:16])
    theirs.encode(texts[:16])
    seconds: Rounds = {"sentence-transformers": [], "nrqa": []}
    vectors = []
    for first in range(0, len(texts), CHUNK):
        chunk = texts[first : first + CHUNK]
        began = time.perf_counter()
        vectors.append(theirs.encode(chunk))
        between = time.perf_counter()
        ours.encode_passages(chunk)
        seconds["sentence-transformers"].append(between - began)
        seconds["nrqa"].append(time.perf_counter() - between)
    cosines = (np.concatenate(vectors) * stored).sum(axis=1)
    return {
        "passages": len(texts),
        "seconds": seconds,
        "ratio": median(a / b for a, b in zip(seconds["sentence-transformers"], seconds["nrqa"], strict=True)),
        "least_cosine": float(cosines.min()),
        "mean_cosine": float(cosines.mean()),
    }


def editing(corpus: Path, index: Path, whole: float) -> dict[str, Any]:
    """One sentence put into the middle of one document, and `nrqa index` again; then another document."""
    from nrqa.index.snapshot import Snapshot

    files = random.Random(0).sample(sorted(corpus.iterdir()), EDITS)  # noqa: S311 - the same sample every time
    edits = []
    for file in files:
        document = Snapshot.newest(index).document_named(file.name)
        assert document is not None
        paragraphs = file.read_text("utf-8").split("\n\n")
        paragraphs[len(paragraphs) // 2] = paragraphs[len(paragraphs) // 2].strip() + " This was added later."
        file.write_text("\n\n".join(paragraphs), "utf-8")
        began = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", "nrqa", "index", corpus, "--index", index, "--json"],
            stdout=subprocess.PIPE,
            check=True,
        )
        seconds = time.perf_counter() - began
        report = json.loads(done.stdout)
        edits.append(
            {
                "document": file.name,
                "passages": len(document[1]),
                "embedded": report["passages_embedded"],
                "changed": report["documents_changed"],
                "seconds": seconds,
            }
        )
    return {"documents": len(list(corpus.iterdir())), "whole": whole, "edits": edits}


def tables(results: dict[str, Any]) -> list[str]:
    if "indexing" not in results:
        return []
    targets, sections = indexing_tables(results)
    rows = ((what, value, target, "met" if met else "**missed**") for what, value, target, met in targets)
    return ["Targets:", machine.table(("what", "measured", "target", ""), rows), *sections]


def indexing_tables(results: dict[str, Any]) -> tuple[list[tuple[str, str, str, bool]], list[str]]:
    seconds, read = results["indexing"]["seconds"], results["indexing"]["read"]
    ratio = median(seconds["plain"]) / median(seconds["nrqa"])
    encoded = results["encoding"]
    targets = [
        ("the same strings encoded, times as fast", f"{encoded['ratio']:.2f}", "at least 1.3", encoded["ratio"] >= 1.3),
        ("whole indexing process, times as fast", f"{ratio:.2f}", "at least 1.3", ratio >= 1.3),
        ("least cosine", f"{encoded['least_cosine']:.7f}", "at least 0.9999", encoded["least_cosine"] >= 0.9999),
    ]
    sections = [
        "squad_v1_dev, each passage one .txt file, whole processes:",
        machine.table(
            ("", "median s", "least", "most", "runs", "passages", "tokens", "tokens read"),
            ((name, *spread(one), *read[name].values()) for name, one in seconds.items()),
        ),
        f"The same {encoded['passages']} strings (nrqa's encoder inputs), in turns of {CHUNK}:",
        machine.table(
            ("", "s in all", "strings a second"),
            (
                (name, f"{sum(one):.1f}", f"{encoded['passages'] / sum(one):.1f}")
                for name, one in encoded["seconds"].items()
            ),
        ),
        "One sentence put into one document, and `nrqa index` again:",
    ]
    rows = []
    for name, one in results["editing"].items():
        edits = one["edits"]
        again = median(edit["seconds"] for edit in edits)
        kept = all(edit["changed"] == 1 and edit["embedded"] <= edit["passages"] for edit in edits)
        rows.append(
            (
                f"{one['documents']} {name}",
                f"{one['whole']:.1f}",
                f"{again:.2f}",
                f"{again / one['whole']:.1%}",
                ", ".join(f"{edit['embedded']} of {edit['passages']}" for edit in edits),
            )
        )
        targets.append((f"embedded again, {name}", rows[-1][-1], "no more than the document has", kept))
        targets.append(
            (f"reindexing as a share of building, {name}", rows[-1][-2], "under 10%", again < one["whole"] / 10)
        )
    sections.append(machine.table(("", "building s", "reindexing median s", "share", "passages embedded"), rows))
    return targets, sections


def spread(seconds: list[float]) -> tuple[str, str, str, int]:
    return f"{median(seconds):.1f}", f"{min(seconds):.1f}", f"{max(seconds):.1f}", len(seconds)


if __name__ == "__main__":
    main()
