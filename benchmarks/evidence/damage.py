"""Damage: whether bytes that change, and a disk that fails, ever make nrqa say something untrue, crash, hang or lose.

A small generation of several parts is made, with documents that were changed and removed. Then, by lot, a file of it is
damaged: a bit or some bytes change, a page of 4 KiB is zeroed, blocks or whole files change places, its end is cut off,
it is gone. Questions are asked, passages shown, the contents listed. All that is shown must be in the undamaged index;
else the answer must be one of nrqa's errors. Each damage is tried as it is, and as in a large index, whose files are
not compared when it is opened. Then system calls of a build fail, by lot (faults.py, on Linux with a C compiler).
"""

import argparse
import faulthandler
import json
import os
import random
import shutil
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.evidence import faults
from benchmarks.shared import machine
from benchmarks.shared.small_generation import QUESTIONS, Made, make, written
from nrqa.answering.asking import Index
from nrqa.answering.contents import contents
from nrqa.answering.inspecting import Place, show, status
from nrqa.errors import NrqaError
from nrqa.index.local import generation
from nrqa.records import citation_to_dict

SEED = 20261130
SECONDS = 20
"""Longer than any question takes, on a busy machine too: what has not ended then hangs."""
BATCH = 50
"""Damages that one process tries."""
WAYS = ("a bit", "a byte", "16 bytes", "a zeroed page", "swapped blocks", "cut off", "grown", "swapped file", "gone")
TRUE, TOLD = "as before", "told"
"""What may come of a damage: nothing that is shown changes, or an error of nrqa's."""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--damages", type=int, default=2000)
    options.add_argument("--faults", type=int, default=500)
    given = options.parse_args()
    results: dict[str, Any] = {"machine": machine.describe()}
    with tempfile.TemporaryDirectory() as place:
        made = make(Path(place))
        results["damages"] = damages(made, given.damages)
        results["faults"] = faults.tried(given.faults)
    machine.write("damage", results, tables(results), targets(results))


def damages(made: Made, count: int) -> dict[str, Any]:
    """How each way of damaging ended, as it is and as in a large index."""
    found: dict[str, Counter[str]] = {}
    wrong: list[str] = []
    begun = 0
    while begun < count:
        seeds = range(begun, min(count, begun + BATCH))
        for way, large, ending in _in_a_child(made, seeds):
            found.setdefault(f"{way}{', as in a large index' if large else ''}", Counter())[_kind(ending)] += 1
            if _kind(ending) not in (TRUE, TOLD):
                wrong.append(f"{way}{' (large)' if large else ''}: {ending}")
        begun = seeds.stop
        print(f"{begun} damages", file=sys.stderr, flush=True)
    return {"count": count, "ways": {way: dict(one) for way, one in sorted(found.items())}, "wrong": wrong[:50]}


def _in_a_child(made: Made, seeds: range) -> list[tuple[str, bool, str]]:
    """The endings of some damages, tried in a process that may crash."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        faulthandler.disable()
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # where Rust tells its panics
        with os.fdopen(write, "w") as out:
            for seed in seeds:
                _try(made, seed, lambda *one: print(json.dumps(one), file=out, flush=True))
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as lines:
        found: list[tuple[str, bool, str]] = [tuple(json.loads(line)) for line in lines]
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code:
        found.append(("?", False, f"crash {code} after seed {seeds.start + len(found) // 2}"))
    return found


def _try(made: Made, seed: int, tell: Callable[[str, bool, str], None]) -> None:
    lot = random.Random(SEED + seed)  # noqa: S311 - damages, not secrets
    with tempfile.TemporaryDirectory() as place:
        index = Path(place) / "index"
        shutil.copytree(made.index, index, copy_function=os.link)
        folder = index / made.folder.name
        way = damage(folder, lot)
        usual = generation.COMPARED
        for large in (False, True):
            generation.COMPARED = 0 if large else usual
            signal.alarm(SECONDS)
            tell(way, large, ending(made, index, lot))
            signal.alarm(0)
        generation.COMPARED = usual


def damage(folder: Path, lot: random.Random) -> str:
    """Damage one file; returns the way."""
    files = sorted(file for file in folder.rglob("*") if file.is_file() and not file.name.startswith(".tantivy"))
    catalogs = [file for file in files if file.name in ("catalog.sqlite", "texts.zlib")]
    file = lot.choice(catalogs if lot.random() < 0.5 else files)
    data = bytearray(file.read_bytes())
    way = lot.choice(
        ("a bit", "a byte", "16 bytes", "a zeroed page", "swapped blocks", "cut off", "grown", "swapped file", "gone")
    )
    at = lot.randrange(len(data))
    if way == "a bit":
        data[at] ^= 1 << lot.randrange(8)
    elif way == "a byte":
        data[at] = (data[at] + lot.randrange(1, 256)) % 256
    elif way == "16 bytes":
        data[at : at + 16] = lot.randbytes(len(data[at : at + 16]))
    elif way == "a zeroed page":
        begin = at // 4096 * 4096
        data[begin : begin + 4096] = bytes(len(data[begin : begin + 4096]))
    elif way == "swapped blocks":
        size = lot.choice((8, 64, 512, 4096))
        one, other = (lot.randrange(max(1, len(data) - size + 1)) for _ in range(2))
        data[one : one + size], data[other : other + size] = data[other : other + size], data[one : one + size]
    elif way == "cut off":
        del data[at:]
    elif way == "grown":
        data += lot.randbytes(lot.choice((1, 8, 4096)))
    elif way == "swapped file":
        alike = [one for one in files if one.name == file.name and one != file] or files
        data = bytearray(lot.choice(alike).read_bytes())
    file.unlink()
    if way != "gone":
        file.write_bytes(bytes(data))
    return way


def ending(made: Made, index: Path, lot: random.Random) -> str:
    """What comes of using an index in several ways: the worst of it."""
    name = lot.choice(made.documents)
    uses: list[Callable[[], str]] = [
        lambda: _asked(made, Index.open(index, encoder=made.encoder)),
        lambda: _shown(made, index, name),
        lambda: _listed(made, index),
        lambda: TRUE if status(index, verify=True).damaged is not None else "not verified",
    ]
    endings = [_ended(use) for use in uses]
    return next((one for one in endings if _kind(one) not in (TRUE, TOLD)), TOLD if TOLD in endings else TRUE)


def _ended(use: Callable[[], str]) -> str:
    try:
        return use()
    except NrqaError:
        return TOLD
    except BaseException as error:  # noqa: BLE001 - a panic in Rust is no Exception
        return f"traceback {type(error).__name__}: {error}"[:200]


def _asked(made: Made, index: Index) -> str:
    answers = index.ask_many(list(QUESTIONS), k=8)
    answers += index.ask_many([QUESTIONS[1]], k=3, only="note-*")
    for answer in answers:
        for hit in answer.hits:
            if written(hit.passage) not in made.passages:
                return f"wrong passage {citation_to_dict(hit.passage.citation)}"[:300]
            if any(one.document not in made.texts for one in hit.also):
                return "wrong copy"
        if not 0 <= answer.confidence <= 1:
            return f"wrong confidence {answer.confidence}"
    return TRUE


def _shown(made: Made, index: Path, name: str) -> str:
    shown = show(Place(name, lines=(1, 3)), index)
    if any(written(one) not in made.passages for one in shown.passages):
        return "wrong passage shown"
    lines = made.texts[name].splitlines()
    return TRUE if all(text == lines[number - 1] for number, text, _ in shown.lines) else "wrong lines shown"


def _listed(made: Made, index: Path) -> str:
    found = {json.dumps([one.name, one.title, one.sha256, dict(one.metadata)]) for one in contents(index).documents}
    return TRUE if found == made.listed else "wrong contents"


def _kind(ending: str) -> str:
    return ending if ending in (TRUE, TOLD) else ending.split(maxsplit=1)[0]


def tables(results: dict[str, Any]) -> list[str]:
    found, failed = results["damages"], results["faults"]
    kinds = [TOLD, TRUE, *sorted({kind for one in found["ways"].values() for kind in one} - {TOLD, TRUE})]
    rows = [(way, *(one.get(kind, 0) for kind in kinds)) for way, one in found["ways"].items()]
    sections = ["## Damages", machine.table(("damage", *kinds), rows)]
    if "skipped" in failed:
        return [*sections, "## Failing system calls", failed["skipped"]]
    kinds = sorted({kind for one in failed["errors"].values() for kind in one})
    rows = [(name, *(one.get(kind, 0) for kind in kinds)) for name, one in failed["errors"].items()]
    return [*sections, "## Failing system calls", machine.table(("error", *kinds), rows)]


def targets(results: dict[str, Any]) -> list[machine.Target]:
    found, failed = results["damages"], results["faults"]
    ends = Counter[str]()
    for one in found["ways"].values():
        ends.update(one)
    total = {kind: float(number) for kind, number in ends.items()}
    count = found["count"]
    made = [
        machine.Target(f"wrong texts, citations or documents, of {count:,} damages", total.get("wrong", 0.0), 0),
        machine.Target("tracebacks", total.get("traceback", 0.0), 0),
        machine.Target("crashes and hangs", total.get("crash", 0.0), 0),
    ]
    if "skipped" not in failed:
        lost = sum(number for one in failed["errors"].values() for kind, number in one.items() if kind in faults.LOST)
        bad = sum(
            number for one in failed["errors"].values() for kind, number in one.items() if kind == faults.TRACEBACK
        )
        made.append(
            machine.Target(f"indexes lost or untrue, of {failed['count']:,} failing system calls", float(lost), 0)
        )
        made.append(machine.Target("tracebacks of builds", float(bad), 0))
    return made


if __name__ == "__main__":
    main()
