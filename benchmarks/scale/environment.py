"""An environment of its own with one tool in it, as on a machine that never had it: how large, how soon, how much."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.shared import machine

MB = 1_000_000
_KEPT = ("PATH", "LANG", "LC_ALL", "SSL_CERT_FILE", "SYSTEMROOT")
_FACTS = "installed.json"


@dataclass(frozen=True, slots=True)
class Installed:
    """What installing took: megabytes that were fetched, and that it added to an empty environment; seconds.

    The seconds are those of unpacking and compiling, and say little on a machine with other work."""

    fetched: float
    added: float
    seconds: float
    distributions: int


@dataclass(frozen=True, slots=True)
class Run:
    """A command that was run: its seconds, the megabytes that a process of it had resident at most, what it printed."""

    seconds: float
    resident: float
    output: str


class Environment:
    """A virtual environment in a folder, and a home without anything in it."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.home = place / "home"
        self.bin = place / "environment" / ("Scripts" if os.name == "nt" else "bin")

    def install(self, wanted: Sequence[str]) -> Installed:
        """Fetch and install what is wanted, unless that was done before in this place."""
        facts = self.place / _FACTS
        if facts.exists():
            return Installed(**json.loads(facts.read_text("utf-8")))
        shutil.rmtree(self.place, ignore_errors=True)
        wheels = self.place / "wheels"
        wheels.mkdir(parents=True)
        subprocess.run([sys.executable, "-m", "venv", str(self.place / "environment")], check=True)
        empty = _size(self.place / "environment")
        pip = [str(self.bin / "python"), "-m", "pip"]
        around = self._around() | {name: one for name, one in os.environ.items() if name.startswith("PIP_")}
        fetch = ["wheel", "--quiet", "--wheel-dir", str(wheels), "--constraint", str(_torch(self.place))]
        subprocess.run([*pip, *fetch, *wanted], check=True, env=around)
        began = time.perf_counter()
        here = ["--no-index", "--find-links", str(wheels)]
        subprocess.run([*pip, "install", "--quiet", *here, *wanted], check=True, env=around)
        found = Installed(
            seconds=time.perf_counter() - began,
            fetched=_size(wheels),
            added=_size(self.place / "environment") - empty,
            distributions=len(list(wheels.iterdir())),
        )
        shutil.rmtree(wheels)
        facts.write_text(json.dumps(asdict(found)), "utf-8")
        return found

    def fresh_home(self) -> None:
        """Forget what was kept for the user: caches, settings, indexes."""
        shutil.rmtree(self.home, ignore_errors=True)
        self.home.mkdir(parents=True)

    def run(self, *words: object) -> Run:
        """Run a program of the environment from the home, without a network it would wait for.

        It must succeed, or find nothing, which nrqa tells by the exit status 1.
        """
        program, *rest = map(str, words)
        output = self.place / "output.txt"
        with output.open("wb") as stream:
            began = time.perf_counter()
            started = subprocess.Popen(
                [str(self.bin / program), *rest], stdout=stream, stderr=subprocess.PIPE, cwd=self.home,
                env=self._around() | {"HF_HUB_OFFLINE": "1", "NRQA_OFFLINE": "1"},
            )  # fmt: skip
            assert started.stderr is not None
            said = started.stderr.read().decode(errors="replace")
            _, status, used = os.wait4(started.pid, 0)
            took = time.perf_counter() - began
        started.returncode = os.waitstatus_to_exitcode(status)
        if started.returncode not in (0, 1) or (program != "nrqa" and started.returncode):
            sys.exit(f"{program} {rest[:1]} in {self.place}: exit status {started.returncode}\n{said[-2000:]}")
        return Run(took, used.ru_maxrss * 1024 / MB, output.read_text("utf-8"))

    def remove(self) -> None:
        """Delete all of it."""
        shutil.rmtree(self.place, ignore_errors=True)

    def _around(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        return kept | {"HOME": str(self.home), "USERPROFILE": str(self.home), "TMPDIR": str(self.place)}


def _torch(place: Path) -> Path:
    """A file that asks for the same PyTorch for all, that of our own constraints: a newer one may be CUDA's."""
    lines = (machine.ROOT / "constraints.txt").read_text("utf-8").splitlines()
    file = place / "torch.txt"
    file.write_text("\n".join(line for line in lines if line.startswith("torch==")), "utf-8")
    return file


def _size(folder: Path) -> float:
    """Megabytes that it takes on the disk."""
    files = (Path(place, name).lstat() for place, _, names in os.walk(folder) for name in names)
    return round(sum(getattr(one, "st_blocks", one.st_size / 512) * 512 for one in files) / MB, 1)
