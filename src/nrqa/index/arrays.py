"""Opens the NumPy files of a part: each must have the type and the shape that the manifest leads to expect."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def opened(file: Path, kind: str, *shape: int | None) -> Any:
    """The array in the file, memory-mapped; None in ``shape`` stands for any length.

    Raises ValueError where the file holds something else, or less than its header says; nothing of it is believed
    before. It never reads pickled objects, which run code.
    """
    import numpy as np

    try:
        # As a plain array: taking rows of numpy's own class for mapped files is slow.
        found = np.asarray(np.load(file, mmap_mode="r", allow_pickle=False))
    except (OSError, MemoryError):
        raise
    except Exception as error:  # for a damaged header, numpy raises whatever Python's tokenizer raises
        raise ValueError(f"'{file.name}' cannot be read: {error}") from error
    fits = found.ndim == len(shape) and all(
        wanted is None or wanted == length for wanted, length in zip(shape, found.shape, strict=True)
    )
    if found.dtype != np.dtype(kind) or not fits or not found.flags.c_contiguous:
        raise ValueError(f"'{file.name}' holds {found.dtype} of shape {found.shape}, not {kind} of {shape}")
    return found
