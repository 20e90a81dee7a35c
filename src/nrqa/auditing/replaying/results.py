"""What a replay says, and its JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from nrqa.auditing.lost_hits import LostHit
from nrqa.auditing.receipts.model import KeptHit, Receipt, citation_to_place, near_to_dict
from nrqa.records import skipped_to_list

Result = Literal["identical", "same answer", "changed"]
Origin = Literal["added", "edited", "renamed", "unchanged", "unlisted"]

_QUIET = {"moved", "elsewhere", "reranked", "rescored", "copies"}


@dataclass(frozen=True, slots=True)
class HitChange:
    """How one hit has changed: ``before`` is None for a hit that is new, ``now`` for a hit that is gone.

    ``what`` lists the changes, the most important first:

    * of a hit that stayed: moved (to other lines or another heading), relocated (to another document), renamed (its
      document was), elsewhere (its document was edited in other places), reranked, rescored, copies (it has others)
    * of a hit that is gone: outranked, duplicate (it is now a copy of a better hit), or the kind of a LostHit; ``now``
      is its successor, where that is a hit
    * of a new hit: new

    ``rank`` is the present rank of an outranked passage (None: not among the first 50), or the former rank of a new hit
    among the nearest misses (None: it was none of them); ``origin`` is what is known of the document of a new hit.
    """

    what: tuple[str, ...]
    before: KeptHit | None
    now: KeptHit | None
    fate: LostHit | None = None
    rank: int | None = None
    origin: Origin | None = None
    origin_name: str = ""
    """The former name of a renamed document."""

    @property
    def is_quiet(self) -> bool:
        """Whether the passage is the same, in the same document, and only its place there, score or rank is new."""
        return _QUIET.issuperset(self.what)

    def to_dict(self) -> dict[str, Any]:
        """The change as a JSON object."""
        return {
            "what": list(self.what),
            "before": self.before and _hit_to_dict(self.before),
            "now": self.now and _hit_to_dict(self.now),
            "rank_before": self.before.rank if self.before else self.rank,
            "rank_now": self.now.rank if self.now else self.rank,
            "fate": self.fate and _fate_to_dict(self.fate),
            "origin": self.origin,
            "former_name": self.origin_name or None,
        }


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that shaped the answer and has changed; a value is None where it was not there."""

    name: str
    before: Any
    now: Any


@dataclass(frozen=True, slots=True)
class CorpusChange:
    """Which documents were added, removed, edited or renamed (pairs of the old and the new name)."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    edited: tuple[str, ...]
    renamed: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Replay:
    """A receipt compared with the present answer: the ``result``, each hit that differs, and the possible causes.

    ``now`` is None where the question cannot be asked any more; ``refused`` says why. ``corpus`` is None where the
    receipt does not list the documents of a corpus that has changed.
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
        """Whether all documents have the same names and contents as those of the receipt."""
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
        "nowhere": list(receipt.searched.nowhere),
        "nearest": [near_to_dict(one) for one in receipt.nearest],
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


def _fate_to_dict(fate: LostHit) -> dict[str, Any]:
    return {
        "kind": fate.kind,
        "citation": fate.citation and citation_to_place(fate.citation),
        "sentences_kept": fate.kept,
        "sentences_new": list(fate.came),
        "words": [one.to_dict() for one in fate.words],
        "reason": fate.reason or None,
    }
