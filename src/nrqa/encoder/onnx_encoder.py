"""The converted encoder: only a tokenizer and an ONNX graph; ready in a fifth of a second."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nrqa.encoder.batches import cores, model_inputs, run_sorted, unit
from nrqa.encoder.converted.files import GRAPH, SENTENCE, TOKENS
from nrqa.encoder.converted.input_table import open_table
from nrqa.encoder.converted.tokenizing import Read, Tokenizing
from nrqa.encoder.protocol import USUAL, Acceleration, Encoded, Model, Pair, Tokens
from nrqa.errors import EncoderError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    _Run = Callable[[list[list[int]]], list[Pair]]

_BATCH = 4
"""Texts of similar length in one batch. On two cores, two threads with four texts each encode 40 passages a second;
one run over both cores encodes 33 with eight texts, 34 with four."""
_TOKENIZED = 2048
"""Texts tokenized at a time, so that memory does not grow with the corpus."""


class OnnxEncoder:
    """Encodes with onnxruntime; passages with a faster engine, if there is one and there are enough passages.

    ``one_shot`` does not repack the weights for speed: this saves 50 ms at the start and costs 2 ms a
    question. One thread may encode passages while others count tokens.
    """

    def __init__(
        self, model: Model, folder: Path, *, one_shot: bool = False, acceleration: Acceleration | None = None
    ) -> None:
        self.model = model
        self._engine = OnnxEngine(folder, one_shot=one_shot)
        self._acceleration = acceleration
        self._folder = folder
        self._tokenizing = Tokenizing(folder, model.max_tokens)

    def engine_name(self) -> str:
        """The name, for people, of the engine that has encoded the passages."""
        return (self._acceleration and self._acceleration.engine_name()) or self._engine.name

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """How many tokens each text has, without special tokens and without truncation."""
        return self._tokenizing.count(texts)

    def passage_room(self) -> int:
        """How many tokens of a passage the model reads: its limit minus special tokens and prompt."""
        prompt = self.count_tokens([self.model.passage_prompt])[0] if self.model.passage_prompt else 0
        return max(1, self.model.max_tokens - self._tokenizing.special - prompt)

    def tokens_of_passages(self, texts: Sequence[str]) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """The ids and spans that ``encode_passages`` would give, without encoding."""
        prompt = self.model.passage_prompt
        found = self._tokenizing.read([prompt + text for text in texts])
        return [(ids, spans) for ids, spans, _ in (_read(one, prompt) for one in found)]

    def encode_passages(self, texts: Sequence[str]) -> Encoded:
        """Vectors of passages."""
        if self._acceleration is not None:
            self._acceleration.expect(len(texts))
        return self._encode(texts, self.model.passage_prompt, self._passages_at_once)

    def encode_questions(self, texts: Sequence[str]) -> Encoded:
        """Vectors of questions; text beyond the model's limit is not read."""
        return self._encode(texts, self.model.question_prompt, self._at_once)

    def _encode(self, texts: Sequence[str], prompt: str, run: _Run) -> Encoded:
        import numpy as np

        vectors = np.empty((len(texts), self.model.dimensions), np.float32)
        tokens: list[Tokens] = []
        for first in range(0, len(texts), _TOKENIZED):
            found = self._tokenizing.read([prompt + text for text in texts[first : first + _TOKENIZED]])
            encoded = run([one.ids for one in found])
            for at, (one, (sentence, words)) in enumerate(zip(found, encoded, strict=True)):
                vectors[first + at] = sentence
                ids, spans, kept = _read(one, prompt)
                tokens.append(Tokens(ids, words[: len(kept)][kept], spans))
        if not np.isfinite(vectors).all():
            raise EncoderError(f"The converted encoder is damaged. Delete its folder: '{self._folder}'")
        return Encoded(vectors, tuple(tokens), self._engine.table, self._tokenizing.unknown)

    def _at_once(self, texts: list[list[int]]) -> list[Pair]:
        return run_sorted(self._engine, texts)

    def _passages_at_once(self, texts: list[list[int]]) -> list[Pair]:
        if self._acceleration is None:
            return self._at_once(texts)
        return self._acceleration.run(texts, self._engine)


class OnnxEngine:
    """Runs the converted graph by onnxruntime, one batch on each core."""

    name = USUAL
    most_texts = _BATCH
    most_tokens = 1 << 20

    def __init__(self, folder: Path, *, one_shot: bool = False) -> None:
        onnxruntime = _onnxruntime()
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        options.intra_op_num_threads = 1
        # The graph was optimised when it was converted; optimising it again would cost 20 ms.
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        if one_shot:
            options.add_session_config_entry("session.disable_prepacking", "1")
        self._session = onnxruntime.InferenceSession(str(folder / GRAPH), options, providers=["CPUExecutionProvider"])
        self._inputs = {one.name for one in self._session.get_inputs()}
        self.table = open_table(folder)

    def run(self, batches: Sequence[Sequence[Sequence[int]]]) -> list[Pair]:
        """The vectors of each batch."""
        if len(batches) == 1:
            return [self._run(batches[0])]
        from concurrent.futures import ThreadPoolExecutor

        # onnxruntime releases Python's global lock while it computes.
        with ThreadPoolExecutor(cores()) as pool:
            return list(pool.map(self._run, batches))

    def _run(self, batch: Sequence[Sequence[int]]) -> Pair:
        sentences, words = self._session.run([SENTENCE, TOKENS], model_inputs(batch, self._inputs, self.table))
        return sentences, unit(words)


def _read(found: Read, prompt: str) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Ids and spans of a text's tokens without those of the prompt, and which of all its tokens these are."""
    import numpy as np

    spans = np.array(found.offsets, np.int64).reshape(-1, 2)
    kept = (spans[:, 1] > len(prompt)) | (spans[:, 0] == spans[:, 1])
    return np.array(found.ids, np.int64)[kept], np.maximum(spans[kept] - len(prompt), 0), kept


def write_optimised(graph: Path, place: Path) -> None:
    """Write the graph with its operators fused by onnxruntime, in a form that suits any processor."""
    onnxruntime = _onnxruntime()
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(place)
    onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])


def _onnxruntime() -> Any:
    """The library, without its telemetry: 1.31 keeps events in the user's cache, to send them to Microsoft.

    It looks at the variable when it is imported; its own switch in Python would come too late.
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime

    return onnxruntime
