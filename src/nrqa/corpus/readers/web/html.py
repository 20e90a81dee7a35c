"""HTML and XHTML files, as a browser saves them or a program writes them."""

from __future__ import annotations

from nrqa.corpus.readers.reading import Reading
from nrqa.corpus.readers.web.charset import page_text
from nrqa.corpus.readers.web.page import read_page


def read(_: str, data: bytes) -> Reading:
    """Reads a web page."""
    return read_page(page_text(data))
