"""The frozen records that packages pass to each other, and how they become JSON.

All positions count code points from 0, and stretches are half-open; all line numbers count from 1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

Verdict = Literal["answered", "weak", "absent", "unknown"]
First = Literal["newer", "older"]
"""Which documents come first where scores agree to two decimals."""
Metadata = Mapping[str, str | list[str]]
"""Lower-case keys; a value is a string, or a list of strings where the source gave a list."""


class Stamp(NamedTuple):
    """What the file system says of a file; equal stamps mean that nobody wrote to it.

    ``changed_ns`` (ctime) moves with every write and, unlike the modification time, cannot be set back.
    """

    size: int
    modified_ns: int
    changed_ns: int


PAGE = "page"
"""The kind of place that ``Citation.page`` gives: its label is the page's number, from 1."""
PAGE_LABEL = "page label"
"""The kind of place for what is printed on a page as its number (iv, A-3, 145), if the file says that it differs."""


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of a document's text that is a unit of its format: page 7, slide 3, row 12 of a sheet, cell C4.

    ``label`` is what a reader of the source would call it. Places of one kind do not overlap and are in order of the
    text; those of different kinds may nest.
    """

    kind: str
    label: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Flag:
    """Something about a document that its reader should know, and where: text that is hidden, text that was lost.

    If what was found is not part of the text, the stretch is empty, at the position where it would be.
    """

    kind: str
    start: int
    end: int
    detail: str = ""


@dataclass(frozen=True, slots=True)
class PageWords:
    """The positions of the words on one page, packed (see module word_boxes); ``start`` to ``end`` is its text."""

    page: int
    start: int
    end: int
    words: bytes


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A stretch of a line on a page, in the page's own units (PDF user space: points, y upwards)."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open stretch of a document's text, in code points."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """One source file: its canonical text and what is known about it.

    ``name`` is the path inside the corpus with forward slashes. For formats that are text (plain text, Markdown and
    their like) ``text`` is the file's text itself, line ends included, without a byte order mark; for others it is what
    was extracted. ``places`` are the units of the format, ``pages`` the positions of words on pages.
    """

    name: str
    title: str
    text: str
    sha256: str
    metadata: Metadata = field(default_factory=dict)
    titled: bool = True
    """False where the title had to be made from the file's name."""
    encoding: str = "utf-8"
    """The encoding of the file, for formats that are text; empty for others."""
    places: tuple[Place, ...] = ()
    pages: tuple[PageWords, ...] = ()
    flags: tuple[Flag, ...] = ()
    seams: tuple[Span, ...] = ()
    """Where a web page shows more or other than the text has, such as a picture between two words: no link to words on
    the page may name them across it. A stretch may be empty."""


@dataclass(frozen=True, slots=True)
class Locator:
    """A place as the source's format names it: from ``first`` to ``last`` of that kind, such as pages 7 to 8."""

    kind: str
    first: str
    last: str


_OUTER = ("sheet", "message", "part", "chapter")
_INNER = (PAGE_LABEL, PAGE, "slide", "notes", "row", "paragraph", "note")
"""Kinds of places by which a document is cited: all of the first, and the first that there is of the second. Whatever
else a format counts (the cells of a row) stays in ``locators``."""
_WRITTEN = {PAGE_LABEL: ("p. ", "pp. "), PAGE: ("p. ", "pp. "), "paragraph": ("¶", "¶"), "chapter": ("ch. ", "ch. ")}
"""How one and how several of a kind are written before their label; other kinds by their own name."""


def cited_places(locators: tuple[Locator, ...]) -> tuple[Locator, ...]:
    """Those of a passage's places by which it is cited, outer kinds first; empty for a document with lines."""
    outer = [one for one in locators if one.kind in _OUTER]
    inner = [one for kind in _INNER for one in locators if one.kind == kind]
    others = [] if outer or inner else list(locators)
    return (*outer, *[*inner, *others][:1])


def written_places(locators: tuple[Locator, ...], spelled: Callable[[str], str] = str) -> str:
    """Places as a citation has them: ``p. 7``, ``sheet Budget rows 12–14``; ``spelled`` writes each label."""
    words = []
    for one in locators:
        plural = one.kind if one.kind.endswith("s") else f"{one.kind}s"
        single, several = _WRITTEN.get(one.kind, (f"{one.kind} ", f"{plural} "))
        first, last = spelled(one.first), spelled(one.last)
        words.append(f"{single}{first}" if first == last else f"{several}{first}–{last}")
    return " ".join(words)


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a passage is: ``document.text[start:end]``, first and last line, heading path from the top.

    ``sha256`` is that of the source file's bytes as they were read. ``page`` is the first page, from 1; None for
    formats without pages. ``locators`` are all places of the format that the passage touches, outer kinds first.
    ``rectangles`` are the positions of its lines on their pages, ``flags`` what a reader of the passage should know.
    """

    document: str
    title: str
    heading: tuple[str, ...]
    start: int
    end: int
    line_start: int
    line_end: int
    page: int | None
    sha256: str
    metadata: Metadata = field(default_factory=dict)
    locators: tuple[Locator, ...] = ()
    rectangles: tuple[Rectangle, ...] = ()
    flags: tuple[Flag, ...] = ()

    @property
    def page_label(self) -> str | None:
        """What is printed on the first page as its number, if the file says that it differs; else None."""
        return next((one.first for one in self.locators if one.kind == PAGE_LABEL), None)

    @property
    def place(self) -> str:
        """``file:line``, as an editor has it; for a format without lines ``file p. 7``, ``file ¶23``, ``file row 12``.

        ``nrqa show`` takes it back.
        """
        own = written_places(cited_places(self.locators))
        return f"{self.document} {own}" if own else f"{self.document}:{self.line_start}"


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of one document that can be cited; ``text`` equals its span of the document, always."""

    text: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, list, table or piece of code of one document, without surrounding white space.

    ``items`` are the parts (list items, table rows, lines of code) between which it may be cut, instead of at sentence
    ends; empty for running text. ``markup`` says that the text is Markdown; ``alone`` says that the block is never
    merged with its neighbours, such as a row of a table of data.
    """

    start: int
    end: int
    heading: tuple[str, ...] = ()
    items: tuple[Span, ...] = ()
    markup: bool = False
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """A word of the question, the word of the passage, title or headings that matches it best, and their cosine."""

    question: str
    passage: str
    similarity: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a hit is where it is: for each signal the hit's rank among the candidates, its weight, and what it added.

    The sum of what the signals added is the hit's score.
    """

    ranks: Mapping[str, int]
    weights: Mapping[str, float]
    added: Mapping[str, float]
    matches: tuple[Match, ...]


Form = Literal["text", "html"]
"""How a record is drawn: as the command line prints it to a pipe, or as a piece of a page for a notebook."""
_look: Callable[[Any, Form], str] | None = None


def drawn_by(look: Callable[[Any, Form], str]) -> None:
    """From now on ``look`` says how records look.

    ``str`` and notebooks ask the object itself, and records import nothing that draws. So the public face tells them
    whom to ask, when a program takes its first name from it. Until then they look like any dataclass.
    """
    global _look  # noqa: PLW0603 - there is one public face
    _look = look


class Drawn:
    """A record that ``str`` and notebooks show as the command line does."""

    __slots__ = ()

    def __init_subclass__(cls) -> None:
        # IPython asks the class itself, and takes its __repr__ before what it inherits.
        cls._repr_pretty_ = Drawn._repr_pretty_  # type: ignore[method-assign]

    def __str__(self) -> str:
        return repr(self) if _look is None else _look(self, "text")

    def _repr_html_(self) -> str | None:
        """For notebooks; where HTML is not trusted, what is left of it still reads well."""
        return None if _look is None else _look(self, "html")

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:  # noqa: FBT001 - so IPython calls it
        """For IPython in a terminal, and notebooks that show no HTML."""
        printer.text("…" if cycle else str(self))


@dataclass(frozen=True, slots=True)
class Hit(Drawn):
    """A passage that was found: rank from 1, blended score, and each signal's own score.

    ``highlights`` are the spans of the document (not of the passage) that match the question best; empty
    where none stands out. ``also`` says where copies of the passage are. ``explanation`` is there only if asked for.
    ``sentences`` are all sentences of the passage, as spans of the document.
    """

    rank: int
    score: float
    signals: Mapping[str, float]
    passage: Passage
    highlights: tuple[Span, ...] = ()
    also: tuple[Citation, ...] = ()
    explanation: Explanation | None = None
    sentences: tuple[Span, ...] = ()

    @property
    def text(self) -> str:
        """The text of its passage."""
        return self.passage.text

    @property
    def place(self) -> str:
        """Where its passage is: ``file:line``, ``file p. 7``."""
        return self.passage.citation.place


NOT_PACKED = "not packed with the index"
"""What the reason begins with where nobody can say whether a file has changed: it was left out of a bundle."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that is not searchable, or not as it is in the index, and why."""

    document: str
    reason: str


@dataclass(frozen=True, slots=True)
class Near:
    """A passage that came after the hits: where it is, and its score."""

    citation: Citation
    score: float


@dataclass(frozen=True, slots=True)
class Searched:
    """What an answer covers: how much was searched, what could not be searched, and what nearly became a hit.

    ``documents`` and ``passages`` count what passed the filters ``where`` and ``only``. ``stale`` names files that were
    added, changed or removed after the index was built. ``corpus`` is the fingerprint of all documents of the
    index (see module merkle), ``nowhere`` the question's words that occur in no searched document, ``nearest`` the
    best passages that are no hits.
    """

    documents: int
    passages: int
    unreadable: tuple[Skipped, ...] = ()
    stale: tuple[Skipped, ...] = ()
    corpus: str = ""
    where: Mapping[str, list[str]] = field(default_factory=dict)
    only: tuple[str, ...] = ()
    nowhere: tuple[str, ...] = ()
    nearest: tuple[Near, ...] = ()


@dataclass(frozen=True, slots=True)
class Reranked:
    """The cross-encoder that reranked an answer's hits, and how many passages it ``read`` in its time."""

    name: str
    fingerprint: str
    read: int

    def to_dict(self) -> dict[str, Any]:
        """The record as a JSON object."""
        return {"name": self.name, "fingerprint": self.fingerprint, "read": self.read}


@dataclass(frozen=True, slots=True)
class Answer(Drawn):
    """What was asked, what was found and what was searched; ``confidence`` lies between 0 and 1."""

    question: str
    verdict: Verdict
    confidence: float
    generation: int
    hits: tuple[Hit, ...]
    searched: Searched
    notices: tuple[str, ...] = ()
    """What a reader should know before relying on the confidence; usually nothing."""
    reranked: Reranked | None = None

    @property
    def answers(self) -> bool:
        """Whether the hits count as answers; otherwise they are only the nearest passages."""
        return self.verdict in ("answered", "weak")

    def to_dict(self) -> dict[str, Any]:
        """The answer as the JSON object that ``nrqa query --json`` prints."""
        return {
            "question": self.question,
            "verdict": self.verdict,
            "confidence": round(self.confidence, 4),
            "generation": self.generation,
            "hits": [_hit_to_dict(hit) for hit in self.hits],
            "searched": _searched_to_dict(self.searched),
            "notices": list(self.notices),
            **({} if self.reranked is None else {"reranked": self.reranked.to_dict()}),
        }


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What a call of ``reindex`` did; ``generation`` is the one that answers questions now.

    ``notices`` are sentences that a person should read, such as why everything was rebuilt. ``excluded``
    are files that by definition do not belong to a corpus (hidden names, the index itself).
    """

    generation: int
    documents_added: int
    documents_changed: int
    documents_removed: int
    documents_unchanged: int
    documents_unreadable: int
    passages_total: int
    passages_embedded: int
    seconds: float
    unreadable: tuple[Skipped, ...] = ()
    excluded: tuple[Skipped, ...] = ()
    notices: tuple[str, ...] = ()
    encoded_by: str = ""
    """The engine that encoded the passages, such as "OpenVINO in bf16"; "" where there were none to encode."""

    def to_dict(self) -> dict[str, Any]:
        """The report as the JSON object that ``nrqa index --json`` prints."""
        return {
            "generation": self.generation,
            "documents_added": self.documents_added,
            "documents_changed": self.documents_changed,
            "documents_removed": self.documents_removed,
            "documents_unchanged": self.documents_unchanged,
            "documents_unreadable": self.documents_unreadable,
            "passages_total": self.passages_total,
            "passages_embedded": self.passages_embedded,
            "seconds": round(self.seconds, 3),
            "unreadable": skipped_to_list(self.unreadable),
            "excluded": skipped_to_list(self.excluded),
            "notices": list(self.notices),
            "encoded_by": self.encoded_by,
        }


def skipped_to_list(skipped: tuple[Skipped, ...]) -> list[dict[str, str]]:
    """The files and reasons as JSON objects, in the order given."""
    return [{"document": one.document, "reason": one.reason} for one in skipped]


def _searched_to_dict(searched: Searched) -> dict[str, Any]:
    return {
        "documents": searched.documents,
        "passages": searched.passages,
        "unreadable": skipped_to_list(searched.unreadable),
        "stale": skipped_to_list(searched.stale),
        "corpus": searched.corpus,
        "where": dict(searched.where),
        "only": list(searched.only),
        "nowhere": list(searched.nowhere),
        "nearest": [
            {"score": round(one.score, 6), "citation": citation_to_dict(one.citation)} for one in searched.nearest
        ],
    }


def _hit_to_dict(hit: Hit) -> dict[str, Any]:
    citation = hit.passage.citation
    explained = {} if hit.explanation is None else {"explanation": _explanation_to_dict(hit.explanation)}
    return {
        "rank": hit.rank,
        "score": round(hit.score, 6),
        "signals": {name: round(score, 6) for name, score in hit.signals.items()},
        "text": hit.passage.text,
        "highlights": [{"start": span.start, "end": span.end} for span in hit.highlights],
        "citation": citation_to_dict(citation),
        "also": [citation_to_dict(one) for one in hit.also],
        **explained,
    }


def _explanation_to_dict(explanation: Explanation) -> dict[str, Any]:
    return {
        "signals": {
            name: {
                "rank": rank,
                "weight": round(explanation.weights[name], 4),
                "added": round(explanation.added[name], 6),
            }
            for name, rank in explanation.ranks.items()
        },
        "words": [
            {"question": one.question, "passage": one.passage, "similarity": round(one.similarity, 4)}
            for one in explanation.matches
        ],
    }


def citation_to_dict(citation: Citation) -> dict[str, Any]:
    """The citation as a JSON object, keys in the order of the contract."""
    return {
        "document": citation.document,
        "title": citation.title,
        "heading": list(citation.heading),
        "start": citation.start,
        "end": citation.end,
        "line_start": citation.line_start,
        "line_end": citation.line_end,
        "page": citation.page,
        "sha256": citation.sha256,
        "metadata": dict(citation.metadata),
        "locators": [{"kind": one.kind, "first": one.first, "last": one.last} for one in citation.locators],
        "rectangles": [
            {"page": one.page, "x0": one.x0, "y0": one.y0, "x1": one.x1, "y1": one.y1} for one in citation.rectangles
        ],
        "flags": [
            {"kind": one.kind, "start": one.start, "end": one.end, "detail": one.detail} for one in citation.flags
        ],
    }
