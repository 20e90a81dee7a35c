"""Web archives (MHTML, RFC 2557): a page and what belongs to it in one file, as browsers save it."""

from __future__ import annotations

from email import policy
from email.message import Message
from email.parser import BytesParser

from nrqa.corpus.readers.reading import Reading
from nrqa.corpus.readers.web.charset import page_text
from nrqa.corpus.readers.web.page import read_page
from nrqa.errors import UnreadableError

_PAGES = ("text/html", "application/xhtml+xml")
_HEAD = 64 * 1024


def read(_: str, data: bytes) -> Reading:
    """Reads the page that was saved; frames and pictures saved with it are not part of its text."""
    if data.lstrip()[:1] == b"<":
        return read_page(page_text(data))  # HTML under the wrong name
    page, sheets, url = saved_page(data)
    return read_page(page, url=url, sheets=sheets)


def saved_page(data: bytes) -> tuple[str, list[str], str | None]:
    """The page in a web archive, its style sheets, and the address it was saved from."""
    # The policy compat32 leaves addresses as they are written.
    archive = BytesParser(policy=policy.compat32).parsebytes(data)
    if not archive.keys() or b":" not in data[:_HEAD]:
        raise UnreadableError("not a web archive: it has no headers")
    page = _page(archive)
    if page is None:
        raise UnreadableError("a web archive without a page in it, or cut off before it")
    sheets = [
        page_text(_content(part))
        for part in _parts(archive)
        if part.get_content_type() == "text/css" and _content(part)
    ]
    url = _address(archive, "Snapshot-Content-Location") or _address(page, "Content-Location")
    return page_text(_content(page), page.get_content_charset()), sheets, url


def _page(archive: Message) -> Message | None:
    """The part that is the page: the one that the archive names as its start or its address, or else the first page."""
    pages = [part for part in _parts(archive) if part.get_content_type() in _PAGES]
    start = archive.get_param("start")
    saved = _address(archive, "Snapshot-Content-Location")
    for part in pages:
        if start and str(part.get("Content-ID", "")).strip() == start:
            return part
    for part in pages:
        if saved and _address(part, "Content-Location") == saved:
            return part
    return pages[0] if pages else None


def _parts(archive: Message) -> list[Message]:
    return [part for part in archive.walk() if not part.is_multipart()]


def _content(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _address(part: Message, header: str) -> str | None:
    """The web address in a header, joined again if the header is folded; None if there is no such address."""
    written = "".join(str(part.get(header, "")).split())
    return written if written.startswith(("http://", "https://")) else None
