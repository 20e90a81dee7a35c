"""JSON with the position of every value in its text, so that one value can be rewritten and all else stays the same."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from json.decoder import JSONDecoder
from typing import Any

_BLANK = re.compile(r"[ \t\r\n]*")
_CHARACTER = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|.", re.DOTALL
)
_SCALARS = JSONDecoder()
_DEEPEST = 100
TOO_DEEP = f"More than {_DEEPEST} levels of nesting"


@dataclass(frozen=True, slots=True)
class Node:
    """A value and its position in the text; ``inner`` has the nodes of its members (by key) or elements (by number)."""

    value: Any
    start: int
    end: int
    inner: dict[str | int, Node]


@dataclass(frozen=True, slots=True)
class Edit:
    """A stretch of a text, and the text that replaces it."""

    start: int
    end: int
    text: str


def read_json(text: str, start: int = 0, depth: int = 0) -> Node:
    """The value that begins at a position (white space before it is skipped).

    Raises JSONDecodeError where there is none, or where it is nested deeper than any citation.
    """
    start = _past_blanks(text, start)
    if depth > _DEEPEST:
        raise json.JSONDecodeError(TOO_DEEP, text, start)
    if text[start : start + 1] == "{":
        return _read_object(text, start, depth)
    if text[start : start + 1] == "[":
        return _read_list(text, start, depth)
    value, end = _SCALARS.raw_decode(text, start)
    return Node(value, start, end, {})


def read_all(text: str) -> Iterator[Node]:
    """All values of a text that has them one after the other, as JSON Lines do."""
    at = _past_blanks(text, 0)
    while at < len(text):
        node = read_json(text, at)
        yield node
        at = _past_blanks(text, node.end)


def edits(node: Node, new: Any, text: str) -> Iterator[Edit]:
    """The edits that make the node's text say ``new``: they replace values that differ, and add or remove no member."""
    if node.value == new and type(node.value) is type(new):
        return
    if isinstance(node.value, dict) and isinstance(new, dict):
        for key, inner in node.inner.items():
            yield from edits(inner, new[str(key)], text)
    elif isinstance(node.value, list) and isinstance(new, list) and len(node.value) == len(new):
        for key, inner in node.inner.items():
            yield from edits(inner, new[int(key)], text)
    else:
        yield Edit(node.start, node.end, written(new, text[node.start : node.end]))


def written(value: Any, instead_of: str) -> str:
    """The value as JSON; in ASCII only if the text that it replaces escapes other characters."""
    return json.dumps(value, ensure_ascii="\\u" in instead_of)


def places(text: str, start: int, end: int) -> list[int]:
    """Where the text has each character of a JSON string, quotation marks left out, and where the last one ends."""
    found = [one.start() for one in _CHARACTER.finditer(text, start + 1, end - 1)]
    return [*found, end - 1]


def _read_object(text: str, start: int, depth: int) -> Node:
    value: dict[str, Any] = {}
    inner: dict[str | int, Node] = {}
    at = _past_blanks(text, start + 1)
    if text[at : at + 1] == "}":
        return Node(value, start, at + 1, inner)
    while True:
        if text[at : at + 1] != '"':
            raise json.JSONDecodeError("Expecting a name in quotation marks", text, at)
        key, at = _SCALARS.raw_decode(text, at)
        at = _past(text, at, ":")
        node = read_json(text, at, depth + 1)
        value[key], inner[key] = node.value, node
        at = _past_blanks(text, node.end)
        if text[at : at + 1] == "}":
            return Node(value, start, at + 1, inner)
        at = _past_blanks(text, _past(text, at, ","))


def _read_list(text: str, start: int, depth: int) -> Node:
    value: list[Any] = []
    inner: dict[str | int, Node] = {}
    at = _past_blanks(text, start + 1)
    if text[at : at + 1] == "]":
        return Node(value, start, at + 1, inner)
    while True:
        node = read_json(text, at, depth + 1)
        inner[len(value)] = node
        value.append(node.value)
        at = _past_blanks(text, node.end)
        if text[at : at + 1] == "]":
            return Node(value, start, at + 1, inner)
        at = _past(text, at, ",")


def _past_blanks(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    assert found is not None
    return found.end()


def _past(text: str, at: int, mark: str) -> int:
    at = _past_blanks(text, at)
    if text[at : at + 1] != mark:
        raise json.JSONDecodeError(f"Expecting '{mark}'", text, at)
    return at + 1
