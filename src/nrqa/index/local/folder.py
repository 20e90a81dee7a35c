"""An index in a folder of this machine, as a place of generations."""

from __future__ import annotations

from collections.abc import Hashable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from nrqa.index.local import generation
from nrqa.index.local.failures import asking
from nrqa.index.local.snapshot import LocalSnapshot


@dataclass(frozen=True, slots=True)
class Folder:
    """See ``Generations``, which it implements."""

    beside: Path

    def newest_number(self) -> int | None:
        """The highest number."""
        return generation.newest(self.beside)

    def identity(self, number: int) -> Hashable | None:
        """The number, and what the file system knows the manifest by; None where the generation was swept."""
        try:
            return generation.identity(self.beside, number)
        except OSError:
            return None

    def newest(self) -> LocalSnapshot:
        """The published generation, opened."""
        return LocalSnapshot.newest(self.beside)

    def at(self, number: int) -> LocalSnapshot:
        """An earlier generation: the one before the newest is kept."""
        return LocalSnapshot(self.beside, number)

    def asking(self) -> AbstractContextManager[None]:
        """Tells an error that a damaged file leads to as damage."""
        return asking(self.beside)
