"""Which passages somebody means, and, where there are none, what became of the file or of the words."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nrqa.corpus.document import NOTICE_KEY, read_document
from nrqa.corpus.lines import line_starts
from nrqa.corpus.listing import Source, list_corpus, read_source
from nrqa.corpus.reading import Columns
from nrqa.corpus.roots import Corpus
from nrqa.errors import CorpusError, QuestionError, UnreadableError
from nrqa.freshness import corpus_of, stale_files
from nrqa.inspecting import documents_like
from nrqa.records import Document, Skipped
from nrqa.typography import fold
from nrqa.whynot.results import Outcome

if TYPE_CHECKING:
    from nrqa.catalog import Stored
    from nrqa.index.snapshot import Snapshot

_LINES = re.compile(r"(?P<document>.+?):(?P<first>\d+)(?:[-–](?P<last>\d+))?(?:\s+[§#].*)?", re.DOTALL)
_QUOTED = re.compile(r"(?P<document>.+?(?=:\s*[\"“„«‘'])|[^:]+):\s*(?P<quote>\S.*)", re.DOTALL)
_MARKS = "\"“”„«»‘’‚' \t\r\n"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A document, and lines of it (from 1, both included) or words of it, if any."""

    document: str
    lines: tuple[int, int] | None = None
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Located:
    """The passages meant; or none, then ``outcome`` and ``detail`` say why. ``stale``: the file has changed since."""

    document: str
    passages: tuple[Stored, ...] = ()
    outcome: Outcome = "unknown"
    detail: str = ""
    stale: bool = False


def parse_wanted(text: str, names: set[str]) -> Wanted:
    """What FILE, FILE:LINE, FILE:FIRST-LAST or FILE:"words" means; a name in ``names`` wins where it could be both."""
    text = text.strip()
    lines = _LINES.fullmatch(text)
    quoted = _QUOTED.fullmatch(text)
    if not text:
        raise QuestionError('Say which passage: --document FILE, FILE:LINE, or FILE:"some of its words"')
    if text in names:
        return Wanted(text)
    if lines:
        first = int(lines["first"])
        return Wanted(lines["document"], (first, int(lines["last"] or first)))
    if quoted:
        return Wanted(quoted["document"].strip(), quote=quoted["quote"].strip(_MARKS))
    return Wanted(text)


def locate(text: str, snapshot: Snapshot, index: Path) -> Located:
    """The passages that ``text`` (see ``parse_wanted``) means.

    QuestionError where a line is none of the document's.
    """
    corpus = corpus_of(snapshot.manifest, index)
    stale = stale_files(snapshot.manifest, snapshot.known, corpus, index) if corpus else ()
    skipped = [*snapshot.manifest.unreadable, *snapshot.manifest.excluded, *stale]
    names = {*snapshot.known, *(one.document for one in skipped)}
    wanted = parse_wanted(text, names)
    fitting = documents_like(wanted.document, names)
    if len(fitting) != 1:
        close = difflib.get_close_matches(wanted.document, snapshot.known, n=1)
        return Located(wanted.document, detail=close[0] if close else "")
    name = fitting[0]
    found = snapshot.document_named(name)
    if found is None:
        return _not_indexed(name, snapshot, stale)
    whole, passages = found
    changed = any(one.document == name for one in stale)
    span = _span(wanted, whole, name)
    meant = tuple(one for one in passages if span is None or _meets(one, span))
    if meant:
        return Located(name, meant, "hit", stale=changed)
    if span is None or not whole[slice(*span)].strip():
        # Words that are not there, or a line without any.
        return _no_such_words(name, wanted, snapshot, corpus, changed=changed)
    return Located(name, outcome="no passage", detail=_kind(whole, span, passages), stale=changed)


def _not_indexed(name: str, snapshot: Snapshot, stale: tuple[Skipped, ...]) -> Located:
    lists: tuple[tuple[Outcome, tuple[Skipped, ...]], ...] = (
        # What has happened since comes first: a file that could not be read may have been replaced.
        ("added", stale),
        ("unreadable", snapshot.manifest.unreadable),
        ("excluded", snapshot.manifest.excluded),
    )
    for outcome, skipped in lists:
        for one in skipped:
            if one.document == name:
                return Located(name, outcome=outcome, detail=one.reason)
    return Located(name)


def _span(wanted: Wanted, text: str, name: str) -> tuple[int, int] | None:
    """The stretch meant; None for the whole document, and (0, 0) for words that are not in it."""
    if wanted.lines:
        starts = [*line_starts(text), len(text)]
        first, last = wanted.lines
        if not 1 <= first <= last < len(starts):
            raise QuestionError(f"'{name}' has {len(starts) - 1} lines; there is no line {max(first, last)}.")
        return starts[first - 1], starts[last]
    if wanted.quote:
        return _find(wanted.quote, text) or (0, 0)
    return None


def _find(quote: str, text: str) -> tuple[int, int] | None:
    """Where the words stand, whatever the typography."""
    folded, sought = fold(text), fold(quote).text.strip()
    at = folded.text.find(sought)
    if at < 0 or not sought:
        return None
    span = folded.original(at, at + len(sought))
    return span.start, span.end


def _meets(stored: Stored, span: tuple[int, int]) -> bool:
    citation = stored.passage.citation
    return citation.start < span[1] and span[0] < citation.end


def _no_such_words(name: str, wanted: Wanted, snapshot: Snapshot, corpus: Corpus | None, *, changed: bool) -> Located:
    if changed and corpus and wanted.quote:
        now = _read(name, corpus, snapshot.manifest.settings.columns)
        if now and _find(wanted.quote, now.text):
            return Located(name, outcome="changed", stale=True)
    holding = snapshot.documents_holding(wanted.quote) if wanted.quote else []
    return Located(name, outcome="no such words", detail=", ".join(holding[:1]), stale=changed)


def _read(name: str, corpus: Corpus, columns: Columns) -> Document | None:
    """The document as its file is now, where it can be read."""
    try:
        source: Source | None = next((one for one in list_corpus(corpus).sources if one.name == name), None)
        return read_document(name, read_source(source)[0], columns)[0] if source else None
    except (CorpusError, UnreadableError):
        return None


def _kind(text: str, span: tuple[int, int], passages: list[Stored]) -> str:
    """What words in no passage are, as far as the passages of the document tell."""
    words = " ".join(text[slice(*span)].split()).strip("#*_ ")
    citation = passages[0].passage.citation
    headings = {heading for one in passages for heading in one.passage.citation.heading}
    values = {key: value if isinstance(value, str) else " ".join(value) for key, value in citation.metadata.items()}
    if any(words in heading or heading in words for heading in headings):
        return "heading"
    if words in citation.title or citation.title in words:
        return "title"
    notice = values.pop(NOTICE_KEY, "")
    if words in " ".join(notice.split()):
        return "source notice"
    if any(
        words == value or words.lower() == f"{key}: {value}".lower() or value in words for key, value in values.items()
    ):
        return "metadata"
    return "left out"
