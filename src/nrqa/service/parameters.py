"""What a request may say: each parameter's name, kind, bounds and default, and how its value is checked.

Requests come from outside (bodies in JSON, query strings, arguments of an agent's tool), so whatever they say is
checked here, once for all faces. The same descriptions become the schemas that faces publish.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nrqa.errors import QuestionError
from nrqa.given import encodable, shown, written_conditions

Schema = Mapping[str, Any]

_MOST_LISTED = 100
"""Keys of a filter, values of one key, and globs: far more than anybody writes."""
_LONGEST = 1000
"""Characters of one of these."""
_LONGEST_NUMBER = 20
"""Digits: int() takes time that grows with the square of them."""
_FLAGS = {"true": True, "1": True, "yes": True, "": True, "false": False, "0": False, "no": False}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of value: its JSON Schema, what it is in words, whether a value of JSON is one, and what becomes of it.

    ``of_words`` makes a value of JSON from the words that a query string has for the parameter.
    """

    schema: Schema
    wanted: str
    fits: Callable[[Any], bool]
    taken: Callable[[Any], Any]
    of_words: Callable[[Sequence[str]], Any]
    is_list: bool = False


@dataclass(frozen=True, slots=True)
class Parameter:
    """One thing that a request may say."""

    name: str
    kind: Kind
    help: str
    required: bool = False
    default: Any = None

    def schema(self) -> dict[str, Any]:
        """The parameter in JSON Schema (2020-12)."""
        said = {} if self.default is None else {"default": self.default}
        return {**self.kind.schema, "description": self.help, **said}

    def of_json(self, value: Any) -> Any:
        """The value that a body in JSON has for this parameter, checked. Raises QuestionError with the remedy."""
        if not self.kind.fits(value):
            raise QuestionError(f"{self.name} is {shown(value)}; it is {self.kind.wanted}.")
        return self.kind.taken(value)

    def of_words(self, words: Sequence[str]) -> Any:
        """The value that a query string has for this parameter, checked likewise."""
        if len(words) > 1 and not self.kind.is_list:
            raise QuestionError(f"{self.name} is given {len(words)} times; give it once.")
        return self.of_json(self.kind.of_words(words))


def text(least: int = 1, most: int = _LONGEST) -> Kind:
    """Text of so many characters."""
    return Kind(
        {"type": "string", "minLength": least, "maxLength": most},
        f"a text of {least} to {most:,} characters",
        lambda value: isinstance(value, str) and least <= len(value) <= most,
        encodable,
        _first,
    )


def whole(least: int, most: int) -> Kind:
    """A whole number within bounds."""
    return Kind(
        {"type": "integer", "minimum": least, "maximum": most},
        f"a whole number from {least} to {most:,}",
        lambda value: isinstance(value, int) and not isinstance(value, bool) and least <= value <= most,
        int,
        _number,
    )


def choice(*choices: str) -> Kind:
    """One of these words."""
    return Kind(
        {"type": "string", "enum": list(choices)},
        f"one of: {', '.join(choices)}",
        lambda value: isinstance(value, str) and value in choices,
        str,
        _first,
    )


def _first(words: Sequence[str]) -> Any:
    return words[0]


def _number(words: Sequence[str]) -> Any:
    digits = words[0].removeprefix("-")
    return int(words[0]) if digits.isascii() and digits.isdigit() and len(digits) < _LONGEST_NUMBER else words[0]


def _flag(words: Sequence[str]) -> Any:
    return _FLAGS.get(words[0].lower(), words[0])


def _itself(value: Any) -> Any:
    return value


def _is_short(one: Any) -> bool:
    return isinstance(one, str) and 0 < len(one) <= _LONGEST


def _are_conditions(value: Any) -> bool:
    return (
        isinstance(value, Mapping)
        and len(value) <= _MOST_LISTED
        and all(_is_short(key) and 0 < len(_listed(some)) <= _MOST_LISTED for key, some in value.items())
        and all(map(_is_value, (one for some in value.values() for one in _listed(some))))
    )


def _is_value(one: Any) -> bool:
    return _is_short(one) or (isinstance(one, (int, float)) and not isinstance(one, bool))


def _conditions(value: Mapping[str, Any]) -> dict[str, list[str]]:
    return {encodable(key): [encodable(str(one)) for one in _listed(some)] for key, some in value.items()}


def _are_globs(value: Any) -> bool:
    return isinstance(value, (str, list)) and 0 < len(_listed(value)) <= _MOST_LISTED and all(
        map(_is_short, _listed(value))
    )  # fmt: skip


def _globs(value: Any) -> list[str]:
    return [encodable(one) for one in _listed(value)]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


_GLOB: Schema = {"type": "string", "minLength": 1, "maxLength": _LONGEST}
_VALUE: Schema = {**_GLOB, "type": ["string", "number"]}
_SEVERAL: Schema = {"type": "array", "minItems": 1, "maxItems": _MOST_LISTED}

FLAG = Kind({"type": "boolean"}, "true or false", lambda value: isinstance(value, bool), bool, _flag)
CONDITIONS = Kind(
    {
        "type": "object",
        "additionalProperties": {"anyOf": [_VALUE, {**_SEVERAL, "items": _VALUE}]},
        "propertyNames": {"minLength": 1, "maxLength": _LONGEST},
        "maxProperties": _MOST_LISTED,
    },
    'an object with a value or a list of values for each key: {"lang": "en"}',
    _are_conditions,
    _conditions,
    written_conditions,
    is_list=True,
)
GLOBS = Kind(
    {"anyOf": [_GLOB, {**_SEVERAL, "items": _GLOB}]},
    'a glob over names of documents, or a list of them: "*.pdf"',
    _are_globs,
    _globs,
    list,
    is_list=True,
)
OBJECT = Kind({"type": "object"}, "an object of JSON", lambda value: isinstance(value, dict), _itself, _first)
