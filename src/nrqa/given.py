"""Checks the paths and lists that callers of the library give: a wrong type is an error with the remedy."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from nrqa.errors import NrqaError, QuestionError

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


def shown(value: object) -> str:
    """A value as an error message repeats it."""
    written = repr(value)
    return written if len(written) <= _SHOWN else f"{written[:_SHOWN]}…"
