"""A cross-encoder: a model that reads a question and a passage together, and says how well they go together.

None comes with nrqa, and none is ever downloaded: it is named by the user, and lies on this machine. It reads slowly,
so it reads few passages, and stops when its time is over.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any

from nrqa.encoder.carried import require_full
from nrqa.encoder.models.location import locate_on_disk
from nrqa.encoder.models.reference import quiet
from nrqa.encoder.models.trust import refuse_foreign_code
from nrqa.errors import EncoderError

_BATCH = 4
"""Passages that are read at once. Their scores are kept together, so more would waste more when the time is over."""
_LONGEST = 512
"""The most tokens of a question and a passage, for models that state no limit."""


class CrossEncoder:
    """A loaded cross-encoder; ``fingerprint`` is that of its weights and configuration."""

    def __init__(self, name: str, fingerprint: str, loaded: Any) -> None:
        self.name = name
        self.fingerprint = fingerprint
        self._loaded = loaded
        self._turn = Lock()  # calls change the settings of transformers' tokenizers: one thread at a time

    def read(self, question: str, passages: Sequence[str], seconds: float) -> list[float]:
        """How well the first passages go with the question, from 0 to 1; fewer than there are when the time is over.

        It returns in time even if the model does not: what is being read then is read to its end in another thread.
        """
        found: list[float] = []
        failed: list[Exception] = []
        over = Event()

        def read_on() -> None:
            try:
                for first in range(0, len(passages), _BATCH):
                    with self._turn:
                        if over.is_set():
                            return
                        found.extend(self._scores(question, passages[first : first + _BATCH]))
            except Exception as error:  # noqa: BLE001 - told to whoever asked
                failed.append(error)

        reading = Thread(target=read_on, daemon=True)
        reading.start()
        reading.join(seconds)
        over.set()
        if failed:
            raise EncoderError(
                f"The cross-encoder '{self.name}' cannot read this question ({type(failed[0]).__name__}: {failed[0]}). "
                "Ask without --rerank, or name another one."
            )
        return found[: len(passages)]

    def _scores(self, question: str, passages: Sequence[str]) -> list[float]:
        import numpy as np
        import torch

        pairs = [(question, passage) for passage in passages]
        with quiet():
            # Some models bring scores to 0 to 1 themselves, others do not: all are asked for what comes before.
            raw = self._loaded.predict(
                pairs, batch_size=_BATCH, activation_fn=torch.nn.Identity(), show_progress_bar=False
            )
        scores = 1 / (1 + np.exp(-np.clip(np.asarray(raw, np.float64), -50, 50)))
        if scores.shape != (len(passages),) or not np.isfinite(scores).all():
            raise ValueError("its scores are no numbers")
        return [float(score) for score in scores]


@lru_cache(maxsize=1)
def open_cross_encoder(name: str) -> CrossEncoder:
    """The cross-encoder in a folder, or of that name in the Hub's cache on this machine; kept open.

    Loading it takes seconds. Raises EncoderError where it is not there, or is none.
    """
    require_full("Re-ranking by a cross-encoder")
    located = locate_on_disk(name, "cross-encoder")
    folder = located.folder
    refuse_foreign_code(folder)
    if not _is_cross_encoder(folder):
        raise EncoderError(
            f"The model in '{folder}' is no cross-encoder: it does not score a question and a passage together. "
            "Name one that sentence-transformers' CrossEncoder has saved: --rerank FOLDER"
        )
    loaded = _load(folder)
    if loaded.num_labels != 1:
        raise EncoderError(
            f"The cross-encoder in '{folder}' gives {loaded.num_labels} numbers for a passage, not one to rank it by. "
            "Name another one with --rerank."
        )
    return CrossEncoder(name, located.fingerprint, loaded)


def _load(folder: Path) -> Any:
    try:
        with quiet():
            import sentence_transformers

            loaded = sentence_transformers.CrossEncoder(
                str(folder), device="cpu", local_files_only=True, trust_remote_code=False
            )
            if not loaded.max_seq_length or loaded.max_seq_length > _LONGEST:
                loaded.max_seq_length = _LONGEST
    except Exception as error:
        raise EncoderError(
            f"sentence-transformers cannot load the cross-encoder in '{folder}': {error} "
            "Name another one with --rerank."
        ) from error
    return loaded.eval()


def _is_cross_encoder(folder: Path) -> bool:
    """Whether the folder says so; any other model would be loaded with a last layer drawn at random."""
    kind = _content(folder / "config_sentence_transformers.json").get("model_type")
    architectures = _content(folder / "config.json").get("architectures")
    named = architectures if isinstance(architectures, list) else []
    return kind == "CrossEncoder" or any(str(one).endswith("ForSequenceClassification") for one in named)


def _content(file: Path) -> dict[str, Any]:
    try:
        found = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
