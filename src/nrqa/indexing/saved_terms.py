"""Terms of passages' texts that workers made: found by the hash of the text, since nothing else decides them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

from nrqa.signals.lexical import TermsOf
from nrqa.text.terms import document_terms

_BETWEEN = " "
"""No term holds a space: the lexical index tells terms apart by it."""


def key_of_terms(under: bytes, text: str) -> bytes:
    """The key of a text's terms, made under those conditions (see module drafted_files)."""
    return hashlib.blake2b(text.encode(), digest_size=16, key=under, person=b"terms").digest()


def save_terms(records: dict[bytes, bytes], under: bytes, text: str, make: TermsOf = document_terms) -> None:
    """Add the terms of a text to the records; but for terms that a record cannot give back."""
    key = key_of_terms(under, text)
    if key not in records:
        terms = list(make(text))
        record = _BETWEEN.join(terms)
        if _read_back(record) == terms:
            records[key] = record.encode()


def found_or_made(find: Callable[[bytes], bytes | None], under: bytes, make: TermsOf) -> TermsOf:
    """What finds the terms that were made under those conditions, and makes those that are not there."""

    def found(text: str) -> Sequence[str]:
        record = find(key_of_terms(under, text))
        if record is not None:
            try:
                return _read_back(record.decode())
            except UnicodeDecodeError:  # nothing that a worker writes
                pass
        return make(text)

    return found


def _read_back(record: str) -> list[str]:
    return record.split(_BETWEEN) if record else []
