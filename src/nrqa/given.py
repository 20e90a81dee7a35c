"""Checks what callers of the library give: a wrong type is an error with the remedy, as a wrong value is."""

from __future__ import annotations

import operator
import os
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from nrqa.errors import NrqaError, QuestionError

_CONDITION = re.compile(r"(?P<key>[^=<>]*[^=<>\s][^=<>]*)(?P<operator>>=|<=|=|>|<)(?P<value>.*)", re.DOTALL)
_SHOWN = 40
"""Characters of a value that an error message repeats."""


def given_path(value: object, name: str, error: type[NrqaError] = QuestionError) -> Path:
    """The path that was given for the parameter ``name``; ``error`` where it is none."""
    written = os.fspath(value) if isinstance(value, os.PathLike) else value
    if not isinstance(written, str) or not written or "\0" in written:
        raise error(f'{name} is {shown(value)}; give the path of a file or folder: {name}="{name}"')
    return Path(written)


def given_paths(values: object, name: str, error: type[NrqaError]) -> list[Path]:
    """The paths that were given for the parameter ``name``: one, or a list of them."""
    if isinstance(values, Iterable) and not isinstance(values, (str, bytes, os.PathLike)):
        return [given_path(one, name, error) for one in values]
    return [given_path(values, name, error)]


def given_texts(values: object, name: str, error: type[NrqaError]) -> tuple[str, ...] | None:
    """The texts that were given for the parameter ``name``: one, a list of them, or None."""
    if values is None or isinstance(values, str):
        return None if values is None else (values,)
    listed = tuple(values) if isinstance(values, Iterable) else (None,)
    if not all(isinstance(one, str) for one in listed):
        raise error(f'{name} is {shown(values)}; give a text or a list of texts: {name}=["*.pdf"]')
    return listed


def questions_of(questions: object) -> list[str]:
    """The questions, without lone surrogates (of a broken terminal), which UTF-8 cannot encode."""
    if isinstance(questions, (str, bytes)):
        raise QuestionError(
            f"ask_many takes a list of questions, not {shown(questions)}. For one question there is ask."
        )
    try:
        listed = list(questions)  # type: ignore[call-overload]
    except TypeError:
        raise QuestionError(f"ask_many takes a list of questions, not {shown(questions)}.") from None
    for question in listed:
        if not isinstance(question, str):
            raise QuestionError(f'The question is {shown(question)}; ask with words: ask("…").')
    return [encodable(question) for question in listed]


def count_of(k: object) -> int:
    """How many passages are asked for."""
    try:
        number = None if isinstance(k, bool) else operator.index(k)  # type: ignore[arg-type]
    except TypeError:
        number = None
    if number is None:
        raise QuestionError(f"k is {shown(k)}; ask for a whole number of passages: k=5.")
    if number < 1:
        raise QuestionError(f"k is {number}; ask for at least 1 passage.")
    return number


def conditions_of(where: object) -> dict[str, list[str]]:
    """The conditions with every value as text, so that a caller may also give a number or a date."""
    if where is None:
        return {}
    if not isinstance(where, Mapping):
        raise QuestionError(f'where is {shown(where)}; give values by their keys: where={{"lang": "en"}}.')
    conditions = {}
    for key, wanted in where.items():
        if not isinstance(key, str):
            raise QuestionError(f"where has the key {shown(key)}; the key of metadata is a text.")
        values = wanted if isinstance(wanted, (list, tuple, set, frozenset)) else [wanted]
        if not values:
            raise QuestionError(f"where[{key!r}] has no value. Leave the key out, or say which values.")
        conditions[encodable(key)] = [encodable(_value(key, value)) for value in values]
    return conditions


def written_conditions(where: Iterable[str], example: str = "nations=Russie") -> dict[str, list[str]]:
    """What KEY=VALUE, KEY>=VALUE and the like, as people write them, ask for."""
    found: dict[str, list[str]] = {}
    for condition in where:
        match = _CONDITION.fullmatch(condition)
        if not match:
            raise QuestionError(
                f"'{condition[:_SHOWN]}' is no condition. Write KEY=VALUE or KEY>=VALUE, such as {example}"
            )
        operator = match["operator"].removeprefix("=")
        found.setdefault(match["key"].strip().lower(), []).append(f"{operator}{match['value'].strip()}")
    return found


def globs_of(only: object) -> tuple[str, ...]:
    """The globs over names of documents; ``./`` before one means nothing."""
    if only is None:
        return ()
    given = [only] if isinstance(only, (str, os.PathLike)) else only
    if not isinstance(given, Sequence) or not all(isinstance(one, (str, os.PathLike)) for one in given):
        raise QuestionError(f'only is {shown(only)}; give a glob or a list of them: only="*.pdf".')
    return tuple(_glob(os.fspath(one)) for one in given)


def first_of(first: object) -> Any:
    """Which documents come first where scores agree: "newer", "older" or None."""
    if first not in (None, "newer", "older"):
        raise QuestionError(f'first is {shown(first)}; it is "newer", "older" or None.')
    return first


def model_of(name: object, parameter: str) -> str | None:
    """The name or folder of a model that was given for the parameter, or None."""
    if name is None:
        return None
    if not isinstance(name, (str, os.PathLike)) or not (written := os.fspath(name)) or not isinstance(written, str):
        raise QuestionError(f'{parameter} is {shown(name)}; give the name or folder of a model: {parameter}="FOLDER"')
    return written


def encodable(text: str) -> str:
    """The text with each character replaced that UTF-8 cannot encode."""
    return text.encode("utf-8", "replace").decode("utf-8")


def shown(value: object) -> str:
    """A value as an error message repeats it."""
    written = repr(value)
    return written if len(written) <= _SHOWN else f"{written[:_SHOWN]}…"


def _value(key: str, value: object) -> str:
    # A number of numpy's is no int, but says what it is by item().
    plain = value.item() if hasattr(value, "item") and not isinstance(value, str) else value
    if not isinstance(plain, (str, int, float, date)):
        raise QuestionError(f"where[{key!r}] is {shown(value)}; give a text, a number or a date, or a list of them.")
    return str(plain)


def _glob(written: str | bytes) -> str:
    glob = unicodedata.normalize("NFC", encodable(os.fsdecode(written)))
    while glob.startswith("./"):
        glob = glob[2:]
    return glob
