"""The interface of an encoder; tests put a second implementation behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

USUAL = "onnxruntime"
"""The name of the engine that encodes if no faster one is named."""


@dataclass(frozen=True, slots=True)
class Model:
    """An encoder's identity and limits, as the manifest of an index records them.

    ``fingerprint`` is that of weights and configuration: equal ones give equal vectors. ``max_tokens`` includes
    special tokens. Each of the two prompts is put before the texts that it is for. ``backend`` is "onnx" or
    "sentence-transformers"; in the second case ``reason`` says why the model was not converted. ``token_width`` is the
    number of dimensions of its token vectors, 0 where it has none. ``unrelated`` is the median cosine of unrelated
    texts as the model gives them, 0 where that was not measured; if ``centred``, what all its vectors have in common is
    taken off them (``encoder/models/centring``).
    """

    name: str
    folder: str
    fingerprint: str
    dimensions: int
    max_tokens: int
    token_width: int = 0
    question_prompt: str = ""
    passage_prompt: str = ""
    backend: str = "onnx"
    reason: str = ""
    unrelated: float = 0.0
    centred: bool = False

    def to_dict(self) -> dict[str, Any]:
        """The record as JSON; ``Model(**value)`` reads it back."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens that a model reads of one text, without the prompt.

    ``ids`` (int64) are numbers in its vocabulary, ``vectors`` (float32, shape (tokens, width)) have unit length,
    ``spans`` (int64, shape (tokens, 2)) are positions in the text, empty for special tokens ([CLS], [SEP]).
    """

    ids: NDArray[np.int64]
    vectors: NDArray[np.float32]
    spans: NDArray[np.int64]


class Table(Protocol):
    """A model's input embeddings, of which rows are taken as float32: ``table[ids]``; an array is one, too."""

    @property
    def shape(self) -> tuple[int, ...]:
        """How many tokens there are, and the width of a row."""
        ...

    def __len__(self) -> int: ...

    def __getitem__(self, ids: NDArray[np.int64], /) -> NDArray[np.float32]: ...


@dataclass(frozen=True, slots=True)
class Encoded:
    """Unit vectors of texts (float32, shape (texts, dimensions)), and their tokens, if the encoder has token vectors.

    ``table`` is the model's input embedding of every token of its vocabulary, memory-mapped; None where it gives none.
    ``unknown`` is the id of the token that stands for all letters that the vocabulary does not have ([UNK]), -1 where
    there is none.
    """

    vectors: NDArray[np.float32]
    tokens: tuple[Tokens, ...]
    table: Table | None = None
    unknown: int = -1


Pair = tuple["NDArray[np.float32]", "NDArray[np.float32]"]
"""Of a batch: unit vectors (texts, dimensions), and unit vectors of its tokens (texts, tokens, width)."""


class Engine(Protocol):
    """Runs batches of texts, each a list of token ids, through a model."""

    most_texts: int
    """How many texts of similar length a batch has at most."""
    most_tokens: int
    """How many tokens a batch has at most, its padding included."""

    @property
    def name(self) -> str:
        """Its name for people, such as "OpenVINO in bf16"."""
        ...

    def run(self, batches: Sequence[Sequence[Sequence[int]]]) -> list[Pair]:
        """The vectors of each batch; those of padding have no meaning."""
        ...


class Acceleration(Protocol):
    """Encodes passages with a faster engine, if there is one and there are enough passages to repay opening it."""

    def engine_name(self) -> str:
        """The name of the engine that encodes passages now; "" for the usual engine."""
        ...

    def expect(self, passages: int) -> None:
        """Announce that ``passages`` more passages will be encoded."""
        ...

    def run(self, texts: list[list[int]], usual: Engine) -> list[Pair]:
        """For each text, given as its token ids, its vector and those of its tokens (and of padding)."""
        ...


class Encoder(Protocol):
    """Turns texts into vectors, in the order given."""

    model: Model

    def engine_name(self) -> str:
        """The name, for people, of the engine that has encoded the passages: "OpenVINO in bf16"."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """How many tokens each text has, without special tokens and without truncation."""
        ...

    def passage_room(self) -> int:
        """How many tokens of a passage the model reads: its limit minus special tokens and prompt."""
        ...

    def tokens_of_passages(self, texts: Sequence[str]) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """The ids and spans that ``encode_passages`` would give, without encoding."""
        ...

    def encode_passages(self, texts: Sequence[str]) -> Encoded:
        """Vectors of passages."""
        ...

    def encode_questions(self, texts: Sequence[str]) -> Encoded:
        """Vectors of questions; text beyond the model's limit is not read."""
        ...
