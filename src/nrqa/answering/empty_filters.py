"""Says why no document passes the filters of a question, and what was perhaps meant."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from nrqa.errors import QuestionError

if TYPE_CHECKING:
    from nrqa.index.snapshot import Snapshot

_NAMED = 3
"""How many values or names the message suggests."""
_LIKE = 0.5
"""How alike a value or name is at least to be suggested first (difflib's ratio)."""


def nothing_left(snapshot: Snapshot, where: Mapping[str, list[str]], only: Sequence[str]) -> QuestionError:
    """The error for filters that leave no document: each filter that no document passes alone, with near values.

    Nothing was searched then, so there is no verdict.
    """
    if not snapshot.manifest.documents:
        return QuestionError("The index holds no documents, so no filter leaves any. Index some: nrqa index CORPUS")
    told = []
    for key, wanted in where.items():
        if not snapshot.filtered({key: wanted}, None).document_count:
            told.append(
                f"{key}: {_quoted(wanted)} ({_near(wanted, list(snapshot.facets.get(key.strip().lower(), ())))})"
            )
    if only and not snapshot.filtered(None, only).document_count:
        told.append(f"only {_quoted(only)} ({_near(only, sorted(snapshot.known))})")
    if told:
        return QuestionError(f"No document passes the filter {' or '.join(told)}.")
    filters = [
        *(f"{key}: {_quoted(wanted)}" for key, wanted in where.items()),
        *([f"only {_quoted(only)}"] if only else []),
    ]
    return QuestionError(f"No document passes all of the filters {', '.join(filters)}; each alone leaves some.")


def _quoted(values: Sequence[str]) -> str:
    return ", ".join(f"'{one}'" for one in values)


def _near(wanted: Sequence[str], values: Sequence[str]) -> str:
    """The values that are most like what was asked for; where none is, the first ones."""
    plain = [one.strip("*<>= ").casefold() for one in wanted]
    by_plain = {value.casefold(): value for value in values}
    near = [
        by_plain[one]
        for sought in plain
        for one in dict.fromkeys(
            (*_containing(sought, by_plain), *difflib.get_close_matches(sought, by_plain, _NAMED, _LIKE))
        )
    ]
    if near:
        return f"near: {', '.join(list(dict.fromkeys(near))[:_NAMED])}"
    others = len(values) - _NAMED
    return f"there are: {', '.join(values[:_NAMED])}{f' and {others:,} more' if others > 0 else ''}"


def _containing(sought: str, values: Mapping[str, str]) -> list[str]:
    return [one for one in values if sought and sought in one][:_NAMED]
