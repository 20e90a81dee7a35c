"""System calls of a build that fail, one in each build: what is published stays, and the error is one of nrqa's.

faults.c counts the calls that a process makes on the files of the index, and lets one fail. It is compiled here, and
must be loaded before the C library: this module starts itself anew with it, and forks a process for each build.
"""

import ctypes
import errno
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.shared.small_generation import Made, make
from nrqa.answering.asking import Index
from nrqa.corpus.readers.document import read_document
from nrqa.errors import NrqaError
from nrqa.index.local import generation
from nrqa.index.local.snapshot import LocalSnapshot
from nrqa.indexing import reindexing
from nrqa.indexing.reindexing import reindex

ERRORS = ("EIO", "ENOSPC", "EACCES", "EMFILE", "ENOMEM", "EROFS")
DONE, TOLD, TRACEBACK = "built all the same", "told", "traceback"
LOST = ("lost", "untrue", "does not go on", "crash")
SEED = 7
SECONDS = 60
_SOURCE = Path(__file__).with_suffix(".c")


def tried(count: int) -> dict[str, Any]:
    """How builds ended in which one system call failed, by the error that it gave."""
    compiler = next((path for name in ("cc", "gcc", "clang") if (path := shutil.which(name))), None)
    if sys.platform != "linux" or compiler is None or not count:
        return {"skipped": "Skipped: this needs Linux and a C compiler (cc, gcc or clang)."}
    with tempfile.TemporaryDirectory() as place:
        library = Path(place) / "faults.so"
        subprocess.run([compiler, "-O1", "-shared", "-fPIC", "-w", "-o", library, _SOURCE, "-ldl"], check=True)
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.evidence.faults", str(library), str(count)],
            env={**os.environ, "LD_PRELOAD": str(library)},
            stdout=subprocess.PIPE,
            check=True,
        )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main() -> None:
    _, library, count = sys.argv
    with tempfile.TemporaryDirectory() as place:
        print(json.dumps(_all(make(Path(place)), ctypes.CDLL(library), int(count))))


def _all(made: Made, calls: ctypes.CDLL, count: int) -> dict[str, Any]:
    setattr(reindexing, "reading", _reading)  # noqa: B010 - files are read in this process, whose calls are counted
    lot = random.Random(SEED)  # noqa: S311 - faults, not secrets
    (made.corpus / "late.md").write_text("Another text about the ferry, which is new and long enough to be a passage.")
    (made.corpus / "note-09.md").unlink()
    total = _calls_of(made, calls)
    found: dict[str, Counter[str]] = {}
    told: list[str] = []
    for at in range(count):
        name = ERRORS[at % len(ERRORS)]
        ending = _forked(made, calls, lot.randrange(1, total + 1), getattr(errno, name))
        kind = next((one for one in (DONE, TOLD, *LOST) if ending == one or ending.startswith(one)), TRACEBACK)
        found.setdefault(name, Counter())[kind] += 1
        if kind not in (DONE, TOLD):
            told.append(f"{name}: {ending}")
        if at % 50 == 0:
            print(f"{at} failing calls", file=sys.stderr, flush=True)
    return {"count": count, "calls": total, "errors": found, "told": told[:50]}


@contextmanager
def _reading(**_: Any) -> Any:
    yield read_document


def _calls_of(made: Made, calls: ctypes.CDLL) -> int:
    """How many system calls a build makes on the index."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        with _copy(made) as index:
            calls.faults_begin(str(index).encode(), -1, 0)
            reindex(made.corpus, index, encoder=made.encoder)
            os.write(write, str(calls.faults_made()).encode())
        os._exit(0)
    os.waitpid(child, 0)
    return int(os.read(read, 20))


def _forked(made: Made, calls: ctypes.CDLL, number: int, error: int) -> str:
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        signal.alarm(SECONDS)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        with _copy(made) as index:
            os.write(write, _ending(made, index, calls, number, error).encode("utf-8", "replace")[:1000])
        os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as told:
        said = told.read().decode()
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return said if code == 0 and said else f"crash {code} at call {number}"


@contextmanager
def _copy(made: Made) -> Any:
    with tempfile.TemporaryDirectory() as place:
        index = Path(place).resolve() / "index"
        shutil.copytree(made.index, index, copy_function=os.link)
        yield index


def _ending(made: Made, index: Path, calls: ctypes.CDLL, number: int, error: int) -> str:
    before = _state(index)
    calls.faults_begin(str(index).encode(), number, error)
    try:
        reindex(made.corpus, index, encoder=made.encoder)
        ending = DONE
    except NrqaError:
        ending = TOLD
    except BaseException as raised:  # noqa: BLE001 - a panic in Rust is no Exception
        ending = f"{type(raised).__name__}: {raised} at call {number}"
    calls.faults_begin(b"", 0, 0)
    try:
        now = _state(index)
        if ending == TOLD and now != before and generation.newest(index) == made_number(made):
            return f"lost: the index is another at call {number}"
        Index.open(index, encoder=made.encoder).ask("where does the ferry number 7 leave from")
        if any(generation.damaged_files(generation.folder_of(index, generation.newest(index) or 0))):
            return f"untrue: what was published is damaged at call {number}"
        reindex(made.corpus, index, encoder=made.encoder)
        if "late.md" not in LocalSnapshot.newest(index).known or "note-09.md" in LocalSnapshot.newest(index).known:
            return f"does not go on at call {number}"
        left = [path.name for path in index.iterdir() if path.name.startswith("tmp-")]
    except BaseException as raised:  # noqa: BLE001 - as above
        return f"lost: {type(raised).__name__}: {raised} at call {number}"
    return f"does not go on: left {left}" if left else ending


def made_number(made: Made) -> int:
    return int(made.folder.name)


def _state(index: Path) -> list[tuple[str, bytes]]:
    """Names and hashes of all documents."""
    return sorted((one.name, one.digest) for one in LocalSnapshot.newest(index).known.values())


if __name__ == "__main__":
    main()
