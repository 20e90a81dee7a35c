"""Which sentence of a passage to emphasise: the one that holds most of the question's words, by weight."""

from __future__ import annotations

from nrqa.catalog import Stored
from nrqa.records import Span
from nrqa.terms import document_terms

_LEAST = 0.25
"""A sentence must hold this share of the question's words, by weight, or nothing is emphasised."""


def highlights(stored: Stored, weights: dict[str, float]) -> tuple[Span, ...]:
    """The best sentence as a span of the document; empty where none stands out."""
    total = sum(weights.values())
    if not total or not stored.sentences:
        return ()
    start = stored.passage.citation.start
    shares = []
    for span in stored.sentences:
        terms = set(document_terms(stored.passage.text[span.start - start : span.end - start]))
        shares.append(sum(weight for term, weight in weights.items() if term in terms) / total)
    best = max(shares)
    if best < _LEAST or shares.count(best) > 1:
        return ()
    return (stored.sentences[shares.index(best)],)
