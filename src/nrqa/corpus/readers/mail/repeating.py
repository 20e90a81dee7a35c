"""Whether quoted words stand somewhere else in the same file."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

_WORD = re.compile(r"\w+")
_RUN = 5
"""Number of consecutive words that are compared: five are hardly ever the same by chance."""
_MOST_NEW = 0.2
"""Largest share of a repeated text that may be new: mail programs cut lines and turn addresses into links."""


class SeenWords:
    """The words that were read so far, in runs of five."""

    def __init__(self) -> None:
        self._runs: set[int] = set()

    def add(self, text: str) -> None:
        """Remember a text."""
        self._runs.update(_runs(text))

    def share(self, text: str) -> float:
        """The share of a text, from 0 to 1, that was added before."""
        runs = list(_runs(text))
        return sum(run in self._runs for run in runs) / len(runs) if runs else 0.0

    def has(self, text: str) -> bool:
        """Whether a text contains nothing new, apart from a small share."""
        return self.share(text) >= 1 - _MOST_NEW


def _runs(text: str) -> Iterator[int]:
    words = [word.casefold() for word in _WORD.findall(text)]
    if not words:
        return
    for at in range(max(1, len(words) - _RUN + 1)):
        yield zlib.crc32(" ".join(words[at : at + _RUN]).encode("utf-8", "replace"))
