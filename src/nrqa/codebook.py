"""Where the codebook of an index comes from: shipped for the default model, trained on the corpus for others."""

from __future__ import annotations

from pathlib import Path

from nrqa.late import CENTROIDS, Codebook

_SHIPPED = Path(__file__).with_name("codebooks")
_SHAPE = ("pieces", "centroids", "width of a piece")


def shipped(fingerprint: str) -> Codebook | None:
    """The codebook that comes with nrqa for the model of that fingerprint, or None.

    The one for all-MiniLM-L6-v2 was trained on the passages of clapnq_dev and squad_v2_cs224n_dev
    (``benchmarks/codebook.py``). Codebooks trained on the corpus itself were no better on the sets measured, English,
    German or Spanish, so it serves corpora of every size.
    """
    return read_codebook(_SHIPPED / f"{fingerprint[:16]}.npy")


def read_codebook(file: Path) -> Codebook | None:
    """The codebook in the file, or None where there is none that is whole."""
    import numpy as np

    try:
        with file.open("rb") as opened:
            centroids = np.lib.format.read_array(opened, allow_pickle=False).astype(np.float32)
    except Exception:  # noqa: BLE001 - a damaged header raises whatever Python's tokenizer does
        return None
    whole = centroids.ndim == len(_SHAPE) and centroids.shape[1] == CENTROIDS and np.isfinite(centroids).all()
    return Codebook(centroids) if whole else None


def write_codebook(file: Path, codebook: Codebook) -> None:
    """Write the codebook in half precision, which it was rounded to when it was trained."""
    import numpy as np

    np.save(file, codebook.centroids.astype(np.float16))
