"""Collects the changes that matter to a corpus, until it is time to look at the corpus again."""

from __future__ import annotations

import errno
import math
import os
import time
from collections.abc import Callable, Collection, Sequence
from pathlib import Path, PurePath
from threading import Condition
from typing import Self

from nrqa.corpus.files.ignoring import IGNORE_FILE, left_behind
from nrqa.indexing.watching.debouncing import Debouncing
from nrqa.indexing.watching.file_events import Listener, watches_left

_LOOK = 1.0
"""Seconds between looks at the few paths for which the system does not report that they come or go."""
_POLL = 5.0
"""Seconds between looks at the whole corpus, if the system cannot report its changes."""

_Identity = tuple[int, ...] | None


class RelevantChanges:
    """Changes in the roots of a corpus, except those inside the index. To be used in a ``with`` statement.

    With ``poll``, the folders are looked at every ``poll`` seconds, instead of asking the system to report changes.
    """

    def __init__(
        self, roots: Sequence[Path], index: Path, *, poll: float | None = None, announce: Callable[[str], None]
    ) -> None:
        """Listening begins only with the ``with`` statement."""
        self._roots = tuple(roots)
        self._index = frozenset({str(index.resolve())})
        self._left_out = self._index
        self._mounts: tuple[Path, ...] = ()
        self._poll = poll
        self._say = announce
        self._seen: dict[Path, _Identity] = {}
        self._gathering = Debouncing()
        self._told = Condition()
        self._listener: Listener | None = None

    def __enter__(self) -> Self:
        """Begin to listen."""
        self._seen = self._identities()
        self._listen()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop listening."""
        self._stop()

    def leave_out(self, paths: Collection[Path], mounts: Collection[Path]) -> None:
        """From now on ignore changes at or below ``paths``, and notice when one of ``mounts`` comes or goes."""
        self._left_out = self._index | {str(path) for path in paths if path.name != IGNORE_FILE}
        self._mounts = tuple(mounts)
        self._seen = {path: self._seen.get(path, now) for path, now in self._identities().items()}
        if self._poll is None and not watches_left():
            self._fall_back()

    def wait(self, longest: float = math.inf) -> frozenset[Path]:
        """Sleep until something has changed and is quiet again, or for ``longest`` seconds.

        Returns the files that are still being written.
        """
        until = time.monotonic() + longest
        while True:
            self._look()
            with self._told:
                now = time.monotonic()
                due = min(self._gathering.due(now), until - now)
                if due <= 0:
                    return frozenset(map(Path, self._gathering.take(now)))
                self._told.wait(min(due, _LOOK))

    def _hear(self, path: str, unclosed: bool = False) -> None:  # noqa: FBT001, FBT002 - the listener's call
        """Record a change of a path."""
        if not self._matters(path):
            return
        with self._told:
            if not self._gathering:  # else ``wait`` is awake or will wake in time: many changes need not wake it each
                self._told.notify()
            self._gathering.note(path, time.monotonic(), unclosed=unclosed)

    def _matters(self, path: str) -> bool:
        """Whether a change of that path may change the index."""
        roots = (str(one).rstrip(os.sep) for one in self._roots)  # only a file system's root ends in a separator
        root = next((one for one in roots if f"{path}{os.sep}".startswith(f"{one}{os.sep}")), None)
        if root is None:
            return False
        place = Path(f"{root}{os.sep}")
        for name in PurePath(path[len(root) + 1 :]).parts:
            place /= name
            if str(place) in self._left_out or (name.startswith(".") and name != IGNORE_FILE) or left_behind(name):
                return False
        return True

    def _all(self) -> None:
        for root in self._roots:
            self._hear(str(root))

    def _look(self) -> None:
        """Look for changes that the system does not report: of single files, and roots and mounts that come and go."""
        now = self._identities()
        changed = [path for path, one in now.items() if one != self._seen.get(path)]
        self._seen = now
        # With os.path, not pathlib: for an unreachable network file system pathlib would raise the system's error.
        deaf = self._listener is None
        if deaf or any(path in self._mounts or not os.path.isfile(path) for path in changed):  # noqa: PTH113
            self._stop()
            self._listen()
        if deaf and self._listener is not None:
            self._all()  # something may have changed meanwhile
        for path in changed:
            self._hear(str(path))

    def _identities(self) -> dict[Path, _Identity]:
        return {path: _identity(path) for path in (*self._roots, *self._mounts)}

    def _listen(self) -> None:
        """Begin to listen; if that fails because a folder is not there, the next ``_look`` tries again."""
        folders = [root for root in self._roots if os.path.isdir(root)]  # noqa: PTH112 - as in _look
        try:
            self._listener = Listener(folders, self._hear, self._all, self._poll)
        except OSError as error:
            if self._poll is None and error.errno in (errno.ENOSPC, errno.EMFILE):
                self._fall_back()

    def _fall_back(self) -> None:
        self._say(
            f"The system's limit of watched folders is reached, so the corpus is looked at every {_POLL:g} seconds "
            "instead. Raise it, and run again: "
            "sudo sysctl fs.inotify.max_user_watches=1048576 fs.inotify.max_user_instances=1024"
        )
        self._poll = _POLL
        self._stop()
        self._listen()

    def _stop(self) -> None:
        if self._listener is not None:
            self._listener.stop()
            self._listener = None


def _identity(path: Path) -> _Identity:
    """Numbers that differ if a folder was replaced by another, or a file was written; None where nothing is there."""
    try:
        status = path.stat()
        if path.is_dir():
            return status.st_dev, status.st_ino
    except OSError:
        return None
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
