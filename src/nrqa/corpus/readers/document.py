"""One source file, read whole: its document record and its blocks."""

from __future__ import annotations

import hashlib
from pathlib import PurePosixPath
from types import MappingProxyType

from nrqa.corpus.readers.date_and_language import with_facts
from nrqa.corpus.readers.kinds import kind_of, reader_of
from nrqa.corpus.readers.paragraph_places import paragraph_places
from nrqa.corpus.readers.reading import Columns, Reading
from nrqa.corpus.readers.shared.titles import entitled
from nrqa.corpus.readers.sniffing import HEAD, is_page
from nrqa.corpus.readers.suspicious import suspicious_flags
from nrqa.errors import EMPTY_FILE, UnreadableError
from nrqa.records import Block, Document

NOTICE_KEY = "source_notice"
"""The metadata key of a document's source notice, which every citation of the document carries."""

_POINTER = b"version https://git-lfs.github.com/spec/"
_OF_PAGES = ("html", "mhtml", "xml_text", "bare", "epub")
_SAMPLED = 20
"""Number of blocks, from the start, from which the language is detected."""


def read_document(
    name: str, data: bytes, columns: Columns = MappingProxyType({})
) -> tuple[Document, tuple[Block, ...]]:
    """The document read from the bytes, and its blocks in reading order (at least one).

    Raises UnreadableError with the reason. The title comes from the metadata, or else from the text, or else from the
    file's name. In the last case ``titled`` is False, and the encoder does not read the title: renaming a file must not
    change its vectors. ``columns`` are the columns of tables that the user named.

    The reader runs in this process. For files that somebody else made, use the module ``worker.isolation``.
    """
    kind = kind_of(name)
    if kind is None:
        raise UnreadableError(f"{PurePosixPath(name).suffix.lower() or 'nameless'} files are not supported")
    if not data:
        raise UnreadableError(EMPTY_FILE)
    if data.startswith(_POINTER):
        raise UnreadableError("only a pointer of Git LFS; fetch the file itself: git lfs pull")
    try:
        found = reader_of(kind, columns)(name, data)
    except UnreadableError as error:
        if is_page(data[:HEAD]) and kind.module.rpartition(".")[2] not in _OF_PAGES:
            raise UnreadableError(f"a web page by its content, not {kind.name}: perhaps an error on the way") from error
        raise
    outline = found.outline
    if not outline.blocks:
        raise UnreadableError(_why_empty(found))
    if kind.entitled and not (outline.title or outline.metadata.get("title")):
        outline = entitled(outline, found.text)
    blocks = outline.blocks[:_SAMPLED]
    metadata = with_facts(outline.metadata, " ".join(found.text[one.start : one.end] for one in blocks))
    if outline.notices:
        metadata[NOTICE_KEY] = " ".join(outline.notices)
    given = metadata.get("title") or outline.title or ""
    title = ", ".join(given) if isinstance(given, list) else given
    document = Document(
        name=name,
        title=title or PurePosixPath(name).stem,
        text=found.text,
        sha256=hashlib.sha256(data).hexdigest(),
        metadata=metadata,
        titled=bool(title),
        encoding=found.encoding,
        places=found.places if found.places or kind.lines else tuple(paragraph_places(found.text, outline.blocks)),
        pages=found.pages,
        seams=found.seams,
        flags=(*found.flags, *suspicious_flags(found.text)),
    )
    return document, outline.blocks


def _why_empty(found: Reading) -> str:
    """The reason why a document without blocks has none, as its flags tell it."""
    lost = next((flag.detail for flag in found.flags if flag.kind == "lost text"), None)
    if lost:
        return f"no text in it that could be read: {lost}"
    hidden = any(flag.kind == "hidden text" for flag in found.flags)
    return "no text in it that is shown, only hidden text" if hidden else "no text in it"
