"""What a receipt holds, and its JSON."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nrqa.records import Citation, Searched, Verdict, citation_to_dict, skipped_to_list

SCHEMA = 1
"""The version of the layout of a receipt's JSON. This nrqa cannot read any other version."""
OUTSIDE = ("sha256", "documents")
"""The keys of a receipt's JSON that its hash does not cover."""
PLACE = ("document", "title", "heading", "start", "end", "line_start", "line_end", "page", "sha256")
"""The fields of a citation that a receipt keeps. Metadata is left out: it is in the document, whose hash is kept."""


@dataclass(frozen=True, slots=True)
class KeptHit:
    """A hit as a receipt keeps it.

    ``passage`` is the SHA-256 of its text, ``begins`` the first characters, ``sentences`` the beginnings of the hashes
    of its sentences (white space counts as one blank). ``text`` is None unless it was asked for.
    """

    rank: int
    score: float
    signals: Mapping[str, float]
    passage: str
    begins: str
    sentences: tuple[str, ...]
    citation: Citation
    also: tuple[Citation, ...] = ()
    text: str | None = None


@dataclass(frozen=True, slots=True)
class KeptNear:
    """A passage that came after the hits: the SHA-256 of its text, its place, and its score."""

    passage: str
    citation: Citation
    score: float


@dataclass(frozen=True, slots=True)
class Receipt:
    """An answer and all that it depended on.

    ``made_by`` says what shaped the answer besides question and corpus: version, format, encoder, settings, weights.
    ``searched`` is that of the answer, except that the nearest misses are in ``nearest``. ``documents`` has the names
    and SHA-256 of all documents of the corpus; None where they are not listed.
    """

    created: str
    question: str
    k: int
    made_by: Mapping[str, Any]
    generation: int
    verdict: Verdict
    confidence: float
    hits: tuple[KeptHit, ...]
    nearest: tuple[KeptNear, ...]
    searched: Searched
    documents: Mapping[str, str] | None = None

    @property
    def where(self) -> Mapping[str, Sequence[str]]:
        """The conditions on metadata that the question was asked with."""
        return self.searched.where

    @property
    def only(self) -> tuple[str, ...]:
        """The globs that limited the question to documents with matching names."""
        return self.searched.only

    @property
    def corpus_root(self) -> str:
        """The fingerprint of the corpus."""
        return self.searched.corpus

    @property
    def sha256(self) -> str:
        """The hash that identifies this receipt: of all its content except the list of documents."""
        return sha256_of(self._hashed())

    def to_dict(self) -> dict[str, Any]:
        """The JSON object that a receipt's file holds."""
        return {**self._hashed(), "sha256": self.sha256, "documents": self.documents and dict(self.documents)}

    def _hashed(self) -> dict[str, Any]:
        return {
            "receipt": SCHEMA,
            "created": self.created,
            "question": self.question,
            "k": self.k,
            "where": {key: list(values) for key, values in self.where.items()},
            "only": list(self.only),
            "made_by": dict(self.made_by),
            "corpus": {"root": self.corpus_root, "generation": self.generation},
            "verdict": self.verdict,
            "confidence": self.confidence,
            "hits": [_hit_to_dict(hit) for hit in self.hits],
            "searched": {
                "documents": self.searched.documents,
                "passages": self.searched.passages,
                "unreadable": skipped_to_list(self.searched.unreadable),
                "stale": skipped_to_list(self.searched.stale),
                "nowhere": list(self.searched.nowhere),
                "nearest": [near_to_dict(one) for one in self.nearest],
            },
        }


def citation_to_place(citation: Citation) -> dict[str, Any]:
    """The citation as a JSON object, without metadata."""
    whole = citation_to_dict(citation)
    return {name: whole[name] for name in PLACE}


def near_to_dict(near: KeptNear) -> dict[str, Any]:
    """The near miss as a JSON object."""
    return {"passage": near.passage, "score": near.score, "citation": citation_to_place(near.citation)}


def sha256_of(content: Mapping[str, Any]) -> str:
    """The hash of the JSON in one canonical form, so that the file may be formatted differently."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()


def _hit_to_dict(hit: KeptHit) -> dict[str, Any]:
    return {
        "rank": hit.rank,
        "score": hit.score,
        "signals": dict(hit.signals),
        "passage": hit.passage,
        "begins": hit.begins,
        "sentences": list(hit.sentences),
        "citation": citation_to_place(hit.citation),
        "also": [citation_to_place(one) for one in hit.also],
        "text": hit.text,
    }
