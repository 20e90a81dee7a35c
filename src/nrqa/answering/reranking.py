"""Reranks the first hits by a cross-encoder that the user named; it changes their order, and not the verdict.

What it says of a passage becomes one more signal beside those of the blend, so that ``--explain`` shows its share, and
scores stay between 0 and 1. A passage that it did not read gets nothing from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nrqa.answering.grouping import Group
from nrqa.answering.ranking import READ, Ranked
from nrqa.index.encoder_input import encoder_input
from nrqa.records import Reranked

if TYPE_CHECKING:
    from nrqa.encoder.cross_encoder import CrossEncoder

SECONDS = 2.0
"""The time for them. Loading the model, once in a process, is not part of it."""
_SHARE = 0.5
"""Its share of a score. Between the first 20 passages the blend differs by some .3, a cross-encoder that is sure by 1:
with an equal share it decides where it is sure, and the blend where it is not. None comes with nrqa to measure by."""
_NAME = "rerank"


@dataclass(frozen=True, slots=True)
class Reordered:
    """The groups in their new order, and the ranking with their new scores; ``notice`` is "" or what was left out."""

    groups: list[Group]
    ranked: Ranked
    by: Reranked
    notice: str


def rerank(reader: CrossEncoder, question: str, groups: Sequence[Group], ranked: Ranked) -> Reordered:
    """Let the cross-encoder read the first groups, and order all by what they score then."""
    import numpy as np

    first = groups[:READ]
    texts = [encoder_input(one.stored.context, one.stored.passage.text, markup=one.stored.markup) for one in first]
    found = reader.read(question, texts, SECONDS)
    says = np.zeros(len(ranked.rows), np.float32)
    says[[one.at for one in first[: len(found)]]] = found
    scores = (1 - _SHARE) * ranked.scores + np.float32(_SHARE) * says
    changed = replace(
        ranked,
        scores=scores,
        signals={**ranked.signals, _NAME: says},
        comparable={**ranked.comparable, _NAME: says},
        weights={**{name: (1 - _SHARE) * weight for name, weight in ranked.weights.items()}, _NAME: _SHARE},
    )
    ordered = sorted(groups, key=lambda one: -float(scores[one.at]))
    notice = ""
    if len(found) < len(first):
        notice = (
            f"The cross-encoder had read {len(found)} of the first {len(first)} passages when its time was over "
            f"({SECONDS:g} s). The others keep the order of the blend."
        )
    return Reordered(ordered, changed, Reranked(reader.name, reader.fingerprint, len(found)), notice)
