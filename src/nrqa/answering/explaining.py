"""Explains why a passage has its rank: what each signal contributed, and which words matched."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nrqa.answering.ranking import Question, Ranked
from nrqa.index.encoder_input import encoder_input
from nrqa.records import Explanation, Match
from nrqa.signals import fusion
from nrqa.signals.late.matching import similarities
from nrqa.signals.late.token_weights import wanted

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from nrqa.encoder.protocol import Encoder
    from nrqa.index.rows import Stored
    from nrqa.index.snapshot import Snapshot

_WORD = re.compile(r"\w+")


def explain(
    snapshot: Snapshot, encoder: Encoder, question: Question, ranked: Ranked, at: int, stored: Stored
) -> Explanation:
    """Explain the rank of the row at position ``at`` of the ranking; its passage is ``stored``."""
    ranks = {}
    for name, scores in ranked.signals.items():
        order = fusion.order(ranked.rows, scores)
        ranks[name] = 1 + order.tolist().index(at)
    parts = {name: float(ranked.weights[name] * scores[at]) for name, scores in ranked.comparable.items()}
    return Explanation(ranks, dict(ranked.weights), parts, _matches(snapshot, encoder, question, ranked, stored))


def _matches(
    snapshot: Snapshot, encoder: Encoder, question: Question, ranked: Ranked, stored: Stored
) -> tuple[Match, ...]:
    """For each word of the question, in order, the word of the passage that matches best; none where words decide."""
    if question.tokens is None or ranked.tokens is None or ranked.tokens.alone:
        return ()
    text = encoder_input(stored.context, stored.passage.text, markup=stored.markup)
    ((_, spans),) = encoder.tokens_of_passages([text])
    spans = spans[wanted(text, spans)]
    cosines = similarities(ranked.tokens.tables, snapshot.coded([stored.row])[0])
    cosines = cosines[: len(spans)]
    of_words = spans[:, 0] < spans[:, 1]
    found = []
    for word in _WORD.finditer(question.text):
        within = _tokens_within(question.tokens.spans, word.span())
        if not len(within) or not of_words.any():
            continue
        together = cosines[:, within].mean(axis=1)
        together[~of_words] = -1.0
        best = int(together.argmax())
        found.append(Match(word.group(), _word_at(text, spans[best]), float(cosines[best, within].mean())))
    return tuple(found)


def _tokens_within(spans: NDArray[np.int64], word: tuple[int, int]) -> NDArray[np.int64]:
    import numpy as np

    return np.flatnonzero((spans[:, 0] >= word[0]) & (spans[:, 1] <= word[1]) & (spans[:, 0] < spans[:, 1]))


def _word_at(text: str, span: NDArray[np.int64]) -> str:
    """The whole word that a token is part of."""
    start, end = span.tolist()
    return next((word.group() for word in _WORD.finditer(text) if word.start() <= start < word.end()), text[start:end])
