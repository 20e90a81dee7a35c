"""A bundle as a place of generations: it holds one, and is read from where it was unpacked to."""

from __future__ import annotations

import shlex
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

from nrqa.errors import IndexDamagedError, IndexUnusableError
from nrqa.index.local.folder import Folder
from nrqa.index.local.snapshot import LocalSnapshot
from nrqa.index.packed.listing import ENCODER, INDEX
from nrqa.index.packed.reading import compare, root_at
from nrqa.index.packed.unpacked import unpacked
from nrqa.index.snapshot import Snapshot


class Bundle:
    """See ``Generations``, which it implements. A file that takes the place of this one is followed."""

    def __init__(self, file: Path) -> None:
        """``file`` is the bundle."""
        self.file = file

    def __str__(self) -> str:
        return str(self.file)

    @property
    def beside(self) -> Path:
        """The index folder among what was unpacked."""
        return unpacked(self.file) / INDEX

    @property
    def encoder(self) -> Path | None:
        """The converted encoder among what was unpacked."""
        folder = unpacked(self.file) / ENCODER
        return folder if folder.is_dir() else None

    def newest_number(self) -> int | None:
        """The number of the generation in it."""
        return self._folder.newest_number()

    def identity(self, number: int | None = None) -> Hashable | None:
        """The number, and the root of the bundle's hash tree."""
        return self.newest_number() if number is None else number, root_at(self.file)

    def newest(self) -> LocalSnapshot:
        """The generation in it, opened."""
        with self._copied():
            return self._folder.newest()

    def at(self, number: int) -> LocalSnapshot:
        """The same, if it has that number."""
        return self._folder.at(number)

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Tells an error that a damaged file leads to as damage."""
        with self._copied(), self._folder.asking():
            yield

    def newest_content(self) -> Any:
        """The JSON of its manifest."""
        return self._folder.newest_content()

    def damage(self) -> Iterator[tuple[str, str]]:
        """What is not as it was: the bundle itself, though the copy in the cache answers, and files of that copy."""
        try:
            compare(self.file)
        except IndexDamagedError as error:
            yield self.file.name, str(error)
        yield from self._folder.damage()

    def writing(self) -> NoReturn:
        """Nobody writes to it."""
        raise IndexUnusableError(
            f"Nothing is written to a packed index. Make a folder of it: nrqa unpack '{self.file}' FOLDER"
        )

    def builder(self, previous: Snapshot | None, vectors: Snapshot | None, *, dimensions: int) -> NoReturn:  # noqa: ARG002 - as the protocol has it
        """Nobody continues it."""
        self.writing()

    @contextmanager
    def _copied(self) -> Iterator[None]:
        """Damage is that of the copy in the cache, which the bundle mends."""
        try:
            yield
        except IndexDamagedError as error:
            copy = shlex.quote(str(self.beside.parent))
            raise IndexDamagedError(
                f"{str(error).partition('. ')[0]}. It is a copy of '{self.file}'; delete it, and the next question "
                f"makes it again: rm -r {copy}"
            ) from error

    @property
    def _folder(self) -> Folder:
        return Folder(self.beside)
