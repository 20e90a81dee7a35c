"""Reads the metadata at the top of a document: front matter in YAML or TOML, and header lines."""

from __future__ import annotations

import re
from collections.abc import Sequence

Value = str | list[str]

_FRONT_MATTER = re.compile(
    r"\A---[ \t]*(?:\r\n|\n|\r)(?P<yaml>.*?)(?:\r\n|\n|\r)(?:---|\.\.\.)[ \t]*(?=[\r\n]|\Z)", re.DOTALL
)
_HEADER_LINE = re.compile(r"(?P<key>[^\W\d_][\w .’'/-]{0,30}?)[ \t]*:[ \t]+(?P<value>\S.*)", re.DOTALL)
_TOML_FRONT_MATTER = re.compile(
    r"\A\+\+\+[ \t]*(?:\r\n|\n|\r)(?P<toml>.*?)(?:\r\n|\n|\r)\+\+\+[ \t]*(?=[\r\n]|\Z)", re.DOTALL
)
_MOST_YAML = 64 * 1024
_MOST_VALUE, _MOST_KNOWN = 200, 1000
"""Characters that the value of a header line may have, and that of one with a usual key: titles may be long."""
# One line with one of these keys is a header; other keys make a header only if there are several lines.
_KNOWN_KEYS = frozenset(
    "title author authors by date published updated source url link language lang keywords tags category "
    "publisher subject titre auteur auteurs date fuente autor fecha titel datum quelle título".split()
)


def front_matter(text: str) -> tuple[dict[str, Value], int]:
    """The metadata of the front matter, in YAML or TOML, and the position where it ends; ({}, 0) if there is none.

    If the front matter is not valid YAML, it is read line by line as ``key: value``.
    """
    if text.startswith("+++"):
        return _toml_front_matter(text)
    match = _FRONT_MATTER.match(text[: 2 * _MOST_YAML])
    if not match or len(match["yaml"]) > _MOST_YAML:
        return {}, 0
    loaded = _yaml(match["yaml"])
    if loaded is None:
        loaded = _read_by_line(match["yaml"])
        if not loaded:
            return {}, 0
    metadata = {_scalar(key).lower(): _value(value) for key, value in loaded.items()}
    return {key: value for key, value in metadata.items() if key and value}, match.end()


def _toml_front_matter(text: str) -> tuple[dict[str, Value], int]:
    import tomllib

    match = _TOML_FRONT_MATTER.match(text[: 2 * _MOST_YAML])
    if not match:
        return {}, 0
    try:
        # All line ends become "\n", because TOML does not allow every kind; decimal numbers stay as they are written.
        loaded = tomllib.loads("\n".join(match["toml"].splitlines()), parse_float=str)
    except (ValueError, RecursionError):
        return {}, 0
    written = {
        key: [_written(one) for one in value] if isinstance(value, list) else _written(value)
        for key, value in loaded.items()
    }
    metadata = {key.strip().lower(): _value(value) for key, value in written.items()}
    return {key: value for key, value in metadata.items() if key and value}, match.end()


def _written(value: object) -> str:
    """A scalar of TOML as text; "" for tables and lists."""
    if isinstance(value, bool):
        return str(value).lower()
    return "" if isinstance(value, dict | list) else str(value)


def _yaml(written: str) -> dict[object, object] | None:
    import yaml

    try:
        # BaseLoader keeps every scalar as text: a date, "no", 1.10 and 12:30 stay as they are written.
        loaded = yaml.load(written, Loader=yaml.BaseLoader)  # noqa: S506 - it builds text, lists and dicts only
    except (yaml.YAMLError, ValueError, RecursionError):
        return None
    return loaded if isinstance(loaded, dict) else None


def _read_by_line(written: str) -> dict[object, object]:
    """The metadata in lines of ``key: value``; {} unless the first line and at least half of all lines look so."""
    lines = [line for line in written.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    found = [match for match in map(_HEADER_LINE.match, lines) if match]
    if 2 * len(found) < len(lines) or not lines or not _HEADER_LINE.match(lines[0]):
        return {}
    return {match["key"]: match["value"].strip(" \t\"'") for match in found}


def header_lines(lines: Sequence[str]) -> dict[str, str]:
    """The metadata in these lines, or {} if they are not a header.

    In a header every line reads ``Key: value``, all keys differ, and no value is a sentence (except for usual keys). A
    single line is a header only if its key is a usual one.
    """
    metadata: dict[str, str] = {}
    for line in lines:
        match = _HEADER_LINE.fullmatch(line.strip())
        if not match or len(match["key"].split()) > 3:
            return {}
        key = match["key"].strip().lower()
        if len(match["value"]) > (_MOST_KNOWN if key in _KNOWN_KEYS else _MOST_VALUE):
            return {}
        if key in metadata or (match["value"].rstrip()[-1] in ".?!" and key not in _KNOWN_KEYS):
            return {}
        metadata[key] = match["value"].strip()
    if len(metadata) == 1 and not _KNOWN_KEYS & metadata.keys():
        return {}
    return metadata


def looks_like_header(line: str) -> bool:
    """Whether the line could be one of a header's."""
    return bool(_HEADER_LINE.fullmatch(line.strip()))


def _value(value: object) -> Value:
    """Scalars as text, lists as lists of text; of what is nested deeper only names and dates are read."""
    if isinstance(value, list):
        return [text for text in map(_one, value) if text]
    return _one(value)


def _one(value: object) -> str:
    return _nested(value) if isinstance(value, dict) else _scalar(value)


def _nested(value: dict[object, object], *, inner: bool = False) -> str:
    """A person, as pandoc, Quarto and CSL nest one, or a date; "" for anything else. ``inner``: it is in such a one."""
    parts = {_scalar(key).lower(): one for key, one in value.items()}
    dates = parts.get("date-parts")
    if isinstance(dates, list) and dates:
        found = dates[0] if isinstance(dates[0], list) else dates
        return "-".join(part if at == 0 else part.zfill(2) for at, part in enumerate(map(_scalar, found)) if part)
    if year := _scalar(parts.get("year")):
        following = [_scalar(parts.get(key)) for key in ("month", "day")]
        numbers = [year, *(part.zfill(2) for part in following if part.isdigit())]
        return "-".join(numbers)
    family, given = _scalar(parts.get("family")), _scalar(parts.get("given"))
    if family:
        return f"{family}, {given}" if given else family
    name = parts.get("name")
    if isinstance(name, dict):
        return "" if inner else _nested(name, inner=True)
    return next((whole for key in ("literal", "name", "raw") if (whole := _scalar(parts.get(key)))), "")


def _scalar(value: object) -> str:
    if not isinstance(value, str) or value in _NULLS:
        return ""
    # An escape in YAML can produce half a surrogate pair, which UTF-8 cannot encode.
    return value.encode("utf-8", "replace").decode("utf-8").strip()


_NULLS = ("null", "Null", "NULL", "~")
