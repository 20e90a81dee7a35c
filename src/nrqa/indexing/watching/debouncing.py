"""When changes that come one by one are many enough, and quiet enough, to be indexed together."""

from __future__ import annotations

import math

QUIET = 0.25
"""Seconds for which a file must have been left alone: editors and copies write in steps that are nearer together."""
UNCLOSED = 1.0
"""The same where the system says that whoever wrote it still has it open."""
GATHERING = 1.0
"""Seconds for which what is ready waits for what else is coming."""
LONGEST = 30.0
"""Seconds after which a file that is written to all the time is taken as it is."""


class Debouncing:
    """Changed places, each with when it first and last changed; times are in seconds of one clock."""

    def __init__(self) -> None:
        """Nothing has changed yet."""
        self._changed: dict[str, tuple[float, float, bool]] = {}

    def __bool__(self) -> bool:
        return bool(self._changed)

    def note(self, path: str, now: float, *, unclosed: bool = False) -> None:
        """Something has happened to a path; ``unclosed``, it was written to and is still open."""
        first = self._changed[path][0] if path in self._changed else now
        self._changed[path] = (first, now, unclosed)

    def due(self, now: float) -> float:
        """In how many seconds it is time to take what has changed: 0 for now, infinity where nothing has changed."""
        if not self._changed:
            return math.inf
        ready = {path: self._ready(path) for path in self._changed}
        first = min(ready.values())
        if first > now:
            return first - now
        # What has only begun to change will soon be ready as well; what changes all the time is not waited for.
        coming = [when for path, when in ready.items() if when > now and now - self._changed[path][0] < GATHERING]
        return max(0.0, min(max(coming), first + GATHERING) - now) if coming else 0.0

    def take(self, now: float) -> frozenset[str]:
        """Forget the changes that are ready; the paths that are not, which are still being written, are returned."""
        self._changed = {path: one for path, one in self._changed.items() if self._ready(path) > now}
        return frozenset(self._changed)

    def _ready(self, path: str) -> float:
        first, last, unclosed = self._changed[path]
        return min(last + (UNCLOSED if unclosed else QUIET), first + LONGEST)
