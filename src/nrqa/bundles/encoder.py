"""The encoder in a bundle: its converted files, with a record that says nothing of the machine."""

from __future__ import annotations

from pathlib import Path

from nrqa.encoder.carried import CARRIED, carried_model
from nrqa.encoder.converted.files import (
    PORTABLE,
    RECORD,
    changed_files,
    converted_folder,
    is_portable,
    portable_record,
    read_record,
)
from nrqa.encoder.protocol import Model
from nrqa.errors import EncoderError
from nrqa.index.packed.listing import TIME
from nrqa.index.packed.writing import Content


def packed_encoder(model: Model, brought: Path | None) -> dict[str, Content]:
    """The files of the index's encoder by name: the user's own conversion, else the one that came with the index."""
    folder = _folder(model, brought)
    names = [name for name in PORTABLE if (folder / name).is_file()]
    return {**{name: folder / name for name in names}, RECORD: portable_record(folder, names, TIME * 10**9)}


def _folder(model: Model, brought: Path | None) -> Path:
    """The folder of a conversion that is as it was written. EncoderError where there is none."""
    own = converted_folder(model.fingerprint)
    record = read_record(own)
    if record is None and (carried := carried_model()) and carried.fingerprint == model.fingerprint:
        own, record = CARRIED, carried
    if record is None and brought is not None and is_portable(brought, PORTABLE):
        own, record = brought, read_record(brought)
    if record is None or record.fingerprint != model.fingerprint:
        raise EncoderError(
            f"The converted encoder '{model.name}' is not in the cache, so it cannot be packed. Convert it: nrqa index"
        )
    if record.backend != "onnx":
        raise EncoderError(f"The encoder '{model.name}' cannot be packed: {record.reason}. Pack without --encoder")
    if changed := changed_files(own, thorough=True):
        raise EncoderError(
            f"The converted encoder in '{own}' is damaged: {changed[0]} is not as it was written. Delete that folder, "
            "and convert it again: nrqa index"
        )
    return own
