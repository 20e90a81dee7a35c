"""The encoder as sentence-transformers itself runs it: the reference, and the way out for odd models."""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nrqa.encoder.protocol import Model
from nrqa.errors import EncoderError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_LONGEST = 8192
"""For models that state no limit."""


class ReferenceEncoder:
    """Encodes with sentence-transformers; slow to start (5 to 7 s of imports) and always right."""

    def __init__(self, model: Model, loaded: Any) -> None:
        self.model = model
        self._loaded = loaded

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """How many tokens each text is, special tokens not counted, nothing cut off."""
        if not texts:
            return []
        with quiet():
            found = self._loaded.tokenizer(list(texts), add_special_tokens=False, truncation=False, verbose=False)
        return [len(ids) for ids in found["input_ids"]]

    def passage_room(self) -> int:
        """How many tokens of a passage are read: the limit less special tokens and prompt."""
        special = int(self._loaded.tokenizer.num_special_tokens_to_add(pair=False))
        prompt = self.count_tokens([self.model.passage_prompt])[0] if self.model.passage_prompt else 0
        return max(1, self.model.max_tokens - special - prompt)

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of passages."""
        return self._encode(self._loaded.encode_document, texts)

    def encode_questions(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of questions; what goes beyond the model's limit is not read."""
        return self._encode(self._loaded.encode_query, texts)

    def _encode(self, encode: Any, texts: Sequence[str]) -> NDArray[np.float32]:
        import numpy as np

        if not texts:
            return np.empty((0, self.model.dimensions), np.float32)
        with quiet():
            vectors = encode(list(texts), normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False)
        return np.asarray(vectors, np.float32)


def load(folder: Path) -> Any:
    """The model in the folder as a SentenceTransformer on the CPU; EncoderError where it is none."""
    with quiet():
        from sentence_transformers import SentenceTransformer

        try:
            loaded = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
        except (OSError, ValueError, KeyError, RuntimeError, ImportError) as error:
            raise EncoderError(
                f"sentence-transformers cannot load the model in '{folder}': {error} Name another one with --model."
            ) from error
    return loaded.eval()


def describe(loaded: Any, name: str, folder: Path, fingerprint: str) -> Model:
    """Dimensions, limit and prompts of a loaded model, as sentence-transformers itself would apply them."""
    prompts = dict(loaded.prompts or {})
    passage = next((prompts[key] for key in ("document", "passage", "corpus") if key in prompts), "")
    limit = loaded.max_seq_length or _LONGEST
    return Model(
        name=name,
        folder=str(folder),
        fingerprint=fingerprint,
        dimensions=len(ReferenceEncoder(_BARE, loaded).encode_questions(["dimensions"])[0]),
        max_tokens=min(int(limit), _LONGEST),
        question_prompt=prompts.get("query", ""),
        passage_prompt=passage,
    )


_BARE = Model(name="", folder="", fingerprint="", dimensions=0, max_tokens=0)


@contextmanager
def quiet() -> Iterator[None]:
    """Keeps progress bars, advice and log lines of the libraries off the user's screen."""
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("TRANSFORMERS_NO_ADVISORY_WARNINGS", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")
    import transformers

    transformers.utils.logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    noisy = [logging.getLogger(name) for name in ("transformers", "sentence_transformers", "torch.onnx")]
    levels = [logger.level for logger in noisy]
    for logger in noisy:
        logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, level in zip(noisy, levels, strict=True):
            logger.setLevel(level)
