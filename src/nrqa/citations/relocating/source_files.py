"""The sources of a corpus as they are now, read when they are asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from nrqa.citations.relocating.source import Source
from nrqa.corpus.files.listing import list_corpus, read_source
from nrqa.corpus.files.roots import Corpus
from nrqa.corpus.worker.isolation import ReadDocument
from nrqa.errors import UnreadableError
from nrqa.records import Skipped

_KEPT = 50_000_000
"""Characters of sources that are kept in memory; further sources are read again for each pass."""


class SourceFiles:
    """The documents of a corpus, read by ``read``; they are kept in memory up to a limit."""

    def __init__(self, corpus: Corpus, index: Path, citing: Collection[Path], read: ReadDocument) -> None:
        self._read = read
        listing = list_corpus(corpus, index=index if index.exists() else None)
        self._sources = {source.name: source for source in listing.sources}
        # A file that is being verified is no source of its own quotations, even if it is in the corpus.
        self._citing = {name for name, source in self._sources.items() if source.path.resolve() in citing}
        self._unreadable = {one.document: one for one in listing.unreadable}
        self._empty: set[str] = set()
        self._kept: dict[str, Source] = {}
        self._room = _KEPT
        self.corpus = corpus

    @property
    def names(self) -> frozenset[str]:
        """The names of all documents."""
        return frozenset(self._sources)

    def unreadable(self) -> tuple[Skipped, ...]:
        """The files that could not be read, and why."""
        return tuple(self._unreadable[name] for name in sorted(self._unreadable))

    def reason(self, name: str) -> str:
        """Why the content of a document is not known; "" where it can be read, is empty, or is not there."""
        skipped = self._unreadable.get(name)
        return skipped.reason if skipped and name not in self._empty else ""

    def document(self, name: str) -> Source | None:
        """The document of this name; None where there is none that can be read."""
        if name in self._kept:
            return self._kept[name]
        if name not in self._sources or name in self._unreadable:
            return None
        data = None
        try:
            data, _ = read_source(self._sources[name])
            source = Source(*self._read(name, data))
        except UnreadableError as error:
            self._unreadable[name] = Skipped(name, str(error))
            if data is not None and not data.strip():
                self._empty.add(name)
            return None
        if len(source.document.text) <= self._room:
            self._room -= len(source.document.text)
            self._kept[name] = source
        return source

    def documents(self) -> Iterator[Source]:
        """All documents that a passage may have moved to, in order of name."""
        for name in sorted(set(self._sources) - self._citing):
            source = self.document(name)
            if source:
                yield source
