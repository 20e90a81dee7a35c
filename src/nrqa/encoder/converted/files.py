"""A converted model in the user's cache: its folder, the names of its files, and its record."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Collection
from pathlib import Path
from typing import Any

from nrqa.encoder.protocol import Model
from nrqa.errors import EncoderError

GRAPH = "model.onnx"
TOKENIZER = "tokenizer.json"
TOKENIZER_FRAME = "tokenizer_frame.json"
"""Of a large tokenizer: the pieces that every text needs, their ids, and the length of the longest (``pieces``)."""
TABLE = "token_table.npy"
"""The model's input embeddings, outside the graph; there is no such file if the model has none (``input_table``)."""
ROWS = "input_rows"
"""The graph's input for rows of that table, one for each token; without it, the graph has its own."""
CENTRING = "centring.npz"
"""What is taken off the model's vectors, for engines that run the model itself; there is no such file if nothing is."""
SENTENCE, TOKENS = "sentence_vector", "token_vectors"
"""The graph's outputs: unit vectors (batch, dimensions), and token vectors (batch, tokens, width)."""
RECORD = "encoder.json"
"""Written last: a folder that has it is complete."""
_FILES, _VERSION = "files", "converter"
_CONVERTER = 7
"""Part of the cache's key; raise it when the graph changes."""
DATA = "model.data"
"""The graph's weights, which are memory-mapped."""
PORTABLE = frozenset({GRAPH, DATA, TOKENIZER, TABLE, CENTRING})
"""The files that make a conversion run on another machine, but for its record; others only save time."""
_SMALL = 200_000
"""Bytes of a file that is always compared with its checksum, such as the graph: a fraction of a millisecond."""
_LONGEST_RECORD = 1_000_000
_FINGERPRINT = re.compile(r"[\w-]*", re.ASCII)


def converted_folder(fingerprint: str) -> Path:
    """The folder in the user's cache for the conversion of the model with this fingerprint; it may not exist yet."""
    if not _FINGERPRINT.fullmatch(fingerprint):
        raise EncoderError(f"'{fingerprint}' is no fingerprint of a model. Build the index again: nrqa index --rebuild")
    return cache_folder() / "models" / f"{fingerprint[:32]}-{_CONVERTER}"


def cache_folder() -> Path:
    """The user's cache, which may not exist yet. ``NRQA_CACHE`` names another."""
    cache = os.environ.get("NRQA_CACHE")
    if not cache:
        import platformdirs

        cache = platformdirs.user_cache_dir("nrqa", appauthor=False)
    return Path(cache)


def write_record(folder: Path, model: Model) -> None:
    """Make a conversion complete: record the model and what its files are like."""
    files = {file.name: _facts(file) for file in sorted(folder.iterdir())}
    (folder / RECORD).write_text(json.dumps({**model.to_dict(), _FILES: files}, indent=1), "utf-8")


def portable_record(folder: Path, names: Collection[str], modified_ns: int) -> bytes:
    """The record of a conversion, for a copy of those of its files with that time; it says nothing of this machine."""
    found = _read(folder)
    if found is None:
        raise EncoderError(f"There is no converted encoder in '{folder}'. Convert it: nrqa index")
    model, files = found
    facts = {name: {**files[name], "modified_ns": modified_ns} for name in sorted(names)}
    content = {**model.to_dict(), "folder": "", _VERSION: _CONVERTER, _FILES: facts}
    return json.dumps(content, indent=1).encode()


def is_portable(folder: Path, allowed: Collection[str]) -> bool:
    """Whether a copied conversion is of this version of nrqa, and its record names only allowed files."""
    try:
        content = json.loads(_record(folder))
        return content[_VERSION] == _CONVERTER and set(content[_FILES]) <= set(allowed)
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return False


def read_record(folder: Path) -> Model | None:
    """The model whose complete conversion is in the folder, or None."""
    found = _read(folder)
    return found[0] if found else None


def changed_files(folder: Path, *, thorough: bool = False) -> tuple[str, ...]:
    """The files of a complete conversion that are not as they were written.

    A large file whose size and time are the recorded ones is believed, unless ``thorough``: reading all weights takes
    as long as half a question. A changed weight gives other rankings, not other texts.
    """
    _, files = _read(folder) or (None, {})
    return tuple(name for name, facts in files.items() if _is_changed(folder / name, facts, thorough))


def record_of(fingerprint: str) -> Model | None:
    """The record of a model that was used on this machine, whatever version converted it; None where it never was."""
    latest = converted_folder(fingerprint)
    older = sorted(latest.parent.glob(f"{fingerprint[:32]}-*/{RECORD}"), reverse=True)
    known = (read_record(folder) for folder in (latest, *(file.parent for file in older)))
    return next((one for one in known if one is not None and one.fingerprint == fingerprint), None)


def _read(folder: Path) -> tuple[Model, dict[str, Any]] | None:
    try:
        content = json.loads(_record(folder))
        files = dict(content.pop(_FILES, {}))
        content.pop(_VERSION, None)
        return Model(**content), files
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return None


def _record(folder: Path) -> bytes:
    """What stands in the record, which may be somebody else's."""
    with (folder / RECORD).open("rb") as stream:
        return stream.read(_LONGEST_RECORD)


def _facts(file: Path) -> dict[str, Any]:
    status = file.stat()
    return {"size": status.st_size, "modified_ns": status.st_mtime_ns, "sha256": _sha256(file)}


def _is_changed(file: Path, facts: dict[str, Any], thorough: bool) -> bool:  # noqa: FBT001 - private
    try:
        status = file.stat()
        if status.st_size != facts["size"]:
            return True
        believed = status.st_mtime_ns == facts["modified_ns"] and status.st_size > _SMALL
        return not (believed and not thorough) and _sha256(file) != facts["sha256"]
    except (OSError, KeyError, TypeError):
        return True


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
