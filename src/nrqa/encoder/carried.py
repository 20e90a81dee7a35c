"""The encoder that a distribution of nrqa carries: the converted default model, put into the wheel when it is built.

Only nrqa-slim carries one (packaging/slim.py); in a checkout and in the full distribution the folder is not there.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from nrqa.encoder.converted.files import PORTABLE, is_portable, read_record
from nrqa.encoder.onnx_encoder import OnnxEncoder
from nrqa.encoder.protocol import Acceleration, Model

CARRIED = Path(__file__).parent / "carried_files"
"""Its folder, which pip has written as it has the modules beside it."""
FULL = "Install the full nrqa in its place: pip uninstall nrqa-slim && pip install nrqa"


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
