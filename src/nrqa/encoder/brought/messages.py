"""What goes between this process and the one that runs a brought encoder: JSON and numbers, never more than expected.

A message is the length of its JSON in four bytes, the JSON, then bytes. Who waits for an answer knows from its own
request how much may come, and reads no more: whatever took the other process over cannot fill this one's memory.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise
from typing import IO, TYPE_CHECKING, Any

from nrqa.encoder.protocol import Model, Tokens

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[Any]

_LENGTH = 4
_LONGEST = 1 << 20
"""Bytes of the longest JSON of an answer, which is a number for each text."""


def send(stream: IO[bytes], content: object, rest: Sequence[bytes] = ()) -> None:
    """Write a message."""
    text = json.dumps(content).encode()
    stream.write(len(text).to_bytes(_LENGTH, "big") + text)
    for one in rest:
        stream.write(one)
    stream.flush()


def receive(stream: IO[bytes], longest: int = _LONGEST) -> dict[str, Any]:
    """The record in the next message.

    Raises EOFError where there is none, ValueError where it is longer than it may be, TypeError where it is no record.
    """
    length = int.from_bytes(_exactly(stream, _LENGTH), "big")
    if length > longest:
        raise ValueError(f"a message of {length:,} bytes")
    found = json.loads(_exactly(stream, length))
    if not isinstance(found, dict):
        raise TypeError("an answer that is no record")
    return found


def tokens_as_bytes(tokens: Sequence[Tokens]) -> list[bytes]:
    """Ids, spans and vectors of the tokens of all texts, as they follow the JSON."""
    import numpy as np

    kinds = (np.int64, np.int64, np.float32)
    parts = zip(*((one.ids, one.spans, one.vectors) for one in tokens), strict=True)
    return [part.astype(kind).tobytes() for kind, some in zip(kinds, parts, strict=False) for part in some]


def tokens_from(stream: IO[bytes], counts: object, texts: Sequence[str], model: Model, *, width: int) -> list[Tokens]:
    """The tokens of each text, from what follows the JSON. ValueError where they cannot be those of the text."""
    import numpy as np

    if not isinstance(counts, list) or len(counts) != len(texts):
        raise ValueError("no count for each text")
    if not all(type(one) is int and 0 <= one <= model.max_tokens for one in counts):
        raise ValueError("more tokens than the model reads")
    total, ends = sum(counts), np.cumsum([0, *counts])
    ids = numbers(stream, np.dtype(np.int64), (total,))
    spans = numbers(stream, np.dtype(np.int64), (total, 2))
    vectors = numbers(stream, np.dtype(np.float32), (total, width))
    lengths = np.repeat([len(text) for text in texts], counts)
    sound = (spans[:, 0] >= 0) & (spans[:, 0] <= spans[:, 1]) & (spans[:, 1] <= lengths) & (ids >= 0)
    if not sound.all():
        raise ValueError("tokens that are not of the text")
    parts = [slice(start, end) for start, end in pairwise(ends)]
    return [Tokens(ids[part], vectors[part], spans[part]) for part in parts]


def numbers(stream: IO[bytes], kind: np.dtype[Any], shape: tuple[int, ...]) -> Array:
    """An array of that shape. ValueError where one of its numbers is none."""
    import numpy as np

    data = _exactly(stream, int(np.prod(shape)) * kind.itemsize)
    found = np.frombuffer(data, kind).reshape(shape)
    if not np.isfinite(found).all():
        raise ValueError("vectors without numbers")
    return found


def _exactly(stream: IO[bytes], length: int) -> bytes:
    data = stream.read(length)
    if len(data) < length:
        raise EOFError("the process has ended")
    return data
