"""A converted model in the user's cache: its folder, the names of its files, and its record."""

from __future__ import annotations

import json
import os
from pathlib import Path

from nrqa.encoder.protocol import Model

GRAPH = "model.onnx"
TOKENIZER = "tokenizer.json"
TABLE = "token_table.npy"
"""The model's input embeddings; there is no such file if the model has none."""
SENTENCE, TOKENS = "sentence_vector", "token_vectors"
"""The graph's outputs: unit vectors (batch, dimensions), and token vectors (batch, tokens, width)."""
RECORD = "encoder.json"
"""Written last: a folder that has it is complete."""
_CONVERTER = 5
"""Part of the cache's key; raise it when the graph changes."""


def converted_folder(fingerprint: str) -> Path:
    """The folder in the user's cache for the conversion of the model with this fingerprint; it may not exist yet.

    ``NRQA_CACHE`` names another cache folder.
    """
    cache = os.environ.get("NRQA_CACHE")
    if not cache:
        import platformdirs

        cache = platformdirs.user_cache_dir("nrqa", appauthor=False)
    return Path(cache) / "models" / f"{fingerprint[:32]}-{_CONVERTER}"


def read_record(folder: Path) -> Model | None:
    """The model whose complete conversion is in the folder, or None."""
    try:
        return Model(**json.loads((folder / RECORD).read_text("utf-8")))
    except (FileNotFoundError, NotADirectoryError, ValueError, TypeError):
        return None
