"""Receipts: an answer written down so that it can be asked again later, and compared.

A receipt holds what was asked, what shaped the answer (encoder, settings, weights, version), which corpus was searched
(the Merkle root over its documents), and what came out: each passage by the SHA-256 of its text, with its place and
scores. Of the text itself it holds only the beginning, by which a reader knows the passage and `nrqa replay` finds it.

Its own SHA-256 tells a receipt that was altered. The list of documents stands outside of that: the Merkle root, which
is inside, speaks for it.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nrqa import calibration, merkle
from nrqa.errors import ReceiptError
from nrqa.records import Answer, Citation, Hit, Searched, Skipped, Verdict, citation_to_dict, skipped_to_list
from nrqa.saving import save
from nrqa.sentences import language_of, sentence_spans
from nrqa.settings import FORMAT, VERSION
from nrqa.verdict import ABSENT, ANSWERED, WITH_TOKENS, WITHOUT_TOKENS

if TYPE_CHECKING:
    from nrqa.index.snapshot import Snapshot

SCHEMA = 1
"""The layout of a receipt's JSON. Another number: this nrqa cannot read it."""
LISTED = 10_000
"""Documents up to which a receipt lists them all (about 100 bytes each), so that replay can name what came and went."""
_BEGINS = 80
"""Characters of a passage that a receipt quotes."""
_SENTENCE_HASH = 16
"""Hexadecimal digits kept of a sentence's SHA-256: enough among the sentences of one document."""
_VERDICTS = ("answered", "weak", "absent", "unknown")


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
class Receipt:
    """An answer and all it depended on.

    ``made_by`` says what shaped the answer besides question and corpus: version, format, encoder, settings, weights.
    ``documents`` are names and SHA-256 of all documents of the corpus; None where they are not listed.
    """

    created: str
    question: str
    k: int
    where: Mapping[str, Sequence[str]]
    only: tuple[str, ...]
    made_by: Mapping[str, Any]
    generation: int
    corpus_root: str
    verdict: Verdict
    confidence: float
    hits: tuple[KeptHit, ...]
    searched: Searched
    documents: Mapping[str, str] | None = None

    @property
    def sha256(self) -> str:
        """What tells this receipt from every other: the hash of all it says, less the list of documents."""
        return _sha256_of(self._hashed())

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
            },
        }


def receipt_of(
    answer: Answer,
    snapshot: Snapshot,
    *,
    k: int,
    where: Mapping[str, str | Sequence[str]] | None = None,
    only: str | Sequence[str] | None = None,
    documents: Mapping[str, str] | None = None,
    texts: bool = False,
) -> Receipt:
    """The receipt of an answer that this generation gave; ``texts`` keeps the passages' whole text in it.

    ``documents`` are those of the generation, where the caller has them at hand.
    """
    manifest, searched = snapshot.manifest, answer.searched
    assert answer.generation == manifest.generation
    return Receipt(
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        question=answer.question,
        k=k,
        where={_sound(key): _strings(wanted) for key, wanted in (where or {}).items()},
        only=tuple(_strings(only or ())),
        made_by={
            "nrqa": VERSION,
            "format": FORMAT,
            "encoder": {"name": manifest.model.name, "fingerprint": manifest.model.fingerprint},
            "settings": manifest.settings.to_dict(),
            "weights": dict(manifest.fusion),
            "confidence": _confidence(snapshot),
            # BM25 goes on counting these until the lexical index is written anew.
            "removed_passages_counted": manifest.lexical_dead,
        },
        generation=manifest.generation,
        corpus_root=manifest.corpus_root,
        verdict=answer.verdict,
        confidence=round(answer.confidence, 6),
        hits=tuple(_kept(hit, texts=texts) for hit in answer.hits),
        searched=Searched(searched.documents, searched.passages, searched.unreadable, searched.stale),
        documents=documents_of(snapshot) if documents is None else documents,
    )


def _confidence(snapshot: Snapshot) -> dict[str, Any]:
    """What turned evidence into the verdict: nrqa's own weights, and what the index was taught."""
    taught = calibration.read(snapshot.folder.parent)
    return {
        **asdict(WITH_TOKENS if snapshot.codebook else WITHOUT_TOKENS),
        "answered": ANSWERED,
        "absent": ABSENT,
        "calibration": [round(taught.slope, 6), round(taught.intercept, 6)] if taught else None,
    }


def documents_of(snapshot: Snapshot) -> dict[str, str]:
    """Name and SHA-256 of every document of a generation, in order of name."""
    return {name: one.sha256 for name, one in sorted(snapshot.known.items())}


def passage_hash(text: str) -> str:
    """The SHA-256 by which a receipt knows a passage."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def sentence_hashes(text: str) -> tuple[str, ...]:
    """The beginnings of the hashes of a passage's sentences, in order."""
    spans = sentence_spans(text, 0, len(text), language_of(text))
    sentences = (" ".join(text[span.start : span.end].split()) for span in spans)
    return tuple(passage_hash(sentence)[:_SENTENCE_HASH] for sentence in sentences)


def read_receipt(file: Path) -> Receipt:
    """The receipt in the file; ReceiptError where there is none, or it is not as it was written."""
    try:
        content = json.loads(file.read_text("utf-8"))
    except OSError as error:
        raise ReceiptError(f"The receipt '{file}' cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise ReceiptError(f"'{file}' is no JSON ({error}). {_REMEDY}") from error
    if not isinstance(content, dict) or "receipt" not in content:
        raise ReceiptError(f"'{file}' is no receipt. {_REMEDY}")
    if content["receipt"] != SCHEMA:
        raise ReceiptError(
            f"The receipt '{file}' has layout {content['receipt']}, this nrqa ({VERSION}) reads layout {SCHEMA}. "
            "Replay it with the nrqa that wrote it, or a newer one"
        )
    if content.get("sha256") != _sha256_of({key: content[key] for key in content if key not in _OUTSIDE}):
        raise ReceiptError(f"The receipt '{file}' was altered after it was written: its SHA-256 is another")
    try:
        receipt = _receipt(content)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ReceiptError(f"'{file}' is no receipt ({type(error).__name__}: {error}). {_REMEDY}") from error
    if receipt.documents is not None and merkle.root(receipt.documents.items()) != receipt.corpus_root:
        raise ReceiptError(f"The receipt '{file}' was altered: its documents are not those of its corpus")
    return receipt


def write_new(receipt: Receipt, file: Path) -> None:
    """Write the receipt to a file that must not be there yet, whole or not at all."""
    listed = receipt.documents is not None and len(receipt.documents) <= LISTED
    save((receipt if listed else replace(receipt, documents=None)).to_dict(), file, instead=False)


def refuse_existing(file: Path) -> None:
    """ReceiptError where a receipt cannot be written there, so that it is told before anything is asked."""
    if file.exists():
        raise ReceiptError(f"'{file}' is there already, and a receipt replaces nothing. Name another file")
    if not os.access(file.resolve().parent, os.W_OK):
        raise ReceiptError(f"The receipt cannot be written as '{file}'. Name a file in a folder that may be written to")


_OUTSIDE = ("sha256", "documents")
_REMEDY = 'Receipts are written by: nrqa query "…" --receipt FILE'


def _strings(wanted: Any) -> list[str]:
    """One value or several, as a filter takes them."""
    values = wanted if isinstance(wanted, (list, tuple, set, frozenset)) else [wanted]
    return [_sound(value) for value in values]


def _sound(value: Any) -> str:
    """Without what no UTF-8 file could hold (half characters from a broken terminal)."""
    return str(value).encode("utf-8", "replace").decode("utf-8")


def _kept(hit: Hit, *, texts: bool) -> KeptHit:
    text = hit.passage.text
    return KeptHit(
        rank=hit.rank,
        score=round(hit.score, 6),
        signals={name: round(score, 6) for name, score in hit.signals.items()},
        passage=passage_hash(text),
        begins=text[:_BEGINS],
        sentences=sentence_hashes(text),
        citation=_place(hit.passage.citation),
        also=tuple(_place(one) for one in hit.also),
        text=text if texts else None,
    )


def _place(citation: Citation) -> Citation:
    """Without the metadata: it stands in the document, whose hash is here."""
    return replace(citation, metadata={})


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


def citation_to_place(citation: Citation) -> dict[str, Any]:
    """The citation as a JSON object, without metadata."""
    whole = citation_to_dict(citation)
    return {name: whole[name] for name in _PLACE}


_PLACE = ("document", "title", "heading", "start", "end", "line_start", "line_end", "page", "sha256")


def _receipt(content: Mapping[str, Any]) -> Receipt:
    if content["verdict"] not in _VERDICTS:
        raise ValueError(content["verdict"])
    searched, documents = content["searched"], content.get("documents")
    return Receipt(
        created=str(content["created"]),
        question=str(content["question"]),
        k=int(content["k"]),
        where={str(key): [str(one) for one in values] for key, values in content["where"].items()},
        only=tuple(str(one) for one in content["only"]),
        made_by=dict(content["made_by"]),
        generation=int(content["corpus"]["generation"]),
        corpus_root=str(content["corpus"]["root"]),
        verdict=content["verdict"],
        confidence=content["confidence"],
        hits=tuple(_hit(one) for one in content["hits"]),
        searched=Searched(
            searched["documents"],
            searched["passages"],
            tuple(Skipped(**one) for one in searched["unreadable"]),
            tuple(Skipped(**one) for one in searched["stale"]),
        ),
        documents=None if documents is None else {str(name): str(sha256) for name, sha256 in documents.items()},
    )


def _hit(content: Mapping[str, Any]) -> KeptHit:
    return KeptHit(
        rank=int(content["rank"]),
        score=content["score"],
        signals=dict(content["signals"]),
        passage=str(content["passage"]),
        begins=str(content["begins"]),
        sentences=tuple(content["sentences"]),
        citation=_citation(content["citation"]),
        also=tuple(_citation(one) for one in content["also"]),
        text=content["text"],
    )


def _citation(content: Mapping[str, Any]) -> Citation:
    return Citation(**{**{name: content[name] for name in _PLACE}, "heading": tuple(content["heading"])})


def _sha256_of(content: Mapping[str, Any]) -> str:
    """The hash of the JSON in one certain layout, so that it may be laid out otherwise in the file."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()
