"""Runs sentence-transformers on a graphics card that PyTorch sees, in bf16, in large batches of similar length.

It reports how much of the card is used while it runs: the model's operations per second, divided by the card's dense
bf16 peak.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from nrqa.encoder.batches import model_inputs
from nrqa.encoder.converted.files import CENTRING
from nrqa.encoder.models.centring import centre, read_centring
from nrqa.encoder.models.reference import load, quiet
from nrqa.encoder.protocol import Pair

_PEAKS = (
    # TFLOP/s of dense bf16, from the makers' data sheets; the first name that is part of the card's name applies.
    ("B200", 2250),
    ("H200", 989),
    ("H100 PCIe", 756),
    ("H100 NVL", 835),
    ("H100", 989),
    ("A100", 312),
    ("L40S", 362),
    ("L4", 121),
    ("A10", 125),
    ("RTX 4090", 165),
    ("RTX 3090", 71),
)
_TOKENS = 65_536
_TEXTS = 2048


def open_gpu(model: Path, converted: Path) -> GpuEngine | None:
    """The engine for a model and its conversion in these folders; None where PyTorch sees no card with bf16."""
    if not _may_see_gpus():
        return None
    import torch

    if not (torch.cuda.is_available() and torch.cuda.is_bf16_supported()):
        return None
    loaded = load(model)
    if (centring := read_centring(converted / CENTRING)) is not None:
        centre(loaded, centring)
    return GpuEngine(loaded.to("cuda"), "cuda", torch.cuda.get_device_name())


def peak_of(card: str) -> float | None:
    """The card's dense bf16 peak in FLOP/s, by the name that PyTorch gives it; None for an unknown card."""
    words = card.replace("-", " ").split()
    for name, peak in _PEAKS:
        if any(words[at : at + len(name.split())] == name.split() for at in range(len(words))):
            return peak * 1e12
    return None


class GpuEngine:
    """Runs a loaded SentenceTransformer on a device, and counts the operations that it computes."""

    most_texts = _TEXTS
    most_tokens = _TOKENS

    def __init__(self, loaded: Any, device: str, card: str) -> None:
        self._loaded = loaded.eval()
        self._device = device
        self._gpu = card
        self._per_token, self._per_pair = _operations(loaded)
        self._done = self._seconds = 0.0

    @property
    def name(self) -> str:
        """The card, and the share of its peak that was used so far, if the peak is known."""
        peak = peak_of(self._gpu)
        share = f", {self._done / self._seconds / peak:.0%} of its peak" if peak and self._seconds else ""
        return f"{self._gpu} in bf16{share}"

    def run(self, batches: Sequence[Sequence[Sequence[int]]]) -> list[Pair]:
        """The vectors of each batch."""
        import torch

        began = time.monotonic()
        with quiet(), torch.inference_mode(), torch.autocast(self._device, torch.bfloat16):
            found = [self._run(batch) for batch in batches]
        self._seconds += time.monotonic() - began
        self._done += sum(
            len(ids) * (self._per_token + self._per_pair * len(ids)) for batch in batches for ids in batch
        )
        return found

    def _run(self, batch: Sequence[Sequence[int]]) -> Pair:
        import torch

        given = model_inputs(batch, self._loaded.tokenizer.model_input_names)
        features = self._loaded({name: torch.from_numpy(one).to(self._device) for name, one in given.items()})
        vectors, words = (
            torch.nn.functional.normalize(features[name].float(), dim=-1).cpu().numpy()
            for name in ("sentence_embedding", "token_embeddings")
        )
        return vectors, words


def _operations(loaded: Any) -> tuple[float, float]:
    """Floating-point operations per token, and per pair of tokens that attend to each other."""
    import torch

    linear = sum(one.weight.numel() for one in loaded.modules() if isinstance(one, torch.nn.Linear))
    config = getattr(getattr(loaded[0], "auto_model", None), "config", None)
    layers, width = getattr(config, "num_hidden_layers", 0), getattr(config, "hidden_size", 0)
    return 2.0 * linear, 4.0 * layers * width


def _may_see_gpus() -> bool:
    """Whether PyTorch may be built for GPUs, judged by its version only, since importing it takes seconds."""
    try:
        return not version("torch").endswith("+cpu")
    except PackageNotFoundError:
        return False
