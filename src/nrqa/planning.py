"""Whether an index may be built, and what of the previous generation it can continue."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from nrqa.catalog import Known
from nrqa.corpus.listing import Listing, check_corpus
from nrqa.encoder.protocol import Model
from nrqa.errors import CorpusError, IndexDamagedError, IndexIncompatibleError, IndexMissingError
from nrqa.freshness import corpus_of
from nrqa.index.layout import Manifest
from nrqa.index.snapshot import Snapshot
from nrqa.records import Skipped
from nrqa.settings import Settings

_FEW, _GROWN = 256, 8
"""A codebook trained on fewer passages serves up to so many times as many."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What of the previous generation can be used: its documents to count by, its files, its vectors."""

    settings: Settings
    known: dict[str, Known]
    basis: Snapshot | None
    vectors: Snapshot | None


def refuse_misplaced(corpus: Path, index: Path) -> None:
    """CorpusError where the corpus is missing, is no folder, or lies where the index is."""
    check_corpus(corpus)
    if corpus.resolve() == index.resolve():
        raise CorpusError(f"Corpus and index are the same folder '{corpus}'. Name another index: --index FOLDER")
    if corpus.resolve().is_relative_to(index.resolve()):
        raise CorpusError(f"The corpus '{corpus}' lies inside the index '{index}'. Name another: --index FOLDER")


def refuse_loss(listing: Listing, corpus: Path, old: Snapshot | None, index: Path, *, allow_empty: bool) -> None:
    """CorpusError where going on would empty the index, or fill it with another corpus.

    An empty folder is more often a mount that is not there than a wish, and an index is of one corpus: another one
    would silently push its documents out.
    """
    if not listing.sources and not allow_empty:
        raise CorpusError(nothing_left(corpus, listing.unreadable))
    if old is None or is_beside(old.manifest, index, corpus):
        return
    before = corpus_of(old.manifest, index)
    # A corpus that is gone from its place may have moved here; then some of its names are here as well.
    moved = before is None and (not old.known or any(source.name in old.known for source in listing.sources))
    if before != corpus.resolve() and not moved:
        raise CorpusError(
            f"The index '{index}' is of the corpus '{before or old.manifest.corpus}', not of '{corpus}'. "
            f"Keep this corpus in an index of its own: nrqa index '{corpus}' --index FOLDER. Or let it replace the "
            "other: add --rebuild"
        )


def nothing_left(corpus: Path, unreadable: tuple[Skipped, ...]) -> str:
    """The message for a corpus without a single readable document."""
    found = ""
    if unreadable:
        files = f"{len(unreadable)} file{'' if len(unreadable) == 1 else 's'}"
        found = f" ({files} could not be read, such as {unreadable[0].document}: {unreadable[0].reason})"
    return (
        f"The corpus folder '{corpus}' holds no file that nrqa can read{found}. If that is right, and the "
        "index shall be emptied, say so: nrqa index --allow-empty"
    )


def previous(index: Path, notices: list[str]) -> Snapshot | None:
    """The published generation, or None where there is none to go on from; a reason is added to the notices."""
    try:
        found = Snapshot.newest(index)
        found.known  # noqa: B018 - read now, so that a damaged catalog is found out here
        return found
    except IndexMissingError:
        return None
    except (IndexDamagedError, IndexIncompatibleError) as error:
        reason = "is damaged" if isinstance(error, IndexDamagedError) else "has another format"
        notices.append(f"The index {reason}, so all of it is built anew. ({error})")
        return None


def make_plan(old: Snapshot | None, model: Model, settings: Settings, corpus: Path, notices: list[str]) -> Plan:
    """What can be continued under this model and these settings; what cannot is said in the notices."""
    if old is None:
        return Plan(settings, {}, None, None)
    manifest = old.manifest
    if manifest.corpus != str(corpus.resolve()) and not is_beside(manifest, old.folder.parent, corpus):
        notices.append(f"The corpus moved from '{manifest.corpus}' to '{corpus}'.")
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


def is_beside(manifest: Manifest, index: Path, corpus: Path) -> bool:
    """Whether the corpus lies, as seen from the index, where the manifest says."""
    return (index / manifest.corpus_beside).resolve() == corpus.resolve()
