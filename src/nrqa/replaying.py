"""The verb ``replay``: ask again what a receipt says was asked, and explain each change by facts.

An answer is *identical* where the same passages stand at the same places of the same files in the same order, with the
same verdict, and with scores that differ by no more than machines do. It is the *same answer* where only places within
a document, scores, or the order after the first hit are others, or where nothing answers still and only the nearest
misses are others. Else it has *changed*.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from nrqa.answering import Index
from nrqa.errors import QuestionError
from nrqa.fate import Fate, trace
from nrqa.index.snapshot import Snapshot
from nrqa.receipts import (
    KeptHit,
    Receipt,
    citation_to_place,
    documents_of,
    passage_hash,
    read_receipt,
    receipt_of,
    write_new,
)
from nrqa.records import Answer, skipped_to_list
from nrqa.settings import DEFAULT_INDEX

if TYPE_CHECKING:
    from nrqa.encoder.protocol import Encoder
    from nrqa.index.snapshot import Where

Result = Literal["identical", "same answer", "changed"]
Origin = Literal["added", "edited", "renamed", "unchanged", "unlisted"]

TOLERANCE = 0.001
"""Scores and confidences that differ by less, absolutely or by that share of them, are the same. Those of the same
passages encoded by another library differed by at most .0001 (benchmarks/replaying.py)."""
_DEEP = 50
"""How far down a passage that is no hit any more is looked for: as far as each signal's candidates go."""


@dataclass(frozen=True, slots=True)
class HitChange:
    """What is new about one hit: ``before`` is None for one that came, ``now`` for one that left.

    ``what`` says it in words, the weightiest first:

    * of a hit that stayed: moved (to other lines or another heading), relocated (to another document), renamed (its
      document), elsewhere (its document was edited in other places), reranked, rescored, copies (other ones)
    * of one that left: outranked, duplicate (it is a copy of a better hit now), and those of a Fate; its successor is
      ``now`` where that is a hit
    * of one that came: new

    ``rank`` is where an outranked passage stands now (None: not among the first 50), ``origin`` what is known of the
    document that a new one came from.
    """

    what: tuple[str, ...]
    before: KeptHit | None
    now: KeptHit | None
    fate: Fate | None = None
    rank: int | None = None
    origin: Origin | None = None
    origin_name: str = ""
    """The former name of a renamed document."""

    @property
    def is_quiet(self) -> bool:
        """Whether the passage is what it was, in the same document, and only its place there, score or rank is not."""
        return _QUIET.issuperset(self.what)

    def to_dict(self) -> dict[str, Any]:
        """The change as a JSON object."""
        return {
            "what": list(self.what),
            "before": self.before and _hit_to_dict(self.before),
            "now": self.now and _hit_to_dict(self.now),
            "rank_now": self.now.rank if self.now else self.rank,
            "fate": self.fate and _fate_to_dict(self.fate),
            "origin": self.origin,
            "former_name": self.origin_name or None,
        }


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that shaped the answer and is not what it was; None where it was not there."""

    name: str
    before: Any
    now: Any


@dataclass(frozen=True, slots=True)
class CorpusChange:
    """What documents came, went, got other contents, or another name (pairs of the old and the new one)."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    edited: tuple[str, ...]
    renamed: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Replay:
    """A receipt and the answer of now: the ``result``, each hit that differs, and what may have made it so.

    ``now`` is None where the question cannot be asked any more, for the reason ``refused``. ``corpus`` is None where
    the receipt does not list the documents of a corpus that has changed.
    """

    before: Receipt
    now: Receipt | None
    result: Result
    hits: tuple[HitChange, ...] = ()
    differences: tuple[Difference, ...] = ()
    corpus: CorpusChange | None = None
    refused: str = ""

    @property
    def same_corpus(self) -> bool:
        """Whether all documents are, by name and content, those of the receipt."""
        return self.now is not None and self.now.corpus_root == self.before.corpus_root

    def to_dict(self) -> dict[str, Any]:
        """The JSON object that ``nrqa replay --json`` prints."""
        return {
            "question": self.before.question,
            "result": self.result,
            "receipt": self.before.sha256,
            "before": _outcome(self.before),
            "now": self.now and _outcome(self.now),
            "refused": self.refused or None,
            "hits": [one.to_dict() for one in self.hits],
            "differences": [{"name": one.name, "before": one.before, "now": one.now} for one in self.differences],
            "corpus": None
            if self.corpus is None
            else {
                "added": list(self.corpus.added),
                "removed": list(self.corpus.removed),
                "edited": list(self.corpus.edited),
                "renamed": [list(pair) for pair in self.corpus.renamed],
            },
        }


def replay(
    receipt: str | os.PathLike[str],
    index: str | os.PathLike[str] = DEFAULT_INDEX,
    *,
    encoder: Encoder | None = None,
    announce: Callable[[str], None] | None = None,
) -> Replay:
    """Ask again what the receipt in this file says was asked, of any index, and compare.

    Raises ReceiptError where the file is no receipt or was altered, IndexMissingError, and what ``ask`` raises.
    """
    before = read_receipt(Path(receipt))
    asked = Index.open(index, encoder=encoder, announce=announce, one_shot=True)
    return ask_again(asked, [before])[0]


def keep(
    asked: Index,
    answer: Answer,
    file: Path,
    *,
    k: int,
    where: Where | None = None,
    only: str | Sequence[str] | None = None,
) -> Receipt:
    """Write the receipt of an answer that this index gave to a new file."""
    receipt = receipt_of(answer, _snapshot_of(asked, answer.generation), k=k, where=where, only=only)
    write_new(receipt, file)
    return receipt


def ask_again(asked: Index, receipts: Sequence[Receipt]) -> list[Replay]:
    """Each receipt against the answer of now; questions with the same filters are asked in one batch."""
    answers = _answers(asked, receipts, lambda one: one.k)
    lost = [at for at, answer in enumerate(answers) if isinstance(answer, Answer) and _lost(receipts[at], answer)]
    deep = dict(zip(lost, _answers(asked, [receipts[at] for at in lost], lambda one: max(one.k, _DEEP)), strict=True))
    generations: dict[int, tuple[Snapshot, Mapping[str, str]]] = {}
    changes: dict[tuple[str, str], CorpusChange | None] = {}
    replays = []
    for at, (before, answer) in enumerate(zip(receipts, answers, strict=True)):
        if not isinstance(answer, Answer):
            replays.append(Replay(before, None, "changed", refused=answer))
            continue
        if answer.generation not in generations:
            snapshot = _snapshot_of(asked, answer.generation)
            generations[answer.generation] = snapshot, documents_of(snapshot)
        snapshot, documents = generations[answer.generation]
        now = receipt_of(
            answer, snapshot, k=before.k, where=before.where, only=before.only, documents=documents, texts=True
        )
        roots = before.corpus_root, now.corpus_root
        if roots not in changes or changes[roots] is None:
            changes[roots] = _corpus_change(before, now)
        deeper = deep.get(at)
        ranks = {}
        if isinstance(deeper, Answer):
            ranks = {passage_hash(hit.passage.text): hit.rank for hit in deeper.hits}
        replays.append(_compare(before, now, snapshot, changes[roots], ranks))
    return replays


def ask_first(asked: Index, question: str, *, k: int, where: Where | None, only: Sequence[str] | None) -> Receipt:
    """The receipt, texts included, of a question that is asked now."""
    answer = asked.ask(question, k=k, where=where, only=only)
    return receipt_of(answer, _snapshot_of(asked, answer.generation), k=k, where=where, only=only, texts=True)


def _snapshot_of(asked: Index, number: int) -> Snapshot:
    """The generation that answered; a newer one may have been published since, and the one before it is kept."""
    newest = asked.snapshot
    if newest.manifest.generation == number:
        return newest
    return Snapshot(newest.folder.parent, number)


def _answers(asked: Index, receipts: Sequence[Receipt], depth: Callable[[Receipt], int]) -> list[Answer | str]:
    """The answer to each, or why it cannot be asked any more (such as a filter by metadata that no document has)."""
    alike: dict[tuple[Any, ...], list[int]] = {}
    for at, one in enumerate(receipts):
        where = tuple(sorted((key, tuple(values)) for key, values in one.where.items()))
        alike.setdefault((depth(one), where, one.only), []).append(at)
    answers: list[Answer | str] = [""] * len(receipts)
    for (k, where, only), places in alike.items():
        questions = [receipts[at].question for at in places]
        for at, answer in zip(places, _asked(asked, questions, k, dict(where), only), strict=True):
            answers[at] = answer
    return answers


def _asked(asked: Index, questions: Sequence[str], k: int, where: Where, only: Sequence[str]) -> Sequence[Answer | str]:
    try:
        return asked.ask_many(questions, k=k, where=where, only=only)
    except QuestionError as error:
        if len(questions) == 1:
            return [str(error)]
        return [_asked(asked, [one], k, where, only)[0] for one in questions]  # one of them must not stop the others


def _lost(receipt: Receipt, answer: Answer) -> bool:
    present = {passage_hash(hit.passage.text) for hit in answer.hits}
    return any(hit.passage not in present for hit in receipt.hits)


def _compare(
    before: Receipt, now: Receipt, snapshot: Snapshot, corpus: CorpusChange | None, ranks: Mapping[str, int]
) -> Replay:
    """``ranks`` are those of passages further down than the answer goes, by the hash of their text."""
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
        HitChange(("new",), None, hit, None, None, *_origin(hit, before, now, corpus))
        for hit in now.hits
        if hit.passage not in past | succeeded
    ]
    changes = [one for one in changes if one.what]
    result: Result = "identical"
    if _is_other(before, now, changes):
        result = "changed"
    elif changes or not is_close(before.confidence, now.confidence) or _coverage(before) != _coverage(now):
        result = "same answer"
    return Replay(before, now, result, tuple(changes), _differences(before, now), corpus)


def is_close(before: float, now: float) -> bool:
    """Whether two scores differ by no more than the same computation does on two machines."""
    return math.isclose(before, now, rel_tol=TOLERANCE, abs_tol=TOLERANCE)


_QUIET = {"moved", "elsewhere", "reranked", "rescored", "copies"}


def _is_other(before: Receipt, now: Receipt, changes: Sequence[HitChange]) -> bool:
    """Whether a reader would read something else, or of another document, or with another verdict."""
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


def _left(hit: KeptHit, fate: Fate, now: Receipt, ranks: Mapping[str, int]) -> HitChange:
    place = fate.citation and (fate.citation.document, fate.citation.start)
    if fate.kind == "passage":
        for one in now.hits:
            if place in [(copy.document, copy.start) for copy in one.also]:
                return HitChange(("duplicate",), hit, one, fate)
        return HitChange(("outranked",), hit, None, fate, ranks.get(hit.passage))
    successor = next((one for one in now.hits if (one.citation.document, one.citation.start) == place), None)
    return HitChange((fate.kind,), hit, successor, fate)


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


def _corpus_change(before: Receipt, now: Receipt) -> CorpusChange | None:
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
    """What shaped the answers and is not the same for both, by name."""
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


def _coverage(receipt: Receipt) -> dict[str, Any]:
    """What could not be searched, by file."""
    return {
        **{f"unreadable.{one.document}": one.reason for one in receipt.searched.unreadable},
        **{f"stale.{one.document}": one.reason for one in receipt.searched.stale},
    }


def _outcome(receipt: Receipt) -> dict[str, Any]:
    return {
        "created": receipt.created,
        "verdict": receipt.verdict,
        "confidence": receipt.confidence,
        "generation": receipt.generation,
        "corpus_root": receipt.corpus_root,
        "documents": receipt.searched.documents,
        "passages": receipt.searched.passages,
        "unreadable": skipped_to_list(receipt.searched.unreadable),
        "stale": skipped_to_list(receipt.searched.stale),
    }


def _hit_to_dict(hit: KeptHit) -> dict[str, Any]:
    return {
        "rank": hit.rank,
        "score": hit.score,
        "signals": dict(hit.signals),
        "passage": hit.passage,
        "begins": hit.begins,
        "citation": citation_to_place(hit.citation),
    }


def _fate_to_dict(fate: Fate) -> dict[str, Any]:
    return {
        "kind": fate.kind,
        "citation": fate.citation and citation_to_place(fate.citation),
        "sentences_kept": fate.kept,
        "words": [one.to_dict() for one in fate.words],
        "reason": fate.reason or None,
    }
