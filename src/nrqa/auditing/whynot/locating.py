"""Finds the passages that the user means; if there are none, finds out what became of the file or of the words."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from nrqa.answering.inspecting import documents_like, passages_at
from nrqa.auditing.whynot.results import Outcome
from nrqa.citations.cited import Cited
from nrqa.citations.line import parse_line
from nrqa.corpus.files.listing import Source, list_corpus, read_source
from nrqa.corpus.files.roots import Corpus
from nrqa.corpus.readers.document import NOTICE_KEY
from nrqa.corpus.shaping import Settings
from nrqa.corpus.worker.isolation import reading
from nrqa.errors import CorpusError, QuestionError, UnreadableError
from nrqa.index.freshness import changed_since, corpus_of
from nrqa.records import Document, Locator, Skipped
from nrqa.text.lines import line_starts
from nrqa.text.typography import fold

if TYPE_CHECKING:
    from collections.abc import Collection

    from nrqa.index.rows import Stored
    from nrqa.index.snapshot import Snapshot

_NAMED = 5
"""How many of the names that may be meant an error message lists."""
_MARKS = "\"“”„«»‘’‚' \t\r\n"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A document, and optionally lines of it (from 1, both included), places that its format counts, or words of it."""

    document: str
    lines: tuple[int, int] | None = None
    places: tuple[Locator, ...] = ()
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Located:
    """The passages meant; if none are, ``outcome`` and ``detail`` say why. ``stale``: the file has changed since."""

    document: str
    passages: tuple[Stored, ...] = ()
    outcome: Outcome = "unknown"
    detail: str = ""
    stale: bool = False


def parse_wanted(text: str, names: Collection[str]) -> Wanted:
    """What FILE, FILE:"words" or a citation (FILE:LINE, FILE p. 7, FILE row 12) means.

    A citation may have heading and fingerprint. A name in ``names`` is recognised whatever characters are in it.
    """
    text = text.strip()
    fitting = (name for name in names if text.startswith(name) and _goes_on(text[len(name) :], name))
    known = max(fitting, key=len, default=None)
    if known is None and text.strip(_MARKS) != text.rstrip(_MARKS):
        raise QuestionError(f"Name the document before the words: --document FILE:{text}")
    if not text:
        raise QuestionError('Say which passage: --document FILE, FILE:LINE, or FILE:"some of its words"')
    cited = _cited_after(text[len(known) :], known) if known is not None else parse_line(text)
    if cited:
        return Wanted(cited.document if known is None else known, cited.lines, cited.places)
    document, _, rest = (known, ":", text[len(known) + 1 :]) if known is not None else text.partition(":")
    return Wanted(document.strip(), quote=rest.strip(_MARKS))


def _goes_on(rest: str, name: str) -> bool:
    """Whether nothing follows a name, or a colon, or a place such as "p. 7"."""
    return not rest or rest.startswith(":") or _cited_after(rest, name) is not None


def _cited_after(rest: str, name: str) -> Cited | None:
    return parse_line(f"_{PurePosixPath(name).suffix}{rest}")


def locate(text: str, snapshot: Snapshot, index: Path) -> Located:
    """The passages that ``text`` (see ``parse_wanted``) means.

    Raises QuestionError where the document has no such line, or where the name fits several documents.
    """
    corpus = corpus_of(snapshot.manifest, index)
    roots = {one.path for one in snapshot.manifest.corpus}
    changed_files = changed_since(snapshot.manifest, snapshot.known, index)
    stale = tuple(one for one in changed_files if one.document not in roots)
    skipped = [*snapshot.manifest.unreadable, *snapshot.manifest.excluded, *stale]
    names = {*snapshot.known, *(one.document for one in skipped)}
    wanted = parse_wanted(text, names)
    fitting = sorted(documents_like(wanted.document, names))
    if len(fitting) > 1:
        raise QuestionError(
            f"'{wanted.document}' may be any of {len(fitting)} files: {', '.join(fitting[:_NAMED])}"
            f"{', …' if len(fitting) > _NAMED else ''}. Give more of the name."
        )
    if not fitting:
        close = difflib.get_close_matches(wanted.document, snapshot.known, n=1)
        return Located(wanted.document, detail=close[0] if close else "")
    name = fitting[0]
    found = snapshot.document_named(name)
    if found is None:
        return _not_indexed(name, snapshot, stale)
    whole, passages = found
    changed = any(one.document == name for one in stale)
    if wanted.places:
        at = {id(one) for one in passages_at(wanted.places, [one.passage for one in passages], name)}
        return Located(name, tuple(one for one in passages if id(one.passage) in at), "hit", stale=changed)
    spans = _spans(wanted, whole, name)
    if not spans:
        return _no_such_words(name, wanted, snapshot, corpus, changed=changed)
    meant = tuple(one for one in passages if any(_meets(one, span) for span in spans))
    if meant:
        return Located(name, meant, "hit", stale=changed)
    return Located(name, outcome="no passage", detail=_kind(whole, spans[0], passages), stale=changed)


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


def _spans(wanted: Wanted, text: str, name: str) -> list[tuple[int, int]]:
    """The spans that are meant: the whole document, some lines, or every place where the words occur."""
    if wanted.lines:
        starts = [*line_starts(text), len(text)]
        first, last = wanted.lines
        if not 1 <= first <= last < len(starts):
            raise QuestionError(f"'{name}' has {len(starts) - 1} lines; there is no line {max(first, last)}.")
        return [(starts[first - 1], starts[last])]
    return _places(wanted.quote, text) if wanted.quote else [(0, len(text))]


def _places(quote: str, text: str) -> list[tuple[int, int]]:
    """The spans where the words occur; typography and letter case do not matter."""
    folded, sought = fold(text), fold(quote).text.strip()
    found = re.finditer(re.escape(sought), folded.text, re.IGNORECASE) if sought else ()
    spans = (folded.original(*one.span()) for one in found)
    return [(span.start, span.end) for span in spans]


def _meets(stored: Stored, span: tuple[int, int]) -> bool:
    citation = stored.passage.citation
    return citation.start < span[1] and span[0] < citation.end


def _no_such_words(name: str, wanted: Wanted, snapshot: Snapshot, corpus: Corpus | None, *, changed: bool) -> Located:
    if changed and corpus and wanted.quote:
        now = _read(name, corpus, snapshot.manifest.settings)
        if now and _places(wanted.quote, now.text):
            return Located(name, outcome="changed", stale=True)
    holding = snapshot.documents_holding(wanted.quote) if wanted.quote else []
    return Located(name, outcome="no such words", detail=", ".join(holding[:1]), stale=changed)


def _read(name: str, corpus: Corpus, settings: Settings) -> Document | None:
    """The document as its file is now, where it can be read."""
    try:
        source: Source | None = next((one for one in list_corpus(corpus).sources if one.name == name), None)
        if source is None:
            return None
        with reading(columns=settings.columns, ocr=settings.ocr) as read:
            return read(name, read_source(source)[0])[0]
    except (CorpusError, UnreadableError):
        return None


def _kind(text: str, span: tuple[int, int], passages: list[Stored]) -> str:
    """What kind of text words in no passage are, as far as the passages of the document show."""
    words = " ".join(text[slice(*span)].split()).strip("#*_ ")
    if not words or not passages:
        return "left out" if text[slice(*span)].strip() else "blank"
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
