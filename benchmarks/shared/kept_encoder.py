"""An encoder that keeps on the disk every passage vector it has made: indexes of another format cost no encoding."""

import hashlib
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from nrqa.encoder.protocol import Encoded, Encoder, Tokens


class KeptEncoder:
    """Around another encoder; token vectors are kept in half precision (the index keeps them in 16 bytes)."""

    def __init__(self, encoder: Encoder, folder: Path) -> None:
        self.model = encoder.model
        self._encoder = encoder
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"vectors-{encoder.model.fingerprint[:16]}.sqlite"
        self._kept = sqlite3.connect(file, check_same_thread=False, isolation_level=None, timeout=60)
        self._kept.execute("PRAGMA journal_mode = WAL")
        self._kept.execute("CREATE TABLE IF NOT EXISTS texts (key BLOB PRIMARY KEY, vector, ids, spans, tokens)")
        self._lock = Lock()
        one = encoder.encode_questions(["?"])
        self._table, self._unknown = one.table, one.unknown

    def engine_name(self) -> str:
        return self._encoder.engine_name()

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return self._encoder.count_tokens(texts)

    def passage_room(self) -> int:
        return self._encoder.passage_room()

    def tokens_of_passages(self, texts: Sequence[str]) -> list[tuple[Any, Any]]:
        return self._encoder.tokens_of_passages(texts)

    def encode_questions(self, texts: Sequence[str]) -> Encoded:
        return self._encoder.encode_questions(texts)

    def encode_passages(self, texts: Sequence[str]) -> Encoded:
        keys = [hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest() for text in texts]
        known = {key: found for key in keys if (found := self._read(key))}
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        if new:
            encoded = self._encoder.encode_passages(list(new.values()))
            tokens = encoded.tokens or (None,) * len(new)
            self._write(dict(zip(new, zip(encoded.vectors, tokens, strict=True), strict=True)))
            known |= {key: found for key in new if (found := self._read(key))}  # rounded as the next build gets it
        vectors = np.stack([known[key][0] for key in keys])
        every = tuple(one for key in keys if (one := known[key][1]) is not None)
        return Encoded(vectors, every, self._table, self._unknown)

    def _read(self, key: bytes) -> tuple[Any, Tokens | None] | None:
        with self._lock:
            row = self._kept.execute("SELECT vector, ids, spans, tokens FROM texts WHERE key = ?", (key,)).fetchone()
        if row is None:
            return None
        vector, ids, spans, tokens = row
        if ids is None:
            return np.frombuffer(vector, np.float32), None
        count = len(ids) // 8
        return np.frombuffer(vector, np.float32), Tokens(
            np.frombuffer(ids, np.int64),
            np.frombuffer(tokens, np.float16).astype(np.float32).reshape(count, -1),
            np.frombuffer(spans, np.int64).reshape(count, 2),
        )

    def _write(self, made: dict[bytes, tuple[Any, Tokens | None]]) -> None:
        rows = [
            (key, vector.astype(np.float32).tobytes(), *((None,) * 3 if one is None else _bytes(one)))
            for key, (vector, one) in made.items()
        ]
        with self._lock:
            self._kept.execute("BEGIN")
            self._kept.executemany("INSERT OR REPLACE INTO texts VALUES (?, ?, ?, ?, ?)", rows)
            self._kept.execute("COMMIT")


def _bytes(one: Tokens) -> tuple[bytes, bytes, bytes]:
    return (
        one.ids.astype(np.int64).tobytes(),
        one.spans.astype(np.int64).tobytes(),
        one.vectors.astype(np.float16).tobytes(),
    )
