"""Compares a receipt with the present answer: what changed in the answer, and what changed in all that shaped it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from nrqa.auditing.lost_hits import LostHit, trace
from nrqa.auditing.receipts.model import KeptHit, Receipt
from nrqa.auditing.replaying.results import CorpusChange, Difference, HitChange, Origin, Replay, Result

if TYPE_CHECKING:
    from nrqa.index.snapshot import Snapshot

TOLERANCE = 0.001
"""Scores and confidences that differ by less, absolutely or as a share of them, count as the same. The scores of the
same passages, encoded by another library, differed by at most .0001 (benchmarks/evidence/replaying.py)."""


def compare(
    before: Receipt, now: Receipt, snapshot: Snapshot, corpus: CorpusChange | None, ranks: Mapping[str, int]
) -> Replay:
    """The replay; ``ranks`` also has the ranks of passages below the answer's hits, by the hash of their text."""
    within = snapshot.filtered(before.where, before.only)
    present = {hit.passage: hit for hit in now.hits}
    past = {hit.passage for hit in before.hits}
    changes = []
    for hit in before.hits:
        if hit.passage in present:
            changes.append(_stayed(hit, present[hit.passage], corpus))
        else:
            changes.append(_left(hit, trace(hit, snapshot, within), now, ranks))
    succeeded = {one.now.passage for one in changes if one.now}
    changes += [
        HitChange(("new",), None, hit, None, _former_rank(hit, before), *_origin(hit, before, now, corpus))
        for hit in now.hits
        if hit.passage not in past | succeeded
    ]
    changes = [one for one in changes if one.what]
    result: Result = "identical"
    if _is_other(before, now, changes):
        result = "changed"
    elif changes or not is_close(before.confidence, now.confidence) or _said(before) != _said(now):
        result = "same answer"
    return Replay(before, now, result, tuple(changes), _differences(before, now), corpus)


def is_close(before: float, now: float) -> bool:
    """Whether two scores differ by no more than the same computation does on two machines."""
    return math.isclose(before, now, rel_tol=TOLERANCE, abs_tol=TOLERANCE)


def _is_other(before: Receipt, now: Receipt, changes: Sequence[HitChange]) -> bool:
    """Whether a reader would now get other passages, other documents, or another verdict."""
    if before.verdict != now.verdict:
        return True
    if now.verdict in ("absent", "unknown"):
        return False  # the hits are no answers
    first, second = ([hit.passage for hit in one.hits[:1]] for one in (before, now))
    return first != second or not all(one.is_quiet for one in changes)


def _stayed(before: KeptHit, now: KeptHit, corpus: CorpusChange | None) -> HitChange:
    was, is_ = before.citation, now.citation
    what = []
    if was.document != is_.document:
        is_renamed = corpus is not None and (was.document, is_.document) in corpus.renamed
        what.append("renamed" if is_renamed else "relocated")
    elif _place(before) != _place(now):
        what.append("moved")
    elif was.sha256 != is_.sha256:
        what.append("elsewhere")
    if before.rank != now.rank:
        what.append("reranked")
    scores = ((before.score, now.score), *((before.signals.get(n), now.signals.get(n)) for n in _names(before, now)))
    if any(old is None or new is None or not is_close(old, new) for old, new in scores):
        what.append("rescored")
    if {one.document for one in before.also} != {one.document for one in now.also}:
        what.append("copies")
    return HitChange(tuple(what), before, now)


def _place(hit: KeptHit) -> tuple[Any, ...]:
    one = hit.citation
    return one.start, one.end, one.line_start, one.line_end, one.heading, one.page


def _names(before: KeptHit, now: KeptHit) -> list[str]:
    return sorted({*before.signals, *now.signals})


def _left(hit: KeptHit, fate: LostHit, now: Receipt, ranks: Mapping[str, int]) -> HitChange:
    place = fate.citation and (fate.citation.document, fate.citation.start)
    if fate.kind == "passage":
        for one in now.hits:
            if place in [(copy.document, copy.start) for copy in one.also]:
                return HitChange(("duplicate",), hit, one, fate)
        return HitChange(("outranked",), hit, None, fate, ranks.get(hit.passage))
    successor = next((one for one in now.hits if (one.citation.document, one.citation.start) == place), None)
    return HitChange((fate.kind,), hit, successor, fate)


def _former_rank(hit: KeptHit, before: Receipt) -> int | None:
    """The former rank of a new hit that was one of the nearest misses; None where it was none."""
    ranks = enumerate(before.nearest, len(before.hits) + 1)
    return next((rank for rank, one in ranks if one.passage == hit.passage), None)


def _origin(hit: KeptHit, before: Receipt, now: Receipt, corpus: CorpusChange | None) -> tuple[Origin, str]:
    name = hit.citation.document
    if before.corpus_root == now.corpus_root:
        return "unchanged", ""
    if corpus is None:
        return "unlisted", ""
    if name in corpus.added:
        return "added", ""
    former = next((old for old, new in corpus.renamed if new == name), "")
    if former:
        return "renamed", former
    return ("edited" if name in corpus.edited else "unchanged"), ""


def corpus_change(before: Receipt, now: Receipt) -> CorpusChange | None:
    """How the documents of the corpus have changed; None where the receipt does not list them."""
    if before.corpus_root == now.corpus_root:
        return CorpusChange((), (), (), ())
    if before.documents is None or now.documents is None:
        return None
    old, new = before.documents, now.documents
    gone = {name: sha256 for name, sha256 in old.items() if name not in new}
    came = {name: sha256 for name, sha256 in new.items() if name not in old}
    former = {sha256: name for name, sha256 in gone.items()}
    renamed = {former.pop(sha256): name for name, sha256 in came.items() if sha256 in former}
    return CorpusChange(
        added=tuple(name for name in came if name not in renamed.values()),
        removed=tuple(name for name in gone if name not in renamed),
        edited=tuple(name for name in old if name in new and old[name] != new[name]),
        renamed=tuple(renamed.items()),
    )


def _differences(before: Receipt, now: Receipt) -> tuple[Difference, ...]:
    """What shaped the answers and differs between them, by name."""
    old, new = ({**_flat(one.made_by), **_coverage(one)} for one in (before, now))
    return tuple(
        Difference(name, old.get(name), new.get(name))
        for name in dict.fromkeys([*old, *new])
        if old.get(name) != new.get(name)
    )


def _flat(mapping: Mapping[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in mapping.items():
        if isinstance(value, Mapping):
            flat.update({f"{name}.{inner}": one for inner, one in _flat(value).items()})
        else:
            flat[name] = value
    return flat


def _said(receipt: Receipt) -> tuple[Any, ...]:
    """What an answer tells its reader besides hits and verdict."""
    return _coverage(receipt), receipt.searched.nowhere


def _coverage(receipt: Receipt) -> dict[str, Any]:
    """What could not be searched, by file."""
    return {
        **{f"unreadable.{one.document}": one.reason for one in receipt.searched.unreadable},
        **{f"stale.{one.document}": one.reason for one in receipt.searched.stale},
    }
