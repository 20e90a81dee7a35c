"""The desk of a server: the index kept open, what was read and drawn, and threads for all work."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from threading import Thread
from typing import Any, TypeVar

import anyio
import anyio.to_thread

from nrqa.errors import NrqaError
from nrqa.index.snapshot import Snapshot
from nrqa.server.reader.documents import Documents
from nrqa.server.reader.listing import Listing
from nrqa.server.reader.pages import Pages
from nrqa.service.desk import Desk

Result = TypeVar("Result")
_THREADS = max(2, os.cpu_count() or 2)
"""Requests at work at once in one process: more threads than processors only wait for each other, and hold memory."""

_FIRST = "what is this about"
"""Asked before anybody asks: a first question takes three times as long as those after it."""
_QUICKLY_LISTED = 20_000
"""Documents whose list is read beforehand: more take seconds of a processor, and perhaps nobody opens the list."""


class ServerDesk(Desk):
    """The desk where a server's requests are answered; its work is done in threads, which may share it."""

    def __init__(self, *args: Any, **options: Any) -> None:
        """As a ``Desk``."""
        super().__init__(*args, **options)
        self.documents = Documents()
        self.listing = Listing()
        self.listeners = 0
        self.pages = Pages()
        self._threads: anyio.CapacityLimiter | None = None

    @property
    def snapshot(self) -> Snapshot:
        """The newest published generation."""
        return self.index.snapshot

    def warm_all_behind(self, also: Callable[[], None]) -> None:
        """Open in a thread what the first requests need, and do what else they need; what fails, they are told."""
        Thread(target=self._warm_all, args=(also,), name="nrqa-warming", daemon=True).start()

    def close(self) -> None:
        """End what was started."""
        self.pages.close()

    async def do(self, work: Callable[..., Result], *args: Any, **options: Any) -> Result:
        """The result of work that takes longer than a moment, done in a thread; as many at once as processors."""
        if self._threads is None:
            self._threads = anyio.CapacityLimiter(_THREADS)
        return await anyio.to_thread.run_sync(partial(work, *args, **options), limiter=self._threads)

    def _warm_all(self, also: Callable[[], None]) -> None:
        with suppress(NrqaError, OSError, RuntimeError):  # RuntimeError: the server has ended meanwhile
            _ = self.snapshot.facets
            self.listing.folders(self.snapshot)
            also()
            self.index.ask(_FIRST)
            self.warm()
            if len(self.snapshot.known) <= _QUICKLY_LISTED:
                self.listing.lines(self.snapshot)
            if any(name.lower().endswith(".pdf") for name in self.snapshot.known):
                self.pages.warm()
