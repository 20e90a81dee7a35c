"""Receives what the system reports of changes below folders; the only module that uses watchdog."""

from __future__ import annotations

import ctypes
import errno
import logging
import os
import sys
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

from watchdog import events
from watchdog.observers import Observer
from watchdog.observers.polling import PollingObserver

Hear = Callable[[str, bool], None]
"""Called, in a thread of its own, with a path, and whether it was written to and may still be open."""

_TOLD: list[type[events.FileSystemEvent]] = [
    events.FileCreatedEvent, events.FileModifiedEvent, events.FileAttribEvent, events.FileMovedEvent,
    events.FileDeletedEvent, events.FileClosedEvent,
    events.DirCreatedEvent, events.DirAttribEvent, events.DirMovedEvent, events.DirDeletedEvent,
]  # fmt: skip
"""All events except those that reading causes, and those of a folder that only tell of a change inside it."""
_IN_DELETE_SELF = 0x400


_RENAMED = "Callback with id .* already exists"
"""A warning that watchdog gives in its own thread when a folder is created, renamed and created again, as happens with
every generation of an index inside a corpus. No event is lost."""


class Listener:
    """Listens to changes below folders, or looks for them every ``poll`` seconds."""

    def __init__(self, folders: Sequence[Path], hear: Hear, lost: Callable[[], None], poll: float | None) -> None:
        """Begin to listen. OSError (ENOSPC, EMFILE) where the system cannot watch so many folders.

        ``lost`` is called when changes may have happened that were not reported.
        """
        self._lost = _Lost(lost)
        logging.getLogger("watchdog").addHandler(self._lost)
        warnings.filterwarnings("ignore", _RENAMED, RuntimeWarning, r"watchdog\.")
        self._observer = Observer() if poll is None else PollingObserver(timeout=poll)
        closes = poll is None and sys.platform == "linux"
        try:
            self._observer.start()
            for folder in folders:
                self._observer.schedule(_Handler(hear, closes=closes), str(folder), recursive=True, event_filter=_TOLD)
            if poll is None:
                _check_limit()
        except OSError:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop listening."""
        self._observer.stop()
        self._observer.join()
        logging.getLogger("watchdog").removeHandler(self._lost)


class _Handler(events.FileSystemEventHandler):
    def __init__(self, hear: Hear, *, closes: bool) -> None:
        self._hear, self._closes = hear, closes

    def on_any_event(self, event: events.FileSystemEvent) -> None:
        for path in (event.src_path, event.dest_path):
            if path:
                self._hear(os.fsdecode(path), self._closes and event.event_type == events.EVENT_TYPE_MODIFIED)


class _Lost(logging.Handler):
    """Calls ``lost`` when watchdog says in its log that events were lost."""

    def __init__(self, lost: Callable[[], None]) -> None:
        super().__init__(logging.WARNING)
        self._tell = lost

    def emit(self, record: logging.LogRecord) -> None:  # noqa: ARG002 - whatever it says
        self._tell()


def _check_limit() -> None:
    if not watches_left():
        raise OSError(errno.ENOSPC, "no more folders can be watched")


def watches_left() -> bool:
    """Whether the system would watch one more folder; True where it does not say.

    This must be checked, because watchdog silently does not watch the folders beyond the system's limit.
    """
    if sys.platform != "linux":
        return True
    libc = ctypes.CDLL(None, use_errno=True)
    handle = libc.inotify_init1(os.O_CLOEXEC)
    if handle < 0:
        return True
    try:
        watched = libc.inotify_add_watch(handle, b"/", _IN_DELETE_SELF) >= 0
        return watched or ctypes.get_errno() != errno.ENOSPC
    finally:
        os.close(handle)
