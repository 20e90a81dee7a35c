"""The process that renders a scan's pages and recognises their text: a PDF in, the same PDF with a text layer out.

It is separate from the process that reads files, because it must start a program, which that process may not. It is
separate from the main process, because the file comes from somebody else and may be made to do harm: the kernel refuses
it, and the program, the network and every file but those of programs and one folder of their own (package cage).
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

from nrqa.cage.entering import enter_with_programs
from nrqa.corpus.readers.pdf.text_layer import layered
from nrqa.corpus.worker.ocr.tesseract import program, recognised
from nrqa.errors import UnreadableError
from nrqa.settings import READ_BYTES


def main() -> None:
    """Read a PDF from standard input and write it, with the text that was recognised, to standard output.

    The arguments are the languages, and an empty folder for the program's files, which the caller deletes.
    """
    out = os.fdopen(os.dup(1), "wb")
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    _limit()
    _, languages, folder = sys.argv
    tempfile.tempdir = folder  # where the pictures and their texts are written
    enter_with_programs(folder, tuple(_places_of(program())))
    data = sys.stdin.buffer.read()
    try:
        out.write(layered(data, partial(recognised, languages=languages)))
    except UnreadableError:
        sys.exit(1)
    out.close()


def _places_of(tesseract: str | None) -> Iterator[str]:
    """The folders of tesseract, of what it is written in, and of its languages."""
    yield from (sys.base_prefix, sys.prefix)
    if tesseract:
        yield from (str(Path(tesseract).parent), str(Path(tesseract).resolve().parent.parent))
    if "TESSDATA_PREFIX" in os.environ:
        yield os.environ["TESSDATA_PREFIX"]


def _limit() -> None:
    """Limits the memory of this process, and so of tesseract, if the system can do that."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for limit, most in ((resource.RLIMIT_AS, READ_BYTES), (resource.RLIMIT_CORE, 0)):
        with suppress(OSError, ValueError):
            resource.setrlimit(limit, (most, resource.getrlimit(limit)[1]))


if __name__ == "__main__":
    main()
