"""Documents that are inserted whole into a Word document, in another format: web pages, RTF, text, other Word files."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from nrqa.corpus.readers.office.pieces import Hidden, Lost, Paragraph, Piece, Table, Words
from nrqa.corpus.readers.office.rtf_text import Walk
from nrqa.corpus.readers.office.rtf_tokens import tokens
from nrqa.corpus.readers.shared.outline import Section
from nrqa.corpus.readers.web.charset import page_text
from nrqa.corpus.readers.web.hidden import hidden_elements
from nrqa.corpus.readers.web.mhtml import saved_page
from nrqa.corpus.readers.web.text_flow import HIDDEN, Flow
from nrqa.corpus.readers.web.tree import parsed
from nrqa.errors import UnreadableError
from nrqa.text.decoding import decode

_HEAD = 1024


def inserted_pieces(name: str, data: bytes | None, of_word: Callable[[bytes], list[Piece]]) -> list[Piece]:
    """The pieces of an inserted document, or one that says why it is not read; ``of_word`` reads a Word document."""
    if data is None:
        return [Lost(f"an inserted document ({name}) that is missing")]
    try:
        return _pieces(name, data, of_word)
    except (UnreadableError, RecursionError) as error:
        return [Lost(f"an inserted document ({name}): {error}")]


def _pieces(name: str, data: bytes, of_word: Callable[[bytes], list[Piece]]) -> list[Piece]:
    head = data[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    suffix = name.lower().rpartition(".")[2]
    if head.startswith(b"pk\x03\x04"):
        return of_word(data)
    if head.startswith(b"{\\rtf"):
        return Walk().pieces(tokens(data))
    if head.startswith(b"mime-version:") or (suffix in ("mht", "mhtml") and not head.startswith(b"<")):
        page, sheets, _ = saved_page(data)
        return list(_of_page(page, sheets))
    if head.startswith(b"<") or suffix in ("html", "htm", "xhtml"):
        if b"schemas.microsoft.com/office/2006/xmlpackage" in head or b"wordml" in head:
            raise UnreadableError("in Word's flat XML, which is not read")
        return list(_of_page(page_text(data), []))
    lines = decode(data)[0].splitlines()
    return [Paragraph(Words(words)) for line in lines if (words := " ".join(line.split()))]


def _of_page(page: str, sheets: list[str]) -> Iterator[Piece]:
    """The pieces of a page; all of it is shown, so nothing on it is boilerplate."""
    root = parsed(page)
    body = root.find("body")
    flow = Flow()
    flow.add(root if body is None else body, hidden_elements(root, sheets), ())
    flags = list(flow.flags)
    for section in flow.sections:
        while flags and flags[0].start <= section.span.start:
            flag = flags.pop(0)
            yield Paragraph(Words("", (Hidden(0, flag.detail),))) if flag.kind == HIDDEN else Lost(flag.detail)
        yield from _of_section(section, flow.text)
    yield from (Paragraph(Words("", (Hidden(0, flag.detail),))) for flag in flags if flag.kind == HIDDEN)


def _of_section(section: Section, text: str) -> Iterator[Piece]:
    if section.level:
        yield Paragraph(Words(section.title), "heading", section.level)
        return
    lines = [text[one.start : one.end] for one in section.items]
    if any("\t" in line for line in lines):
        yield Table(tuple(tuple(Words(cell) for cell in line.split("\t")) for line in lines))
    elif lines:
        yield from (Paragraph(Words(line), "item") for line in lines)
    else:
        yield Paragraph(Words(text[section.span.start : section.span.end]))
