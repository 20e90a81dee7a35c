"""The documents of an index as a list of them shows them, and their folders: read once for each generation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from threading import Lock

from nrqa.index.snapshot import Snapshot

LEFT_OUT = "left out"
"""The kind of flag that warns of nothing: running heads and page numbers, which no passage has."""


@dataclass(frozen=True, slots=True)
class Line:
    """One document of the list; ``title`` is "" where it says no more than the name."""

    name: str
    title: str
    passages: int
    warnings: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of the corpus, with a slash at its end, and how many documents lie in it."""

    name: str
    documents: int


class Listing:
    """The list of the newest generation that was asked for.

    Of 100,000 documents it takes some eight seconds to read, and 30 MB to keep.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._lines: tuple[int, list[Line]] = (-1, [])
        self._folders: tuple[int, dict[str, Folder]] = (-1, {})

    def lines(self, snapshot: Snapshot) -> Sequence[Line]:
        """All documents, in order of name."""
        with self._lock:
            if self._lines[0] != snapshot.manifest.generation:
                found = [
                    Line(
                        one.name,
                        one.title if one.titled else "",
                        one.passages,
                        tuple(Counter(flag.kind for flag in one.flags if flag.kind != LEFT_OUT).most_common(3)),
                    )
                    for one in snapshot.listed()
                ]
                self._lines = (snapshot.manifest.generation, sorted(found, key=lambda one: one.name))
            return self._lines[1]

    def folders(self, snapshot: Snapshot) -> Mapping[str, Folder]:
        """The folders that divide the corpus first, by the glob that chooses what lies in each; the largest come first.

        A folder in which everything lies divides nothing: those in it are taken.
        """
        with self._lock:
            if self._folders[0] != snapshot.manifest.generation:
                roots = snapshot.manifest.corpus
                own = PurePath(roots[0].path).name if len(roots) == 1 else ""
                found = {_glob(one.name, own): one for one in folders_of([*snapshot.known])}
                self._folders = (snapshot.manifest.generation, found)
            return self._folders[1]


def folders_of(names: Sequence[str]) -> list[Folder]:
    """The first folders that divide the names; the largest come first."""
    if not names:
        return []
    # The first and the last name share what all names share.
    low, high = min(names), max(names)
    same = next((at for at, (one, other) in enumerate(zip(low, high, strict=False)) if one != other), len(low))
    begin = low.rfind("/", 0, same) + 1
    found = Counter(name[: end + 1] for name in names if (end := name.find("/", begin)) >= 0)
    return [Folder(name, count) for name, count in sorted(found.items(), key=lambda one: (-one[1], one[0]))]


def _glob(folder: str, own: str) -> str:
    """The glob that chooses what lies in that folder, and nothing else; ``own`` is the name of the corpus' folder.

    The corpus' own name in front would mean all of it: an inner folder of the same name is written otherwise.
    """
    written = "".join(f"\\{one}" if one in "*?[]\\" else one for one in folder)
    return f"/\\{written}" if own and folder.startswith(f"{own}/") else f"/{written}"
