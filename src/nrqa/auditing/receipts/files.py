"""Receipts in files: each is written once, and refused if it was altered since."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from nrqa.auditing.receipts.model import OUTSIDE, PLACE, SCHEMA, KeptHit, KeptNear, Receipt, sha256_of
from nrqa.errors import ReceiptError
from nrqa.index import merkle
from nrqa.records import Citation, Searched, Skipped
from nrqa.saving import save
from nrqa.settings import VERSION

LISTED = 10_000
"""Up to so many documents, a receipt lists all (about 100 bytes each): so replay can name those added or removed."""
_VERDICTS = ("answered", "weak", "absent", "unknown")
_REMEDY = 'Receipts are written by: nrqa query "…" --receipt FILE'


def read_receipt(file: Path) -> Receipt:
    """The receipt in the file. Raises ReceiptError where there is none, or where it was altered."""
    try:
        content = json.loads(file.read_text("utf-8"))
    except OSError as error:
        raise ReceiptError(f"The receipt '{file}' cannot be read: {error.strerror}. {_REMEDY}") from error
    except (ValueError, RecursionError) as error:
        raise ReceiptError(f"'{file}' is no receipt, or was cut short: no JSON ({error}). {_REMEDY}") from error
    return given_receipt(content, str(file))


def given_receipt(content: Any, file: str) -> Receipt:
    """The receipt that was read from JSON, from the file of that name or elsewhere. Raises ReceiptError as above."""
    if not isinstance(content, dict) or "receipt" not in content:
        raise ReceiptError(f"'{file}' is no receipt. {_REMEDY}")
    if content["receipt"] != SCHEMA:
        raise ReceiptError(
            f"The receipt '{file}' has layout {content['receipt']}, this nrqa ({VERSION}) reads layout {SCHEMA}. "
            "Replay it with the nrqa that wrote it"
        )
    if content.get("sha256") != sha256_of({key: content[key] for key in content if key not in OUTSIDE}):
        raise ReceiptError(
            f"The receipt '{file}' was altered after it was written: its SHA-256 is another. "
            "Take it from where it was kept unaltered, or ask again"
        )
    try:
        receipt = _receipt(content)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ReceiptError(f"'{file}' is no receipt ({type(error).__name__}: {error}). {_REMEDY}") from error
    if receipt.documents is not None and merkle.root(receipt.documents.items()) != receipt.corpus_root:
        raise ReceiptError(
            f"The receipt '{file}' was altered: its documents are not those of its corpus. "
            'Without them ("documents": null) it is valid, and cannot tell which documents came and went'
        )
    return receipt


def write_new(receipt: Receipt, file: Path) -> None:
    """Write the receipt to a file that must not exist yet; it is written whole or not at all."""
    listed = receipt.documents is not None and len(receipt.documents) <= LISTED
    save((receipt if listed else replace(receipt, documents=None)).to_dict(), file, instead=False)


def refuse_existing(file: Path) -> None:
    """Raise ReceiptError where a receipt cannot be written to the file; the user learns it before anything is asked."""
    if file.exists():
        raise ReceiptError(f"'{file}' is there already, and a receipt replaces nothing. Name another file")
    if not os.access(file.resolve().parent, os.W_OK):
        raise ReceiptError(f"The receipt cannot be written as '{file}'. Name a file in a folder that may be written to")


def _receipt(content: Mapping[str, Any]) -> Receipt:
    if content["verdict"] not in _VERDICTS:
        raise ValueError(content["verdict"])
    searched, documents = content["searched"], content.get("documents")
    return Receipt(
        created=str(content["created"]),
        question=str(content["question"]),
        k=int(content["k"]),
        made_by=dict(content["made_by"]),
        generation=int(content["corpus"]["generation"]),
        verdict=content["verdict"],
        confidence=float(content["confidence"]),
        hits=tuple(_hit(one) for one in content["hits"]),
        nearest=tuple(
            KeptNear(str(one["passage"]), _citation(one["citation"]), float(one["score"]))
            for one in searched["nearest"]
        ),
        searched=Searched(
            documents=int(searched["documents"]),
            passages=int(searched["passages"]),
            unreadable=tuple(Skipped(**one) for one in searched["unreadable"]),
            stale=tuple(Skipped(**one) for one in searched["stale"]),
            corpus=str(content["corpus"]["root"]),
            where={str(key): [str(one) for one in values] for key, values in content["where"].items()},
            only=tuple(str(one) for one in content["only"]),
            nowhere=tuple(str(one) for one in searched["nowhere"]),
        ),
        documents=None if documents is None else {str(name): str(sha256) for name, sha256 in documents.items()},
    )


def _hit(content: Mapping[str, Any]) -> KeptHit:
    return KeptHit(
        rank=int(content["rank"]),
        score=float(content["score"]),
        signals={str(name): float(score) for name, score in content["signals"].items()},
        passage=str(content["passage"]),
        begins=str(content["begins"]),
        sentences=tuple(str(one) for one in content["sentences"]),
        citation=_citation(content["citation"]),
        also=tuple(_citation(one) for one in content["also"]),
        text=None if content["text"] is None else str(content["text"]),
    )


def _citation(content: Mapping[str, Any]) -> Citation:
    return Citation(**{**{name: content[name] for name in PLACE}, "heading": tuple(content["heading"])})
