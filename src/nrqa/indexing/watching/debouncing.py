"""Debounces changes: decides when those that came one by one are to be indexed together."""

from __future__ import annotations

import math

QUIET = 0.25
"""Seconds that must have passed since a file's last change: editors and copying write in steps closer together."""
UNCLOSED = 1.0
"""The same if the system says that the writer still has the file open."""
GATHERING = 1.0
"""Seconds for which files that are ready wait for others that are changing."""
LONGEST = 30.0
"""Seconds after which a file that is written to all the time is indexed as it is."""


class Debouncing:
    """Changed paths, each with the times of its first and last change, in seconds of one clock."""

    def __init__(self) -> None:
        """Nothing has changed yet."""
        self._changed: dict[str, tuple[float, float, bool]] = {}

    def __bool__(self) -> bool:
        return bool(self._changed)

    def note(self, path: str, now: float, *, unclosed: bool = False) -> None:
        """Record a change of a path; ``unclosed`` says that it was written to and is still open."""
        first = self._changed[path][0] if path in self._changed else now
        self._changed[path] = (first, now, unclosed)

    def due(self, now: float) -> float:
        """Seconds until it is time to take what has changed: 0 for now, infinity where nothing has changed."""
        if not self._changed:
            return math.inf
        ready = {path: self._ready(path) for path in self._changed}
        first = min(ready.values())
        if first > now:
            return first - now
        # Paths that began to change recently will soon be ready, so wait for them; not for those that never stop.
        coming = [when for path, when in ready.items() if when > now and now - self._changed[path][0] < GATHERING]
        return max(0.0, min(max(coming), first + GATHERING) - now) if coming else 0.0

    def take(self, now: float) -> frozenset[str]:
        """Forget the changes that are ready, and return the other paths, which are still being written."""
        self._changed = {path: one for path, one in self._changed.items() if self._ready(path) > now}
        return frozenset(self._changed)

    def _ready(self, path: str) -> float:
        first, last, unclosed = self._changed[path]
        return min(last + (UNCLOSED if unclosed else QUIET), first + LONGEST)
