"""What is found in a draft, and its JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from nrqa.records import Citation, Drawn, Passage, Searched, Span, citation_to_dict, skipped_to_list
from nrqa.text.word_changes import Change

Finding = Literal["exact", "typography", "elided", "misquoted", "absent"]
Attribution = Literal["right", "wrong", "unknown", "none"]
Progress = Callable[[str, int, int], None]
"""Is told what is looked up, how many of it are done, and of how many."""


@dataclass(frozen=True, slots=True)
class Place:
    """A span of the draft: in code points for programs; in lines and columns, both from 1, for people.

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
    """A citation as the draft has it, and the documents it means; none if it means something outside the corpus.

    ``candidates`` are documents that it may mean, where it cannot be known which.
    """

    place: Place
    text: str
    documents: tuple[str, ...]
    candidates: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The citation as a JSON object."""
        return {
            "place": self.place.to_dict(),
            "text": self.text,
            "documents": list(self.documents),
            "candidates": list(self.candidates),
        }


@dataclass(frozen=True, slots=True)
class CheckedQuotation:
    """A quotation and what was found for it.

    ``attribution`` is *right* where a cited document has it, *wrong* where only others do, *unknown* where its citation
    is of nothing in the corpus, and *none* where it has no citation. ``right`` is False for an elided or bracketed
    quotation that does not fit its source. ``source`` cites the span that it was taken from, None where there is
    none; ``source_text`` is the text of that span. ``changes`` turn the source's words into the draft's.
    ``source_marks`` are the spans of note references and the like that the source has within these words.
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
    source_marks: tuple[Span, ...] = ()

    @property
    def marks_of_source(self) -> tuple[str, ...]:
        """The same as text."""
        start = self.source.start if self.source else 0
        return tuple(self.source_text[one.start - start : one.end - start].strip() for one in self.source_marks)

    @property
    def fine(self) -> bool:
        """Whether the user need not look at it."""
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
            "source_marks": [
                {"text": text, "start": one.start, "end": one.end}
                for text, one in zip(self.marks_of_source, self.source_marks, strict=True)
            ],
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
class Checked(Drawn):
    """All that was found for a draft. ``cited`` counts the sentences with a citation, or a quotation that was found.

    ``form`` is the draft's format. Places are in ``text``, which is the file's own, but for formats of word processors
    has a paragraph on each line: ``unit`` says what the number of a place's line counts.
    """

    draft: str
    text: str
    quotations: tuple[CheckedQuotation, ...]
    sentences: tuple[CheckedSentence, ...]
    cited: int
    not_checked: tuple[NotChecked, ...]
    generation: int
    searched: Searched
    form: str = "md"
    unit: Literal["line", "paragraph"] = "line"

    @property
    def fine(self) -> bool:
        """Whether the user need not look at any quotation."""
        return all(one.fine for one in self.quotations)

    def to_dict(self) -> dict[str, Any]:
        """The JSON object that ``nrqa check --json`` prints."""
        found = Counter(one.finding for one in self.quotations)
        return {
            "draft": self.draft,
            "format": self.form,
            "places": f"{self.unit}s",
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
