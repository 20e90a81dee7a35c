"""A fake encoder: a pure function of the text, so that rankings can be asserted without a model."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nrqa.encoder.protocol import Model

DIMENSIONS = 64
_WORD = re.compile(r"\w+|[^\w\s]")


class FakeEncoder:
    """Each word votes for a few dimensions by its hash: texts that share words are near."""

    def __init__(self, *, max_tokens: int = 64, name: str = "fake") -> None:
        self.model = Model(
            name=name,
            folder="",
            fingerprint=f"{name}-fingerprint",
            dimensions=DIMENSIONS,
            max_tokens=max_tokens,
        )
        self.encoded: list[str] = []

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(_WORD.findall(text)) for text in texts]

    def passage_room(self) -> int:
        return self.model.max_tokens - 2

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.encoded.extend(texts)
        return np.stack([vector(text) for text in texts])

    def encode_questions(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.stack([vector(text) for text in texts])


def vector(text: str) -> NDArray[np.float32]:
    """The unit vector of a text."""
    total = np.full(DIMENSIONS, 1e-3, np.float32)
    for word in _WORD.findall(text.lower()):
        digest = hashlib.sha256(word.encode("utf-8", "replace")).digest()
        for at in range(3):
            total[digest[at] % DIMENSIONS] += 1.0
    unit: NDArray[np.float32] = (total / np.linalg.norm(total)).astype(np.float32)
    return unit
