"""Which sentences of a passage to emphasise: those that answer, as far as the signals can tell, or none.

The late signal decides, where there is one. On squad_v1_dev the emphasised sentences of the relevant passage then hold
the annotated answer in 92% of all questions, with a mean of 1.1 sentences. Otherwise the question's words decide.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nrqa.index.rows import Stored
from nrqa.records import Span
from nrqa.signals.late.coding import Coded
from nrqa.signals.late.matching import MOST_SENTENCES, Tables, sentence_scores
from nrqa.text.terms import document_terms

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_MARGIN = 0.02
"""Sentences whose score is at most this much below the best count as equally good."""
_MOST = 2
"""Where more sentences than this are equally good, none is emphasised."""
_LEAST = 0.5
"""Share, by weight, of the question's words in the passage that the emphasised sentence must hold. On squad_v1_dev
this sentence then holds the annotated answer in 86% of the questions that get one (95% do)."""
_LEAST_KNOWN = 0.1
"""Share, by weight, of the question's words that the passage must hold for any sentence to be emphasised."""


def by_tokens(
    stored: Stored,
    tables: Tables,
    weights: NDArray[np.float32],
    coded: Coded,
    lent: NDArray[np.float32] | None = None,
) -> tuple[Span, ...]:
    """The one or two sentences whose tokens match the question's best, as spans of the document.

    ``lent`` is what each token counts at least in any sentence, since the document has its word.
    """
    if not stored.sentences or not len(coded.codes):
        return ()
    scores = sentence_scores(tables, weights, coded, min(len(stored.sentences), MOST_SENTENCES), lent)
    near = [span for span, one in zip(stored.sentences, scores, strict=False) if one >= scores.max() - _MARGIN]
    return tuple(near) if len(near) <= _MOST else ()


def by_words(stored: Stored, idf: dict[str, float]) -> tuple[Span, ...]:
    """The sentence with the largest share of the question's words, by weight; empty where none stands out."""
    start, text = stored.passage.citation.start, stored.passage.text
    terms = [set(document_terms(text[span.start - start : span.end - start])) for span in stored.sentences]
    known = {term: weight for term, weight in idf.items() if any(term in one for one in terms)}
    total = sum(known.values())
    if not total or total < _LEAST_KNOWN * sum(idf.values()):
        return ()
    shares = [sum(weight for term, weight in known.items() if term in one) / total for one in terms]
    best = max(shares)
    if best < _LEAST or shares.count(best) > 1:
        return ()
    return (stored.sentences[shares.index(best)],)
