"""The documents of an index, each read once and kept for as long as people are likely to read on."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from nrqa.index.rows import Stored
from nrqa.index.snapshot import Snapshot
from nrqa.server.problems import Problem

_KEPT = 8
"""Documents in memory: whoever reads goes from hit to hit, mostly among few documents."""
_LARGEST = 4_000_000
"""Characters of a document that is kept; a larger one is read again each time."""


@dataclass(frozen=True, slots=True)
class Text:
    """A document's text with its passages; ``pages`` are the number, start and end of each page with known words."""

    name: str
    text: str
    passages: tuple[Stored, ...]
    pages: tuple[tuple[int, int, int], ...]


class Documents:
    """The documents that were read last."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[int, str], Text] = OrderedDict()
        self._lock = Lock()

    def read(self, name: str, snapshot: Snapshot) -> Text:
        """The document of that name. Raises Problem where there is none."""
        key = (snapshot.manifest.generation, name)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        found = snapshot.document_named(name)
        if found is None:
            raise Problem(404, "There is no such document in the index. /documents lists those that there are.")
        text, passages = found
        read = Text(name, text, tuple(passages), tuple(snapshot.page_spans(name)))
        if len(text) <= _LARGEST:
            with self._lock:
                self._kept[key] = read
                while len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
        return read
