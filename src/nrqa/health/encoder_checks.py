"""Checks of the encoder: the model that the index needs, and its conversion in the user's cache."""

from __future__ import annotations

import os
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

from nrqa.encoder.carried import carried_model
from nrqa.encoder.converted.files import changed_files, converted_folder, read_record
from nrqa.encoder.opening import located_of
from nrqa.encoder.protocol import Model
from nrqa.errors import EncoderError, OfflineError
from nrqa.health.findings import Examined, Finding, command
from nrqa.index.legibility import unread_documents
from nrqa.settings import MULTILINGUAL_MODEL

_ROOM = 500_000_000
"""Bytes that the conversion of a small model needs for a moment."""


def model(examined: Examined) -> Iterator[Finding]:
    """Whether the model is on this machine, and is the one that the index was built with."""
    wanted = examined.snapshot.manifest.model
    if _is_carried(wanted):
        return
    try:
        found = located_of(wanted.name, wanted.fingerprint)
    except OfflineError:
        yield Finding(
            "model",
            "warning",
            f"The model {wanted.name} is not on this machine.",
            "New text cannot be embedded without downloading it again.",
            (),
            examined.command("index"),
        )
        return
    except EncoderError as error:
        yield Finding(
            "model",
            "warning",
            f"The model {wanted.name} cannot be used: {str(error).partition('. ')[0]}.",
            "`nrqa index` cannot embed new text.",
            (),
            _remedy(str(error)),
        )
        return
    if found.fingerprint != wanted.fingerprint:
        yield Finding(
            "model",
            "warning",
            f"The model {wanted.name} is not the one that the index was built with.",
            "The next `nrqa index` embeds everything anew; until then the old conversion answers.",
            (str(found.folder),),
            examined.command("index"),
        )
    if wanted.centred:
        yield Finding(
            "model",
            "note",
            f"The vectors of {wanted.name} are centred.",
            f"Any two texts have a cosine of about {wanted.unrelated:.2f} in it; what all vectors have in common is "
            "taken off them, so that passages that answer nothing are not called near.",
        )


def unread(examined: Examined) -> Iterator[Finding]:
    """Whether there are documents in scripts that the encoder does not read."""
    said = unread_documents(examined.snapshot.manifest)
    if said:
        what, _, means = said.partition(": ")
        yield Finding(
            "unread documents",
            "note",
            f"{what}.",
            f"{means[:1].upper()}{means[1:]} A multilingual model reads them.",
            (),
            examined.command("index", "--model", MULTILINGUAL_MODEL),
        )


def conversion(examined: Examined) -> Iterator[Finding]:
    """Whether the converted encoder, which answers questions quickly, is there and runs."""
    wanted = examined.snapshot.manifest.model
    if wanted.backend != "onnx" or _is_carried(wanted):
        return
    folder = converted_folder(wanted.fingerprint)
    record = read_record(folder)
    if record is None:
        yield Finding(
            "conversion",
            "warning",
            "The converted encoder is not in the cache.",
            "Every question loads PyTorch first, which takes seconds.",
            (str(folder),),
            examined.command("index"),
        )
    elif record.backend == "onnx" and (problem := _problem(record, folder)):
        yield Finding(
            "conversion",
            "error",
            f"The converted encoder does not run ({problem}).",
            "Questions take seconds, or fail.",
            (str(folder),),
            f"rm -r {shlex.quote(str(folder))} && {examined.command('index')}",
        )


def cache(index: Path) -> Iterator[Finding]:
    """Whether the user's cache can be written to, has room, and holds nothing from runs that were stopped."""
    models = converted_folder("").parent
    there = next(folder for folder in (models, *models.parents) if folder.exists())
    if not there.is_dir() or not os.access(there, os.W_OK):
        yield Finding(
            "cache",
            "warning",
            "The cache may not be written to.",
            "A model that is not converted yet runs slowly, in every process.",
            (str(models),),
            f"export NRQA_CACHE=FOLDER && {command(index, 'index')}",
        )
        return
    free = shutil.disk_usage(there).free
    if free < _ROOM:
        yield Finding(
            "cache",
            "warning",
            f"The disk of the cache has {free / 1e6:,.0f} MB left.",
            "Converting a model may fail.",
            (str(models),),
            "export NRQA_CACHE=FOLDER",
        )
    left = sorted(str(path) for path in models.glob("tmp-*"))
    if left:
        yield Finding(
            "cache",
            "note",
            "A conversion was stopped, or is under way.",
            "What it left takes room, and nothing uses it.",
            tuple(left),
            shlex.join(["rm", "-r", *left]),
        )


def _is_carried(wanted: Model) -> bool:
    """Whether nrqa itself brings the encoder."""
    carried = carried_model()
    return carried is not None and carried.fingerprint == wanted.fingerprint


def _problem(record: Model, folder: Path) -> str:
    """What goes wrong when a word is encoded; "" where nothing does."""
    import numpy as np

    from nrqa.encoder.onnx_encoder import OnnxEncoder

    try:
        if changed_files(folder, thorough=True):
            return "its files are not as they were written"
        vector = OnnxEncoder(record, folder, one_shot=True).encode_questions(["word"]).vectors[0]
    except Exception as error:  # noqa: BLE001 - onnxruntime and tokenizers raise types of their own
        return type(error).__name__
    sound = vector.shape == (record.dimensions,) and abs(float(np.linalg.norm(vector)) - 1) < 1e-3  # noqa: PLR2004
    return "" if sound else "its vectors are none"


def _remedy(message: str) -> str:
    """The command at the end of an encoder's message."""
    _, found, install = message.partition("pip install ")
    return f"pip install {install}" if found else ""
