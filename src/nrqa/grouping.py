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


@dataclass(frozen=True, slots=True)
class Group:
    """A passage with what was put to it: ``at`` is its place in the ranking, ``also`` where its copies stand."""

    at: int
    row: int
    stored: Stored
    also: tuple[Citation, ...]


def group(snapshot: Snapshot, rows: Iterable[int], k: int) -> list[Group]:
    """The first ``k`` groups of rows, which come best first; each stands where its best row does.

    A copy (the same terms in the same order, whatever signs and spaces stand between them) is put to the better row.
    Passages that differ in one word are two hits: that word may be the one that matters. An overlapping neighbour, as
    where a paragraph was cut in two, extends the better row's passage, so that one citation covers both.
    """
    groups: list[Group] = []
    known: dict[tuple[str, ...], int] = {}
    for at, row in enumerate(rows):
        stored = snapshot.stored(row)
        neighbours = [one for one in groups if _overlap(one.stored, stored)]
        if neighbours:
            groups = _joined(groups, neighbours, stored)
            continue
        terms = tuple(document_terms(stored.passage.text))
        if terms in known:
            groups = [_with_copy(one, stored) if one.row == known[terms] else one for one in groups]
            continue
        if len(groups) == k:
            break
        groups.append(Group(at, row, stored, ()))
        known[terms] = row
    return groups


def _with_copy(one: Group, copy: Stored) -> Group:
    return replace(one, also=(*one.also, copy.passage.citation))


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
