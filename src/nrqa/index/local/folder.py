"""An index in a folder of this machine, as a place of generations."""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from nrqa.index.local import generation
from nrqa.index.local.failures import asking
from nrqa.index.local.snapshot import LocalSnapshot
from nrqa.index.snapshot import Snapshot

if TYPE_CHECKING:
    from nrqa.index.local.builder import Builder


@dataclass(frozen=True, slots=True)
class Folder:
    """See ``Generations``, which it implements."""

    beside: Path

    def __str__(self) -> str:
        return str(self.beside)

    @property
    def encoder(self) -> None:
        """It brings none."""
        return

    def newest_number(self) -> int | None:
        """The highest number."""
        return generation.newest(self.beside)

    def identity(self, number: int | None = None) -> Hashable | None:
        """The number, and what the file system knows the manifest by; None where the generation was swept."""
        its = generation.newest(self.beside) if number is None else number
        try:
            return None if its is None else generation.identity(self.beside, its)
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

    def newest_content(self) -> Any:
        """The JSON of the newest manifest, unchecked; None where it cannot be read."""
        try:
            number = generation.newest(self.beside)
            if number is None:
                return None
            return json.loads((generation.folder_of(self.beside, number) / generation.MANIFEST).read_bytes())
        except (OSError, ValueError, RecursionError):
            return None

    def damage(self) -> Iterator[tuple[str, str]]:
        """The damaged files of the newest generation; one that is swept meanwhile is gone, not damaged."""
        while (number := generation.newest(self.beside)) is not None:
            place = generation.folder_of(self.beside, number)
            damaged = [*generation.damaged_files(place)]
            if not damaged or place.exists():
                yield from damaged
                return

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Holds the folder's lock."""
        from nrqa.index.local.failures import writing

        with writing(self.beside), generation.writing(self.beside):
            yield

    def builder(self, previous: Snapshot | None, vectors: Snapshot | None, *, dimensions: int) -> Builder:
        """A builder that writes to a draft folder beside the generations."""
        from nrqa.index.local.builder import Builder  # not needed for a question

        before, known = cast("LocalSnapshot | None", previous), cast("LocalSnapshot | None", vectors)
        return Builder(self.beside, before, known, dimensions=dimensions)
