"""The hits of the question that led to a document: the way back, those before and after, and where they stand in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import QueryParams

from nrqa.records import Answer, Hit, Span
from nrqa.server.desk import ServerDesk
from nrqa.server.page import addresses
from nrqa.server.page.places import place, seen_place
from nrqa.server.page.questions import Asked
from nrqa.service import verbs

_TOP, _HEIGHT, _GAP = 2.0, 94.0, 4.0
"""Percent of the edge: where its first tick may stand, how far down the last one, and how far apart two of them are."""
_MOST_TICKS = int(_HEIGHT / _GAP) + 1


@dataclass(frozen=True, slots=True)
class Led:
    """A question that led to a document, its answer, and the rank of the hit that is read; 0 where it is none."""

    asked: Asked
    answer: Answer | None = None
    rank: int = 0

    @property
    def hit(self) -> Hit | None:
        """The hit that is read."""
        return next((one for one in self.answer.hits if one.rank == self.rank), None) if self.answer else None

    @property
    def best(self) -> tuple[Span, ...]:
        """The sentences of the hit that answer best."""
        return self.hit.highlights if self.hit else ()

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """The parameters of an address that keep the question and the hit."""
        return [*self.asked.parameters, *([("hit", str(self.rank))] if self.hit else [])]


def led_by(desk: ServerDesk, asked: Asked, query: QueryParams) -> Led:
    """What led to a document, as its address tells it."""
    if not asked.question:
        return Led(asked)
    written = query.get("hit", "")
    answer = verbs.search(desk.index, asked.question, **asked.options).record
    return Led(asked, answer, int(written) if written.isascii() and written.isdecimal() and len(written) < 4 else 0)


def steps(led: Led) -> dict[str, Any]:
    """The way back to the hits, and the hits before and after.

    Those of one document come in its order, one document after another: so each is met once, and the next one is
    mostly on this page or near it.
    """
    if led.answer is None:
        return {"back": "", "before": None, "after": None, "here_hit": None, "count": 0}
    order = in_reading_order(led.answer.hits)
    at = next((number for number, one in enumerate(order) if one.rank == led.rank), None)
    back = addresses.with_parameters("/", led.asked.parameters)
    return {
        "back": f"{back}#hit-{led.rank}" if led.hit else back,
        "before": _step(order[at - 1], led.asked) if at else None,
        "after": _step(order[at + 1], led.asked) if at is not None and at + 1 < len(order) else None,
        "here_hit": led.hit,
        "count": len(order),
    }


def in_reading_order(hits: Sequence[Hit]) -> list[Hit]:
    """The hits by document, in the order of the documents' best hits; those of one document as they stand in it."""
    first = {one.passage.citation.document: one.rank for one in sorted(hits, key=lambda one: -one.rank)}
    return sorted(hits, key=lambda one: (first[one.passage.citation.document], one.passage.citation.start))


def ticks(led: Led, name: str, length: int) -> list[dict[str, Any]]:
    """Where the hits, or copies of them, stand in a document of that length: in percent, none above another."""
    if led.answer is None or not length:
        return []
    found = sorted(
        (cited.start, hit.rank, cited)
        for hit in led.answer.hits[:_MOST_TICKS]
        for cited in (hit.passage.citation, *hit.also)
        if cited.document == name
    )[:_MOST_TICKS]
    shown: list[dict[str, Any]] = []
    for number, (start, rank, cited) in enumerate(found):
        lowest = _TOP + _HEIGHT - _GAP * (len(found) - 1 - number)  # those that follow need room as well
        highest = shown[-1]["at"] + _GAP if shown else _TOP
        parameters = [*led.asked.parameters, ("hit", str(rank))]
        shown.append(
            {
                "at": round(max(highest, min(lowest, _TOP + _HEIGHT * start / length)), 2),
                "rank": rank,
                "place": place(cited),
                "address": addresses.reader(name, cited.start, cited.end, parameters),
                "current": rank == led.rank,
            }
        )
    return shown


def _step(hit: Hit, asked: Asked) -> dict[str, Any]:
    return {"rank": hit.rank, **seen_place(hit.passage.citation, [*asked.parameters, ("hit", str(hit.rank))])}
