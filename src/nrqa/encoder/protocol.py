"""What an encoder is: the one seam that tests put a second implementation behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Model:
    """An encoder's identity and limits, as they stand in the manifest of an index.

    ``fingerprint`` is of weights and configuration: equal ones give equal vectors. ``max_tokens`` counts
    special tokens; the two prompts are put before the texts they are for. ``backend`` is "onnx" or
    "sentence-transformers", and then ``reason`` says why it was not converted.
    """

    name: str
    folder: str
    fingerprint: str
    dimensions: int
    max_tokens: int
    question_prompt: str = ""
    passage_prompt: str = ""
    backend: str = "onnx"
    reason: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The record as JSON; ``Model(**value)`` reads it back."""
        return asdict(self)


class Encoder(Protocol):
    """Turns text into unit vectors (float32, shape (texts, dimensions)), in the order given."""

    model: Model

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """How many tokens each text is, special tokens not counted, nothing cut off."""
        ...

    def passage_room(self) -> int:
        """How many tokens of a passage are read: the limit less special tokens and prompt."""
        ...

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of passages."""
        ...

    def encode_questions(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of questions; what goes beyond the model's limit is not read."""
        ...
