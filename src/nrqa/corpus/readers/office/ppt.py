"""Reads files named .ppt that are newer presentations under an old name, and refuses the old binary format."""

from __future__ import annotations

from nrqa.corpus.readers.office import pptx
from nrqa.corpus.readers.office.containers import refuse_binary
from nrqa.corpus.readers.reading import Reading


def read(name: str, data: bytes) -> Reading:
    """Reads the file if it is a newer presentation."""
    refuse_binary(data)
    return pptx.read(name, data)
