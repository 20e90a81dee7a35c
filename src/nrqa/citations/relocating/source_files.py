"""The sources of a corpus as they are now, read when they are asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from nrqa.citations.addresses import addresses_of, bare, file_meant
from nrqa.citations.cited import Cited, folded_words
from nrqa.citations.relocating.source import Source
from nrqa.corpus.files.listing import list_corpus, read_source
from nrqa.corpus.files.roots import Corpus
from nrqa.corpus.worker.isolation import ReadDocument
from nrqa.errors import UnreadableError
from nrqa.index.freshness import place_of, was_touched
from nrqa.index.opening import generations_at
from nrqa.index.recorded import recorded, recorded_unreadable
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
        self._recorded = self._known_by(index, corpus)
        self._empty: set[str] = set()
        self._kept: dict[str, Source] = {}
        self._room = _KEPT
        self._by_address: dict[str, list[str]] | None = None
        self.corpus = corpus

    @property
    def names(self) -> frozenset[str]:
        """The names of all documents."""
        return frozenset(self._sources)

    def unreadable(self) -> tuple[Skipped, ...]:
        """The files that could not be read now, or when the index was built if they are as they were; and why."""
        found = self._recorded | self._unreadable
        return tuple(found[name] for name in sorted(found))

    @property
    def documents_there(self) -> int:
        """How many documents there are, counted as an index would: files that cannot be read are none."""
        return len(self.names - {one.document for one in self.unreadable()})

    def reason(self, name: str) -> str:
        """Why the content of a document is not known; "" where it can be read, is empty, or is not there."""
        skipped = self._unreadable.get(name)
        return skipped.reason if skipped and name not in self._empty else ""

    def addressed(self, cited: Cited) -> str | None:
        """The document that has an address of the citation: as its own URL, or as the path of its file.

        If several have it, one that has the cited words is meant.
        """
        files = [found for one in cited.addresses if (found := file_meant(one, self.names))]
        if files:
            return files[0]
        if self._by_address is None:
            self._by_address = {}
            for one in self.documents():
                for address in addresses_of(one.document):
                    self._by_address.setdefault(address, []).append(one.document.name)
        meant = [name for one in cited.addresses for name in self._by_address.get(bare(one), ())]
        words = folded_words(cited)
        holding = (name for name in meant if (source := self.document(name)) and words in source.folded.text)
        return next(holding, meant[0]) if meant else None

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
        self._recorded.pop(name, None)
        if len(source.document.text) <= self._room:
            self._room -= len(source.document.text)
            self._kept[name] = source
        return source

    def _known_by(self, index: Path, corpus: Corpus) -> dict[str, Skipped]:
        """The files that the index of this corpus could not read, if nobody has written to them since."""
        content = generations_at(index).newest_content()
        before = recorded(content)
        if before is None or {place_of(one, index) for one in before.corpus} != {one.path for one in corpus.roots}:
            return {}
        skipped, read_ns = recorded_unreadable(content)
        known = [(one, self._sources.get(one.document)) for one in skipped]
        return {one.document: one for one, source in known if source and not was_touched(source.stamp, read_ns)}

    def documents(self) -> Iterator[Source]:
        """All documents that a passage may have moved to, in order of name."""
        for name in sorted(set(self._sources) - self._citing):
            source = self.document(name)
            if source:
                yield source
