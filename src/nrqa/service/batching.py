"""Many questions from a file: each line is answered by one JSON object, in order.

A line is a question as it stands or as a JSON string, or an object: ``question``, and where wanted ``id`` (any value,
given back), ``k``, ``where`` (values, or lists of them, by metadata key) and ``only`` (a glob or a list of them). A
line that is none of this, or whose question cannot be asked, gets an error in its place, and the others are
answered.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any, NoReturn

from nrqa.errors import NrqaError, QuestionError
from nrqa.records import Answer, First
from nrqa.service.objects import error_object

if TYPE_CHECKING:
    from nrqa.answering.asking import Index

_AT_ONCE = 32
"""Lines read, answered and given back together: of more the encoder gains nothing, and the first answers come late."""
_OPTIONS = ("k", "where", "only")
_KEYS = ("question", "id", *_OPTIONS)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that was read: ``named`` is its ``id``, where it has one; ``asks`` are options that it says itself."""

    number: int
    named: dict[str, Any]
    question: str = ""
    asks: dict[str, Any] = field(default_factory=dict)
    error: NrqaError | None = None


def answer_lines(
    index: Index,
    lines: Iterable[bytes],
    *,
    k: int = 5,
    where: Mapping[str, Any] | None = None,
    only: Sequence[str] | None = None,
    explain: bool = False,
    first: First | None = None,
    rerank: str | None = None,
) -> Iterator[dict[str, Any]]:
    """For each line that is not empty the answer as ``Answer.to_dict`` gives it, after its ``id`` where it has one.

    In the place of a bad line stands ``{"line": 3, "id": …, "error": {"type": …, "message": …}}``, lines counted from
    1. ``k``, ``where`` and ``only`` are for lines that do not say; ``explain``, ``first`` and ``rerank`` as in
    ``Index.ask``. Some lines are in memory at a time, and no more. Raises what ``Index.ask`` raises but QuestionError.
    """
    options = {"k": k, "where": where, "only": only, "explain": explain, "first": first, "rerank": rerank}
    numbered = ((number, line) for number, line in enumerate(lines, 1) if line.strip())
    while some := [_read(number, line) for number, line in islice(numbered, _AT_ONCE)]:
        yield from _answered(index, some, options)


def _answered(index: Index, lines: list[_Line], options: dict[str, Any]) -> Iterator[dict[str, Any]]:
    found: dict[int, Answer | NrqaError] = {one.number: one.error for one in lines if one.error}
    alike: dict[str, list[_Line]] = {}
    for one in lines:
        if not one.error:
            alike.setdefault(json.dumps(one.asks, sort_keys=True), []).append(one)
    for those in alike.values():
        answers = _ask(index, [one.question for one in those], options | those[0].asks)
        found |= zip((one.number for one in those), answers, strict=True)
    for one in lines:
        result = found[one.number]
        if isinstance(result, NrqaError):
            yield {"line": one.number, **one.named, **error_object(result)}
        else:
            yield {**one.named, **result.to_dict()}


def _ask(index: Index, questions: list[str], options: dict[str, Any]) -> list[Answer | NrqaError]:
    """The answer to each, or why it cannot be asked."""
    try:
        return list(index.ask_many(questions, **options))
    except QuestionError as error:
        if len(questions) == 1:
            return [error]
    return [_ask(index, [question], options)[0] for question in questions]


def _read(number: int, line: bytes) -> _Line:
    plain = _plain(line)
    if plain is not None:
        return _Line(number, {}, plain)
    try:
        content = json.loads(line, parse_constant=_no_json, parse_float=_finite, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        return _Line(number, {}, error=QuestionError(f"The line is no JSON ({error})."))
    if isinstance(content, str):
        return _Line(number, {}, content)
    if not isinstance(content, dict):
        return _Line(number, {}, error=QuestionError("The line is neither a question nor an object with one."))
    named = {"id": content.pop("id")} if "id" in content else {}
    try:
        return _Line(number, named, _question(content), _options(content))
    except QuestionError as error:
        return _Line(number, named, error=error)


def _plain(line: bytes) -> str | None:
    """The question that a line is as it stands; None for a line of JSON.

    JSON is what begins as an object or a list does, and a string. Whatever else it might be (a number, null) is no
    question there, but may well be one in a plain list.
    """
    try:
        text = line.decode("utf-8").removeprefix("\ufeff").strip()
    except UnicodeDecodeError:
        return None
    if text.startswith(("{", "[")):
        return None
    if not text.startswith('"'):
        return text
    try:
        json.loads(text)
    except ValueError:
        return text  # a question that begins with a quotation
    return None


def _no_json(written: str) -> NoReturn:
    """NaN and Infinity are Python's, not JSON's: given back as an id, they would make the answer no JSON."""
    raise ValueError(f"{written} is no number of JSON")


def _finite(written: str) -> float:
    value = float(written)
    return value if math.isfinite(value) else _no_json(written)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose keys are all different: of two values for one key, neither is surely meant."""
    content: dict[str, Any] = {}
    for key, value in pairs:
        if key in content:
            raise ValueError(f"the key {json.dumps(key)} is given twice")
        content[key] = value
    return content


def _question(content: dict[str, Any]) -> str:
    question = content.get("question")
    if not isinstance(question, str):
        raise QuestionError('The line has no question: {"question": "…"} is the least that an object says.')
    return question


def _options(content: dict[str, Any]) -> dict[str, Any]:
    """What the line says of ``k``, ``where`` and ``only``; null says nothing. A typing error must not pass unseen."""
    for key in content:
        if key not in _KEYS:
            raise QuestionError(f"'{key}' is nothing that a line may say. Known are: {', '.join(_KEYS)}.")
    said = {key: content[key] for key in _OPTIONS if content.get(key) is not None}
    if "k" in said and (isinstance(said["k"], bool) or not isinstance(said["k"], int)):
        raise QuestionError(f"k is {json.dumps(said['k'])}; it is a whole number.")
    if "where" in said and not _is_filter(said["where"]):
        raise QuestionError('"where" has a value or a list of values for each key: {"nations": "Russie"}.')
    if "only" in said and not all(isinstance(one, str) for one in _listed(said["only"])):
        raise QuestionError('"only" is a glob over names of documents, or a list of them: "*.pdf".')
    return said


def _is_filter(where: Any) -> bool:
    values = where.values() if isinstance(where, dict) else [None]
    return all(isinstance(one, (str, int, float)) for some in values for one in _listed(some))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
