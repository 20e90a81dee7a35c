"""What is done where something takes too long."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Lock, Thread
from typing import Self

_LOOK = 0.1
"""Seconds between two looks at the clock."""


class Deadline:
    """Watches the clock over one thing after another, until the ``with`` block ends.

    One thread does so for all of them: a timer for each is a new thread each time, a tenth of reading short files.
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
        """``late`` is called, in another thread, where this block takes longer; never once it has ended.

        An OSError that it raises is let go.
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
                    with suppress(OSError):  # Windows refuses to end a process that is about to end
                        late()
