"""The process in which a scan's pages are rendered and recognised: a PDF in, the same with a text layer out.

It is of its own, for it must start a program, which the process that reads files may not; and what it opens is
somebody else's work.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from functools import partial

from nrqa.corpus.readers.pdf.text_layer import layered
from nrqa.corpus.worker.ocr.tesseract import recognised
from nrqa.errors import UnreadableError
from nrqa.settings import READ_BYTES


def main() -> None:
    """Read a PDF from standard input and write it, with the text that was recognised, to standard output."""
    out = os.fdopen(os.dup(1), "wb")
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    _limit()
    data = sys.stdin.buffer.read()
    try:
        out.write(layered(data, partial(recognised, languages=sys.argv[1])))
    except UnreadableError:
        sys.exit(1)
    out.close()


def _limit() -> None:
    """So much memory, for tesseract as well; where the system has such limits."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for limit, most in ((resource.RLIMIT_AS, READ_BYTES), (resource.RLIMIT_CORE, 0)):
        with suppress(OSError, ValueError):
            resource.setrlimit(limit, (most, resource.getrlimit(limit)[1]))


if __name__ == "__main__":
    main()
