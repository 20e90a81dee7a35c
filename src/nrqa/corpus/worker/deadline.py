"""Calls a function if a piece of work takes too long."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Lock, Thread
from typing import Self

_LOOK = 0.1
"""Seconds between two looks at the clock."""


class Deadline:
    """A time limit for each of many pieces of work, one after another, until the ``with`` block ends.

    One thread watches the clock for all of them. A timer for each would start a new thread each time, which costs a
    tenth of the time of reading short files.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._due: tuple[float, Callable[[], None]] | None = None
        self._lock = Lock()
        self._over = Event()

    def __enter__(self) -> Self:
        Thread(target=self._watch, name="deadline", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()

    @contextmanager
    def over(self, late: Callable[[], None]) -> Iterator[None]:
        """Calls ``late`` in another thread if this block takes longer than the limit; never after the block has ended.

        An OSError that ``late`` raises is ignored.
        """
        with self._lock:
            self._due = time.monotonic() + self._seconds, late
        try:
            yield
        finally:
            with self._lock:
                self._due = None

    def _watch(self) -> None:
        while not self._over.wait(_LOOK):
            with self._lock:
                if self._due is not None and time.monotonic() >= self._due[0]:
                    late, self._due = self._due[1], None
                    with suppress(OSError):  # Windows refuses to kill a process that is already ending
                        late()
