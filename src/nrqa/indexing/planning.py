"""Decides whether an index may be built, and what it can take from the previous generation."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from nrqa.corpus.files.listing import HIDDEN, Listing, check_corpus
from nrqa.corpus.files.roots import Corpus, Root, quoted_list
from nrqa.corpus.shaping import Settings
from nrqa.encoder.protocol import Model
from nrqa.errors import CorpusError, IndexDamagedError, IndexIncompatibleError, IndexMissingError, IndexUnusableError
from nrqa.index.freshness import away, is_mount, place_of, within
from nrqa.index.generations import Generations
from nrqa.index.manifest import Manifest, RecordedRoot
from nrqa.index.rows import Known
from nrqa.index.snapshot import Snapshot
from nrqa.records import Skipped

_FEW, _GROWN = 256, 8
"""A codebook that was trained on fewer than ``_FEW`` passages is used for up to ``_GROWN`` times as many."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What can be used of the previous generation: ``known`` to count changes, the files of ``basis``, ``vectors``."""

    settings: Settings
    known: Mapping[str, Known]
    basis: Snapshot | None
    vectors: Snapshot | None


def refuse_misplaced(corpus: Corpus, index: Path) -> None:
    """Raise CorpusError where a part of the corpus is missing, or is the index folder or inside it."""
    check_corpus(corpus)
    for root in corpus.roots:
        if root.path == index.resolve():
            raise CorpusError(f"Corpus and index are the same folder '{root.path}'. Name another index: --index FOLDER")
        if root.path.is_relative_to(index.resolve()):
            raise CorpusError(f"The corpus '{root.path}' lies inside the index '{index}'. Name another: --index FOLDER")


def refuse_loss(
    listing: Listing, corpus: Corpus, old: Snapshot | None, index: Path, *, allow_empty: bool, replace: bool
) -> None:
    """Raise CorpusError where the build would empty the index or one of its roots, or fill it with another corpus.

    An empty folder is more often a missing mount than the user's intention. An index has one corpus: another one would
    silently remove its documents. Folders and files may be added to those that it has.
    """
    if not listing.sources and not allow_empty:
        raise CorpusError(nothing_left(corpus, listing.unreadable, listing.excluded))
    if old is None:
        return
    if not allow_empty:
        _refuse_emptied(listing, corpus, old, index)
    lost = [] if replace else [one for one in old.manifest.corpus if not _goes_on(one, listing, corpus, old, index)]
    if lost:
        new = " ".join(f"'{root.path}'" for root in corpus.roots)
        of = quoted_list([place_of(one, index) or one.path for one in old.manifest.corpus])
        without = (
            "" if len(lost) == len(old.manifest.corpus) else f" (left out: {quoted_list([one.path for one in lost])})"
        )
        raise CorpusError(
            f"The index '{index}' is of the corpus {of}, not of {corpus}{without}. "
            f"Keep this corpus in an index of its own: nrqa index {new} --index FOLDER. Or let it take the place "
            "of the other: add --replace"
        )


def nothing_left(corpus: Corpus, unreadable: tuple[Skipped, ...], excluded: tuple[Skipped, ...] = ()) -> str:
    """The message for a corpus without a single readable document."""
    found = ""
    out = [one for one in excluded if one.reason != HIDDEN]
    if unreadable:
        files = f"{len(unreadable)} file{'' if len(unreadable) == 1 else 's'}"
        found = f" ({files} could not be read, such as {unreadable[0].document}: {unreadable[0].reason})"
    elif out:
        found = f" (such as {out[0].document}: {out[0].reason})"
    return (
        f"The corpus {corpus} holds no file that nrqa can read{found}. If that is right, and the "
        "index shall be emptied, say so: nrqa index --allow-empty"
    )


def previous(place: Generations, notices: list[str]) -> Snapshot | None:
    """The published generation, or None where there is none that can be continued; a notice says why it cannot.

    IndexUnusableError where it cannot be opened although no byte of it is damaged: embedding all of it again would take
    hours, and trying again costs nothing.
    """
    try:
        found = place.newest()
        found.known  # noqa: B018 - read now, so that a damaged catalog is found out here
        return found
    except IndexMissingError:
        return None
    except (IndexDamagedError, IndexIncompatibleError) as error:
        if isinstance(error, IndexDamagedError):
            _refuse_undamaged(place, error)
        reason = "is damaged" if isinstance(error, IndexDamagedError) else "has another format"
        notices.append(f"The index {reason}, so all of it is built anew. ({error})")
        return None


def _refuse_undamaged(place: Generations, error: IndexDamagedError) -> None:
    try:
        if place.newest_number() is None or any(place.damage()):
            return
    except OSError as unread:
        raise IndexUnusableError(
            f"The index '{place.beside}' cannot be read: {(unread.strerror or str(unread)).lower()}. Mend that, or "
            "build it anew: nrqa index --rebuild"
        ) from unread
    raise IndexUnusableError(
        f"The index '{place.beside}' cannot be opened, though none of its files is damaged "
        f"({error.__cause__ or error}). Try again; if that does not help, build it anew: nrqa index --rebuild"
    ) from error


def make_plan(old: Snapshot | None, model: Model, settings: Settings, corpus: Corpus, notices: list[str]) -> Plan:
    """What can be continued with this model and these settings; notices say what cannot."""
    if old is None:
        return Plan(settings, {}, None, None)
    manifest = old.manifest
    before = [place_of(one, old.beside) or Path(one.path) for one in manifest.corpus]
    if set(before) != {root.path for root in corpus.roots}:
        moved = "moved from" if len(before) == len(corpus.roots) == 1 else "was"
        now = f"to {corpus}" if len(before) == len(corpus.roots) == 1 else f"and is {corpus} now"
        notices.append(f"The corpus {moved} {quoted_list(before)} {now}.")
    if manifest.model.fingerprint != model.fingerprint:
        notices.append(f"The model changed from {manifest.model.name} to {model.name}, so everything is embedded anew.")
        return Plan(settings, old.known, None, None)
    if manifest.settings != settings:
        notices.append("The settings changed, so the index is built anew; vectors of unchanged passages are kept.")
        return Plan(settings, old.known, None, old)
    if 0 < manifest.codebook_passages < _FEW and manifest.passages > _GROWN * manifest.codebook_passages:
        notices.append("The corpus has grown far beyond what its codebook was trained on, so it is embedded anew.")
        return Plan(settings, old.known, None, None)
    return Plan(settings, old.known, old, old)


def kept_away(
    before: Sequence[RecordedRoot], listing: Listing, plan: Plan, index: Path, notices: list[str]
) -> tuple[str, ...]:
    """The names of the folders of mounts that are not mounted now, and whose documents therefore stay as they are.

    A notice says so for each. CorpusError where they cannot stay because the index is rebuilt.
    """
    present = {source.name for source in listing.sources}
    left_out = {one.document for one in listing.excluded}
    missing = [name for name in plan.known if name not in present]
    kept = []
    for folder, path in away(before, index).items():
        if folder in left_out:
            continue
        count = sum(within([folder], name) is not None for name in missing)
        if plan.basis is None and (count or not plan.known):
            raise CorpusError(
                f"'{path}' is not mounted now, and the index must be built anew, so its documents would be lost. Mount "
                "it. If they shall be taken out of the index, say so: nrqa index --allow-empty"
            )
        if count:
            documents = "document stays" if count == 1 else "documents stay"
            notices.append(
                f"'{path}' is not mounted now, so its {count:,} {documents} in the index. Mount it, or take them out: "
                "nrqa index --allow-empty"
            )
            kept.append(folder)
    return tuple(kept)


def mounts_in(listing: Listing, corpus: Corpus) -> tuple[str, ...]:
    """The names of the folders with documents that are on another file system than their parent folder."""
    folders: set[str] = set()
    for source in listing.sources:
        folder = source.name
        while (folder := folder.rpartition("/")[0]) and folder not in folders:
            folders.add(folder)
    return tuple(sorted(folder for folder in folders if _is_mount_in(corpus, folder)))


def recorded_roots(corpus: Corpus, index: Path | None, mounts: Sequence[str]) -> tuple[RecordedRoot, ...]:
    """The roots as the manifest records them.

    ``beside`` is absolute for a root on another drive than the index, and where ``index`` is None: one that a server
    keeps is beside nothing, and every user's own folder for it is another one.
    """
    return tuple(
        RecordedRoot(
            root.name,
            str(root.path),
            _relative(root.path, index),
            root.is_file,
            tuple(way for folder in mounts if (way := root.inner(folder))),
        )
        for root in corpus.roots
    )


def is_beside(manifest: Manifest, index: Path | None, corpus: Corpus, mounts: Sequence[str]) -> bool:
    """Whether the manifest records the corpus as it would record it now, relative to the index."""
    before = [(one.name, one.beside, one.is_file, one.mounts) for one in manifest.corpus]
    now = [(one.name, one.beside, one.is_file, one.mounts) for one in recorded_roots(corpus, index, mounts)]
    return before == now and manifest.selection == corpus.selection


def _refuse_emptied(listing: Listing, corpus: Corpus, old: Snapshot, index: Path) -> None:
    for one in old.manifest.corpus:
        place = place_of(one, index)
        root = next((root for root in corpus.roots if root.path == place), None)
        if root is None or not any(_root_of(one, name) for name in old.known):
            continue
        here = [*(source.name for source in listing.sources), *(skipped.document for skipped in listing.unreadable)]
        here += [skipped.document for skipped in listing.excluded if skipped.reason != HIDDEN]
        if not any(root.inner(name) is not None for name in here):
            raise CorpusError(
                f"The corpus folder '{root.path}' is empty, and the index has documents of it. Mount or restore it. If "
                "they shall be taken out of the index, say so: nrqa index --allow-empty"
            )


def _goes_on(one: RecordedRoot, listing: Listing, corpus: Corpus, old: Snapshot, index: Path) -> bool:
    """Whether what the index has of a root is still part of the corpus."""
    place = place_of(one, index)
    if place is not None:
        return any(place.is_relative_to(root.path) for root in corpus.roots)
    # A root that is not at its old path may have moved: then some of its names are in the corpus as well.
    known = {inner for name in old.known if (inner := _root_of(one, name)) is not None}
    return not known or any(root.inner(source.name) in known for source in listing.sources for root in corpus.roots)


def _is_mount_in(corpus: Corpus, folder: str) -> bool:
    """Whether a folder below a root is a mount."""
    for root in corpus.roots:
        if way := root.inner(folder):
            with suppress(OSError):
                return is_mount(root.path / way)
    return False


def _root_of(one: RecordedRoot, name: str) -> str | None:
    return Root(one.name, Path(one.path), one.is_file).inner(name)


def _relative(path: Path, index: Path | None) -> str:
    if index is None:
        return path.as_posix()
    try:
        return Path(os.path.relpath(path, index.resolve())).as_posix()
    except ValueError:
        return path.as_posix()
