"""An index kept open between requests, for faces that answer many."""

from __future__ import annotations

import os
from pathlib import Path
from threading import Lock, Timer
from typing import TYPE_CHECKING, Any

from nrqa.errors import NrqaError
from nrqa.given import given_path
from nrqa.index.opening import folder_at

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from nrqa.answering.asking import Index


_HELD = 100
_HELD_CHARACTERS = 10_000_000
"""Requests that are remembered, and the characters of their texts: drafts may be long."""


class Desk:
    """Where requests of an index are answered: it opens the index once, keeps it warm, and follows new generations.

    Several threads may use it. Where there is no index yet, or none that can be opened, every request says so, and the
    first one after it was mended opens it.
    """

    def __init__(
        self,
        folder: str | os.PathLike[str],
        *,
        announce: Callable[[str], None] | None = None,
        index: Index | None = None,
    ) -> None:
        """Nothing is opened yet. ``index``: an ``Index`` of this folder that is open already."""
        self.place: Path = given_path(folder, "index")
        self._announce = announce
        self._opening = Lock()
        self._index = index
        self._warm = False
        self._held: dict[str, tuple[str, Mapping[str, Any]]] = {}

    @property
    def index(self) -> Index:
        """The open index. Raises IndexMissingError, or another IndexUnusableError, where it cannot be opened."""
        with self._opening:
            if self._index is None:
                from nrqa.answering.asking import Index

                self._index = Index.open(self.place, announce=self._announce)
            return self._index

    @property
    def given(self) -> Index | Path:
        """What to give to verbs that work without an index, too: the open index, else its place."""
        try:
            return self.index
        except NrqaError:
            return self.place

    @property
    def folder(self) -> Path:
        """The folder of the index on this machine; a packed one is unpacked."""
        return folder_at(self.place)

    @property
    def generation(self) -> int:
        """The number of the generation that answers now."""
        return self.index.snapshot.manifest.generation

    @property
    def is_warm(self) -> bool:
        """Whether index and encoder are open, so that a question is answered at once."""
        return self._warm

    def warm(self) -> None:
        """Open index, vectors and encoder now. Raises what a question would raise."""
        self.index.open_encoder()
        self._warm = True

    def warm_behind(self, after: float = 0.0) -> None:
        """The same in a thread, after so many seconds; what fails is raised by the first question."""
        timer = Timer(after, self._warm_quietly)
        timer.daemon = True
        timer.start()

    def hold(self, mark: str, name: str, request: Mapping[str, Any]) -> None:
        """Remember a request, so that its cursor alone says how it goes on; the oldest are forgotten."""
        with self._opening:
            self._held.pop(mark, None)
            self._held[mark] = name, request
            while len(self._held) > 1 and (
                len(self._held) > _HELD or sum(map(_size, self._held.values())) > _HELD_CHARACTERS
            ):
                del self._held[next(iter(self._held))]

    def held(self, mark: str) -> tuple[str, Mapping[str, Any]] | None:
        """The verb's name and the request with this mark; None where it is not remembered."""
        with self._opening:
            return self._held.get(mark)

    def _warm_quietly(self) -> None:
        try:
            self.warm()
        except NrqaError:
            return


def _size(held: tuple[str, Mapping[str, Any]]) -> int:
    return sum(len(value) for value in held[1].values() if isinstance(value, str))
