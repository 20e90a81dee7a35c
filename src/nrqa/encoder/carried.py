"""The encoder that a distribution of nrqa carries: the converted default model, put into the wheel when it is built.

Only nrqa-slim carries one (packaging/slim.py); in a checkout and in the full distribution the folder is not there.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from nrqa.encoder.converted.files import PORTABLE, is_portable, read_record
from nrqa.encoder.onnx_encoder import OnnxEncoder
from nrqa.encoder.protocol import Acceleration, Model
from nrqa.errors import EncoderError
from nrqa.settings import MULTILINGUAL_MODEL

CARRIED = Path(__file__).parent / "carried_files"
"""Its folder, which pip has written as it has the modules beside it."""


def require_full(what: str, model: str = "") -> None:
    """EncoderError with the remedy where nrqa-slim is installed without sentence-transformers, which ``what`` needs.

    ``model`` is the name of the model that is wanted, if it is one.
    """
    if CARRIED.is_dir() and find_spec("sentence_transformers") is None:
        full = "'nrqa[multilingual]'" if model == MULTILINGUAL_MODEL else "nrqa"
        raise EncoderError(
            f"{what} needs the full nrqa, and nrqa-slim is installed. Put that in its place: "
            f"pip uninstall nrqa-slim && pip install {full}"
        )


def carried_model() -> Model | None:
    """The model that is carried, or None."""
    return read_record(CARRIED) if is_portable(CARRIED, PORTABLE) else None


def open_carried(
    name: str,
    fingerprint: str | None,
    *,
    one_shot: bool = False,
    acceleration: Callable[[Path], Acceleration] | None = None,
) -> OnnxEncoder | None:
    """The carried encoder, if it has that name, and that fingerprint where one is given; None otherwise."""
    model = carried_model()
    if model is None or model.name != name or fingerprint not in (None, model.fingerprint):
        return None
    return OnnxEncoder(model, CARRIED, one_shot=one_shot, acceleration=acceleration(CARRIED) if acceleration else None)
