"""Checks what the files of an index say before anything is done with it: it may be damaged, or somebody else's.

Whoever wrote a file chose each value in it. So each is compared with what a build can write: its type, its bounds, and
whether it fits the others. tantivy believes what its own lists say: it deletes files that they name, wherever these
lie, and creates its lock through a link. So its folder may hold regular files only, and the lists only names of such.
"""

from __future__ import annotations

import json
import math
import os
import re
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from nrqa.errors import IndexDamagedError
from nrqa.index.local.failures import damaged
from nrqa.index.local.files import FILES_OF_PART, LEXICAL, OTHER_FILES
from nrqa.index.local.generation import MANIFEST
from nrqa.index.manifest import Manifest
from nrqa.signals.lexical import is_lock

_PART = re.compile(r"part-\d{6,}", re.ASCII)
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)
_FINGERPRINT = re.compile(r"[\w-]{1,100}", re.ASCII)
"""It becomes part of a file's name in the user's cache."""
_LEXICAL_FILE = re.compile(r"meta\.json|\.managed\.json|[0-9a-f]{32}\.[a-z0-9.]{1,40}", re.ASCII)
_MOST = 1 << 48
"""Rows, documents and bytes: more than any index has."""
_DIMENSIONS, _TOKENS, _HEAVIEST = 1 << 16, 1 << 16, 1000
_META, _MANAGED = "meta.json", ".managed.json"
_OF_TANTIVY = re.compile(r"[0-9a-f]{32}(?:\.[a-z0-9]+)+|meta\.json", re.ASCII)
_SEGMENT = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", re.ASCII)
_LONGEST_LIST = 64 * 1024 * 1024


def check_manifest(manifest: Manifest, folder: Path) -> None:
    """Raise IndexDamagedError, with what is wrong, where no build could have written the manifest of ``folder``."""
    wrong = next(_wrong(manifest, folder), None)
    if wrong:
        raise _refusal(folder, wrong)


def refuse_strange_files(folder: Path) -> None:
    """Raise ValueError where something in the folder of the lexical index is not of the kind that tantivy writes."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if not stat.S_ISREG(entry.stat(follow_symlinks=False).st_mode):
                raise ValueError(f"'{entry.name}' is no regular file")
            if not (entry.name == _MANAGED or is_lock(entry.name) or _OF_TANTIVY.fullmatch(entry.name)):
                raise ValueError(f"'{entry.name}' is no file of the lexical index")
    managed = _read(folder / _MANAGED)
    if not isinstance(managed, list) or not all(isinstance(one, str) and _OF_TANTIVY.fullmatch(one) for one in managed):
        raise ValueError(f"'{_MANAGED}' names files that are none of the lexical index")
    for segment in _read(folder / _META)["segments"]:
        if not (_SEGMENT.fullmatch(segment["segment_id"]) and type(segment["max_doc"]) is int):
            raise ValueError(f"'{_META}' names a segment that is none")


def opened(file: Path, kind: str, *shape: int | None) -> Any:
    """The array in the file, memory-mapped; None in ``shape`` stands for any length.

    Raises ValueError where the file holds something else, or less than its header says; nothing of it is believed
    before. It never reads pickled objects, which run code.
    """
    import numpy as np

    try:
        # As a plain array: taking rows of numpy's own class for mapped files is slow.
        found = np.asarray(np.load(file, mmap_mode="r", allow_pickle=False))
    except (OSError, MemoryError):
        raise
    except Exception as error:  # for a damaged header, numpy raises whatever Python's tokenizer raises
        raise ValueError(f"'{file.name}' cannot be read: {error}") from error
    fits = found.ndim == len(shape) and all(
        wanted is None or wanted == length for wanted, length in zip(shape, found.shape, strict=True)
    )
    if found.dtype != np.dtype(kind) or not fits or not found.flags.c_contiguous:
        raise ValueError(f"'{file.name}' holds {found.dtype} of shape {found.shape}, not {kind} of {shape}")
    return found


def _refusal(folder: Path, wrong: str) -> IndexDamagedError:
    return damaged(folder / MANIFEST, wrong)


def _wrong(manifest: Manifest, folder: Path) -> Iterator[str]:
    if manifest.generation != int(folder.name):
        yield f"it is that of generation {manifest.generation!r}"
    yield from _wrong_numbers(manifest)
    yield from _wrong_parts(manifest)
    yield from _wrong_files(manifest)
    yield from _wrong_texts(manifest)
    yield from _wrong_model(manifest)


def _wrong_numbers(manifest: Manifest) -> Iterator[str]:
    for name in (
        "documents", "passages", "next_row", "next_document", "read_ns", "lexical_dead", "codebook_passages",
        "looked_at",
    ):  # fmt: skip
        if not _is_count(getattr(manifest, name), most=1 << 63):
            yield f"{name} is no number that it can be"
    rows = sum(part.rows for part in manifest.parts if _is_count(part.rows))
    if manifest.passages > rows:
        yield "it counts more than there is"
    weights = manifest.fusion.values() if isinstance(manifest.fusion, dict) else (None,)
    if not all(isinstance(one, (int, float)) and math.isfinite(one) and abs(one) <= _HEAVIEST for one in weights):
        yield "fusion is no list of weights"
    for number, stamp in manifest.stamps.items():
        if not (number.isdecimal() and all(_is_count(abs(one), most=1 << 63) for one in stamp)):
            yield f"the stamp of document {number!r} is none"


def _wrong_parts(manifest: Manifest) -> Iterator[str]:
    names = [part.name for part in manifest.parts]
    if len(set(map(str, names))) != len(names):
        yield "two parts have one name"
    for part in manifest.parts:
        if not _is(_PART, part.name):
            yield f"{part.name!r} is no part"
        elif not all(map(_is_count, (part.rows, part.documents, part.mark))) or not 0 < part.documents <= part.rows:
            yield f"the numbers of {part.name} cannot be"
        elif not all(_is_count(number, most=manifest.next_document - 1) for number in part.removed):
            yield f"{part.name} removes documents that were never there"


def _wrong_files(manifest: Manifest) -> Iterator[str]:
    parts = {part.name for part in manifest.parts}
    for name in manifest.files:
        folder, _, file = name.rpartition("/")
        known = (
            file in FILES_OF_PART
            if folder in parts
            else bool(_LEXICAL_FILE.fullmatch(file))
            if folder == LEXICAL
            else not folder and file in OTHER_FILES
        )
        if not known:
            yield f"it names a file that no generation has: {name!r}"


def _wrong_texts(manifest: Manifest) -> Iterator[str]:
    listed = [(one.document, one.reason) for one in (*manifest.unreadable, *manifest.excluded)]
    if not _are_texts(text for pair in listed for text in pair):
        yield "a file that is not searchable has no name or no reason"
    if not _are_texts((manifest.created, manifest.version)):
        yield "it does not say when it was made, and by what"
    if not _is(_HASH, manifest.corpus_root):
        yield "the fingerprint of the corpus is none"
    if not 0 < manifest.selection.max_file_size < _MOST:
        yield "the largest size of a file cannot be"


def _wrong_model(manifest: Manifest) -> Iterator[str]:
    model = manifest.model
    if not _are_texts((model.name, model.folder, model.question_prompt, model.passage_prompt, model.reason)):
        yield "the encoder has no name"
    if not _is(_FINGERPRINT, model.fingerprint):
        yield "the fingerprint of the encoder is none"
    if model.backend not in ("onnx", "sentence-transformers"):
        yield f"the encoder runs by {model.backend!r}"
    if not (_is_count(model.dimensions, most=_DIMENSIONS) and _is_count(model.token_width, most=_DIMENSIONS)):
        yield "the encoder's dimensions cannot be"
    if not (_is_count(model.max_tokens, most=_TOKENS) and model.max_tokens):
        yield "the encoder's limit cannot be"
    if not _is_cosine(model.unrelated):
        yield "the cosine of the encoder's unrelated texts cannot be"


def _is(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and bool(pattern.fullmatch(value))


def _is_count(number: object, *, most: int = _MOST) -> bool:
    return type(number) is int and 0 <= number <= most


def _is_cosine(number: object) -> bool:
    return isinstance(number, int | float) and -1 <= number <= 1


def _are_texts(values: Iterable[object]) -> bool:
    return all(isinstance(one, str) for one in values)


def _read(file: Path) -> Any:
    if file.stat().st_size > _LONGEST_LIST:
        raise ValueError(f"'{file.name}' is too long")
    return json.loads(file.read_bytes())
