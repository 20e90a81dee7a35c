"""Finds what has changed in the corpus since the index was built, by comparing names and stamps."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath

from nrqa.corpus.files.listing import Source, list_corpus, read_source
from nrqa.corpus.files.roots import Corpus, Root
from nrqa.errors import CorpusError, UnreadableError
from nrqa.index.manifest import Manifest, RecordedRoot
from nrqa.index.opening import beside, is_packed
from nrqa.index.rows import Known
from nrqa.records import Skipped, Stamp

ADDED = "added since the index was built"
"""How the reason of a file begins that the index has not seen."""
_MOST_HASHED = 32 * 1024 * 1024
"""The most bytes that are read to find out which files were changed and which only touched."""
_RACY_NS = 100_000_000
"""A margin for the clocks of file systems, which tick every 10 ms or faster (except FAT and HFS+)."""


def corpus_of(manifest: Manifest, index: Path) -> Corpus | None:
    """The corpus with those of its roots that exist now; None where none does.

    A root is looked for at its recorded path relative to the index, then at its recorded absolute path.
    """
    roots = [
        Root(one.name, place, one.is_file) for one in manifest.corpus if (place := place_of(one, index)) is not None
    ]
    return Corpus(tuple(roots), manifest.selection) if roots else None


def place_of(root: RecordedRoot, index: Path) -> Path | None:
    """The first of a root's two recorded paths where its folder or file exists and can be accessed, or None.

    The corpus of a packed index is what was packed with it: paths of the machine where it was made mean nothing here.
    """
    if is_packed(index):
        from nrqa.index.packed.sources import place_in

        return place_in(index, root)
    for place in (beside(index) / root.beside, Path(root.path)):
        try:
            if place.is_file() if root.is_file else place.is_dir():
                return place.parent.resolve() / place.name if root.is_file else place.resolve()
        except OSError:  # we have no permission to look into a folder above it
            continue
    return None


def away(roots: Sequence[RecordedRoot], index: Path) -> dict[str, Path]:
    """The paths of the mounts in a corpus that are not mounted now, by the name of their folder in the corpus.

    A mount is missing if its folder is now on the file system of its parent folder, or is empty, or cannot be read.
    """
    found: dict[str, Path] = {}
    for root in roots:
        place = place_of(root, index)
        for way in root.mounts if place else ():
            assert place is not None
            if _is_away(place / way):
                found[f"{root.name}/{way}" if root.name else way] = place / way
    return found


def within(folders: Iterable[str], document: str) -> str | None:
    """The first of these folders that contains the document, judged by their names, or None."""
    return next((one for one in folders if document.startswith(f"{one}/")), None)


def is_mount(folder: Path) -> bool:
    """Whether a folder is on another file system than its parent folder; OSError where it cannot be accessed."""
    return folder.stat().st_dev != folder.parent.stat().st_dev


def is_unchanged(before: Known, now: Stamp, read_ns: int) -> bool:
    """Whether the stamp alone shows that a file is still as it was read by the run that began at ``read_ns``.

    False for a file that was written just before that run began: it may have been written again with the same stamp.
    """
    return (before.size, before.modified_ns, before.changed_ns) == now and not was_touched(now, read_ns - _RACY_NS)


def was_touched(now: Stamp, read_ns: int) -> bool:
    """Whether a file has been written to since ``read_ns``."""
    written = now.changed_ns if os.name == "posix" else now.modified_ns
    return written > read_ns


def changed_since(manifest: Manifest, known: Mapping[str, Known], index: Path) -> tuple[Skipped, ...]:
    """What is not in the corpus as it was indexed: roots that are not there now, and files added, changed or removed.

    A root or a mount that is not there is listed once, by its path: its documents may be as they were. A corpus that
    cannot be listed is listed once, with the reason. Nothing is looked for of a packed index: its sources were compared
    with it when they were packed.
    """
    if is_packed(index):
        from nrqa.index.packed.sources import not_packed

        return not_packed(index, manifest, known)
    gone = [one for one in manifest.corpus if place_of(one, index) is None]
    corpus = corpus_of(manifest, index)
    try:
        stale = stale_files(manifest, known, corpus, index) if corpus else ()
    except CorpusError as error:
        stale = tuple(Skipped(one.path, f"cannot be looked at now: {error}") for one in manifest.corpus)
    if not gone:
        return stale
    counts = Counter(root.path for name in known if (root := _root_of(name, gone)))
    missing = (
        Skipped(one.path, f"not there now; its documents ({counts[one.path]:,}) are in the index as they were")
        for one in gone
    )
    return *sorted(missing, key=lambda one: one.document), *stale


def stale_files(manifest: Manifest, known: Mapping[str, Known], corpus: Corpus, index: Path) -> tuple[Skipped, ...]:
    """The files that were added, changed or removed since the index was built. CorpusError where it cannot be listed.

    Files in a root that does not exist now are not listed, since it may be a mount that is missing. A missing mount
    inside a root is listed once.
    """
    expected = max(manifest.looked_at, len(known) + len(manifest.unreadable) + len(manifest.excluded))
    listing = list_corpus(corpus, index=index, expected=expected)
    unreadable = {one.document for one in manifest.unreadable}
    stale: list[Skipped] = []
    budget = _MOST_HASHED
    for source in listing.sources:
        before = known.get(source.name)
        if before is None:
            if source.name not in unreadable:
                stale.append(Skipped(source.name, ADDED))
            elif was_touched(source.stamp, manifest.read_ns):
                stale.append(Skipped(source.name, "changed since the index was built"))
        elif not is_unchanged(before, source.stamp, manifest.read_ns):
            budget -= source.stamp.size
            if source.stamp.size != before.stamp.size or budget < 0 or not _same_bytes(before, source):
                stale.append(Skipped(source.name, "changed since the index was built"))
    present = {source.name for source in listing.sources}
    skipped = {one.document for one in listing.unreadable}
    left_out = {one.document: one.reason for one in listing.excluded}
    mounts = away(manifest.corpus, index).keys() - left_out.keys()
    unmounted = Counter(within(mounts, name) for name in known if name not in present)
    stale.extend(
        Skipped(folder, f"not mounted now; its documents ({count:,}) are in the index as they were")
        for folder, count in unmounted.items()
        if folder
    )
    for name in known:
        if name not in present and not within(mounts, name) and corpus.path_of(name) is not None:
            reason = "not readable any more" if name in skipped else _left_out(name, left_out)
            stale.append(Skipped(name, reason or "removed since the index was built"))
    stale.extend(
        Skipped(one.document, f"{ADDED}; {one.reason}")
        for one in listing.unreadable
        if one.document not in unreadable and one.document not in known
    )
    return tuple(sorted(stale, key=lambda one: one.document))


def _root_of(document: str, roots: Sequence[RecordedRoot]) -> RecordedRoot | None:
    """The one of these roots that contains the document, judged by their names, or None."""
    for one in roots:
        if not one.name or document == one.name or (not one.is_file and document.startswith(f"{one.name}/")):
            return one
    return None


def _is_away(folder: Path) -> bool:
    try:
        with os.scandir(folder) as entries:
            return next(entries, None) is None or not is_mount(folder)
    except OSError:
        return True


def _left_out(name: str, left_out: Mapping[str, str]) -> str | None:
    """The reason why a file, or a folder that contains it, is left out of the corpus now; None where there is none."""
    places = (name, *(parent.as_posix() for parent in PurePosixPath(name).parents))
    return next((left_out[one] for one in places if one in left_out), None)


def _same_bytes(before: Known, source: Source) -> bool:
    try:
        data, _ = read_source(source)
    except UnreadableError:
        return False
    return hashlib.sha256(data).hexdigest() == before.sha256
