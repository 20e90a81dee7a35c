"""How far an answer may be believed: a first, honest confidence, and the verdict that follows from it.

The confidence is a logistic function of three things that can be compared between questions: the best cosine
of any passage, the share of the question's words (by idf) that the first hit holds, and how many passages were
searched, since the best of many is high by chance alone. It was fitted at even odds on answerable questions of
squad_v1_dev, xquad_en, nq_oracle, clapnq_dev, xquad_de (and, with less weight, German and Spanish questions to
English text) against questions from other fields and gibberish, on corpora of 30 to 2,600 passages.

It tells whether the corpus speaks of what was asked, not whether the passage truly answers: a near miss comes
out too high. Measured error rates stand in benchmarks/README.md.
"""

from __future__ import annotations

import math

from nrqa.records import Verdict

_BIAS, _COSINE, _COVERAGE, _SIZE = -3.5, 22.0, 3.53, -2.03
ANSWERED = 0.75
"""From here on: answered."""
ABSENT = 0.4
"""Below: absent, or unknown where something could not be searched."""


def confidence(cosine: float, coverage: float, passages: int) -> float:
    """Between 0 and 1, from the best cosine, the first hit's coverage, and the number of passages searched."""
    weighed = _BIAS + _COSINE * cosine + _COVERAGE * coverage + _SIZE * math.log10(max(1, passages))
    return 1 / (1 + math.exp(-weighed))


def coverage(weights: dict[str, float], terms: set[str]) -> float:
    """The share of the question's words, by weight, that are among a passage's terms; between 0 and 1."""
    total = sum(weights.values())
    return sum(weight for term, weight in weights.items() if term in terms) / total if total else 0.0


def verdict(confidence: float, *, complete: bool) -> Verdict:
    """What the confidence comes to; ``complete`` says that everything in the corpus was searchable."""
    if confidence >= ANSWERED:
        return "answered"
    if confidence >= ABSENT:
        return "weak"
    return "absent" if complete else "unknown"
