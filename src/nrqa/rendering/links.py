"""Deep links: addresses that open a document where a passage stands, in a viewer, an editor or a browser."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from urllib.parse import quote, urlsplit

from nrqa.records import Span

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

_EXACT = 100
"""Characters up to which a passage on one line is named whole. Of a longer one the ends are named, as Chromium does
from 300 on: words that a style sheet makes a box of their own, which is not known here, do no harm between them."""
_END_WORDS = 8
_END_CHARACTERS = 80
_CONTEXT_WORDS = 4
_REACH = 400
"""Characters beside a phrase among which the words before or after it are looked for."""
_DIRECTIVE = ":~:"
# A word as a browser sees it cannot be told for scripts without spaces; there the stops do.
_WORD = re.compile(r"\S[^\s。、，；：！？]*[。、，；：！？]*")
_LINE = re.compile(r"[^\t\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_LIST_MARK = re.compile(r"\s*(?:[-*+•–]|\d{1,3}[.)])\s+")
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


def passage_fragment(url: str, text: str, start: int, end: int, seams: Sequence[Span] = ()) -> str:
    """The address of ``text[start:end]`` on the page at ``url`` whose words ``text`` holds.

    Up to 100 characters of one line are named whole. Of longer passages, and those of several lines (which may be
    several blocks of the page, and an exact match never spans two), the first and last words are named: a browser
    lights what is between them, whatever it is. Nothing is named across a seam, where the page shows something that is
    not in the text. Words before and after are added where the same also stands elsewhere.
    """
    runs = _runs(text, start, end, seams) or _runs(text, start, end, ())
    if not runs:
        return url
    first, last = runs[0], runs[-1]
    if len(runs) == 1 and first.end - first.start <= _EXACT:
        begin, ending = first, None
    else:
        begin, ending = _first_words(text, first), _last_words(text, last)
        while ending.start > last.start and _stands_in(text, ending, first.start, ending.start):
            ending = _one_word_more(text, last, ending)
    again = _stands_in(text, begin, 0, begin.start) or _stands_in(text, begin, begin.end, len(text))
    prefix = _beside(text, begin, seams, before=True) if again else ""
    too_early = ending is not None and _stands_in(text, ending, begin.end, ending.start)
    suffix = _beside(text, ending or begin, seams, before=False) if too_early or (again and not prefix) else ""
    words = (text[one.start : one.end] if one else "" for one in (begin, ending))
    return text_fragment(url, *words, prefix=prefix, suffix=suffix)


def _path(file: Path) -> str:
    path = file.as_posix()
    return quote(path if path.startswith("/") else f"/{path}", safe="/")


def _directive(words: str) -> str:
    """The words in a text directive: "-", "," and "&" divide its parts, and quote() lets the first one through."""
    return quote(" ".join(words.split()), safe="").replace("-", "%2D")


def _runs(text: str, start: int, end: int, seams: Sequence[Span]) -> list[Span]:
    """The stretches of a passage that a browser can find: lines, and cells of tables, cut at the seams.

    The mark of a list item is not of them: a browser draws it, and does not find it.
    """
    cuts = [one for one in seams if start < one.end + (one.start == one.end) and one.start < end]
    found: list[Span] = []
    for line in _LINE.finditer(text, start, end):
        mark = _LIST_MARK.match(text, line.start(), line.end())
        at = mark.end() if mark and mark.end() < line.end() else line.start()
        for seam in (one for one in cuts if line.start() <= one.start < line.end()):
            found.append(Span(at, max(at, seam.start)))
            at = max(at, seam.end)
        found.append(Span(at, line.end()))
    stripped = (_stripped(text, one) for one in found)
    return [one for one in stripped if any(map(str.isalnum, text[one.start : one.end]))] or [
        one for one in map(partial(_stripped, text), found) if one.start < one.end
    ]


def _stripped(text: str, one: Span) -> Span:
    words = text[one.start : one.end]
    start = one.start + len(words) - len(words.lstrip())
    return Span(start, max(start, one.end - len(words) + len(words.rstrip())))


def _words(text: str, one: Span) -> list[Span]:
    return [Span(*found.span()) for found in _WORD.finditer(text, one.start, one.end)]


def _first_words(text: str, run: Span, most: int = _END_WORDS) -> Span:
    ends = [word.end for word in _words(text, run)[:most]]
    return Span(run.start, max([ends[0], *(end for end in ends if end - run.start <= _END_CHARACTERS)]))


def _last_words(text: str, run: Span, most: int = _END_WORDS) -> Span:
    starts = [word.start for word in _words(text, run)[-most:]]
    return Span(min([starts[-1], *(start for start in starts if run.end - start <= _END_CHARACTERS)]), run.end)


def _one_word_more(text: str, run: Span, ending: Span) -> Span:
    before = [word.start for word in _words(text, Span(run.start, ending.start))]
    return Span(before[-1] if before else run.start, ending.end)


def _stands_in(text: str, phrase: Span, start: int, end: int) -> bool:
    """Whether the words of a phrase stand in a stretch as a browser compares them, which sees no case and no accent."""
    return _seen(text[phrase.start : phrase.end]) in _seen(text[start:end])


def _seen(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", " ".join(text.split()).casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def _beside(text: str, phrase: Span, seams: Sequence[Span], *, before: bool) -> str:
    """A few words right before or after a phrase; "" where there are none, or a seam stands between."""
    reach = Span(max(0, phrase.start - _REACH), phrase.start) if before else Span(phrase.end, phrase.end + _REACH)
    runs = _runs(text, reach.start, min(len(text), reach.end), seams)
    if not runs:
        return ""
    run = runs[-1] if before else runs[0]
    gap = Span(run.end, phrase.start) if before else Span(phrase.end, run.start)
    if any(gap.start <= one.start <= gap.end or gap.start <= one.end <= gap.end for one in seams):
        return ""
    words = _last_words(text, run, _CONTEXT_WORDS) if before else _first_words(text, run, _CONTEXT_WORDS)
    return text[words.start : words.end]
