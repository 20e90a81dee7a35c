"""Reads files without an extension whose content is text: LICENSE, README, Makefile."""

from __future__ import annotations

from nrqa.corpus.readers.plaintext import read_plaintext
from nrqa.corpus.readers.reading import Reading
from nrqa.corpus.readers.sniffing import HEAD, reason_against
from nrqa.errors import UnreadableError
from nrqa.text.decoding import decode


def read(_: str, data: bytes) -> Reading:
    """Reads a file as plain text. Raises UnreadableError with what it is if its content is something else."""
    reason = reason_against(data[:HEAD])
    if reason:
        raise UnreadableError(reason)
    text, encoding = decode(data)
    return Reading(text, read_plaintext(text), encoding)
