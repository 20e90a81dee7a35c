"""What reads and splits documents here, and makes their terms: another version may do it otherwise."""

from __future__ import annotations

import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from nrqa.corpus.worker.ocr.tesseract import version_for
from nrqa.errors import CorpusError

_LIBRARIES = ("lxml", "markdown-it-py", "olefile", "pypdfium2", "pystemmer", "pyyaml", "sentencex", "tokenizers")
"""Those whose results stand in an index: texts, blocks, ends of sentences, numbers of tokens, stems."""


@cache
def reading_versions(ocr: str) -> tuple[str, ...]:
    """The versions of Python, of these libraries, and of tesseract where text is recognised; "" for what is missing."""
    recognising = ""
    if ocr:
        try:
            recognising = version_for(ocr)
        except CorpusError:  # told where somebody needs it
            recognising = ""
    return (platform.python_version(), *map(_version, _LIBRARIES), recognising)


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return ""
