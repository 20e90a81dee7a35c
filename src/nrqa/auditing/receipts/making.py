"""The receipt of an answer."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from nrqa.answering import calibration
from nrqa.answering.verdict import ABSENT, ANSWERED, WITH_TOKENS, WITHOUT_TOKENS
from nrqa.auditing.receipts.model import KeptHit, KeptNear, Receipt
from nrqa.records import Answer, Citation, Hit
from nrqa.settings import FORMAT, VERSION
from nrqa.text.sentences import language_of, sentence_spans

if TYPE_CHECKING:
    from nrqa.index.snapshot import Snapshot

_BEGINS = 80
"""Characters of a passage that a receipt quotes."""
_SENTENCE_HASH = 16
"""Hexadecimal digits kept of a sentence's SHA-256: enough among the sentences of one document."""
_AS_IT_CAME = (1.0, 0.0)
"""A calibration that changes nothing."""


def receipt_of(
    answer: Answer,
    snapshot: Snapshot,
    *,
    k: int,
    documents: Mapping[str, str] | None = None,
    texts: bool = False,
) -> Receipt:
    """The receipt of an answer that this generation gave; ``texts`` keeps the passages' whole text in it.

    ``documents`` are those of the generation (see ``documents_of``), where the caller has them already.
    """
    manifest = snapshot.manifest
    assert answer.generation == manifest.generation
    return Receipt(
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        question=answer.question,
        k=k,
        made_by={
            "nrqa": VERSION,
            "format": FORMAT,
            "encoder": {"name": manifest.model.name, "fingerprint": manifest.model.fingerprint},
            "settings": manifest.settings.to_dict(),
            "weights": dict(manifest.fusion),
            "confidence": _confidence(snapshot),
            # BM25 still counts these, until the lexical index is rewritten.
            "removed_passages_counted": manifest.lexical_dead,
            **({} if answer.reranked is None else {"reranked": answer.reranked.to_dict()}),
        },
        generation=manifest.generation,
        verdict=answer.verdict,
        confidence=round(answer.confidence, 6),
        hits=tuple(_kept(hit, texts=texts) for hit in answer.hits),
        nearest=tuple(_nearest(answer, snapshot)),
        searched=replace(answer.searched, nearest=()),
        documents=documents_of(snapshot) if documents is None else documents,
    )


def documents_of(snapshot: Snapshot) -> dict[str, str]:
    """Name and SHA-256 of every document of a generation, in order of name."""
    return {name: one.sha256 for name, one in sorted(snapshot.known.items())}


def passage_hash(text: str) -> str:
    """The SHA-256 by which a receipt knows a passage."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def hashed_sentences(text: str) -> dict[str, str]:
    """The sentences of a passage in order, by the first digits of their hashes; white space counts as one blank."""
    spans = sentence_spans(text, 0, len(text), language_of(text))
    sentences = (" ".join(text[span.start : span.end].split()) for span in spans)
    return {passage_hash(sentence)[:_SENTENCE_HASH]: sentence for sentence in sentences}


def _confidence(snapshot: Snapshot) -> dict[str, Any]:
    """What turned evidence into the verdict: nrqa's own weights, and the calibration of the index."""
    taught = calibration.read(snapshot.beside)
    learnt = None
    if taught and taught.model == snapshot.manifest.model.fingerprint:  # else it is not applied
        learnt = round(taught.slope, 6), round(taught.intercept, 6)
    return {
        **asdict(WITH_TOKENS if snapshot.codebook else WITHOUT_TOKENS),
        "answered": ANSWERED,
        "absent": ABSENT,
        "calibration": None if learnt in (None, _AS_IT_CAME) else list(learnt),
    }


def _kept(hit: Hit, *, texts: bool) -> KeptHit:
    text = hit.passage.text
    return KeptHit(
        rank=hit.rank,
        score=round(hit.score, 6),
        signals={name: round(score, 6) for name, score in hit.signals.items()},
        passage=passage_hash(text),
        begins=text[:_BEGINS],
        sentences=tuple(hashed_sentences(text)),
        citation=_place(hit.passage.citation),
        also=tuple(_place(one) for one in hit.also),
        text=text if texts else None,
    )


def _nearest(answer: Answer, snapshot: Snapshot) -> Iterator[KeptNear]:
    for one in answer.searched.nearest:
        found = snapshot.document_named(one.citation.document)
        assert found is not None
        text = found[0][one.citation.start : one.citation.end]
        yield KeptNear(passage_hash(text), _place(one.citation), round(one.score, 6))


def _place(citation: Citation) -> Citation:
    """The citation without metadata: the document has it, and the receipt has the document's hash."""
    return replace(citation, metadata={})
