"""Deep links: addresses that open a document where a passage stands, in a viewer, an editor or a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

EDITORS = {
    "vscode": "vscode://file{path}:{line}:{column}",
    "vscode-insiders": "vscode-insiders://file{path}:{line}:{column}",
    "vscodium": "vscodium://file{path}:{line}:{column}",
    "cursor": "cursor://file{path}:{line}:{column}",
    "windsurf": "windsurf://file{path}:{line}:{column}",
    "zed": "zed://file{path}:{line}:{column}",
    "idea": "idea://open?file={path}&line={line}&column={column}",
    "pycharm": "pycharm://open?file={path}&line={line}&column={column}",
    "textmate": "txmt://open?url=file://{path}&line={line}&column={column}",
}
"""How the address schemes of editors are written. ``path`` begins with a slash, also before a drive letter."""

_EXACT = 300
"""Characters up to which a passage on one line is named whole; Chromium names the two ends of longer ones as well."""
_END_WORDS = 8
_END_CHARACTERS = 80
_CONTEXT_WORDS = 4
_DIRECTIVE = ":~:"
# A word as a browser sees it cannot be told for scripts without spaces; there the stops do.
_WORD = re.compile(r"\S[^\s。、，；：！？]*[。、，；：！？]*")
_LIST_MARK = re.compile(r"(?:[-*+•–]|\d{1,3}[.)])\s+")
# What may stand in an address as it is (RFC 3986: reserved, unreserved, and the sign of an escape).
_IN_ADDRESS = "!#$%&'()*+,/:;=?@[]~"


def web_address(written: str) -> str | None:
    """The http or https address that somebody wrote, with what no address may hold escaped; None for anything else."""
    address = quote(written.strip(), safe=_IN_ADDRESS)
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return None
    return address if parts.scheme in ("http", "https") and host else None


def name_link(document: str, page: int | None = None) -> str:
    """The document from its corpus folder: ``reports/a%20b.pdf#page=7`` (RFC 8118 says what the fragment means)."""
    # A colon in the first segment would read as a scheme.
    path = quote(document, safe="/")
    return path + (f"#page={page}" if page else "")


def file_url(file: Path, page: int | None = None) -> str:
    """The ``file:`` URL (RFC 8089) of an absolute path. Viewers of plain text have no fragment for lines."""
    return f"file://{_path(file)}" + (f"#page={page}" if page else "")


def editor_link(file: Path, line: int, column: int = 1, *, editor: str = "vscode") -> str:
    """The address that opens an absolute path at a line in the editor, one of ``EDITORS``."""
    return EDITORS[editor].format(path=_path(file), line=line, column=column)


def text_fragment(url: str, start: str, end: str = "", *, prefix: str = "", suffix: str = "") -> str:
    """The address of words on a page: ``url#:~:text=prefix-,start,end,-suffix``.

    After "URL Fragment Text Directives" (WICG). An element's id in the address stays; another directive goes.
    """
    parts = [f"{_directive(prefix)}-"] if prefix else []
    parts += [_directive(one) for one in (start, end) if one]
    parts += [f"-{_directive(suffix)}"] if suffix else []
    page, _, anchor = url.partition("#")
    anchor = anchor.split(_DIRECTIVE, 1)[0]
    return f"{page}#{anchor}{_DIRECTIVE}text={','.join(parts)}"


def passage_fragment(url: str, text: str, start: int, end: int) -> str:
    """The address of ``text[start:end]`` on the page at ``url`` whose words ``text`` holds.

    Up to 300 characters of one line are named whole. Of longer passages, and those of several lines (which may be
    several blocks of the page, and an exact match never spans two), the first and last words are named. Words before
    and after are added where the same also stands elsewhere.
    """
    # A cell of a table is a block of the page as well.
    text = text.replace("\t", "\n")
    lines = [line for line in map(_unlisted, text[start:end].splitlines()) if line]
    if not lines:
        return url
    if len(lines) == 1 and len(lines[0]) <= _EXACT:
        first, last = lines[0], ""
    else:
        first, last = _first_words(lines[0]), _last_words(lines[-1])
    prefix = suffix = ""
    if _occurs_again(text, first):
        prefix = _last_line_words(text[:start])
        suffix = "" if prefix else _first_line_words(text[end:])
    return text_fragment(url, first, last, prefix=prefix, suffix=suffix)


def _path(file: Path) -> str:
    path = file.as_posix()
    return quote(path if path.startswith("/") else f"/{path}", safe="/")


def _directive(words: str) -> str:
    """The words in a text directive: "-", "," and "&" divide its parts, and quote() lets the first one through."""
    return quote(" ".join(words.split()), safe="").replace("-", "%2D")


def _unlisted(line: str) -> str:
    """The line without the mark of a list, which a browser draws and does not find."""
    return _LIST_MARK.sub("", line.strip(), count=1) if _LIST_MARK.match(line.strip()) else line.strip()


def _words(line: str) -> Iterator[tuple[int, int]]:
    return (match.span() for match in _WORD.finditer(line))


def _first_words(line: str, most: int = _END_WORDS) -> str:
    ends = [end for _, end in list(_words(line))[:most]]
    return line[: max([ends[0], *(end for end in ends if end <= _END_CHARACTERS)])]


def _last_words(line: str, most: int = _END_WORDS) -> str:
    starts = [start for start, _ in list(_words(line))[-most:]]
    return line[min([starts[-1], *(start for start in starts if len(line) - start <= _END_CHARACTERS)]) :]


def _occurs_again(text: str, phrase: str) -> bool:
    words = r"\s+".join(map(re.escape, phrase.split()))
    found = re.finditer(words, text, re.IGNORECASE)
    return next(found, None) is not None and next(found, None) is not None


def _last_line_words(before: str) -> str:
    lines = [line for line in map(_unlisted, before.splitlines()) if line]
    return _last_words(lines[-1], _CONTEXT_WORDS) if lines else ""


def _first_line_words(after: str) -> str:
    lines = [line for line in map(_unlisted, after.splitlines()) if line]
    return _first_words(lines[0], _CONTEXT_WORDS) if lines else ""
