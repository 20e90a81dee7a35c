"""What the results were measured on, and how they are written down."""

import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import nrqa

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "benchmarks" / "results"
TARGETS_HEAD = ("what", "measured", "target", "")
_PACKAGES = "sentence-transformers torch transformers onnxruntime tokenizers faiss-cpu tantivy numpy typer".split()


@dataclass(frozen=True, slots=True)
class Target:
    """What was aimed at, and what came out; ``value`` is None where it was not measured."""

    what: str
    value: float | None
    bound: float
    at_least: bool = False

    def row(self) -> tuple[str, str, str, str]:
        """What, measured, target, whether it is met."""
        aim = f"{'≥' if self.at_least else '≤'} {self.bound:g}"
        if self.value is None:
            return self.what, "not measured", aim, ""
        met = self.value >= self.bound if self.at_least else self.value <= self.bound
        shown = f"{self.value:,.0f}" if self.value >= 1000 or self.value == int(self.value) else f"{self.value:.3g}"
        return self.what, shown, aim, "met" if met else "**missed**"


def describe() -> dict[str, Any]:
    return {
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "packages": {"nrqa": nrqa.__version__, **{name: version(name) for name in _PACKAGES}},
        "commit": _commit(),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "load": load(),
        "options": _options(sys.argv[1:]),
    }


def committed(file: str) -> str:
    """What the last commit of this checkout has in that file; "" where it has none."""
    return _git(ROOT, "show", f"HEAD:{file}")


def load() -> float:
    """The load of the last minute, at the start: how many processes of others wanted the cores."""
    return round(os.getloadavg()[0], 2)


def write(name: str, results: dict[str, Any], sections: Iterable[str], targets: Iterable[Target] = ()) -> None:
    """Print the tables, targets first, and keep them with the numbers behind them."""
    rows = [one.row() for one in targets]
    aims = [f"Targets:\n\n{table(TARGETS_HEAD, rows)}"] if rows else []
    if rows:
        results = {**results, "targets": rows}
    text = "\n\n".join([line(results["machine"]), *aims, *sections]) + "\n"
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.json").write_text(json.dumps(results, indent=1) + "\n", "utf-8")
    (RESULTS / f"{name}.md").write_text(text, "utf-8")
    print(text)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def line(machine: dict[str, Any]) -> str:
    """What was measured on what, and when."""
    packages = ", ".join(f"{name} {number}" for name, number in machine["packages"].items())
    return (
        f"{machine['cpu']}, {machine['cores']} cores, {machine['system']}, Python {machine['python']}; {packages}; "
        f"commit {machine['commit']}; {machine['date']}; load at the start {machine['load']}"
        + (f"; {' '.join(machine['options'])}" if machine.get("options") else "")
    )


def _options(given: Sequence[str]) -> list[str]:
    """The options that a benchmark was run with, less where files lie."""
    found: list[str] = []
    words = iter(given)
    for word in words:
        if word in ("--work", "--data", "--name", "--txtai", "--large"):
            next(words, None)
        else:
            found.append(word)
    return found


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or "unknown CPU"
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown CPU")


def _commit() -> str:
    """The commit of the nrqa that was measured, wherever it was imported from."""
    source = Path(nrqa.__file__).resolve().parent
    commit = _git(source, "rev-parse", "--short", "HEAD")
    if not commit:
        return "unknown"
    return f"{commit} with uncommitted changes" if _git(source, "status", "--porcelain", "--", ".") else commit


def _git(folder: Path, *words: str) -> str:
    done = subprocess.run(
        ["git", "--no-optional-locks", *words], cwd=folder, capture_output=True, text=True, check=False
    )
    return done.stdout.strip()
