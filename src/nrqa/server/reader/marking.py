"""A stretch of text in pieces, so that what is marked can be told from what is not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from nrqa.records import Span
from nrqa.server.reader.model import Piece, Pieces


def pieces(text: str, start: int, end: int, marks: Sequence[Span] = (), answers: Sequence[Span] = ()) -> Pieces:
    """The text from ``start`` to ``end``, cut where a mark or an answer begins or ends; none of them empty."""
    if start >= end:
        return ()
    cuts = {start, end}
    for one in (*marks, *answers):
        cuts |= {at for at in (one.start, one.end) if start < at < end}
    edges = sorted(cuts)
    return tuple(
        Piece(text[first:last], mark=_within(first, marks), answer=_within(first, answers))
        for first, last in pairwise(edges)
    )


def _within(at: int, spans: Iterable[Span]) -> bool:
    return any(one.start <= at < one.end for one in spans)
