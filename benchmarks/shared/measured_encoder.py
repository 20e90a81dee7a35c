"""An encoder that counts what it is asked for, and keeps the vectors it gave."""

import hashlib
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from nrqa.encoder.protocol import Encoded, Encoder

DIGEST = 16


class MeasuredEncoder:
    """Around another encoder; with a ``file``, every passage's vector goes there, and its text's digest beside."""

    def __init__(self, encoder: Encoder, file: Path | None = None) -> None:
        self.model = encoder.model
        self.passages = 0
        self.encoding = self.tokenizing = self.busy = 0.0
        """Seconds within the encoder: for vectors, and for counting tokens; and the processors' seconds for vectors."""
        self._encoder = encoder
        self._vectors = file.open("wb") if file else None
        self._digests = digests_of(file).open("wb") if file else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for one in (self._vectors, self._digests):
            if one:
                one.close()

    def flush(self) -> None:
        """Write what was kept so far, so that it can be read."""
        for one in (self._vectors, self._digests):
            if one:
                one.flush()

    def engine_name(self) -> str:
        return self._encoder.engine_name()

    def passage_room(self) -> int:
        return self._encoder.passage_room()

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        began = time.perf_counter()
        found = self._encoder.count_tokens(texts)
        self.tokenizing += time.perf_counter() - began
        return found

    def tokens_of_passages(self, texts: Sequence[str]) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        began = time.perf_counter()
        found = self._encoder.tokens_of_passages(texts)
        self.tokenizing += time.perf_counter() - began
        return found

    def encode_questions(self, texts: Sequence[str]) -> Encoded:
        return self._encoder.encode_questions(texts)

    def encode_passages(self, texts: Sequence[str]) -> Encoded:
        began, busy = time.perf_counter(), time.process_time()
        found = self._encoder.encode_passages(texts)
        if self._vectors and self._digests:
            self._vectors.write(found.vectors.tobytes())
            self._digests.write(b"".join(map(digest, texts)))
        self.encoding += time.perf_counter() - began
        self.busy += time.process_time() - busy
        self.passages += len(texts)
        return found


def digests_of(file: Path) -> Path:
    return file.with_suffix(".digests")


def digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=DIGEST).digest()
