"""A request answered a page at a time: what fits a budget, how much was left out, and the cursor that goes on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nrqa.errors import CursorError, NrqaError
from nrqa.service.budgets import Budget, cut
from nrqa.service.cursors import Cursor, mark_in, mark_of, offset_in
from nrqa.service.desk import Desk
from nrqa.service.requests import Verb, checked, verb_named
from nrqa.service.verbs import Found

_TRIES = 5
"""How often a verb is asked again because another generation was published meanwhile."""
_ALL = Budget()


@dataclass(frozen=True, slots=True)
class Page:
    """What is told of a result: the command's object with fewer items, and what a face says beside it.

    ``omitted`` counts, for each list, the items that come after; ``next`` is the cursor that they begin at.
    """

    object: dict[str, Any]
    omitted: Mapping[str, int]
    next: str | None
    generation: int


def page(
    desk: Desk,
    name: str,
    request: Mapping[str, Any],
    *,
    budget: Budget = _ALL,
    cursor: str | None = None,
    held: bool = True,
) -> Page:
    """Answer a request as ``requests.answer`` does, cut to the budget, from the cursor on.

    With a cursor the request may be left empty while the desk still holds it; without ``held`` the desk remembers
    nothing, and each request says all that is asked. Raises CursorError where the cursor is of
    another generation or request, or the request is no longer held.
    """
    verb = verb_named(name)
    said = _held(desk, name, cursor) if held and cursor is not None and not request else checked(verb, request)
    asked = json.dumps([name, said], sort_keys=True)
    found, generation = _settled(desk, verb, said)
    at = 0 if cursor is None else offset_in(cursor, generation, asked)
    told = cut(found.to_dict(), verb.lists, budget, at)
    if told.next is None:
        return Page(told.object, told.omitted, None, generation)
    if held:
        desk.hold(mark_of(asked), name, said)
    return Page(told.object, told.omitted, str(Cursor(generation, told.next, asked)), generation)


def _settled(desk: Desk, verb: Verb, said: Mapping[str, Any]) -> tuple[Found[Any], int]:
    """What the verb finds, all in one generation, and its number: 0 where there is no index, and none is needed."""
    tries = 1 if verb.writes else _TRIES
    while True:
        before = _generation(desk)
        found = verb.does(desk, dict(said))
        tries -= 1
        if not tries or before == _generation(desk):
            return found, before


def _generation(desk: Desk) -> int:
    try:
        return desk.generation
    except NrqaError:
        return 0


def _held(desk: Desk, name: str, cursor: str) -> Mapping[str, Any]:
    held = desk.held(mark_in(cursor))
    if held is None or held[0] != name:
        raise CursorError(f"What was asked with this cursor is not known any more. Ask {name} again without a cursor.")
    return held[1]
