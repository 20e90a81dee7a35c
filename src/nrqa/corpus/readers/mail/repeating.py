"""Whether quoted words stand somewhere else in the same file."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

_WORD = re.compile(r"\w+")
_RUN = 5
"""Words that stand together: five are hardly ever the same by chance."""
_MOST_NEW = 0.2
"""Share of a repeated text that may be new: lines are cut, and addresses made to links, on the way."""


class Heard:
    """The words that were read so far, in runs of five."""

    def __init__(self) -> None:
        self._runs: set[int] = set()

    def add(self, text: str) -> None:
        """Remember a text."""
        self._runs.update(_runs(text))

    def share(self, text: str) -> float:
        """How much of a text was heard before."""
        runs = list(_runs(text))
        return sum(run in self._runs for run in runs) / len(runs) if runs else 0.0

    def has(self, text: str) -> bool:
        """Whether a text is nothing new."""
        return self.share(text) >= 1 - _MOST_NEW


def _runs(text: str) -> Iterator[int]:
    words = [word.casefold() for word in _WORD.findall(text)]
    if not words:
        return
    for at in range(max(1, len(words) - _RUN + 1)):
        yield zlib.crc32(" ".join(words[at : at + _RUN]).encode("utf-8", "replace"))
