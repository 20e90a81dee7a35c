"""A process that asks an index without pause: `reader.py WORK INDEX`, from a line on its input until that closes.

`Reader` is its other end.
"""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import nrqa
from benchmarks.shared import asked, memory
from benchmarks.shared.corpora import questions_in

_WARM = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """When each question began (seconds, monotonic) and how long it took; what went wrong; generations answered."""

    began: Sequence[float]
    took: Sequence[float]
    failures: Sequence[str]
    generations: Sequence[int]

    def spread(self, windows: Sequence[tuple[float, float]]) -> dict[str, float]:
        """Milliseconds, of the questions that began within any of the windows."""
        found = [
            took
            for began, took in zip(self.began, self.took, strict=True)
            if any(first <= began <= last for first, last in windows)
        ]
        return {**asked.spread(found), "questions": len(found)}


class Reader:
    """A reading process; it is warm when this returns, and asks from ``go`` to ``stop``."""

    def __init__(self, work: Path, index: Path, seed: int = 0) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.scale.reader", str(work), str(index), str(seed)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout
        assert self._process.stdout.readline() == "ready\n"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def go(self) -> None:
        assert self._process.stdin
        self._process.stdin.write("go\n")
        self._process.stdin.flush()

    def held(self) -> dict[str, float]:
        return memory.held(self._process.pid)

    def stop(self) -> Asked:
        told, _ = self._process.communicate()
        return Asked(**json.loads(told))


def main() -> None:
    work, folder, seed = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    questions = [one.question for one in questions_in(work, work)]
    questions = questions[seed * 37 % len(questions) :] + questions
    index = nrqa.Index.open(folder)
    asked.seconds(index, questions[-_WARM:], k=5)
    print("ready", flush=True)
    sys.stdin.readline()
    print(json.dumps(_ask_until_closed(index, questions)))


def _await_end(closed: threading.Event) -> None:
    sys.stdin.read()
    closed.set()


def _ask_until_closed(index: nrqa.Index, questions: Sequence[str]) -> dict[str, Any]:
    closed = threading.Event()
    threading.Thread(target=_await_end, args=[closed], daemon=True).start()
    began, took, failures, generations = [], [], [], set()
    at = 0
    while not closed.is_set():
        start = time.monotonic()
        try:
            answer = index.ask(questions[at % len(questions)], k=5)
        except Exception as error:  # noqa: BLE001 - whatever goes wrong is what is being counted
            failures.append(f"{type(error).__name__}: {error}")
            continue
        finally:
            at += 1
        if not answer.hits:
            failures.append(f"no hits for {answer.question!r}")
        began.append(start)
        took.append(time.monotonic() - start)
        generations.add(answer.generation)
    return {"began": began, "took": took, "failures": failures, "generations": sorted(generations)}


if __name__ == "__main__":
    main()
