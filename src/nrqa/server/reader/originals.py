"""The file that a document was read from: only as long as it is the very file that was indexed."""

from __future__ import annotations

import hashlib
from pathlib import Path

from nrqa.corpus.files.listing import Source, read_source
from nrqa.errors import UnreadableError
from nrqa.index.freshness import corpus_of, is_unchanged
from nrqa.index.snapshot import Snapshot
from nrqa.records import Stamp
from nrqa.server.problems import Problem

_UNKNOWN = Stamp(0, 0, 0)


def original(name: str, snapshot: Snapshot, index: Path) -> bytes:
    """The bytes of a document's file, equal to those that were indexed. Raises Problem where they are not there.

    Whatever lies in the file's place, also a link, nothing is given that was not indexed.
    """
    known = snapshot.known.get(name)
    if known is None:
        raise Problem(404, "There is no such document in the index. /documents lists those that there are.")
    snapshot.vouch([known.number])
    corpus = corpus_of(snapshot.manifest, index)
    place = corpus.path_of(name) if corpus else None
    if corpus is None or place is None:
        raise Problem(409, "The corpus is not there now, so the file cannot be shown. Its text is in the index.")
    try:
        target = place.resolve(strict=True)
    except (OSError, RuntimeError):
        raise Problem(409, "The file is not in the corpus any more. Bring the index up to date: nrqa index") from None
    if not any(target.is_relative_to(root.path) for root in corpus.roots):
        raise Problem(409, "The file has become a link that leaves the corpus.")
    try:
        data, _ = read_source(Source(name, str(target), _UNKNOWN, corpus.selection.max_file_size))
    except UnreadableError as error:
        raise Problem(409, f"The file cannot be read now: {error}.", error=error) from error
    if hashlib.sha256(data).hexdigest() != known.sha256:
        raise Problem(409, "The file has changed since it was indexed. Bring the index up to date: nrqa index")
    return data


def changed(name: str, snapshot: Snapshot, index: Path) -> str:
    """What is to be said of a file that is not as it was indexed; "" where it is, or where the corpus is not there."""
    known, corpus = snapshot.known.get(name), corpus_of(snapshot.manifest, index)
    place = corpus.path_of(name) if corpus else None
    if known is None or place is None:
        return ""
    try:
        status = place.stat()
    except OSError:
        return "This file is not in the corpus any more."
    now = Stamp(status.st_size, status.st_mtime_ns, status.st_ctime_ns)
    if is_unchanged(known, now, snapshot.manifest.read_ns):
        return ""
    try:
        original(name, snapshot, index)
    except Problem:
        return "This file has changed since it was indexed."
    return ""  # only touched
