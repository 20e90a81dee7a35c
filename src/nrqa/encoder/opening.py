"""Opening an encoder: for indexing, where it may be converted, and for asking, where nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from nrqa.encoder.converted import converted_folder, read_record
from nrqa.encoder.onnx_encoder import OnnxEncoder
from nrqa.encoder.protocol import Encoder, Model
from nrqa.errors import EncoderError


def open_for_indexing(name: str, *, offline: bool, announce: Callable[[str], None]) -> Encoder:
    """The encoder of that name; it is first converted into the user's cache, if it is not there yet."""
    from nrqa.encoder.acceleration import FasterEngines
    from nrqa.encoder.conversion import convert
    from nrqa.encoder.location import forbids_network, locate

    located = locate(name, offline=offline or forbids_network())
    folder = converted_folder(located.fingerprint)
    try:
        model = read_record(folder) or convert(located, folder, announce)
    except OSError as error:
        announce(f"The encoder's cache '{folder.parent}' cannot be written ({error.strerror}); going on without it")
        return _reference(located.name, located.folder, located.fingerprint)
    if model.backend == "onnx":
        return OnnxEncoder(model, folder, acceleration=FasterEngines(located.folder, folder, announce))
    announce(f"{name} runs by sentence-transformers itself, which is slower: {model.reason}")
    return _reference(located.name, located.folder, located.fingerprint, reason=model.reason)


def open_for_asking(model: Model, *, announce: Callable[[str], None], one_shot: bool = False) -> Encoder:
    """The encoder that an index was built with; reads the user's cache, and writes nothing anywhere.

    If the conversion is missing, sentence-transformers encodes instead, slowly; ``nrqa index`` converts the
    model again. Raises EncoderError where the model itself is missing or has changed.
    """
    folder = converted_folder(model.fingerprint)
    known = read_record(folder)
    if known and known.backend == "onnx":
        try:
            return OnnxEncoder(model, folder, one_shot=one_shot)
        except Exception as error:  # noqa: BLE001 - onnxruntime raises its own types; a damaged cache stops no question
            announce(f"The converted encoder in '{folder}' is damaged ({type(error).__name__}); delete that folder")
    elif model.backend == "onnx":
        announce("The converted encoder is not in the cache, so this takes long; `nrqa index` makes it again")
    from nrqa.encoder.location import locate

    located = locate(model.name, offline=True)
    if located.fingerprint != model.fingerprint:
        raise EncoderError(
            f"The model '{model.name}' is not the one this index was built with. Build it again: nrqa index"
        )
    return _reference(model.name, located.folder, model.fingerprint)


def _reference(name: str, folder: Path, fingerprint: str, reason: str = "") -> Encoder:
    from dataclasses import replace

    from nrqa.encoder.reference import ReferenceEncoder, describe, load

    loaded = load(folder)
    model = describe(loaded, name, folder, fingerprint)
    return ReferenceEncoder(replace(model, backend="sentence-transformers", reason=reason), loaded)
