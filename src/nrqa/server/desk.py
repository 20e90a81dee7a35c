"""The index of a server, opened once and kept warm, and the threads in which it answers."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

import anyio
import anyio.to_thread

from nrqa.answering.asking import Index
from nrqa.index.snapshot import Snapshot
from nrqa.server.reader.documents import Documents
from nrqa.server.reader.pages import Pages
from nrqa.service.objects import answer_with_citations

Result = TypeVar("Result")
_THREADS = max(2, os.cpu_count() or 2)
"""Questions at once in one process: more threads than processors only wait for each other, and each holds memory."""


class Desk:
    """One index folder, kept open; it follows new generations by itself. Threads may share it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._index: Index | None = None
        self._opening = Lock()
        self._threads: anyio.CapacityLimiter | None = None
        self.documents = Documents()
        self.pages = Pages()
        self.is_warm = False

    @property
    def index(self) -> Index:
        """The index, opened now where it was not yet. Raises IndexUnusableError where it cannot be."""
        with self._opening:
            if self._index is None:
                self._index = Index.open(self.folder)
            return self._index

    def opened(self, index: Index) -> None:
        """Serve this index, which is open already."""
        self._index = index

    @property
    def snapshot(self) -> Snapshot:
        """The newest published generation."""
        return self.index.snapshot

    @property
    def generation(self) -> int:
        """The number of the newest published generation."""
        return self.snapshot.manifest.generation

    def search(self, question: str, **options: Any) -> dict[str, Any]:
        """An answer as ``nrqa query --json --cite`` prints it."""
        return answer_with_citations(self.index.ask(question, **options), self.snapshot)

    def warm(self) -> None:
        """Open the index and the encoder, so that the first question need not wait for them."""
        self.index.ask("warm")
        _ = self.snapshot.facets
        self.is_warm = True
        if any(name.lower().endswith(".pdf") for name in self.snapshot.known):
            self.pages.warm()

    def close(self) -> None:
        """End what was started."""
        self.pages.close()

    async def do(self, work: Callable[..., Result], *args: Any, **options: Any) -> Result:
        """The result of work that takes longer than a moment, done in a thread; as many at once as processors."""
        if self._threads is None:
            self._threads = anyio.CapacityLimiter(_THREADS)
        return await anyio.to_thread.run_sync(partial(work, *args, **options), limiter=self._threads)
