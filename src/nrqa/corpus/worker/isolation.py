"""Starts and controls the separate process that reads files, so that no file can stop a run or fill the memory."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import IO, Any

from nrqa.cage.launching import command, ending, environment
from nrqa.cage.time_limit import give_time, ran_out
from nrqa.corpus.readers.reading import Columns
from nrqa.corpus.worker.deadline import Deadline
from nrqa.corpus.worker.messages import receive, send, unpacked
from nrqa.corpus.worker.ocr.recognising import KIND, with_text_layer
from nrqa.corpus.worker.ocr.tesseract import version_for
from nrqa.errors import CorpusError, ReadingEndedError, ScanError, UnreadableError
from nrqa.records import Block, Document, Flag
from nrqa.settings import READ_BYTES, READ_SECONDS

ReadDocument = Callable[[str, bytes], tuple[Document, tuple[Block, ...]]]
DRAW_SECONDS = 20
"""Somebody waits for the picture of a page; most take a tenth of a second."""


@dataclass(frozen=True, slots=True)
class DrawnPage:
    """A page of a PDF: its size in points, where its points are seen (see ``pdf.picture.Sheet``), and its PNG.

    ``picture`` is empty where none was asked for.
    """

    width: float
    height: float
    places: tuple[float, float, float, float, float, float]
    picture: bytes


DrawPage = Callable[[bytes, int, float], DrawnPage]
_Ask = Callable[[Mapping[str, Any], bytes, Callable[[dict[str, Any], list[bytes]], Any]], Any]


@contextmanager
def reading(
    *, seconds: int = READ_SECONDS, memory: int = READ_BYTES, columns: Columns = MappingProxyType({}), ocr: str = ""
) -> Iterator[ReadDocument]:
    """A function like ``document.read_document`` that reads in a worker process, which serves one file after another.

    The function raises UnreadableError if a file takes longer than ``seconds``, needs more than ``memory`` bytes of
    address space, or crashes the process; a new process then reads the next file. Only one thread may read at a time.
    ``columns`` are the columns of tables that the user named. ``ocr`` names the languages for recognising scans; ""
    means that scans are not recognised.
    """
    asked = {"columns": {role: list(names) for role, names in columns.items()}}
    with _asking(seconds, memory) as ask:

        def read(name: str, data: bytes) -> tuple[Document, tuple[Block, ...]]:
            try:
                return read_as_it_is(name, data)
            except ScanError as error:
                if not ocr:
                    raise
                return _recognised(read_as_it_is, name, data, error, ocr)

        def read_as_it_is(name: str, data: bytes) -> tuple[Document, tuple[Block, ...]]:
            found: tuple[Document, tuple[Block, ...]] = ask(asked | {"name": name}, data, unpacked)
            return found

        yield read


@contextmanager
def drawing(*, seconds: int = DRAW_SECONDS, memory: int = READ_BYTES) -> Iterator[DrawPage]:
    """A function that draws a page of a PDF in such a process, with the same limits.

    It takes the file, the page's number from 1, and the scale in pixels a point, or 0 for no picture.
    """
    with _asking(seconds, memory) as ask:

        def draw(data: bytes, page: int, scale: float) -> DrawnPage:
            found: DrawnPage = ask({"page": page, "scale": scale}, data, _drawn_page)
            return found

        yield draw


@contextmanager
def _asking(seconds: int, memory: int) -> Iterator[_Ask]:
    """A function that sends a worker what is asked and a file, and makes the result of its answer."""
    worker: subprocess.Popen[bytes] | None = None

    def ask(asked: Mapping[str, Any], data: bytes, made: Callable[[dict[str, Any], list[bytes]], Any]) -> Any:
        nonlocal worker
        if worker is not None and worker.poll() is not None:  # ended while it had nothing to do
            _ended(worker)
            worker = None
        if worker is None:
            worker = _started(memory)
        try:
            give_time(worker.pid, seconds)
            return _answered(worker, asked, data, made, deadline, seconds)
        finally:
            if worker.poll() is not None:
                _ended(worker)
                worker = None

    with Deadline(seconds) as deadline:
        try:
            yield ask
        finally:
            if worker is not None:
                _ended(worker)


def _started(memory: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - a module of our own
        command("nrqa.corpus.worker.process", str(memory)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment(),
        start_new_session=True,
    )


def _answered(
    worker: subprocess.Popen[bytes],
    asked: Mapping[str, Any],
    data: bytes,
    made: Callable[[dict[str, Any], list[bytes]], Any],
    deadline: Deadline,
    seconds: int,
) -> Any:
    late = False

    def stop() -> None:
        nonlocal late
        late = True
        worker.kill()

    with deadline.over(stop):
        found = _exchanged(_pipe(worker.stdin), _pipe(worker.stdout), asked, data, made)
    if found is None:
        worker.kill()
        code = worker.wait()
        took = f"reading it takes longer than {seconds} seconds"
        raise ReadingEndedError(took if late or ran_out(code) else f"reading it crashed ({ending(code)})")
    return found


def _drawn_page(content: dict[str, Any], frames: Sequence[bytes]) -> DrawnPage:
    a, b, c, d, e, f = map(float, content["places"])
    return DrawnPage(float(content["width"]), float(content["height"]), (a, b, c, d, e, f), b"".join(frames))


def _recognised(
    read: ReadDocument, name: str, data: bytes, scan: ScanError, languages: str
) -> tuple[Document, tuple[Block, ...]]:
    """Reads a scan after recognising its text, and adds a flag that says so.

    Raises the scan's own error if tesseract is missing, and UnreadableError if no text was recognised.
    """
    try:
        version = version_for(languages)
    except CorpusError:
        raise scan from None
    by = f"by tesseract {version}, {languages}"
    try:
        document, blocks = read(name, with_text_layer(data, scan.pages, languages))
    except ScanError as error:
        pages = f"{scan.pages} page{'' if scan.pages == 1 else 's'}"
        raise UnreadableError(f"a scan: no text was recognised on its {pages} ({by})") from error
    flag = Flag(KIND, 0, len(document.text), by)
    sha256 = hashlib.sha256(data).hexdigest()
    return replace(document, sha256=sha256, flags=(flag, *document.flags)), blocks


def _exchanged(
    to: IO[bytes],
    back: IO[bytes],
    asked: Mapping[str, Any],
    data: bytes,
    made: Callable[[dict[str, Any], list[bytes]], Any],
) -> Any:
    """What is made of the worker's answer; None if the worker died or sent no valid answer."""
    try:
        send(to, dict(asked), [data])
        answer = receive(back)
        if answer is None:
            return None
        content, frames = answer
        if "scanned" in content:
            raise ScanError(content["unreadable"], int(content["scanned"]))
        if "ended" in content:
            raise ReadingEndedError(content["ended"])
        if "unreadable" in content:
            raise UnreadableError(content["unreadable"])
        return made(content, frames)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _ended(worker: subprocess.Popen[bytes]) -> None:
    worker.kill()
    worker.wait()
    for pipe in (worker.stdin, worker.stdout):
        with suppress(OSError):
            _pipe(pipe).close()


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None
    return pipe
