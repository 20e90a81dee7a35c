"""Models that give a vector for each token and none for the text (``MultiVectorEncoder`` of sentence-transformers 6).

Their token vectors, through the model's own projection, are the late signal. The dense signal needs a vector of the
text: it is the mean of its token vectors, which is what MaxSim averages over if each token met all others.

Two parts of such models are left out. Masks and pooling of tokens drop tokens of passages to save room: nrqa leaves out
signs itself, and needs a vector for each token it counts. Tokens that are put behind a question to expand it stand for
no word, and nrqa weighs tokens by their words: they are not matched. Where the others see them, they are still read;
such a model runs by sentence-transformers itself.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

_KINDS = ("MultiVectorEncoder", "ColBERT")
"""How such a model calls itself, when saved by sentence-transformers or by PyLate."""
_LEFT_OUT = ("MultiVectorMask", "TokenPooling")


def is_multi_vector(folder: Path) -> bool:
    """Whether the folder holds such a model."""
    try:
        found = json.loads((folder / "config_sentence_transformers.json").read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(found, dict) and found.get("model_type") in _KINDS


def with_text_vector(loaded: Any) -> Any:
    """The loaded model, without what drops tokens, and with the mean of its token vectors as the vector of a text."""
    for name, module in [*loaded.named_children()]:
        if type(module).__name__.endswith(_LEFT_OUT):
            delattr(loaded, name)
    first = loaded[0]
    # One limit for both sides, which is that of passages: a question is read as far as they are.
    limit = getattr(first, "document_length", None) or loaded.max_seq_length
    first.query_length = first.document_length = None
    loaded.max_seq_length = limit
    expansion = getattr(first, "query_expansion", None)
    if expansion and not expansion.get("attend"):
        first.query_expansion = None
    loaded[-1].register_forward_hook(_add_mean)
    return loaded


def question_limit(loaded: Any) -> int:
    """How many tokens of a question a loaded model reads, if that is fixed by what expands it; else 0."""
    expansion = getattr(loaded[0], "query_expansion", None)
    return int(expansion["length"]) if expansion else 0


def _add_mean(_: Any, __: Any, features: dict[str, Any]) -> dict[str, Any]:
    words = features["token_embeddings"]
    words = words / words.norm(dim=-1, keepdim=True).clamp_min(1e-12)
    mask = features["attention_mask"].unsqueeze(-1).to(words.dtype)
    return {**features, "sentence_embedding": (words * mask).sum(dim=1) / mask.sum(dim=1).clamp_min(1)}
