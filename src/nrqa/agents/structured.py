"""Every tool as an object of JSON with a schema, for agents that call tools from programs (`nrqa mcp --structured`).

The objects are those that the commands print with ``--json``, cut to the budget; beside them stand how much of each
list is left out, and the cursor that goes on.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from nrqa.agents.telling import MOST, USUAL
from nrqa.agents.tools import CURSOR, MAX_TOKENS, slim
from nrqa.errors import QuestionError
from nrqa.service.budgets import Budget, tokens_in
from nrqa.service.desk import Desk
from nrqa.service.objects import ALWAYS
from nrqa.service.paging import page
from nrqa.service.requests import VERBS

_TO_VERBS: Mapping[str, str] = {
    "search": "search",
    "fetch": "show",
    "documents": "documents",
    "verify": "verify",
    "check": "check",
    "why_not": "why_not",
    "status": "status",
}
"""The verb of each tool; a page of a PDF is a picture here, too."""
_NOT_TOLD = {"status": ("verify",), "verify": ("name",), "check": ("name",)}
"""What a verb may be told, but an agent has no use for, or should not begin."""
_LISTS = {"omitted": {"type": "object"}, "next": {"type": ["string", "null"]}}
_SPARE = 60
"""Tokens of what is left out and the cursor."""


def is_structured(name: str) -> bool:
    """Whether the tool gives an object."""
    return name in _TO_VERBS


def input_schema(name: str) -> dict[str, Any]:
    """What the tool may be told: what its verb may, and of the budget."""
    return {
        "type": "object",
        "properties": {one.name: slim(one) for one in (*_parameters(name), MAX_TOKENS, CURSOR)},
        "additionalProperties": False,
    }


def output_schema(name: str) -> dict[str, Any]:
    """What its object always has."""
    always = ALWAYS[_TO_VERBS[name]]
    return {
        "type": "object",
        "properties": {**{key: {} for key in always}, **_KNOWN.get(name, {}), **_LISTS},
        "required": [*always, *_LISTS],
    }


def call(desk: Desk, name: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The object for these arguments, which are checked, with one item at least. Raises nrqa's errors."""
    said = dict(arguments)
    most, cursor = said.pop(MAX_TOKENS.name, None), said.pop(CURSOR.name, None)
    known = [one.name for one in _parameters(name)]
    for key in said:
        if key not in known:
            raise QuestionError(f"'{key}' is nothing that {name} may be told. Known are: {', '.join(known)}.")
    tokens = USUAL if most is None else MAX_TOKENS.of_json(most)
    told = page(
        desk,
        _TO_VERBS[name],
        said,
        budget=Budget(tokens=tokens - _SPARE),
        cursor=None if cursor is None else CURSOR.of_json(cursor),
    )
    found = {**told.object, "omitted": dict(told.omitted), "next": told.next}
    if tokens_in(json.dumps(found, ensure_ascii=False)) > MOST:
        raise QuestionError(
            f"The first item of this alone has more than {MOST:,} tokens as an object. A server that was started "
            "without --structured tells it as text, cut."
        )
    return found


def _parameters(name: str) -> list[Any]:
    return [one for one in VERBS[_TO_VERBS[name]].parameters if one.name not in _NOT_TOLD.get(name, ())]


_CITATION = {
    "type": "object",
    "required": ["document", "title", "heading", "start", "end", "line_start", "line_end", "page", "sha256"],
}
_KNOWN: Mapping[str, dict[str, Any]] = {
    "search": {
        "verdict": {"enum": ["answered", "weak", "absent", "unknown"]},
        "confidence": {"type": "number"},
        "generation": {"type": "integer"},
        "hits": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["rank", "score", "text", "citation"],
                "properties": {
                    "rank": {"type": "integer"},
                    "score": {"type": "number"},
                    "text": {"type": "string"},
                    "citation": _CITATION,
                },
            },
        },
    },
    "documents": {"documents": {"type": "array", "items": {"type": "object"}}},
    "check": {
        "quotations": {"type": "array", "items": {"type": "object"}},
        "sentences": {"type": "array", "items": {"type": "object"}},
    },
}
"""What is said of the lists that programs walk through."""
