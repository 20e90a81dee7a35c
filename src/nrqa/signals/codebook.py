"""Where the codebook of an index comes from: shipped for models in packages, trained on the corpus for others."""

from __future__ import annotations

from pathlib import Path
from typing import IO

from nrqa.signals.late.coding import CENTROIDS, Codebook

_SHIPPED = Path(__file__).with_name("codebooks")
ARRAYS = ("offset", "by_type", "by_passage", "rotation", "centroids")
"""The arrays of a codebook in their order in the file, each with numpy's header."""
_AXES = 3
"""The axes of ``centroids``: pieces, centroids, width of a piece."""


def shipped(fingerprint: str) -> Codebook | None:
    """The codebook that comes with nrqa for the model of that fingerprint, or None.

    The one for all-MiniLM-L6-v2 was trained on the passages of clapnq_dev and squad_v2_cs224n_dev, that for
    multilingual on paragraphs in seven languages (``benchmarks/quality/codebook.py``). Codebooks trained on the corpus
    itself were no better on any measured set (English, German, Spanish), so these are used for corpora of every size.
    """
    return read_codebook(_SHIPPED / f"{fingerprint[:16]}.npy")


def read_codebook(file: Path) -> Codebook | None:
    """The codebook in the file, or None where it is missing or damaged."""
    try:
        with file.open("rb") as opened:
            return codebook_from(opened)
    except OSError:
        return None


def codebook_from(stream: IO[bytes]) -> Codebook | None:
    """The codebook that a stream holds, or None where it is damaged."""
    import numpy as np

    try:
        id_bytes = int(np.lib.format.read_array(stream, allow_pickle=False))
        read = {name: np.lib.format.read_array(stream, allow_pickle=False) for name in ARRAYS}
        found = Codebook(**{name: array.astype(np.float32) for name, array in read.items()}, id_bytes=id_bytes)
    except Exception:  # noqa: BLE001 - for a damaged header, numpy raises whatever Python's tokenizer raises
        return None
    return found if _is_whole(found) else None


def write_codebook(file: Path, codebook: Codebook) -> None:
    """Write the codebook in half precision; training has rounded it to that already."""
    with file.open("wb") as opened:
        codebook_to(opened, codebook)


def codebook_to(stream: IO[bytes], codebook: Codebook) -> None:
    """The same into a stream."""
    import numpy as np

    np.save(stream, np.int64(codebook.id_bytes))
    for name in ARRAYS:
        np.save(stream, getattr(codebook, name).astype(np.float16))


def _is_whole(codebook: Codebook) -> bool:
    import numpy as np

    width = len(codebook.rotation)
    shapes = [one.shape[1:] for one in (codebook.by_type, codebook.by_passage, codebook.rotation)]
    fits = shapes == [(width,)] * len(shapes) and codebook.offset.shape == (width,) and codebook.centroids.ndim == _AXES
    if not fits or codebook.centroids.shape[1] != CENTROIDS or codebook.centroids.size != CENTROIDS * width:
        return False
    return all(np.isfinite(getattr(codebook, name)).all() for name in ARRAYS)
