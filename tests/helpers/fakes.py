"""A fake encoder: a pure function of the text, so that rankings can be asserted without a model."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from nrqa.encoder.protocol import Encoded, Model, Tokens

DIMENSIONS = 64
_WORD = re.compile(r"\w+|[^\w\s]")


class FakeEncoder:
    """Each word votes for a few dimensions by its hash: texts that share words are near."""

    def __init__(self, *, max_tokens: int = 64, name: str = "fake", tokens: bool = True) -> None:
        self.model = Model(
            name=name,
            folder="",
            fingerprint=f"{name}-fingerprint",
            dimensions=DIMENSIONS,
            max_tokens=max_tokens,
            token_width=DIMENSIONS if tokens else 0,
        )
        self.encoded: list[str] = []

    def engine_name(self) -> str:
        return "a fake"

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(_WORD.findall(text)) for text in texts]

    def passage_room(self) -> int:
        return self.model.max_tokens - 2

    def tokens_of_passages(self, texts: Sequence[str]) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        return [(one.ids, one.spans) for one in map(tokens_of, texts)]

    def encode_passages(self, texts: Sequence[str]) -> Encoded:
        self.encoded.extend(texts)
        return self._encode(texts)

    def encode_questions(self, texts: Sequence[str]) -> Encoded:
        return self._encode(texts)

    def _encode(self, texts: Sequence[str]) -> Encoded:
        tokens = tuple(tokens_of(text) for text in texts) if self.model.token_width else ()
        return Encoded(np.stack([vector(text) for text in texts]), tokens)


def tokens_of(text: str) -> Tokens:
    """A token for each word or sign, with the word's own vector, whatever stands beside it."""
    found = list(_WORD.finditer(text))
    ids = [int.from_bytes(_digest(match.group().lower())[:2], "big") for match in found]
    spans = np.array([match.span() for match in found], np.int64).reshape(-1, 2)
    vectors = np.array([vector(match.group()) for match in found], np.float32).reshape(-1, DIMENSIONS)
    return Tokens(np.array(ids, np.int64), vectors, spans)


def _digest(word: str) -> bytes:
    return hashlib.sha256(word.encode("utf-8", "replace")).digest()


@lru_cache(maxsize=4096)
def vector(text: str) -> NDArray[np.float32]:
    """The unit vector of a text; not to be changed."""
    total = np.full(DIMENSIONS, 1e-3, np.float32)
    for word in _WORD.findall(text.lower()):
        digest = _digest(word)
        for at in range(3):
            total[digest[at] % DIMENSIONS] += 1.0
    unit: NDArray[np.float32] = (total / np.linalg.norm(total)).astype(np.float32)
    unit.setflags(write=False)
    return unit
