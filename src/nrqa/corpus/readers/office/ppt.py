"""Files named .ppt: the old binary format, which is not read, or a newer presentation under an old name."""

from __future__ import annotations

from nrqa.corpus.readers.office import pptx
from nrqa.corpus.readers.office.containers import refuse_binary
from nrqa.corpus.readers.reading import Reading


def read(name: str, data: bytes) -> Reading:
    """What is in the file, where it is a newer presentation."""
    refuse_binary(data)
    return pptx.read(name, data)
