"""Replay: how far scores differ between ways of computing them, and whether each change is told for what it was.

First, answers of one index are compared with those of the same corpus in other ways: asked one by one in a process that
asks once, indexed on one core, indexed and asked by sentence-transformers, indexed so without the processor's wider
vector instructions (as on another machine), and indexed in two halves with documents that came and went. Then each
document is left, edited, moved by lines, renamed, put into another file, or removed, by lot; and what replay says of
each hit is compared with what was done.
"""

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.shared import machine
from benchmarks.shared.question_sets import DATA, SEED, outside, questions_of, timed
from nrqa.answering.asking import Index
from nrqa.auditing.receipts.model import Receipt
from nrqa.auditing.replaying import ask_again, ask_first
from nrqa.auditing.replaying.comparing import TOLERANCE
from nrqa.auditing.replaying.results import Replay
from nrqa.encoder.models.location import locate
from nrqa.encoder.opening import _reference
from nrqa.encoder.protocol import Encoder
from nrqa.evaluation.judgments.beir import documents_in
from nrqa.indexing.reindexing import reindex
from nrqa.settings import DEFAULT_MODEL

EXPECTED = {
    "left": ("", "outranked", "duplicate"),
    "edited": ("edited",),
    "edited elsewhere": ("", "moved", "recut", "outranked", "duplicate"),
    "moved": ("moved", "outranked", "duplicate"),
    "renamed": ("renamed", "outranked", "duplicate"),
    "in another file": ("relocated", "outranked", "duplicate"),
    "removed": ("removed",),
}
"""What may be said of a hit whose document was treated so; "": nothing but quiet things about rank and score."""
_TOLD = {what for expected in EXPECTED.values() for what in expected} | {"filtered", "reread", "unreadable"}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, default=DATA, help="folder of the question sets")
    options.add_argument("--documents", type=int, default=400)
    options.add_argument("--questions", type=int, default=200)
    given = options.parse_args()
    results: dict[str, Any] = {"machine": machine.describe()}
    source = given.data / "squad_v1_dev"
    texts = [one.text for one in documents_in(source / "corpus.jsonl")][: given.documents]
    asked, _ = questions_of(source, given.questions)
    questions = [one.text for one in asked] + [text for one in outside(given.data).values() for text in one[:20]]
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        corpus = place / "corpus"
        corpus.mkdir()
        for at, text in enumerate(texts):
            (corpus / f"{at:04}.txt").write_text(f"Title: Document {at}\n\n{text}\n", "utf-8")
        index = place / "index"
        timed("index", partial(reindex, corpus, index))
        opened = Index.open(index)
        receipts = [ask_first(opened, one, k=5, where=None, only=None) for one in questions]
        results["asked"] = {"documents": len(texts), "questions": len(questions)}
        results["differences"] = {
            name: timed(name, partial(work, corpus, place / name.replace(" ", "-"), receipts))
            for name, work in VARIANTS.items()
        }
        results["told"] = told(corpus, place / "index", receipts)
    machine.write("replaying", results, tables(results))


def one_by_one(corpus: Path, _: Path, receipts: Sequence[Receipt]) -> dict[str, Any]:
    opened = Index.open(corpus.parent / "index", one_shot=True)
    return differences([ask_again(opened, [one])[0] for one in receipts])


def one_core(corpus: Path, place: Path, receipts: Sequence[Receipt]) -> dict[str, Any]:
    code = "import sys, nrqa; nrqa.reindex(sys.argv[1], sys.argv[2])"
    subprocess.run(["taskset", "-c", "0", sys.executable, "-c", code, str(corpus), str(place)], check=True)
    return differences(ask_again(Index.open(place), receipts))


def by_reference(corpus: Path, place: Path, receipts: Sequence[Receipt]) -> dict[str, Any]:
    encoder = reference()
    reindex(corpus, place, encoder=encoder)
    return differences(ask_again(Index.open(place, encoder=encoder), receipts))


def without_vector_instructions(corpus: Path, place: Path, receipts: Sequence[Receipt]) -> dict[str, Any]:
    """Passages encoded with the arithmetic of an old processor, questions with that of this one."""
    code = (
        "from benchmarks.evidence import replaying; import sys, nrqa; "
        "nrqa.reindex(sys.argv[1], sys.argv[2], encoder=replaying.reference())"
    )
    old = {"ATEN_CPU_CAPABILITY": "default", "ONEDNN_MAX_CPU_ISA": "SSE41", "MKL_ENABLE_INSTRUCTIONS": "SSE4_2"}
    subprocess.run(
        [sys.executable, "-c", code, str(corpus), str(place)], check=True, cwd=machine.ROOT, env={**os.environ, **old}
    )
    return differences(ask_again(Index.open(place), receipts))


def reference() -> Encoder:
    return _reference(locate(DEFAULT_MODEL, offline=True))


def in_halves(corpus: Path, place: Path, receipts: Sequence[Receipt]) -> dict[str, Any]:
    """Half of the documents, then all and some that are removed again."""
    grown = place.with_name("grown")
    grown.mkdir()
    files = sorted(corpus.iterdir())
    for file in files[::2]:
        shutil.copy(file, grown / file.name)
    reindex(grown, place)
    for file in files[1::2]:
        shutil.copy(file, grown / file.name)
    for at in range(20):
        (grown / f"gone-{at}.txt").write_text(f"Number {at} will be gone again.\n")
    reindex(grown, place)
    for file in grown.glob("gone-*"):
        file.unlink()
    reindex(grown, place)
    return differences(ask_again(Index.open(place), receipts))


VARIANTS = {
    "one by one, in a process that asks once": one_by_one,
    "indexed on one core": one_core,
    "indexed and asked by sentence-transformers": by_reference,
    "indexed by it without AVX": without_vector_instructions,
    "documents came and went": in_halves,
}


def differences(replays: Sequence[Replay]) -> dict[str, Any]:
    """The largest differences of each score of the same passages, in proportion where it is above 1."""
    largest: dict[str, float] = defaultdict(float)
    for one in replays:
        assert one.now is not None
        largest["confidence"] = max(largest["confidence"], abs(one.before.confidence - one.now.confidence))
        now = {hit.passage: hit for hit in one.now.hits}
        for hit in one.before.hits:
            if hit.passage in now:
                other = now[hit.passage]
                pairs = {
                    "score": (hit.score, other.score),
                    **{n: (s, other.signals[n]) for n, s in hit.signals.items()},
                }
                for name, (before, after) in pairs.items():
                    largest[name] = max(largest[name], abs(before - after) / max(1, abs(before), abs(after)))
    return {"results": dict(Counter(one.result for one in replays)), "largest": dict(largest)}


def told(corpus: Path, index: Path, receipts: Sequence[Receipt]) -> dict[str, dict[str, int]]:
    """By what was done to a document, how often what was said of its passages."""
    dice = random.Random(SEED)  # noqa: S311 - the same lots every time
    lots = [what for what in EXPECTED if what != "edited elsewhere"]
    done = {file.name: dice.choice(lots) for file in sorted(corpus.iterdir())}
    for name, what in done.items():
        treat(corpus / name, what, dice)
    timed("index after the changes", partial(reindex, corpus, index))
    counts: dict[str, Counter[str]] = {what: Counter() for what in EXPECTED}
    for replay in ask_again(Index.open(index), receipts):
        said = {one.before.passage: one.what for one in replay.hits if one.before}
        for hit in replay.before.hits:
            what = done[hit.citation.document]
            if what == "edited" and (hit.text or "") in (corpus / hit.citation.document).read_text("utf-8"):
                what = "edited elsewhere"
            counts[what][next((one for one in said.get(hit.passage, ()) if one in _TOLD), "")] += 1
    return {what: dict(counter) for what, counter in counts.items()}


def treat(file: Path, what: str, dice: random.Random) -> None:
    text = file.read_text("utf-8")
    head, _, body = text.partition("\n\n")
    if what == "edited":
        words = body.split(" ")
        words[dice.randrange(len(words))] = "otherwise"
        file.write_text(f"{head}\n\n{' '.join(words)}", "utf-8")
    elif what == "moved":
        file.write_text(f"{head}\nSource: nowhere\n\n{body}", "utf-8")
    elif what == "renamed":
        file.rename(file.with_name(f"renamed-{file.name}"))
    elif what == "in another file":
        file.unlink()
        file.with_name(f"other-{file.name}").write_text(f"{head}\nSource: elsewhere\n\n{body}", "utf-8")
    elif what == "removed":
        file.unlink()


def tables(results: dict[str, Any]) -> list[str]:
    differing = results["differences"]
    names = list(dict.fromkeys(name for one in differing.values() for name in one["largest"]))
    kinds = ("identical", "same answer", "changed")
    rows = [
        [name, *(one["results"].get(kind, 0) for kind in kinds), *(f"{one['largest'].get(n, 0):.1e}" for n in names)]
        for name, one in differing.items()
    ]
    right = {
        what: sum(n for said, n in counter.items() if said in EXPECTED[what])
        for what, counter in results["told"].items()
    }
    lines = []
    for what, counter in results["told"].items():
        said = ", ".join(f"{word or 'as it was'} {n}" for word, n in sorted(counter.items(), key=lambda pair: -pair[1]))
        total = sum(counter.values())
        lines.append([what, total, f"{right[what]} ({right[what] / total:.1%})", said])
    asked = results["asked"]
    head = f"{asked['questions']} questions, {asked['documents']} documents of squad_v1_dev, k=5. The tolerance is "
    return [
        head + f"{TOLERANCE}. Largest differences, in proportion where a score is above 1, else absolute:",
        machine.table(["computed", *kinds, *names], rows),
        "What is said of each hit, by what was done to its document:",
        machine.table(["done", "hits", "told rightly", "said"], lines),
    ]


if __name__ == "__main__":
    os.environ["NRQA_OFFLINE"] = "1"
    main()
