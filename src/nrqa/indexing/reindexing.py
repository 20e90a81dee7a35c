"""The verb ``reindex``: bring the index up to date with the corpus, embedding only text that is new."""

from __future__ import annotations

import hashlib
import os
import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from nrqa.corpus.files.listing import Listing, Source, list_corpus, read_source
from nrqa.corpus.files.roots import Corpus, Root, corpus_at
from nrqa.corpus.files.selecting import Selection, changed
from nrqa.corpus.readers.reading import Columns
from nrqa.corpus.readers.tables.columns import checked
from nrqa.corpus.shaping import Settings
from nrqa.corpus.worker.isolation import reading
from nrqa.corpus.worker.ocr.tesseract import version_for, written_languages
from nrqa.encoder.opening import open_for_indexing
from nrqa.errors import CorpusError, UnreadableError
from nrqa.given import given_path, given_paths, given_texts
from nrqa.index import merkle
from nrqa.index.freshness import is_unchanged, place_of, was_touched, within
from nrqa.index.generations import Builder, Generations
from nrqa.index.legibility import REMEDY, unread_documents
from nrqa.index.manifest import Manifest, RecordedRoot
from nrqa.index.opening import generations_at, refuse_packed
from nrqa.index.recorded import Recorded, recorded, recorded_columns, recorded_ocr
from nrqa.index.rows import Known
from nrqa.indexing.checkpoint import clear
from nrqa.indexing.drafted_files import conditions, found_or_drafted
from nrqa.indexing.drafting import Drafted, DraftFile, drafting
from nrqa.indexing.early_encoding import EarlyEncoding
from nrqa.indexing.embedding import Progress, embed
from nrqa.indexing.legibility import Legibility
from nrqa.indexing.planning import (
    Plan,
    is_beside,
    kept_away,
    make_plan,
    mounts_in,
    nothing_left,
    previous,
    recorded_roots,
    refuse_loss,
    refuse_misplaced,
)
from nrqa.indexing.saved_terms import found_or_made
from nrqa.indexing.shards.choosing import spread_over
from nrqa.indexing.shards.spreading import Encoding, Spread, encode_ahead
from nrqa.records import IndexReport, Skipped, Stamp
from nrqa.settings import DEFAULT_INDEX, DEFAULT_MODEL, VERSION
from nrqa.signals import fusion
from nrqa.text.lines import line_number, line_starts

if TYPE_CHECKING:
    from nrqa.encoder.protocol import Encoder

Announce = Callable[[str], None]
Place = str | os.PathLike[str]


@dataclass(slots=True)
class _Tally:
    added: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0
    embedded: int = 0
    touched: bool = False
    """Whether a file that still cannot be read was written to since the last build."""
    unread: Counter[str] = field(default_factory=Counter)
    """How many documents are in each script that the encoder does not read."""
    stamps: dict[str, Stamp] = field(default_factory=dict)
    """New stamps of documents, by number, whose files were touched but not changed."""
    hashes: dict[str, str] = field(default_factory=dict)
    """SHA-256 of the sources of all documents in the index, by name."""

    def stays(self, known: Known) -> None:
        """Count what is known of a document that stays in the index as it is."""
        self.hashes[known.name] = known.sha256
        if known.unread:
            self.unread[known.unread] += 1


def reindex(  # noqa: PLR0913 - an option is a parameter
    corpus: Place | Sequence[Place],
    index: str | os.PathLike[str] = DEFAULT_INDEX,
    *,
    model: str | None = None,
    rebuild: bool = False,
    allow_empty: bool = False,
    offline: bool = False,
    announce: Announce | None = None,
    progress: Progress | None = None,
    encoder: Encoder | None = None,
    columns: Columns | None = None,
    ocr: str | None = None,
    include: Sequence[str] | None = None,
    exclude: Sequence[str] | None = None,
    max_file_size: str | int | None = None,
    replace: bool = False,
    unfinished: Collection[Path] = (),
    processes: int | None = None,
    ray: str | None = None,
    spread: Spread | None = None,
) -> IndexReport:
    """Build the index of a corpus, or bring it up to date, and report what changed.

    The corpus is a folder, a file, or a list of folders and files. With a list, the names of documents begin with the
    name of their folder.

    Only passages with new text are embedded. The published index answers until the new one is complete. If this call
    dies, the next one uses what was embedded so far. ``model`` is a sentence-transformers name or folder (default: the
    model of the index, else all-MiniLM-L6-v2); ``encoder`` takes its place. ``rebuild`` starts from nothing.

    ``columns`` says what columns of tables hold, such as ``{"text": ["body"], "title": ["headline"]}``. ``ocr`` is the
    languages in which the system's tesseract recognises scans, such as "eng+deu"; "none" turns it off. ``include`` and
    ``exclude`` are globs over documents' names in the syntax of ``.gitignore``. ``max_file_size`` is a number of bytes,
    or a text such as "20MB". The default of these five is what earlier calls have set for the index; an empty list of
    globs, and the size "none", reset it.

    ``processes`` is how many processes of this machine read and encode new documents, ``ray`` the address of a Ray
    cluster whose machines do ("auto": the one that this machine belongs to), ``spread`` a function of yours for another
    engine (docs/many-machines.md). The corpus must be at the same path there.

    ``unfinished`` are files that are still being written: the index keeps its version of them, or stays without them.
    Documents of a mount in the corpus that is not mounted now stay in the index, unless ``allow_empty``.
    A corpus without any readable document is refused unless ``allow_empty``. A corpus that leaves out something that
    the index was built from is refused unless ``replace``.

    Raises CorpusError, IndexBusyError, IndexUnusableError, EncoderError or OfflineError.
    """
    began = time.monotonic()
    say, show = announce or (lambda _: None), progress or (lambda *_: None)
    index = given_path(index, "index")
    refuse_packed(index, "Nothing is indexed")
    spread = spread_over(processes=processes, ray=ray, spread=spread)
    include, exclude = given_texts(include, "include", CorpusError), given_texts(exclude, "exclude", CorpusError)
    place = generations_at(index)
    address, index = index, place.beside
    before = place.newest_content()
    languages = recorded_ocr(before) if ocr is None else written_languages(ocr)
    if languages:
        version_for(languages)  # found out now, not at the first scan
    selection = changed(_selection_of(recorded(before)), include=include, exclude=exclude, max_file_size=max_file_size)
    whole = _corpus_of(corpus, index, recorded(before), selection)
    refuse_misplaced(whole, index)
    with place.writing():
        read_ns = time.time_ns()
        show("looking at the corpus", 0, 1)
        listing = list_corpus(whole, index=index)
        show("looking at the corpus", 1, 1)
        notices: list[str] = []
        old = None if rebuild else previous(place, notices)
        refuse_loss(listing, whole, old, index, allow_empty=allow_empty, replace=replace)
        show("loading the encoder", 0, 1)
        using = encoder or encoder_of(index, model, offline=offline, announce=say)
        show("loading the encoder", 1, 1)
        named = recorded_columns(before) if columns is None else checked(columns)
        plan = make_plan(old, using.model, Settings(columns=named, ocr=languages), whole, notices)
        kept = () if allow_empty else kept_away(_roots_of(recorded(before)), listing, plan, index, notices)
        for notice in notices:
            say(notice)
        run = _Run(
            whole, index, place, listing, using, Legibility(using), plan, show, read_ns, allow_empty,
            frozenset(unfinished), kept, tuple(sorted({*mounts_in(listing, whole), *kept})),
            index if address == index else None,
        )  # fmt: skip
        ahead, engine = 0, ""
        if spread is not None:
            where = str(index.absolute() if address == index else address)
            its = Encoding(using, model, plan.settings, plan.vectors, where, index, offline)
            ahead, engine = encode_ahead(run.to_read(), its, spread, show)
        manifest, tally = run.build()
        if (old is None or old.manifest.unread != manifest.unread) and (unread := unread_documents(manifest)):
            notices.append(f"{unread} A model that reads them: {REMEDY}")
            say(notices[-1])
    return IndexReport(
        generation=manifest.generation,
        documents_added=tally.added,
        documents_changed=tally.changed,
        documents_removed=tally.removed,
        documents_unchanged=tally.unchanged,
        documents_unreadable=len(manifest.unreadable),
        passages_total=manifest.passages,
        passages_embedded=ahead + tally.embedded,
        seconds=time.monotonic() - began,
        unreadable=manifest.unreadable,
        excluded=listing.excluded,
        notices=tuple(notices),
        encoded_by=using.engine_name() if tally.embedded else engine,
    )


@dataclass(frozen=True, slots=True)
class _Run:
    corpus: Corpus
    index: Path
    place: Generations
    listing: Listing
    encoder: Encoder
    legibility: Legibility
    plan: Plan
    progress: Progress
    read_ns: int
    allow_empty: bool
    unfinished: frozenset[Path]
    kept: tuple[str, ...]
    """Folders whose documents stay in the index, although the folders are not mounted now."""
    mounts: tuple[str, ...]
    near: Path | None
    """The index folder, beside which the corpus is found again; None for an index that a server keeps."""

    def build(self) -> tuple[Manifest, _Tally]:
        """Publish the next generation, or leave the present one where nothing changed."""
        tally = _Tally()
        dimensions = self.encoder.model.dimensions
        builder = self.place.builder(self.plan.basis, self.plan.vectors, dimensions=dimensions)
        try:
            settings = self.plan.settings
            ahead = EarlyEncoding(builder, self.plan.vectors, self.encoder, self.index)
            with reading(columns=settings.columns, ocr=settings.ocr) as read, ahead:
                draft = drafting(read, self.encoder, settings, self.legibility)
                if ahead.saved.has_pieces:
                    under = conditions(self.encoder.model, settings)
                    draft = found_or_drafted(ahead.saved.get, under, draft)
                    builder.terms = found_or_made(ahead.saved.get, under, builder.terms)
                unreadable = self._read(draft, builder, ahead, tally)
            if not (tally.added or tally.changed or tally.unchanged or self.allow_empty):
                raise CorpusError(nothing_left(self.corpus, unreadable))
            if self._is_same(tally, unreadable):
                assert self.plan.basis is not None
                clear(self.index)
                return self.plan.basis.manifest, tally
            encoded, trained = embed(builder, self.encoder, self.index, self.progress, ahead.saved)
            tally.embedded = ahead.encoded + encoded
            before = self.plan.vectors
            self.progress("writing the index", 0, 1)
            parts, lexical_dead = builder.finish()
            ahead.saved.close()
            manifest = Manifest(
                corpus=recorded_roots(self.corpus, self.near, self.mounts),
                selection=self.corpus.selection,
                settings=self.plan.settings,
                model=self.encoder.model,
                parts=parts,
                documents=tally.added + tally.changed + tally.unchanged,
                passages=builder.passages_alive(),
                next_row=builder.next_row,
                next_document=builder.next_document,
                lexical_dead=lexical_dead,
                stamps=self._stamps(tally),
                unreadable=unreadable,
                excluded=self.listing.excluded,
                looked_at=self.listing.looked_at,
                corpus_root=merkle.root(tally.hashes.items()),
                read_ns=self.read_ns,
                created=datetime.now(UTC).isoformat(timespec="seconds"),
                version=VERSION,
                fusion=fusion.WEIGHTS,
                unread=dict(tally.unread),
                multilingual=self.legibility.multilingual,
                codebook_passages=(before.manifest.codebook_passages if before else 0) if trained is None else trained,
            )
            number = builder.publish(manifest)
            clear(self.index)
            self.progress("writing the index", 1, 1)
            return replace(manifest, generation=number), tally
        finally:
            builder.abandon()

    def to_read(self) -> list[Source]:
        """The files that are new, or may have changed."""
        return [source for source in self.listing.sources if not self._is_unchanged(source) and not self._waits(source)]

    def _is_unchanged(self, source: Source) -> bool:
        known, basis = self.plan.known.get(source.name), self.plan.basis
        return known is not None and basis is not None and is_unchanged(known, source.stamp, basis.manifest.read_ns)

    def _waits(self, source: Source) -> bool:
        """Whether the file is still being written."""
        return bool(self.unfinished) and source.path in self.unfinished

    def _read(self, draft: DraftFile, builder: Builder, ahead: EarlyEncoding, tally: _Tally) -> tuple[Skipped, ...]:
        """Hand every new or changed document to the builder; returns what could not be read."""
        basis = self.plan.basis
        unreadable = list(self.listing.unreadable)
        gone = dict(self.plan.known)
        for at, source in enumerate(self.listing.sources):
            self.progress("reading", at, len(self.listing.sources))
            known = gone.get(source.name)
            unfinished = self._waits(source)
            if unfinished and not known:
                continue
            if known and basis and (unfinished or self._is_unchanged(source)):
                tally.unchanged += 1
                tally.stays(known)
                del gone[source.name]
                continue
            try:
                data, stamp = read_source(source)
                sha256 = hashlib.sha256(data).hexdigest()
                same = known is not None and known.sha256 == sha256
                drafted = None if same and basis else draft(source.name, data)
            except UnreadableError as error:
                unreadable.append(Skipped(source.name, str(error)))
                tally.touched |= basis is not None and was_touched(source.stamp, basis.manifest.read_ns)
                continue
            gone.pop(source.name, None)
            if drafted is None:
                assert known is not None
                tally.unchanged += 1
                tally.stays(known)
                if known.stamp != stamp:
                    tally.stamps[str(known.number)] = stamp
                continue
            tally.hashes[source.name] = sha256
            tally.unchanged += same
            tally.changed += known is not None and not same
            tally.added += known is None
            if known and basis:
                builder.remove(known.number)
            self._add(builder, ahead, drafted, stamp)
            if drafted.script:
                tally.unread[drafted.script] += 1
        self._remove(gone, builder, tally)
        self.progress("reading", len(self.listing.sources), len(self.listing.sources))
        return tuple(sorted(unreadable, key=lambda one: one.document))

    def _remove(self, gone: Mapping[str, Known], builder: Builder, tally: _Tally) -> None:
        """Remove the documents that are not there any more; those of a mount that is not mounted now stay."""
        for name, known in gone.items():
            if within(self.kept, name):
                tally.unchanged += 1
                tally.stays(known)
                continue
            tally.removed += 1
            if self.plan.basis:
                builder.remove(known.number)

    def _add(self, builder: Builder, ahead: EarlyEncoding, drafted: Drafted, stamp: Stamp) -> None:
        """Give the builder a document."""
        document, drafts = drafted.document, drafted.drafts
        starts = line_starts(document.text)
        lines = [line_number(starts, at) for draft in drafts for at in (draft.start, draft.end - 1)]
        first = builder.next_row
        builder.add(document, stamp, drafts, lines, drafted.script)
        ahead.offer(first, document, drafts)

    def _is_same(self, tally: _Tally, unreadable: tuple[Skipped, ...]) -> bool:
        basis = self.plan.basis
        return (
            basis is not None
            and not (tally.added or tally.changed or tally.removed or tally.touched or tally.stamps)
            and basis.manifest.unreadable == unreadable
            and is_beside(basis.manifest, self.near, self.corpus, self.mounts)
        )

    def _stamps(self, tally: _Tally) -> dict[str, Stamp]:
        """The stamps that replace those in the parts: earlier ones of documents still in the index, and new ones."""
        basis = self.plan.basis
        if basis is None:
            return {}
        present = {str(known.number) for known in basis.known.values()}
        return {**{number: one for number, one in basis.manifest.stamps.items() if number in present}, **tally.stamps}


def encoder_of(index: Path, named: str | None, *, offline: bool, announce: Announce) -> Encoder:
    """The encoder that the user names, else that of the index, even if that is rebuilt or damaged, else the default."""
    found = recorded(generations_at(index).newest_content())
    if named or found is None:
        return open_for_indexing(named or DEFAULT_MODEL, offline=offline, announce=announce)
    return open_for_indexing(found.model, offline=offline, announce=announce, fingerprint=found.fingerprint)


def _roots_of(before: Recorded | None) -> tuple[RecordedRoot, ...]:
    """The roots of the index, even if it is rebuilt."""
    return before.corpus if before else ()


def _selection_of(before: Recorded | None) -> Selection:
    """The selection of the index, even if it is rebuilt."""
    return before.selection if before else Selection()


def _corpus_of(corpus: Place | Sequence[Place], index: Path, before: Recorded | None, selection: Selection) -> Corpus:
    """The corpus at those paths; its roots have the same names as in the index, if that has exactly these roots."""
    paths = given_paths(corpus, "corpus", CorpusError)
    if not paths:
        raise CorpusError("No corpus was named. Name folders or files: nrqa index FOLDER")
    found = corpus_at(paths, selection)
    names = {place_of(one, index): one.name for one in before.corpus} if before else {}
    if names.keys() != {root.path for root in found.roots}:
        return found
    return Corpus(tuple(Root(names[root.path], root.path, root.is_file) for root in found.roots), selection)
