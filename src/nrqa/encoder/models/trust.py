"""Refuses models that bring programs of their own.

A model's folder says which classes load it. sentence-transformers before version 6 imports such a class from a Python
file in the folder itself, and every version imports it from any installed package. nrqa runs no code of a model,
whoever named it: a model is weights, and their configuration is data.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nrqa.errors import EncoderError

_OURS = ("sentence_transformers.", "torch.nn.")
_NAMING = frozenset({"type", "types", "activation_function", "tokenizer_class"})
"""The keys under which sentence-transformers finds the names of classes: in ``modules.json``, in the configuration of a
router, of a dense layer, and of word embeddings."""
_LONGEST = 1_000_000
"""Bytes of a configuration; longer files are vocabularies."""


def refuse_foreign_code(folder: Path) -> None:
    """Raise EncoderError where the folder names a class that neither sentence-transformers nor torch has."""
    for file in sorted(folder.rglob("*.json")):
        for name in _classes(_content(file)):
            if "." in name and not name.startswith(_OURS):
                where = file.relative_to(folder)
                raise EncoderError(
                    f"The model in '{folder}' brings code of its own ({name}, in {where}), which nrqa does not run. "
                    "Name another one with --model."
                )


def _content(file: Path) -> Any:
    try:
        return json.loads(file.read_bytes()) if file.stat().st_size <= _LONGEST else None
    except (OSError, ValueError, RecursionError):
        return None


def _classes(content: Any) -> Iterator[str]:
    """The names of classes in a configuration."""
    pending = [content]
    while pending:
        one = pending.pop()
        if isinstance(one, list):
            pending += one
        elif isinstance(one, dict):
            pending += one.values()
            for key in _NAMING & one.keys():
                named = one[key]
                values = named.values() if isinstance(named, dict) else named if isinstance(named, list) else [named]
                yield from (value for value in values if isinstance(value, str))
