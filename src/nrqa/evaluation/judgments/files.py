"""The documents of a question set written out as the files of a corpus, as a user would have them."""

from __future__ import annotations

import hashlib
import string
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from nrqa.errors import QuestionSetError
from nrqa.evaluation.judgments.beir import SetDocument

MARKER = "nrqa-eval.txt"
_MARK = "nrqa eval keeps the documents and the index of a question set here. Its next run may overwrite both.\n"
_PLAIN = string.ascii_letters + string.digits + "-_"
_LONGEST = 200
"""Bytes, at most, of a file's name; file systems allow 255."""
_HASHED = 32
# Characters that UTF-8 cannot encode (lone surrogates), and the one that makes a file look like UTF-16 or binary.
_UNWRITABLE = dict.fromkeys((0, *range(0xD800, 0xE000)), "\N{REPLACEMENT CHARACTER}")


class Written(NamedTuple):
    """The file of a document, and how far from the file's beginning the document's text begins."""

    name: str
    shift: int


def prepare(work: Path) -> tuple[Path, Path]:
    """The folders of corpus and index inside the work folder, which is created if it does not exist.

    Raises QuestionSetError where it holds a corpus or index that ``nrqa eval`` did not make: it would be overwritten.
    """
    corpus, index = work / "corpus", work / "index"
    marker = work / MARKER
    if not marker.exists() and (corpus.exists() or index.exists()):
        raise QuestionSetError(
            f"'{work}' holds a corpus or an index that `nrqa eval` did not make. Name another folder: --work DIR"
        )
    try:
        corpus.mkdir(parents=True, exist_ok=True)
        marker.write_text(_MARK, "utf-8")
    except OSError as error:
        raise QuestionSetError(f"'{work}' cannot be written to: {error.strerror}. Name another: --work DIR") from error
    return corpus, index


def write_documents(documents: Iterable[SetDocument], names: dict[str, str], corpus: Path) -> dict[str, Written]:
    """Make the folder hold these documents and no others; files that are right already are left alone.

    Returns file and shift of each document: ``decode(file)[shift + i] == text[i]`` for every position.
    """
    written = {}
    for one in documents:
        content, shift = content_of(one)
        data = content.encode("utf-8")
        file = corpus / names[one.id]
        # A file that is not touched keeps its stamp, and costs the next indexing nothing.
        if not file.is_file() or file.read_bytes() != data:
            file.write_bytes(data)
        written[one.id] = Written(file.name, shift)
    kept = {one.name for one in written.values()}
    for file in corpus.iterdir():
        if file.name not in kept:
            file.unlink()
    return written


def content_of(document: SetDocument) -> tuple[str, int]:
    """The content of the document's file, and the position in it where the document's text begins."""
    title = " ".join(document.title.translate(_UNWRITABLE).split())
    # Without a title the file still begins with a line end: a byte order mark at its beginning would not be text.
    header = f"Title: {title}\n\n" if title else "\n"
    return f"{header}{document.text.translate(_UNWRITABLE)}\n", len(header)


def file_names(ids: Iterable[str]) -> dict[str, str]:
    """A file name for each id: letters, digits, - and _ as they are, the rest as %XX, so that it can be read back.

    Names that are too long, or differ in case only (one file on many systems), get a hash instead.
    """
    quoted = {one: _quoted(one) for one in ids}
    count = Counter(name.casefold() for name in quoted.values())
    return {
        one: f"{name}.txt" if len(name) <= _LONGEST and count[name.casefold()] == 1 else _hashed(one, name)
        for one, name in quoted.items()
    }


def _quoted(name: str) -> str:
    """The name percent-encoded, including the dot and the tilde, which ``quote`` would leave as they are."""
    text = quote(name.encode("utf-8", "surrogatepass"), safe="")
    return "".join(char if char in _PLAIN or char == "%" else f"%{ord(char):02X}" for char in text)


def _hashed(name: str, quoted: str) -> str:
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:_HASHED]
    return f"{quoted[: _LONGEST // 2]}~{digest}.txt"
