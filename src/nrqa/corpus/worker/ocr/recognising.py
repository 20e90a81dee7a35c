"""Gives a scan the text layer that it lacks, by a separate process with a time limit."""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import suppress
from tempfile import TemporaryDirectory

from nrqa.cage.launching import command, environment
from nrqa.corpus.worker.ocr.tesseract import PAGE_SECONDS
from nrqa.errors import UnreadableError

KIND = "recognised text"
"""The kind of the flag that covers the whole text of a recognised document."""
_MOST_SECONDS = 2 * 60 * 60
"""Most seconds for recognising one file: enough for about two thousand pages."""


def with_text_layer(data: bytes, pages: int, languages: str) -> bytes:
    """The PDF with its recognised text in invisible letters, each at its place; made only for the PDF reader.

    ``pages`` is the number of pages; ``languages`` are names as tesseract takes them. Raises UnreadableError if
    recognising takes too long or fails.
    """
    seconds = min(_MOST_SECONDS, PAGE_SECONDS * (pages + 1))
    with TemporaryDirectory(prefix="nrqa-ocr-", ignore_cleanup_errors=True) as folder:
        return _recognised(data, languages, folder, seconds)


def _recognised(data: bytes, languages: str, folder: str, seconds: int) -> bytes:
    process = subprocess.Popen(  # noqa: S603 - a module of our own, and languages that were checked
        command("nrqa.corpus.worker.ocr.process", languages, folder),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment(),
        start_new_session=True,
    )
    try:
        found, _ = process.communicate(data, timeout=seconds)
    except subprocess.TimeoutExpired as error:
        raise UnreadableError(f"a scan: recognising its text takes longer than {seconds:,} seconds") from error
    finally:
        _end(process)
    if process.returncode or not found:
        raise UnreadableError("a scan: recognising its text failed")
    return found


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends the process, if it still runs, together with the program that it started."""
    if process.poll() is None:
        with suppress(OSError):
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
        process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()
