"""An encoder that remembers every vector it has made: asking and building again cost no encoding, in forks too."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from nrqa.encoder.protocol import Encoded, Encoder


class RememberedEncoder:
    """The vectors of another encoder, each made once."""

    def __init__(self, encoder: Encoder) -> None:
        self.model = encoder.model
        self._encoder = encoder
        self._passages: dict[str, tuple[Any, Any]] = {}
        self._questions: dict[str, tuple[Any, Any]] = {}
        self._counts: dict[str, int] = {}
        self._table: Any = None

    def engine_name(self) -> str:
        return "remembered"

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        new = [text for text in texts if text not in self._counts]
        if new:
            self._counts.update(zip(new, self._encoder.count_tokens(new), strict=True))
        return [self._counts[text] for text in texts]

    def passage_room(self) -> int:
        return self._encoder.passage_room()

    def tokens_of_passages(self, texts: Sequence[str]) -> list[tuple[Any, Any]]:
        return self._encoder.tokens_of_passages(texts)

    def encode_passages(self, texts: Sequence[str]) -> Encoded:
        return self._remembered(self._passages, self._encoder.encode_passages, texts)

    def encode_questions(self, texts: Sequence[str]) -> Encoded:
        return self._remembered(self._questions, self._encoder.encode_questions, texts)

    def _remembered(self, known: dict[str, tuple[Any, Any]], encode: Any, texts: Sequence[str]) -> Encoded:
        new = [text for text in texts if text not in known]
        if new:
            found = encode(new)
            self._table = found.table
            known.update((text, (found.vectors[at], found.tokens[at])) for at, text in enumerate(new))
        vectors = np.stack([known[text][0] for text in texts])
        return Encoded(vectors, tuple(known[text][1] for text in texts), self._table)
