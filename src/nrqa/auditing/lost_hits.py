"""Finds out what became of a passage that was once a hit: from hashes and places, never by guessing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from nrqa.auditing.receipts.making import hashed_sentences, passage_hash
from nrqa.auditing.receipts.model import KeptHit
from nrqa.records import Citation
from nrqa.text.word_changes import Change, differing

if TYPE_CHECKING:
    from nrqa.index.rows import Stored
    from nrqa.index.snapshot import Filtered, Snapshot

FateKind = Literal["passage", "filtered", "recut", "edited", "reread", "unreadable", "removed"]
_LEAST_ALIKE = 0.5
"""Share of common words above which a passage counts as the edited one."""


@dataclass(frozen=True, slots=True)
class LostHit:
    """What became of a passage's text.

    * passage: it is still a passage, at ``citation``
    * filtered: it is still a passage, but the filters leave its document out
    * recut: a document still has the text, but its passages are cut differently (``citation``: the one that holds most
      of the text, if any does)
    * edited: its document has changed, and no document has the text (``citation``: the passage of its document that has
      most of its sentences; ``kept``: how many; ``came``: the new sentences there; ``words``: the word changes, where
      the receipt keeps the text)
    * reread: its document is the same file, but this nrqa reads another text from it
    * unreadable: its document cannot be read any more; ``reason`` says why
    * removed: its document is gone, and no other document has the text
    """

    kind: FateKind
    citation: Citation | None = None
    kept: int = 0
    words: tuple[Change, ...] = ()
    reason: str = ""
    came: tuple[str, ...] = ()


def trace(hit: KeptHit, snapshot: Snapshot, within: Filtered) -> LostHit:
    """Where this generation has the hit's text, or what became of it; ``within`` is what the filters leave."""
    for name in _names(hit, snapshot):
        found = _found_in(hit, name, snapshot)
        if found is None:
            continue
        if found.kind == "passage" and not _is_within(name, snapshot, within):
            return LostHit("filtered", found.citation)
        return found
    name = hit.citation.document
    known = snapshot.known.get(name)
    if known is None:
        reason = next((one.reason for one in snapshot.manifest.unreadable if one.document == name), None)
        return LostHit("removed") if reason is None else LostHit("unreadable", reason=reason)
    if known.sha256 == hit.citation.sha256:
        return LostHit("reread")
    return _edited(hit, _passages(snapshot, name))


def _names(hit: KeptHit, snapshot: Snapshot) -> Iterator[str]:
    """The documents that may hold the text: its own first, then the others that hold its beginning."""
    own = hit.citation.document
    if own in snapshot.known:
        yield own
    yield from (name for name in snapshot.documents_holding(hit.begins) if name != own)


def _found_in(hit: KeptHit, name: str, snapshot: Snapshot) -> LostHit | None:
    found = snapshot.document_named(name)
    assert found is not None
    text, passages = found
    length = hit.citation.end - hit.citation.start
    places = [at for at in _occurrences(text, hit.begins) if passage_hash(text[at : at + length]) == hit.passage]
    for at in places:
        for one in passages:
            if (one.passage.citation.start, one.passage.citation.end) == (at, at + length):
                return LostHit("passage", one.passage.citation)
    if not places:
        return None
    at = places[0]
    shared = {one.row: _shared(one.passage.citation, at, at + length) for one in passages}
    best = max(passages, key=lambda one: shared[one.row], default=None)
    return LostHit("recut", best.passage.citation if best and shared[best.row] > 0 else None)


def _occurrences(text: str, begins: str) -> Iterator[int]:
    at = text.find(begins)
    while at >= 0:
        yield at
        at = text.find(begins, at + 1)


def _shared(citation: Citation, start: int, end: int) -> int:
    return min(citation.end, end) - max(citation.start, start)


def _is_within(name: str, snapshot: Snapshot, within: Filtered) -> bool:
    return within.documents is None or snapshot.known[name].number in within.documents


def _passages(snapshot: Snapshot, name: str) -> Sequence[Stored]:
    found = snapshot.document_named(name)
    return found[1] if found else ()


def _edited(hit: KeptHit, passages: Sequence[Stored]) -> LostHit:
    """The passage that the hit's passage was edited into: one that has a sentence or most words of it, if any does."""
    wanted = set(hit.sentences)
    best, most = None, (0, _LEAST_ALIKE)
    for one in passages:
        text = one.passage.text
        alike = (len(wanted.intersection(hashed_sentences(text))), _alike(hit.text or "", text))
        if alike > most:
            best, most = one.passage, alike
    if best is None:
        return LostHit("edited")
    came = tuple(sentence for key, sentence in hashed_sentences(best.text).items() if key not in wanted)
    words = differing(hit.text, best.text) if hit.text is not None else ()
    return LostHit("edited", best.citation, most[0], words, came=came)


def _alike(before: str, after: str) -> float:
    """The number of common words, as a share of the words of the longer text; between 0 and 1."""
    old, new = Counter(before.split()), Counter(after.split())
    return (old & new).total() / max(old.total(), new.total(), 1)
