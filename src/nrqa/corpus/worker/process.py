"""The process that reads files: its memory and time are limited, and it can do nothing but read what it is given.

A document comes from somebody else and may be made to attack the program that reads it. Whatever happens in this
process, the run goes on, and the kernel refuses it other files, the network, programs and signals (package cage). The
module ``isolation`` is the other side.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from nrqa.cage.entering import enter

if TYPE_CHECKING:
    from nrqa.corpus.readers.reading import Columns

MOST_TEXT = 100_000_000
"""Characters of text that one file may hold: fifty thousand pages."""
_FORBIDDEN = (
    "socket.",
    "subprocess.",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.spawn",
    "os.startfile",
    "os.system",
    "urllib.",
    "webbrowser.",
)


def main() -> None:
    """Reads each file that arrives on standard input until the input ends; the argument is the most memory in bytes."""
    # Standard output carries the messages: what a library prints must not get between them.
    messages = os.fdopen(os.dup(1), "wb")
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    enter(int(sys.argv[1]))
    sys.addaudithook(_refuse)
    # Imported only now: their libraries start inside.
    from nrqa.corpus.worker.messages import receive, send

    while (asked := receive(sys.stdin.buffer)) is not None:
        content, (data,) = asked
        send(messages, *_answer(content, data))


_Message = tuple[dict[str, Any], list[bytes]]


def _answer(content: dict[str, Any], data: bytes) -> _Message:
    from nrqa.errors import ScanError, UnreadableError

    try:
        return _drawn(content, data) if "page" in content else _read(content["name"], data, content["columns"])
    except UnreadableError as error:
        scanned = {"scanned": error.pages} if isinstance(error, ScanError) else {}
        return {"unreadable": str(error), **scanned}, []
    except MemoryError:
        return {"ended": "reading it takes more memory than a file may"}, []
    except RecursionError:
        return {"unreadable": "it is nested too deeply"}, []
    except Exception as error:  # noqa: BLE001 - a library may raise anything for a broken file
        said = " ".join(str(error).split())
        return {"unreadable": f"damaged, or not what its name says ({type(error).__name__}: {said[:200]})"}, []


def _read(name: str, data: bytes, columns: Columns) -> _Message:
    """A document and its blocks."""
    from nrqa.corpus.readers.document import read_document
    from nrqa.corpus.worker.messages import packed

    document, blocks = read_document(name, data, columns)
    if len(document.text) > MOST_TEXT:
        return {"unreadable": f"it holds more than {MOST_TEXT:,} characters of text; split it"}, []
    return packed(document, blocks)


def _drawn(content: dict[str, Any], data: bytes) -> _Message:
    """The size of a PDF's page and where its points are; with a scale, its picture as well."""
    from nrqa.corpus.readers.pdf.picture import page_picture, sheet

    found = sheet(data, content["page"])
    pictures = [page_picture(data, content["page"], scale=content["scale"])] if content["scale"] else []
    return {"width": found.width, "height": found.height, "places": list(found.places)}, pictures


def _refuse(event: str, _: tuple[Any, ...]) -> None:
    if event.startswith(_FORBIDDEN):
        raise PermissionError(f"a document may not do this: {event}")


if __name__ == "__main__":
    main()
