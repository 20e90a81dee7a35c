"""The converted encoder: a tokenizer and an ONNX graph, nothing else; ready in a fifth of a second."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nrqa.encoder.protocol import Encoded, Model, Tokens

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    _Pair = tuple[NDArray[np.float32], NDArray[np.float32]]
    """Sentence vectors and token vectors of a batch."""

GRAPH = "model.onnx"
TOKENIZER = "tokenizer.json"
TABLE = "token_table.npy"
"""The model's input embeddings; not there where it has none."""
SENTENCE, TOKENS = "sentence_vector", "token_vectors"
"""The graph's outputs: unit vectors (batch, dimensions), and token vectors (batch, tokens, width)."""
_BATCH = 4
"""Texts of like length run at a time. On two cores, two threads with four texts each do 40 passages a second;
one run over both cores does 33 with eight texts, 34 with four."""
_TOKENIZED = 2048
"""Texts tokenized at a time, so that memory does not grow with the corpus."""


class OnnxEncoder:
    """Encodes with onnxruntime, one batch on each core.

    ``one_shot`` leaves out repacking the weights for speed: it saves 50 ms at the start and costs 2 ms a
    question.
    """

    def __init__(self, model: Model, folder: Path, *, one_shot: bool = False) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        self.model = model
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        options.intra_op_num_threads = 1
        # Optimised when it was converted; looking again would cost 20 ms.
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        if one_shot:
            options.add_session_config_entry("session.disable_prepacking", "1")
        self._session = onnxruntime.InferenceSession(str(folder / GRAPH), options, providers=["CPUExecutionProvider"])
        self._inputs = {one.name for one in self._session.get_inputs()}
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._table = _table(folder / TABLE)
        self._special = self._tokenizer.num_special_tokens_to_add(is_pair=False)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """How many tokens each text is, special tokens not counted, nothing cut off."""
        self._tokenizer.no_truncation()
        return [len(found.ids) for found in self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)]

    def passage_room(self) -> int:
        """How many tokens of a passage are read: the limit less special tokens and prompt."""
        prompt = self.count_tokens([self.model.passage_prompt])[0] if self.model.passage_prompt else 0
        return max(1, self.model.max_tokens - self._special - prompt)

    def tokens_of_passages(self, texts: Sequence[str]) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """The ids and spans that ``encode_passages`` would give, without encoding."""
        self._tokenizer.enable_truncation(self.model.max_tokens)
        prompt = self.model.passage_prompt
        found = self._tokenizer.encode_batch([prompt + text for text in texts])
        return [(ids, spans) for ids, spans, _ in (_read(one, prompt) for one in found)]

    def encode_passages(self, texts: Sequence[str]) -> Encoded:
        """Vectors of passages."""
        return self._encode(texts, self.model.passage_prompt)

    def encode_questions(self, texts: Sequence[str]) -> Encoded:
        """Vectors of questions; what goes beyond the model's limit is not read."""
        return self._encode(texts, self.model.question_prompt)

    def _encode(self, texts: Sequence[str], prompt: str) -> Encoded:
        import numpy as np

        vectors = np.empty((len(texts), self.model.dimensions), np.float32)
        tokens: dict[int, Tokens] = {}
        self._tokenizer.enable_truncation(self.model.max_tokens)
        for first in range(0, len(texts), _TOKENIZED):
            found = self._tokenizer.encode_batch([prompt + text for text in texts[first : first + _TOKENIZED]])
            order = sorted(range(len(found)), key=lambda at: len(found[at].ids))
            batches = [order[start : start + _BATCH] for start in range(0, len(order), _BATCH)]
            encoded = self._on_all_cores([[found[at].ids for at in batch] for batch in batches])
            for batch, (sentences, words) in zip(batches, encoded, strict=True):
                vectors[[first + at for at in batch]] = sentences
                for at, one in zip(batch, words, strict=True):
                    ids, spans, kept = _read(found[at], prompt)
                    tokens[first + at] = Tokens(ids, one[: len(kept)][kept], spans)
        return Encoded(vectors, tuple(tokens[at] for at in range(len(texts))), self._table)

    def _on_all_cores(self, batches: list[list[list[int]]]) -> list[_Pair]:
        if len(batches) == 1:
            return [self._run(batches[0])]
        from concurrent.futures import ThreadPoolExecutor

        # onnxruntime lets go of Python's lock while it computes.
        with ThreadPoolExecutor(_cores()) as pool:
            return list(pool.map(self._run, batches))

    def _run(self, batch: list[list[int]]) -> _Pair:
        import numpy as np

        longest = max(len(ids) for ids in batch)
        ids = np.zeros((len(batch), longest), np.int64)
        mask = np.zeros((len(batch), longest), np.int64)
        for at, one in enumerate(batch):
            # The padding's value does not matter: the mask keeps it out of attention and of the mean.
            ids[at, : len(one)] = one
            mask[at, : len(one)] = 1
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        feed = {name: value for name, value in given.items() if name in self._inputs}
        sentences, words = self._session.run([SENTENCE, TOKENS], feed)
        words /= np.maximum(np.linalg.norm(words, axis=2, keepdims=True), np.float32(1e-12))
        return sentences, words


def _read(found: Any, prompt: str) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Ids and spans of a text's tokens, and which of all tokens they are: those of the prompt are left out."""
    import numpy as np

    spans = np.array(found.offsets, np.int64).reshape(-1, 2)
    kept = (spans[:, 1] > len(prompt)) | (spans[:, 0] == spans[:, 1])
    return np.array(found.ids, np.int64)[kept], np.maximum(spans[kept] - len(prompt), 0), kept


def write_optimised(graph: Path, place: Path) -> None:
    """Write the graph with its operators fused by onnxruntime, in a form that suits any processor."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(place)
    onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])


def _table(file: Path) -> NDArray[np.float16] | None:
    import numpy as np

    return np.load(file, mmap_mode="r") if file.exists() else None


def _cores() -> int:
    """The processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
