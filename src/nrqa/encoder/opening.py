"""Opening an encoder: for indexing, where it may be converted, and for asking, where nothing is written.

An index may be somebody else's, and so is the name of the model in its manifest: it may be any folder, whose files
would be read and loaded. So a name is followed only if the user gave it. A name from a manifest is that of a model in a
package that nrqa knows, or it only says which of the models that were used on this machine before made the index, by
its fingerprint.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from nrqa.encoder.converted.files import (
    CENTRING,
    PORTABLE,
    changed_files,
    converted_folder,
    is_portable,
    read_record,
    record_of,
)
from nrqa.encoder.onnx_encoder import OnnxEncoder
from nrqa.encoder.protocol import Encoder, Model
from nrqa.errors import EncoderError

if TYPE_CHECKING:
    from nrqa.encoder.models.location import Located


def open_for_indexing(
    name: str, *, offline: bool, announce: Callable[[str], None], fingerprint: str | None = None, eager: bool = False
) -> Encoder:
    """The encoder of that name; it is first converted into the user's cache, if it is not there yet.

    With a ``fingerprint``, name and fingerprint are those in an index: see ``located_of``. If ``eager``, a faster
    engine is opened for the first text, and not only when there is enough to repay that.
    """
    from nrqa.encoder.carried import open_carried, require_full
    from nrqa.encoder.engines.acceleration import FasterEngines
    from nrqa.encoder.models.location import forbids_network, locate

    def faster(model: Path, converted: Path) -> FasterEngines:
        found = FasterEngines(model, converted, announce)
        return found.eager() if eager else found

    if carried := open_carried(name, fingerprint, acceleration=lambda folder: faster(folder, folder)):
        return carried
    require_full(f"The model '{name}'", name)
    from nrqa.encoder.conversion import convert

    offline = offline or forbids_network()
    located = locate(name, offline=offline) if fingerprint is None else located_of(name, fingerprint, offline=offline)
    folder = converted_folder(located.fingerprint)
    try:
        model = None if changed_files(folder) else read_record(folder)
        model = model or convert(located, folder, announce)
    except OSError as error:
        announce(f"The encoder's cache '{folder.parent}' cannot be written ({error.strerror}); going on without it")
        return _reference(located)
    if model.backend == "onnx":
        return OnnxEncoder(model, folder, acceleration=faster(located.folder, folder))
    announce(f"{name} runs by sentence-transformers itself, which is slower: {model.reason}")
    return _reference(located, model)


def open_for_asking(
    model: Model, *, announce: Callable[[str], None], one_shot: bool = False, brought: Path | None = None
) -> Encoder:
    """The encoder that an index was built with; reads the user's cache, and writes nothing anywhere.

    ``brought`` is the folder of a converted encoder that came with the index. It is used for this index alone, and only
    where the user's cache has none: somebody else's encoder takes the place of nobody's own.

    If the conversion is missing, sentence-transformers encodes instead, slowly; ``nrqa index`` converts the
    model again. Raises EncoderError where the model itself is missing or has changed, or was never used here.
    """
    folder = converted_folder(model.fingerprint)
    known = read_record(folder)
    if known and known.backend == "onnx":
        try:
            return _converted(replace(known, name=model.name), folder, one_shot=one_shot)
        except Exception as error:  # noqa: BLE001 - onnxruntime raises its own types; a damaged cache stops no question
            announce(f"The converted encoder in '{folder}' is damaged ({type(error).__name__}); delete that folder")
    from nrqa.encoder.carried import open_carried, require_full  # mostly the cache has the encoder

    if carried := open_carried(model.name, model.fingerprint, one_shot=one_shot):
        return carried
    if brought is not None and (encoder := _brought(model, brought, one_shot=one_shot)):
        return encoder
    require_full(f"The encoder of this index, '{model.name}', which was not packed with it,", model.name)
    if not known and model.backend == "onnx":
        announce("The converted encoder is not in the cache, so this takes long; `nrqa index` makes it again")
    located = located_of(model.name, model.fingerprint)
    if located.fingerprint != model.fingerprint:
        raise EncoderError(
            f"The model '{model.name}' is not the one this index was built with. Build it again: nrqa index"
        )
    return _reference(located, model)


def located_of(name: str, fingerprint: str, *, offline: bool = True) -> Located:
    """Where the model of an index is, if it is in a known package, or was used on this machine before.

    The index's ``name`` leads nowhere else: the user's own record of the model with that fingerprint says where it is.
    """
    from nrqa.encoder.models.location import is_packaged, locate

    if is_packaged(name):
        return locate(name, offline=offline)
    record = record_of(fingerprint)
    if record is None:
        raise EncoderError(
            f"The index was built with the model '{name}', which was never used on this machine. An index may be "
            "somebody else's, so the model that it names is not loaded. If you trust it, name it yourself: "
            f"nrqa index --model '{name}'"
        )
    there = Path(record.folder).is_dir()
    return replace(locate(record.folder if there else record.name, offline=offline), name=record.name)


def _brought(model: Model, folder: Path, *, one_shot: bool) -> Encoder | None:
    """The encoder that came with the index, as the index's manifest describes it; None where it is of another model."""
    record = read_record(folder)
    fits = record is not None and record.fingerprint == model.fingerprint and record.backend == "onnx"
    if not fits or not is_portable(folder, PORTABLE):
        return None
    from nrqa.encoder.brought.encoder import BroughtEncoder, useless  # a question mostly does without

    if changed := changed_files(folder):
        raise useless(f"{changed[0]} is not as it was written")
    return BroughtEncoder(model, folder, one_shot=one_shot)


def _converted(model: Model, folder: Path, *, one_shot: bool) -> Encoder:
    if changed := changed_files(folder):
        raise ValueError(f"{changed[0]} is not as it was written")
    return OnnxEncoder(model, folder, one_shot=one_shot)


def _reference(located: Located, known: Model | None = None) -> Encoder:
    """The model as sentence-transformers runs it; ``known`` is what a conversion or an index says of it."""
    from nrqa.encoder.models.centring import Centring, open_reference, read_centring

    centring = read_centring(converted_folder(located.fingerprint) / CENTRING)
    if centring is None and (located.spread or (known is not None and not known.centred)):
        centring = Centring(known.unrelated if known else 0.0)
    reference = open_reference(located.name, located.folder, located.fingerprint, centring)
    reason = known.reason if known and known.backend != "onnx" else ""
    reference.model = replace(reference.model, backend="sentence-transformers", reason=reason)
    return reference
