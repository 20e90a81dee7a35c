"""Makes batches of texts of similar length for every engine, pads them, and puts results back in order."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from nrqa.encoder.converted.files import ROWS
from nrqa.encoder.protocol import Engine, Pair, Table

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def run_sorted(engine: Engine, texts: Sequence[Sequence[int]]) -> list[Pair]:
    """For each text, given as its token ids, its vector and those of its tokens (and of padding)."""
    order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
    batches = list(_batches(order, texts, engine))
    found: dict[int, Pair] = {}
    for batch, (sentences, words) in zip(
        batches, engine.run([[texts[at] for at in one] for one in batches]), strict=True
    ):
        found.update(zip(batch, zip(sentences, words, strict=True), strict=True))
    return [found[at] for at in range(len(texts))]


def _batches(order: Sequence[int], texts: Sequence[Sequence[int]], engine: Engine) -> Iterator[list[int]]:
    """Batches that the engine can take, as indices of texts; ``order`` goes from the shortest text to the longest."""
    batch: list[int] = []
    for at in order:
        if batch and (len(batch) == engine.most_texts or (len(batch) + 1) * len(texts[at]) > engine.most_tokens):
            yield batch
            batch = []
        batch.append(at)
    if batch:
        yield batch


def model_inputs(
    batch: Sequence[Sequence[int]], names: Collection[str], table: Table | None = None, length: int = 0
) -> dict[str, NDArray[Any]]:
    """The model's inputs of those names for a batch, shape (texts, tokens of the longest or ``length`` if more).

    ``table`` holds the rows that a converted model is given.
    """
    import numpy as np

    shape = (len(batch), max(length, *map(len, batch)))
    ids, mask = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    for at, one in enumerate(batch):
        # The padding's value does not matter: the mask keeps it out of attention and of the mean.
        ids[at, : len(one)] = one
        mask[at, : len(one)] = 1
    given: dict[str, NDArray[Any]] = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
    if ROWS in names:
        assert table is not None
        given[ROWS] = table[ids]
    return {name: value for name, value in given.items() if name in names}


def unit(words: NDArray[np.float32]) -> NDArray[np.float32]:
    """The token vectors of a batch, each divided by its length, in place."""
    import numpy as np

    words /= np.maximum(np.linalg.norm(words, axis=2, keepdims=True), np.float32(1e-12))
    return words


def cores() -> int:
    """The processors this process may use; a cluster and users say by OMP_NUM_THREADS that it shall use fewer."""
    there = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    said = os.environ.get("OMP_NUM_THREADS", "")
    return max(1, min(there, int(said))) if said.isascii() and said.isdigit() else there
