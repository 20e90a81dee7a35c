"""Chooses the engine that encodes passages: onnxruntime at first, a faster one when there is enough work to repay it.

A faster engine computes in bf16, so its vectors differ from those of onnxruntime in the last digits. The index does not
record which engine made a vector: an engine is used only if the vectors of its first texts have a cosine of at least
.9999 with those of onnxruntime. That changes no ranking by more than chance (``benchmarks/speed/bulk.py``), so an index
may hold vectors of both.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from nrqa.encoder.batches import run_sorted
from nrqa.encoder.protocol import Engine, Pair

_LEAST_COSINE = 0.9999
_COMPARED = 16
"""Texts that a new engine and onnxruntime both encode before the new one is trusted."""
_OPENVINO_AFTER = 96
"""Passages after which OpenVINO is tried: a second of work, which is what importing it and reading the graph takes."""
_GPU_AFTER = 1024
"""Passages after which a GPU is tried: ten seconds of work; importing PyTorch and sentence-transformers takes six."""

Opener = Callable[[], Engine | None]


class FasterEngines:
    """The faster engines of this machine, slowest to open last; each is tried once, when there is enough to encode."""

    def __init__(
        self,
        model: Path,
        converted: Path,
        announce: Callable[[str], None],
        openers: Sequence[tuple[int, Opener]] | None = None,
    ) -> None:
        """``model`` and ``converted`` are the folders of a model and its conversion; ``openers`` are for tests."""
        self._announce = announce
        self._waiting = list(
            ((_OPENVINO_AFTER, lambda: _openvino(converted)), (_GPU_AFTER, lambda: _gpu(model, converted)))
            if openers is None
            else openers
        )
        self._expected = 0
        self._engine: Engine | None = None

    def eager(self) -> FasterEngines:
        """The same object, set to try every engine at the first text."""
        self._waiting = [(0, opener) for _, opener in self._waiting]
        return self

    def engine_name(self) -> str:
        """The name of the engine that encodes passages now; "" for onnxruntime."""
        return self._engine.name if self._engine else ""

    def expect(self, passages: int) -> None:
        """Announce that ``passages`` more passages will be encoded."""
        self._expected += passages

    def run(self, texts: list[list[int]], usual: Engine) -> list[Pair]:
        """Like ``run_sorted``, with the fastest engine that is open and correct, else with the usual one."""
        while self._waiting and self._expected >= self._waiting[0][0]:
            self._try(self._waiting.pop(0)[1], texts, usual)
        if self._engine is None:
            return run_sorted(usual, texts)
        try:
            return run_sorted(self._engine, texts)
        except Exception as error:  # noqa: BLE001 - drivers raise errors of any kind; the usual engine still runs
            self._announce(f"Going on without {self._engine.name}, which failed ({type(error).__name__})")
            self._engine, self._waiting = None, []
            return run_sorted(usual, texts)

    def _try(self, opener: Opener, texts: list[list[int]], usual: Engine) -> None:
        some = texts[:: max(1, len(texts) // _COMPARED)][:_COMPARED]
        try:
            engine = opener()
            if engine is None:
                return
            cosine = agreement(some, run_sorted(engine, some), run_sorted(usual, some))
        except Exception as error:  # noqa: BLE001 - as above
            self._announce(f"A faster way to encode does not run here ({type(error).__name__}: {error})"[:200])
            return
        if not cosine >= _LEAST_COSINE:  # also where it is NaN
            self._announce(f"Not encoding by {engine.name}: its vectors differ (cosine {cosine:.5f})")
            return
        self._engine = engine
        self._announce(f"Encoding by {engine.name}")


def agreement(texts: Sequence[Sequence[int]], ours: Sequence[Pair], theirs: Sequence[Pair]) -> float:
    """How similar two engines' vectors of the same texts are.

    The lowest cosine between the two vectors of a text, or the mean cosine between the two vectors of a token,
    whichever is lower. For tokens the mean is enough: their quantisation is much coarser than bf16.
    """
    import numpy as np

    # numpy's min, which is NaN if any value is NaN.
    whole = float(np.min([one @ other for (one, _), (other, _) in zip(ours, theirs, strict=True)]))
    tokens = [
        (one[: len(ids)] * other[: len(ids)]).sum(axis=1)
        for ids, (_, one), (_, other) in zip(texts, ours, theirs, strict=True)
    ]
    return float(np.minimum(whole, np.concatenate(tokens).mean()))


def _openvino(converted: Path) -> Engine | None:
    from nrqa.encoder.engines.openvino import open_openvino

    return open_openvino(converted)


def _gpu(model: Path, converted: Path) -> Engine | None:
    from nrqa.encoder.engines.gpu import open_gpu

    return open_gpu(model, converted)
