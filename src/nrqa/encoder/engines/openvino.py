"""Runs the converted graph by OpenVINO in bf16, on processors that support it: 1.9 times as fast as onnxruntime.

OpenVINO comes with nrqa on x86-64; elsewhere and for nrqa-slim it is an extra. Importing it takes half a second and
compiling the graph another, so it is used for many passages, never for a question.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from nrqa.encoder.batches import cores, model_inputs, unit
from nrqa.encoder.converted.files import GRAPH, SENTENCE, TOKENS, read_record
from nrqa.encoder.converted.input_table import open_table
from nrqa.encoder.protocol import Pair, Table

BF16 = "bf16"
_PROCESSORS = Path("/proc/cpuinfo")
_INSTRUCTIONS = frozenset(("avx512_bf16", "amx_bf16", "avx_ne_convert"))
"""Where one of these is, OpenVINO may offer bf16."""
_TEXTS = 4
"""Texts per batch: 8 and 16, or as many as have 1024 or 4096 tokens together, were no faster."""

_SHAPES = 100
"""How many shapes of batches OpenVINO keeps prepared code for. The default of 5,000 takes 50 KB a passage while new
shapes come; with 100 one run was as fast."""
_STEP = 16
"""Batches are padded to a multiple of this many tokens, so that there are few shapes: as fast, and 170 MB less."""


def open_openvino(converted: Path) -> OpenVinoEngine | None:
    """The engine for a conversion in that folder; None without OpenVINO, or where the processor has no bf16.

    Without bf16 it is as fast as onnxruntime (1.69 and 1.70 times sentence-transformers, by processor time).
    """
    if importlib.util.find_spec("openvino") is None or not _may_have_bf16():
        return None
    core = silently_imported().Core()
    if "BF16" not in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES"):
        return None
    return compiled(core, converted, BF16)


def compiled(core: Any, converted: Path, precision: str) -> OpenVinoEngine:
    """The engine in that precision, as OpenVINO spells it; benchmarks try others than bf16."""
    options = {
        "PERFORMANCE_HINT": "THROUGHPUT",
        "NUM_STREAMS": str(cores()),
        "INFERENCE_NUM_THREADS": str(cores()),
        "INFERENCE_PRECISION_HINT": precision,
        "CPU_RUNTIME_CACHE_CAPACITY": str(_SHAPES),
    }
    record = read_record(converted)
    return OpenVinoEngine(
        core.compile_model(str(converted / GRAPH), "CPU", options),
        record.max_tokens if record else 0,
        open_table(converted),
        precision,
    )


def _may_have_bf16() -> bool:
    """False where Linux lists what the processor can, without bf16: OpenVINO takes half a second to say the same."""
    try:
        with _PROCESSORS.open(encoding="utf-8") as lines:
            flags = next((line for line in lines if line.startswith("flags")), "")
    except (OSError, ValueError):
        return True
    return not flags or not _INSTRUCTIONS.isdisjoint(flags.split())


def silently_imported() -> Any:
    """Import OpenVINO in a way that sends nothing over the network.

    OpenVINO requires the package openvino_telemetry; where that is installed, importing OpenVINO reports to Google
    Analytics and writes to the user's home. A module that is None counts as not installed; OpenVINO then works without.
    """
    name = "openvino_telemetry"
    hidden = name not in sys.modules
    if hidden:
        sys.modules[name] = None  # type: ignore[assignment]
    try:
        import openvino
    finally:
        if hidden:
            del sys.modules[name]
    return openvino


class OpenVinoEngine:
    """Runs a compiled graph, one batch on each core."""

    most_texts = _TEXTS
    most_tokens = 1 << 20

    def __init__(self, compiled: Any, longest: int, table: Table | None = None, precision: str = BF16) -> None:
        """``compiled`` is the graph, which is given rows of the ``table``.

        ``longest`` is how many tokens its model reads: no batch is padded beyond them.
        """
        self.name = f"OpenVINO in {precision}"
        self._longest = longest
        self._table = table
        self._names = {one.get_any_name() for one in compiled.inputs}
        self._requests: SimpleQueue[Any] = SimpleQueue()
        for _ in range(cores()):
            self._requests.put(compiled.create_infer_request())
        # Run once in the thread that opens it: when the first numpy arrays came to OpenVINO from two threads at once,
        # both threads were once seen to wait for Python's lock for ever.
        self._run([[0]])

    def run(self, batches: Sequence[Sequence[Sequence[int]]]) -> list[Pair]:
        """The vectors of each batch."""
        # Not OpenVINO's own queue with callbacks: with that, a process was aborted once.
        with ThreadPoolExecutor(cores()) as pool:
            return list(pool.map(self._run, batches))

    def _run(self, batch: Sequence[Sequence[int]]) -> Pair:
        request = self._requests.get()
        try:
            longest = max(map(len, batch))
            filled = min(-(-longest // _STEP) * _STEP, max(longest, self._longest))
            request.infer(model_inputs(batch, self._names, self._table, filled))
            # Copied, because the next batch reuses the request's memory.
            return request.get_tensor(SENTENCE).data.copy(), unit(request.get_tensor(TOKENS).data.copy())
        finally:
            self._requests.put(request)
