"""What has happened to the corpus since the index was built, by looking at names and stamps."""

from __future__ import annotations

import hashlib
from pathlib import Path

from nrqa.catalog import Known
from nrqa.corpus.listing import Source, list_corpus, read_source
from nrqa.errors import CorpusError, UnreadableError
from nrqa.index.layout import Manifest
from nrqa.records import Skipped

_MOST_HASHED = 32 * 1024 * 1024
"""Bytes read at most to tell a file that was only touched from one that was changed."""


def corpus_of(manifest: Manifest, index: Path) -> Path | None:
    """Where the corpus is now: beside the index as it was, else at its old absolute path, else None."""
    for place in (index / manifest.corpus_beside, Path(manifest.corpus)):
        if place.is_dir():
            return place.resolve()
    return None


def stale_files(manifest: Manifest, known: dict[str, Known], corpus: Path, index: Path) -> tuple[Skipped, ...]:
    """The files that were added, changed or removed since; () where the corpus cannot be looked at."""
    try:
        listing = list_corpus(corpus, index=index)
    except CorpusError:
        return ()
    unreadable = {one.document for one in manifest.unreadable}
    stale: list[Skipped] = []
    budget = _MOST_HASHED
    for source in listing.sources:
        before = known.get(source.name)
        if before is None:
            if source.name not in unreadable:
                stale.append(Skipped(source.name, "added since the index was built"))
            elif max(source.stamp.modified_ns, source.stamp.changed_ns) >= manifest.read_ns:
                stale.append(Skipped(source.name, "changed since the index was built"))
        elif not _same_stamp(before, source):
            budget -= source.stamp.size
            if source.stamp.size != before.size or budget < 0 or not _same_bytes(before, source):
                stale.append(Skipped(source.name, "changed since the index was built"))
    present = {source.name for source in listing.sources}
    skipped = {one.document for one in listing.unreadable}
    stale.extend(
        Skipped(name, "not readable any more" if name in skipped else "removed since the index was built")
        for name in known
        if name not in present
    )
    stale.extend(
        Skipped(one.document, f"added since the index was built; {one.reason}")
        for one in listing.unreadable
        if one.document not in unreadable and one.document not in known
    )
    return tuple(sorted(stale, key=lambda one: one.document))


def _same_stamp(before: Known, source: Source) -> bool:
    now = source.stamp
    return (before.size, before.modified_ns, before.changed_ns) == (now.size, now.modified_ns, now.changed_ns)


def _same_bytes(before: Known, source: Source) -> bool:
    try:
        data, _ = read_source(source)
    except UnreadableError:
        return False
    return hashlib.sha256(data).hexdigest() == before.sha256
