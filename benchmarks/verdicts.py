"""How often nrqa says that nothing in the index answers a question."""

from collections.abc import Sequence
from typing import Any

import nrqa
from question_sets import answers, mean

NOTHING = ("absent", "unknown")
"""The same confidence; it is called unknown where the set has a file that nrqa could not read."""


def refused(index: nrqa.Index, near: Sequence[str], outside: dict[str, list[str]]) -> dict[str, Any]:
    """The share of questions called absent: of those that are unanswerable by a hair, and of those from elsewhere."""
    return {
        "near misses": share(index, near) if near else None,
        **{name: share(index, texts) for name, texts in outside.items()},
    }


def share(index: nrqa.Index, texts: Sequence[str]) -> float:
    return mean(answer.verdict in NOTHING for answer in answers(index, texts, 1))
