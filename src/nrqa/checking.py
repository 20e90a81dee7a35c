"""The verb ``check``: a finished draft's quotations and sentences against the corpus, as its index has it."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from nrqa.attributing import names_of
from nrqa.corpus.decoding import decode
from nrqa.corpus.lines import line_number, line_starts
from nrqa.differing import Change
from nrqa.drafts import Cited, Draft, LeftOut, Quotation, Sentence, read_draft
from nrqa.errors import DraftError, UnreadableError
from nrqa.particulars import lacking, names_in, particulars_of
from nrqa.prose import without_our_notes
from nrqa.quoting.comparing import compare
from nrqa.quoting.likeness import Likeness
from nrqa.quoting.signs import pieces_of
from nrqa.quoting.source import Source
from nrqa.records import Citation, Passage, Searched, Span, citation_to_dict, skipped_to_list
from nrqa.settings import DEFAULT_INDEX, MAX_FILE_BYTES
from nrqa.terms import question_terms
from nrqa.tracing import Sought, Trace, trace

if TYPE_CHECKING:
    from nrqa.answering import Index
    from nrqa.catalog import Stored
    from nrqa.index.snapshot import Snapshot

Finding = Literal["exact", "typography", "elided", "misquoted", "absent"]
Attribution = Literal["right", "wrong", "unknown", "none"]
LEAST_WORDS = 3
"""Words that a quotation has at least, to be looked up."""


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of the draft, for programs in code points and for people in lines and columns, both from 1.

    The last line and column are those of the last character.
    """

    start: int
    end: int
    line: int
    column: int
    line_end: int
    column_end: int

    def to_dict(self) -> dict[str, int]:
        """The place as a JSON object."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class CitationInDraft:
    """A citation as the draft has it, and the documents it means; none where it means something outside the corpus."""

    place: Place
    text: str
    documents: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """The citation as a JSON object."""
        return {"place": self.place.to_dict(), "text": self.text, "documents": list(self.documents)}


@dataclass(frozen=True, slots=True)
class CheckedQuotation:
    """A quotation and what became of it.

    ``attribution`` is *right* where a cited document has it, *wrong* where only others do, *unknown* where its citation
    is of nothing in the corpus, and *none* where it has no citation. ``right`` is False for an elided or bracketed
    quotation that its source does not bear out. ``source`` is the stretch that it was taken from, None where there is
    none; ``source_text`` is that stretch. ``changes`` make the draft's words of the source's.
    """

    place: Place
    note_at: int
    text: str
    marks: str
    citations: tuple[CitationInDraft, ...]
    finding: Finding
    right: bool
    attribution: Attribution
    source: Citation | None = None
    source_column: int = 0
    source_text: str = ""
    share: float = 0.0
    changes: tuple[Change, ...] = ()
    omitted: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def fine(self) -> bool:
        """Whether there is nothing to look at."""
        return self.right and self.attribution != "wrong"

    def to_dict(self) -> dict[str, Any]:
        """The quotation as a JSON object."""
        return {
            "place": self.place.to_dict(),
            "text": self.text,
            "marks": self.marks,
            "finding": self.finding,
            "right": self.right,
            "attribution": self.attribution,
            "fine": self.fine,
            "citations": [one.to_dict() for one in self.citations],
            "source": None
            if self.source is None
            else {"text": self.source_text, "column": self.source_column, "citation": citation_to_dict(self.source)},
            "share": round(self.share, 4),
            "changes": [one.to_dict() for one in self.changes],
            "omitted": list(self.omitted),
            "replaced": list(self.replaced),
            "notes": list(self.notes),
        }


@dataclass(frozen=True, slots=True)
class CheckedSentence:
    """A sentence without a citation, with the passage that supports it best.

    ``passage`` is None where no support was found; ``nearest`` is then the passage that came nearest. ``lacking`` are
    numbers, dates and names of the sentence that do not occur in the passage.
    """

    place: Place
    note_at: int
    text: str
    confidence: float
    passage: Passage | None
    highlights: tuple[Span, ...] = ()
    lacking: tuple[str, ...] = ()
    nearest: Citation | None = None

    def to_dict(self) -> dict[str, Any]:
        """The sentence as a JSON object."""
        return {
            "place": self.place.to_dict(),
            "text": self.text,
            "support": None
            if self.passage is None
            else {
                "text": self.passage.text,
                "highlights": [{"start": one.start, "end": one.end} for one in self.highlights],
                "citation": citation_to_dict(self.passage.citation),
            },
            "confidence": round(self.confidence, 4),
            "lacking": list(self.lacking),
            "nearest": None if self.nearest is None else citation_to_dict(self.nearest),
        }


@dataclass(frozen=True, slots=True)
class NotChecked:
    """Something between quotation marks that was not looked up, and why."""

    place: Place
    text: str
    reason: str

    def to_dict(self) -> dict[str, Any]:
        """What was left out as a JSON object."""
        return {"place": self.place.to_dict(), "text": self.text, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Checked:
    """All that was found in a draft. ``cited`` counts the sentences that carry a citation or a quotation found."""

    draft: str
    text: str
    quotations: tuple[CheckedQuotation, ...]
    sentences: tuple[CheckedSentence, ...]
    cited: int
    not_checked: tuple[NotChecked, ...]
    generation: int
    searched: Searched

    @property
    def fine(self) -> bool:
        """Whether no quotation needs looking at."""
        return all(one.fine for one in self.quotations)

    def to_dict(self) -> dict[str, Any]:
        """The JSON object that ``nrqa check --json`` prints."""
        found = Counter(one.finding for one in self.quotations)
        return {
            "draft": self.draft,
            "fine": self.fine,
            "counts": {
                "quotations": len(self.quotations),
                **{name: found[name] for name in ("exact", "typography", "elided", "misquoted", "absent")},
                "elided_wrongly": sum(one.finding == "elided" and not one.right for one in self.quotations),
                "wrong_document": sum(one.attribution == "wrong" for one in self.quotations),
                "sentences_cited": self.cited,
                "sentences_supported": sum(one.passage is not None for one in self.sentences),
                "sentences_without_support": sum(one.passage is None for one in self.sentences),
            },
            "quotations": [one.to_dict() for one in self.quotations],
            "sentences": [one.to_dict() for one in self.sentences],
            "not_checked": [one.to_dict() for one in self.not_checked],
            "generation": self.generation,
            "searched": {
                "documents": self.searched.documents,
                "passages": self.searched.passages,
                "unreadable": skipped_to_list(self.searched.unreadable),
                "stale": skipped_to_list(self.searched.stale),
            },
        }


def check(
    draft: str | os.PathLike[str],
    index: str | os.PathLike[str] | Index = DEFAULT_INDEX,
    *,
    least_words: int = LEAST_WORDS,
) -> Checked:
    """The quotations of a draft (.md or .txt) looked up in the corpus, and support for its sentences without citation.

    The texts compared with are those that were indexed; notes of an earlier check are no part of the draft.

    Raises DraftError where the draft cannot be read, and what ``ask`` raises.
    """
    from nrqa.answering import Index as Opened

    file = Path(draft)
    text = without_our_notes(_read(file))
    asked = index if isinstance(index, Opened) else Opened.open(index)
    snapshot = asked.snapshot
    names = names_of(snapshot.documents())
    markdown = file.suffix.lower() in _MARKDOWN
    read = read_draft(text, names, markdown=markdown, least_words=least_words)
    places = _Places(text)
    quotations = _quotations(read, snapshot, places)
    sentences, searched = _sentences(read, quotations, asked, places)
    return Checked(
        draft=str(file),
        text=text,
        quotations=tuple(quotations),
        sentences=tuple(sentences),
        cited=len(read.sentences) - len(sentences),
        not_checked=tuple(_not_checked(one, places) for one in read.left_out),
        generation=snapshot.manifest.generation,
        searched=searched,
    )


_MARKDOWN = (".md", ".markdown", ".mdown", ".qmd", ".rmd")
_PLAIN = (".txt", ".text", "")
_AROUND = 800
"""Characters around a stretch that are compared as well, beside twice the quotation's length."""
_OMITTED = 3_000
"""The same for quotations with words left out."""
_ANY_PROBE = "support"


def _read(file: Path) -> str:
    if file.suffix.lower() not in (*_MARKDOWN, *_PLAIN):
        raise DraftError(f"'{file}' is neither Markdown nor plain text. Save the draft as .md or .txt")
    try:
        if file.stat().st_size > MAX_FILE_BYTES:
            raise DraftError(f"The draft '{file}' is larger than {MAX_FILE_BYTES // 2**20} MiB. Check it in parts")
        return decode(file.read_bytes())[0]
    except OSError as error:
        raise DraftError(f"The draft '{file}' cannot be read: {error.strerror}. Name a .md or .txt file") from error
    except UnreadableError as error:
        raise DraftError(f"The draft '{file}' cannot be read: {error}. Save it as UTF-8 text") from error


class _Places:
    """From spans of the draft to lines and columns."""

    def __init__(self, text: str) -> None:
        self._starts = line_starts(text)

    def of(self, span: Span) -> Place:
        line, column = self._at(span.start)
        last, last_column = self._at(max(span.start, span.end - 1))
        return Place(span.start, span.end, line, column, last, last_column)

    def _at(self, position: int) -> tuple[int, int]:
        line = line_number(self._starts, position)
        return line, position - self._starts[line - 1] + 1


def _quotations(read: Draft, snapshot: Snapshot, places: _Places) -> list[CheckedQuotation]:
    sought = [_sought(one) for one in read.quotations]
    traces = trace(sought, snapshot.documents()) if sought else []

    @lru_cache(maxsize=64)
    def document(name: str) -> tuple[str, list[Stored]]:
        found = snapshot.document_named(name)
        assert found is not None
        return found

    checked = []
    for quotation, seek, found in zip(read.quotations, sought, traces, strict=True):
        citations = tuple(_in_draft(one, places) for one in quotation.citations)
        plain = CheckedQuotation(
            place=places.of(quotation.span),
            note_at=quotation.end,
            text=quotation.text,
            marks=quotation.marks,
            citations=citations,
            finding="absent",
            right=False,
            attribution="none" if not citations else "unknown",
        )
        best = _best(quotation.text, seek.cited, found)
        checked.append(_judged(plain, quotation, seek.cited, best, document) if best else plain)
    return checked


def _sought(quotation: Quotation) -> Sought:
    pieces = tuple(pieces_of(quotation.text))
    around = _AROUND + 2 * len(quotation.text) + (_OMITTED if len(pieces) > 1 else 0)
    cited = frozenset(name for one in quotation.citations for name in one.meant.documents)
    return Sought(pieces, cited, around)


@dataclass(frozen=True, slots=True)
class _Best:
    """The best account of a quotation, the stretch that gives it, and whether a cited document has it otherwise."""

    likeness: Likeness
    trace: Trace
    otherwise_in_cited: bool = False


def _best(text: str, cited: frozenset[str], traces: Sequence[Trace]) -> _Best | None:
    """What a cited document has right, else what another has right, else what is nearest, in a cited one if it can."""
    own = _nearest(text, [one for one in traces if one.document in cited])
    if own and own.likeness.right:
        return own
    other = _nearest(text, [one for one in traces if one.document not in cited])
    if other and other.likeness.right:
        return replace(other, otherwise_in_cited=own is not None)
    if own and (not other or own.likeness.share >= other.likeness.share):
        return own
    return replace(other, otherwise_in_cited=own is not None) if other else None


def _nearest(text: str, traces: Sequence[Trace]) -> _Best | None:
    best: _Best | None = None
    for one in traces:
        likeness = compare(text, Source(one.text, markup=_is_markdown(one.document)))
        if likeness and (best is None or _rank(likeness) > _rank(best.likeness)):
            best = _Best(likeness, one)
        if best and best.likeness.finding == "exact":
            break
    return best


def _rank(likeness: Likeness) -> tuple[bool, bool, float]:
    return likeness.right, likeness.finding == "exact", likeness.share


def _is_markdown(name: str) -> bool:
    return name.lower().endswith(_MARKDOWN)


def _judged(
    plain: CheckedQuotation,
    quotation: Quotation,
    cited: frozenset[str],
    best: _Best,
    document: Callable[[str], tuple[str, list[Stored]]],
) -> CheckedQuotation:
    likeness, name = best.likeness, best.trace.document
    span = Span(best.trace.at + likeness.span.start, best.trace.at + likeness.span.end)
    text, passages = document(name)
    source, passage = _citation(span, text, passages)
    attribution: Attribution = plain.attribution
    if cited:
        attribution = "right" if name in cited else "wrong"
    notes = [likeness.note] if likeness.note else []
    if best.otherwise_in_cited and likeness.right:
        notes.append("the cited document has it in other words")
    if attribution == "right":
        notes += _line_notes(quotation, name, source, passage)
    starts = line_starts(text)
    return replace(
        plain,
        finding=likeness.finding,
        right=likeness.right,
        attribution=attribution,
        source=source,
        source_column=span.start - starts[line_number(starts, span.start) - 1] + 1,
        source_text=text[span.start : span.end],
        share=likeness.share,
        changes=likeness.changes,
        omitted=likeness.omitted,
        replaced=likeness.replaced,
        notes=tuple(notes),
    )


def _citation(span: Span, text: str, passages: Sequence[Stored]) -> tuple[Citation, Citation]:
    """The stretch as a citation with the heading it stands under, and the citation of its passage."""
    starts = line_starts(text)
    near = min(passages, key=lambda one: _distance(one.passage.citation, span)).passage.citation
    inside = _distance(near, span) == 0
    first, last = line_number(starts, span.start), line_number(starts, max(span.start, span.end - 1))
    own = replace(
        near,
        heading=near.heading if inside else (),
        start=span.start,
        end=span.end,
        line_start=first,
        line_end=last,
    )
    return own, near if inside else own


def _distance(citation: Citation, span: Span) -> int:
    return max(0, citation.start - span.start, span.start + 1 - citation.end)


def _line_notes(quotation: Quotation, name: str, source: Citation, passage: Citation) -> Iterator[str]:
    """Where a citation names a line that neither the words nor their passage stand in."""
    first = min(source.line_start, passage.line_start)
    last = max(source.line_end, passage.line_end)
    named = [one.meant.lines for one in quotation.citations if name in one.meant.documents and one.meant.lines]
    if named and all(end < first or last < start for start, end in named):
        yield f"line {named[0][0]} is cited, and it stands in line {source.line_start}"


def _in_draft(one: Cited, places: _Places) -> CitationInDraft:
    return CitationInDraft(places.of(one.span), one.text, one.meant.documents)


def _sentences(
    read: Draft, quotations: Sequence[CheckedQuotation], asked: Index, places: _Places
) -> tuple[list[CheckedSentence], Searched]:
    """Each sentence that carries neither a citation nor mostly quotations that were found, with its best passage."""
    names = names_in([one.text for one in read.sentences])
    open_ones = [one for one in read.sentences if not one.citations and not _is_quoted(one, quotations)]
    open_ones = [one for one in open_ones if question_terms(one.text)]
    texts = list(dict.fromkeys(one.text for one in open_ones))
    # One question more tells what was searched where there is no sentence to ask.
    answers = asked.ask_many(texts or [_ANY_PROBE], k=1)
    found = dict(zip(texts, answers, strict=False))
    checked = []
    for sentence in open_ones:
        answer = found[sentence.text]
        hit = answer.hits[0] if answer.hits else None
        supported = hit is not None and answer.answers
        lacks: Sequence[str] = ()
        if hit and supported:
            citation = hit.passage.citation
            around = " ".join([hit.passage.text, citation.title, *citation.heading])
            lacks = lacking(particulars_of(sentence.text, names, read.language), around)
        checked.append(
            CheckedSentence(
                place=places.of(sentence.span),
                note_at=sentence.end,
                text=sentence.text,
                confidence=answer.confidence,
                passage=hit.passage if hit and supported else None,
                highlights=hit.highlights if hit and supported else (),
                lacking=tuple(lacks),
                nearest=hit.passage.citation if hit and not supported else None,
            )
        )
    return checked, answers[0].searched


def _is_quoted(sentence: Sentence, quotations: Sequence[CheckedQuotation]) -> bool:
    """Whether at least half of the sentence's words are quotations, and all of these were found."""
    inside = [quotations[number] for number in sentence.quotations]
    if not inside or any(one.finding == "absent" for one in inside):
        return False
    return 2 * sentence.own <= len(sentence.text.split())


def _not_checked(one: LeftOut, places: _Places) -> NotChecked:
    return NotChecked(places.of(one.span), one.text, one.reason)
