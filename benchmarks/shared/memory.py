"""What a process holds in memory and what it wrote, as Linux tells it."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

MB = 1_000_000


def held(process: int | None = None) -> dict[str, float]:
    """Megabytes: resident, of which of files, of which its own; and its share where processes share pages (PSS)."""
    name = "self" if process is None else str(process)
    lines = Path(f"/proc/{name}/smaps_rollup").read_text("utf-8").splitlines()[1:]
    kilobytes = {key: int(value.split()[0]) for key, _, value in (line.partition(":") for line in lines)}
    resident, own = kilobytes["Rss"], kilobytes["Anonymous"]
    found = {"resident": resident, "own": own, "files": resident - own, "share": kilobytes["Pss"]}
    return {name: round(value * 1024 / MB, 1) for name, value in found.items()}


def most_resident() -> float:
    """Megabytes that this process had resident at most."""
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    found = next(line for line in lines if line.startswith("VmHWM"))
    return round(int(found.split()[1]) * 1024 / MB, 1)


def written_bytes() -> int:
    """Bytes that this process and those it waited for had the system write to disks."""
    lines = Path("/proc/self/io").read_text("utf-8").splitlines()
    return int(next(line for line in lines if line.startswith("write_bytes")).split()[1])


@dataclass(slots=True)
class Watched:
    """What was seen while something ran: megabytes of its own at most."""

    own: float = 0.0
    _done: threading.Event = field(default_factory=threading.Event)

    def watch(self) -> None:
        while not self._done.wait(0.5):
            self.own = max(self.own, held()["own"])

    def stop(self) -> None:
        self._done.set()


@contextmanager
def watching() -> Iterator[Watched]:
    """Looks at this process's own memory twice a second."""
    watched = Watched()
    thread = threading.Thread(target=watched.watch)
    thread.start()
    try:
        yield watched
    finally:
        watched.stop()
        thread.join()


def bytes_below(folder: Path) -> dict[str, int]:
    """The size of every file in the folder, by its path from there."""
    return {
        str(Path(place, name).relative_to(folder)): Path(place, name).stat().st_size
        for place, _, names in os.walk(folder)
        for name in names
    }
