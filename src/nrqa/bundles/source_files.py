"""The files to be packed as an index's sources: those that are there as they were indexed, and no others."""

from __future__ import annotations

import hashlib
from pathlib import Path

from nrqa.corpus.files.listing import Source, read_source
from nrqa.corpus.files.roots import Corpus
from nrqa.errors import UnreadableError
from nrqa.index.freshness import corpus_of
from nrqa.index.packed.listing import is_source
from nrqa.index.rows import Known
from nrqa.index.snapshot import Snapshot
from nrqa.records import Skipped, Stamp

_UNKNOWN = Stamp(0, 0, 0)


def source_files(snapshot: Snapshot, index: Path) -> tuple[dict[str, Path], tuple[Skipped, ...]]:
    """The file of each document by its name, and the documents without one, with the reasons."""
    known = snapshot.known
    snapshot.vouch(one.number for one in known.values())
    corpus = corpus_of(snapshot.manifest, index)
    found: dict[str, Path] = {}
    left_out: list[Skipped] = []
    for name, one in sorted(known.items()):
        place = _place(name, one, corpus)
        if isinstance(place, Path):
            found[name] = place
        else:
            left_out.append(Skipped(name, place))
    return found, tuple(left_out)


def _place(name: str, known: Known, corpus: Corpus | None) -> Path | str:
    """The document's file, or why it is not packed. A link that leaves the corpus is not followed."""
    if not is_source(name):
        return "its name cannot be that of a file on every system"
    place = corpus.path_of(name) if corpus else None
    if corpus is None or place is None:
        return "its corpus is not there now"
    try:
        target = place.resolve(strict=True)
        if not any(target.is_relative_to(root.path) for root in corpus.roots):
            return "it has become a link that leaves the corpus"
        data, _ = read_source(Source(name, str(target), _UNKNOWN, corpus.selection.max_file_size))
    except UnreadableError as error:
        return str(error)
    except (OSError, RuntimeError):
        return "it is not in the corpus any more"
    changed = hashlib.sha256(data).hexdigest() != known.sha256
    return "it has changed since it was indexed" if changed else target
