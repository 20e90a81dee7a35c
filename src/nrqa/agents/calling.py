"""Calls of the tools: what a client says is checked, and the tool's result cut to what it may tell at once."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from nrqa.agents import audits, passages
from nrqa.agents.telling import USUAL, Told, page
from nrqa.agents.tools import CURSOR, MAX_TOKENS, TOOLS, Tool
from nrqa.errors import CursorError, NrqaError, QuestionError
from nrqa.given import shown
from nrqa.service.cursors import Cursor, mark_in, mark_of, offset_in
from nrqa.service.desk import Desk

DOES: Mapping[str, Callable[..., Told]] = {
    "search": passages.search,
    "fetch": passages.fetch,
    "documents": passages.documents,
    "verify": audits.verify,
    "check": audits.check,
    "why_not": audits.why_not,
    "status": audits.status,
}
"""What the tools that tell in text do; show_page gives a picture."""
GoOn = Callable[[], None]
_TRIES = 5
"""How often a tool is asked again because another generation was published meanwhile."""


def _always() -> None:
    """Whoever calls waits for the result."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a tool gives: text, and for a page its picture (PNG in base64) and what a reader of pages is told of it."""

    text: str
    picture: str = ""
    about: Mapping[str, Any] = field(default_factory=dict)


def call(desk: Desk, name: str, arguments: Mapping[str, Any] | None, go_on: GoOn = _always) -> Result:
    """What the tool of that name gives for these arguments, which are checked. Raises nrqa's errors.

    ``go_on`` is called now and then by work that may take long; it raises once nobody waits for the result.
    """
    tool = TOOLS[name]
    said = said_of(tool, arguments or {})
    most, cursor = said.pop("max_tokens", USUAL), said.pop("cursor", None)
    if cursor is not None and not (set(arguments or {}) - {"max_tokens", "cursor"}):
        said = _held(desk, name, cursor)
    said = complete(tool, said)
    asked = json.dumps([name, said], sort_keys=True)
    if name == "show_page":
        found = passages.show_page(desk, **said)
        return Result(found.line, base64.b64encode(found.picture).decode("ascii"), found.about)
    go_on()
    told, generation = _settled(desk, lambda: DOES[name](desk, **said, **({"go_on": go_on} if tool.is_long else {})))
    at = 0 if cursor is None else offset_in(cursor, generation, asked)

    def going_on(place: int) -> str:
        desk.hold(mark_of(asked), name, said)
        return str(Cursor(generation, place, asked))

    return Result(page(told, most, at, going_on))


def said_of(tool: Tool, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments, checked; null says nothing. Raises QuestionError with the remedy."""
    known = {one.name: one for one in tool.parameters}
    for key in arguments:
        if key not in known:
            raise QuestionError(f"{shown(key)} is nothing that {tool.name} may be told. Known are: {', '.join(known)}.")
    return {key: known[key].of_json(value) for key, value in arguments.items() if value is not None}


def complete(tool: Tool, said: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments with the defaults of those that are not given. Raises QuestionError where one is needed."""
    for one in tool.parameters:
        if one.required and one.name not in said:
            raise QuestionError(f"{tool.name} needs {one.name}: {one.help}")
    apart = (MAX_TOKENS.name, CURSOR.name)
    usual = {one.name: one.default for one in tool.parameters if one.default is not None and one.name not in apart}
    return {**usual, **said}


def _held(desk: Desk, name: str, cursor: str) -> dict[str, Any]:
    held = desk.held(mark_in(cursor))
    if held is None or held[0] != name:
        raise CursorError(f"What was asked with this cursor is not known any more. Call {name} again without it.")
    return dict(held[1])


def _settled(desk: Desk, work: Callable[[], Told]) -> tuple[Told, int]:
    """What the work tells, all in one generation, and its number."""
    for _ in range(_TRIES):
        before = _generation(desk)
        told = work()
        if before == _generation(desk):
            break
    return told, before


def _generation(desk: Desk) -> int:
    try:
        return desk.generation
    except NrqaError:
        return 0
