"""ODT: what a reader of the document sees on its pages."""

from __future__ import annotations

from nrqa.corpus.readers.office.composing import composed
from nrqa.corpus.readers.office.opendocument import DRAW, document_properties, open_document
from nrqa.corpus.readers.office.opendocument_styles import numbering_of, read_styles
from nrqa.corpus.readers.office.opendocument_text import Walk
from nrqa.corpus.readers.reading import Reading
from nrqa.errors import UnreadableError


def read(_: str, data: bytes) -> Reading:
    """Reads an OpenDocument text."""
    document = open_document(data, "text")
    styles = read_styles(document)
    metadata, title = document_properties(document)
    walk = Walk(document, styles, numbering_of(styles))
    reading = composed(walk.pieces(document.body), title=title, metadata=metadata)
    if not (reading.outline.blocks or reading.flags) and next(document.body.iter(DRAW + "image"), None) is not None:
        raise UnreadableError("no text in it, only pictures")
    return reading
