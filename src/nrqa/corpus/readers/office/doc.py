"""Reads files named .doc that are really DOCX or RTF, and refuses the old binary format."""

from __future__ import annotations

from nrqa.corpus.readers.office import docx, rtf
from nrqa.corpus.readers.office.containers import refuse_binary
from nrqa.corpus.readers.reading import Reading
from nrqa.errors import UnreadableError


def read(name: str, data: bytes) -> Reading:
    """Reads the file if it is a newer Word document or RTF under an old name."""
    refuse_binary(data)
    if data.startswith(b"PK\x03\x04"):
        return docx.read(name, data)
    if data.startswith(b"{\\rtf"):
        return rtf.read(name, data)
    raise UnreadableError("not a Word document, as its name says")
