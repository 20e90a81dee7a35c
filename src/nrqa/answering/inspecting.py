"""The verbs ``show`` and ``status``: a citation in its surroundings, and what an index holds."""

from __future__ import annotations

import difflib
import os
from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

from nrqa.answering.opened import folder_of, snapshot_of
from nrqa.answering.opened import place_of as place_of_index
from nrqa.corpus.files.roots import Corpus, Root, quoted_list
from nrqa.corpus.passages.locators import as_counted, touching_all
from nrqa.errors import CorpusError, QuestionError
from nrqa.index.freshness import changed_since, corpus_of, place_of
from nrqa.index.legibility import unread_documents
from nrqa.index.opening import generations_at, told
from nrqa.index.recorded import recorded
from nrqa.index.snapshot import Snapshot
from nrqa.records import (
    Citation,
    Locator,
    Passage,
    Skipped,
    citation_to_dict,
    cited_places,
    skipped_to_list,
    written_places,
)
from nrqa.settings import DEFAULT_INDEX
from nrqa.text.fingerprints import fingerprint
from nrqa.text.lines import line_starts

_BEGINNING, _PAGE = 40, 2500
"""Lines, and characters, that are the beginning of a document: a page. Lines may be whole paragraphs."""

if TYPE_CHECKING:
    from nrqa.answering.asking import Index


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a document: lines (from 1, both included), a span of code points, or what the format counts.

    A document alone means its beginning.

    ``digits`` are the first ones of a passage's fingerprint: of the passages there, the one that has it is meant.
    """

    document: str
    lines: tuple[int, int] | None = None
    span: tuple[int, int] | None = None
    units: tuple[Locator, ...] = ()
    digits: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """Passages in their surroundings: the lines around them, numbered, as the index read them.

    Of a document as a whole it is the beginning, where no line belongs to what is shown more than others. ``lines`` are
    (number, text, whether it belongs to a passage shown); line ends are left out.
    """

    document: str
    passages: tuple[Passage, ...]
    lines: tuple[tuple[int, str, bool], ...]
    changed: bool
    length: int = 0
    """How many lines the document has."""

    def to_dict(self) -> dict[str, Any]:
        """The JSON object that ``nrqa show --json`` prints."""
        return {
            "document": self.document,
            "changed": self.changed,
            "passages": [{"text": one.text, "citation": citation_to_dict(one.citation)} for one in self.passages],
            "lines": [{"number": number, "text": text, "cited": cited} for number, text, cited in self.lines],
        }


@dataclass(frozen=True, slots=True)
class Status:
    """What an index holds, and how its corpus has changed since; ``corpus`` is None where the corpus is gone."""

    index: str
    generation: int
    created: str
    corpus: str | None
    model: str
    documents: int
    passages: int
    bytes: int
    unreadable: tuple[Skipped, ...]
    excluded: tuple[Skipped, ...]
    stale: tuple[Skipped, ...]
    damaged: tuple[tuple[str, str], ...] | None
    """Damaged files and what is wrong with each; None where the caller did not ask for them."""
    centred: bool = False
    """Whether what all the encoder's vectors have in common is taken off them."""
    unread: str = ""
    """A sentence on the documents that the encoder does not read; "" where it reads all."""

    def to_dict(self) -> dict[str, Any]:
        """The JSON object that ``nrqa status --json`` prints."""
        return {
            "index": self.index,
            "generation": self.generation,
            "created": self.created,
            "corpus": self.corpus,
            "model": self.model,
            "centred": self.centred,
            "documents": self.documents,
            "passages": self.passages,
            "bytes": self.bytes,
            "unreadable": skipped_to_list(self.unreadable),
            "excluded": skipped_to_list(self.excluded),
            "stale": skipped_to_list(self.stale),
            "damaged": None if self.damaged is None else [list(one) for one in self.damaged],
            "unread": self.unread,
        }


def show(place: Place, index: str | os.PathLike[str] | Index = DEFAULT_INDEX, *, around: int = 2) -> Shown:
    """The passages at a place with ``around`` lines before and after, from the text that was indexed.

    Of a document without a place in it, its first 40 lines, or ``around`` if those are more.

    Raises QuestionError where the document or the line is not in the index.
    """
    snapshot = snapshot_of(index)
    name = _document_like(place.document, snapshot)
    found = snapshot.document_named(name)
    assert found is not None
    text, passages = found
    starts = line_starts(text)
    opens = not (place.lines or place.span or place.units or place.digits)
    if place.digits and not (place.lines or place.span or place.units):
        wanted = _with_digits(place.digits, [one.passage for one in passages], name)
        first = last = 1
    elif place.units:
        wanted = passages_at(place.units, [one.passage for one in passages], name)
    else:
        first, last = _lines_of(place, starts, len(text), name)
        wanted = [one.passage for one in passages if _meets(one.passage.citation, place, first, last)]
    if place.digits:
        wanted = [one for one in wanted if fingerprint(one.text)[0].startswith(place.digits)] or wanted
    if wanted:
        first = min(one.citation.line_start for one in wanted)
        last = max(one.citation.line_end for one in wanted)
    if opens:
        first, last, around = 1, _beginning([*starts[1:], len(text)], around), 0
        wanted = [one.passage for one in passages if one.passage.citation.line_start <= last]
    bounds = [*starts, len(text)]
    lines = []
    for number in range(max(1, first - around), min(len(starts), last + around) + 1):
        cited = any(one.citation.line_start <= number <= one.citation.line_end for one in wanted)
        written = text[bounds[number - 1] : bounds[number]].rstrip("\r\n")
        lines.append((number, written, not opens and (cited or (not wanted and first <= number <= last))))
    changed = name in _stale_names(snapshot, folder_of(index))
    return Shown(name, tuple(wanted), tuple(lines), changed=changed, length=len(starts))


def _with_digits(digits: str, passages: Sequence[Passage], name: str) -> list[Passage]:
    found = [one for one in passages if fingerprint(one.text)[0].startswith(digits)]
    if not found:
        raise QuestionError(
            f"No passage of '{name}' has the fingerprint #{digits}: its words have changed, or are cut otherwise "
            "now. Ask the question again"
        )
    return found


def status(index: str | os.PathLike[str] | Index = DEFAULT_INDEX, *, verify: bool = False) -> Status:
    """What the published generation holds; ``verify`` reads every file of it and compares its sha256."""
    folder = folder_of(index)
    # Before opening: an index too damaged to be opened is the one that needs this most.
    generations = generations_at(folder)
    damaged = tuple(generations.damage()) if verify else None
    if damaged:
        return _damaged_status(place_of_index(index), generations.newest_number() or 0, damaged)
    snapshot = snapshot_of(index)
    manifest = snapshot.manifest
    corpus = corpus_of(manifest, folder)
    return Status(
        index=told(place_of_index(index)),
        generation=manifest.generation,
        created=manifest.created,
        corpus=corpus.paths if corpus else None,
        model=manifest.model.name,
        documents=manifest.documents,
        passages=manifest.passages,
        bytes=snapshot.size,
        unreadable=manifest.unreadable,
        excluded=manifest.excluded,
        stale=changed_since(manifest, snapshot.known, folder),
        damaged=damaged,
        centred=manifest.model.centred,
        unread=unread_documents(manifest),
    )


def corpus_of_index(index: str | os.PathLike[str]) -> Corpus | None:
    """The corpus that the index in this folder was built from, or None where there is no index yet.

    Raises CorpusError where a part of it is not there any more, or the index is too damaged to tell.
    """
    folder = folder_of(index)
    generations = generations_at(folder)
    if generations.newest_number() is None:
        return None
    found = recorded(generations.newest_content())
    if found is None:
        raise CorpusError(f"The index '{folder}' is too damaged to tell its corpus. Say where it is: nrqa index CORPUS")
    places = [place_of(one, folder) for one in found.corpus]
    missing = [one.path for one, place in zip(found.corpus, places, strict=True) if place is None]
    if missing:
        part = "A part of the corpus" if len(places) > 1 else "The corpus"
        other = " Or go on without it: nrqa index CORPUS --replace" if len(places) > 1 else ""
        raise CorpusError(
            f"{part} of the index '{folder}' is not there: {quoted_list(missing)}. Mount or restore it, or say where "
            f"the corpus is: nrqa index CORPUS.{other}"
        )
    roots = [Root(one.name, place, one.is_file) for one, place in zip(found.corpus, places, strict=True) if place]
    return Corpus(tuple(roots), found.selection)


def passages_at(units: Sequence[Locator], passages: Sequence[Passage], name: str) -> list[Passage]:
    """The passages of a document at what its format counts (page 7, row 12). Raises QuestionError where none is there.

    "page 7" may be the printed number or that of the file.
    """
    known = [one.citation.locators for one in passages]
    counted = as_counted(units, known)
    found = [one for one, its in zip(passages, known, strict=True) if touching_all(its, counted)]
    if found:
        return found
    kinds = {one.kind for its in known for one in its}
    missing = next((one for one in counted if one.kind not in kinds), None)
    if missing is not None:
        own = written_places(cited_places(known[0])) if known else ""
        hint = f" Its places are written so: {name} {own}" if own else f" Name its line: {name}:1"
        raise QuestionError(f"'{name}' is not counted by {missing.kind}.{hint}")
    there = f"from {written_places(cited_places(known[0]))} to {written_places(cited_places(known[-1]))}"
    raise QuestionError(f"No passage of '{name}' is at {written_places(counted)}; it has passages {there}.")


def documents_like(given: str, names: Collection[str]) -> list[str]:
    """The names that may be meant: the exact name if it is there, else paths that end with it, or that it ends with.

    Letters may be composed otherwise than in the name (NFC, NFD), as file systems and keyboards do.
    """
    if given in names:
        return [given]
    sought = normalize("NFC", given)
    composed = {name: normalize("NFC", name) for name in names}
    same = [name for name, its in composed.items() if its == sought]
    return same or [name for name, its in composed.items() if its.endswith(f"/{sought}") or sought.endswith(f"/{its}")]


def _document_like(given: str, snapshot: Snapshot) -> str:
    """The document meant: by its exact name, or by the end of its path where only one fits."""
    names = snapshot.known
    fitting = documents_like(given, names)
    if len(fitting) == 1:
        return fitting[0]
    close = fitting or difflib.get_close_matches(given, names, n=3)
    hint = f" Did you mean {' or '.join(close)}?" if close else " `nrqa status` tells which corpus it is of."
    raise QuestionError(f"There is no document '{given}' in the index.{hint}")


def _lines_of(place: Place, starts: list[int], length: int, name: str) -> tuple[int, int]:
    if place.span:
        start, end = place.span
        if not 0 <= start < end <= length:
            raise QuestionError(f"'{name}' has {length} characters; {start}-{end} is no span of it.")
        first = sum(begin <= start for begin in starts)
        return first, sum(begin < end for begin in starts)
    first, last = place.lines or (1, 1)
    if not 1 <= first <= last <= len(starts):
        raise QuestionError(f"'{name}' has {len(starts)} lines; there is no line {max(first, last)}.")
    return first, last


def _beginning(ends: Sequence[int], least: int) -> int:
    """The last line of a document's first page, or of the ``least`` lines; ``ends`` is where each line ends."""
    return min(max(1, min(_BEGINNING, bisect_right(ends, _PAGE)), least), len(ends))


def _meets(citation: Citation, place: Place, first: int, last: int) -> bool:
    if place.span:
        return citation.start < place.span[1] and place.span[0] < citation.end
    return citation.line_start <= last and first <= citation.line_end


def _stale_names(snapshot: Snapshot, index: Path) -> set[str]:
    return {one.document for one in changed_since(snapshot.manifest, snapshot.known, index)}


def _damaged_status(place: Path, number: int, damaged: tuple[tuple[str, str], ...]) -> Status:
    return Status(
        index=str(place), generation=number, created="", corpus=None, model="", documents=0, passages=0, bytes=0,
        unreadable=(), excluded=(), stale=(), damaged=damaged,
    )  # fmt: skip
