"""Hits that say the same are one: copies in several documents, and overlapping neighbours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nrqa.catalog import Stored
from nrqa.records import Citation, Passage
from nrqa.terms import document_terms

if TYPE_CHECKING:
    from nrqa.index.snapshot import Snapshot

_SHINGLE = 3
"""Terms in a row that are compared."""
_ALIKE = 0.8
"""Share of all shingles that two passages must have in common (Jaccard) to be copies of one another."""
_FEWEST = 8
"""Terms a passage must have to be a copy: short ones are alike by chance, and are compared as a whole."""


@dataclass(frozen=True, slots=True)
class Group:
    """A passage with what was put to it: ``at`` is its place in the ranking, ``also`` where its copies stand."""

    at: int
    row: int
    stored: Stored
    also: tuple[Citation, ...]


def group(snapshot: Snapshot, rows: Iterable[int], k: int) -> list[Group]:
    """The first ``k`` groups of rows, which come best first; each stands where its best row does.

    A copy (nearly the same terms in the same order) is put to the better row. An overlapping neighbour, as where a
    paragraph was cut in two, extends the better row's passage, so that one citation covers both.
    """
    groups: list[Group] = []
    shingles: dict[int, frozenset[tuple[str, ...]]] = {}
    for at, row in enumerate(rows):
        stored = snapshot.stored(row)
        neighbours = [one for one in groups if _overlap(one.stored, stored)]
        if neighbours:
            groups = _joined(groups, neighbours, stored)
            continue
        found = _shingles(stored.passage.text)
        copy = next((n for n, one in enumerate(groups) if _alike(found, shingles[one.row])), None)
        if copy is not None:
            groups[copy] = replace(groups[copy], also=(*groups[copy].also, stored.passage.citation))
            continue
        if len(groups) == k:
            break
        groups.append(Group(at, row, stored, ()))
        shingles[row] = found
    return groups


def _joined(groups: list[Group], neighbours: list[Group], stored: Stored) -> list[Group]:
    """The groups with all that the passage overlaps put together at the first of them."""
    first, *others = neighbours
    for one in (stored, *(other.stored for other in others)):
        first = replace(first, stored=join(first.stored, one))
    first = replace(first, also=tuple(also for one in neighbours for also in one.also))
    return [first if one is neighbours[0] else one for one in groups if one not in others]


def join(one: Stored, other: Stored) -> Stored:
    """One passage over two of a document that overlap; row and context are those of the first."""
    left, right = sorted((one.passage, other.passage), key=lambda passage: passage.citation.start)
    first, second = left.citation, right.citation
    text = left.text + right.text[first.end - second.start :] if second.end > first.end else left.text
    citation = replace(
        one.passage.citation,
        start=first.start,
        end=max(first.end, second.end),
        line_start=first.line_start,
        line_end=max(first.line_end, second.line_end),
    )
    sentences = tuple(sorted({*one.sentences, *other.sentences}, key=lambda span: (span.start, span.end)))
    return replace(one, passage=Passage(text, citation), sentences=sentences)


def _overlap(one: Stored, other: Stored) -> bool:
    first, second = one.passage.citation, other.passage.citation
    return one.document == other.document and first.start < second.end and second.start < first.end


def _shingles(text: str) -> frozenset[tuple[str, ...]]:
    terms = document_terms(text)
    if len(terms) < _FEWEST:
        return frozenset([tuple(terms)])
    return frozenset(zip(*(terms[at:] for at in range(_SHINGLE)), strict=False))


def _alike(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> bool:
    common = len(one & other)
    return common >= _ALIKE * (len(one) + len(other) - common)
