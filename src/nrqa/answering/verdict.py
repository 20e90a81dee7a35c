"""How far an answer can be trusted: a calibrated confidence, and the verdict that follows from it.

The confidence is the probability that the first hit's passage answers the question, among questions half of which have
an answer there. It is a logistic function of four quantities that can be observed, with few weights, so that it holds
for other corpora. It was fitted by benchmarks/evidence/calibration.py on seven sets of questions against three kinds of
negatives: questions from other fields, questions whose document was hidden from the index, and questions with a name or
number swapped for another one of the corpus. benchmarks/README.md has its error rates on sets that were left out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass

from nrqa.records import Verdict


@dataclass(frozen=True, slots=True)
class Evidence:
    """The evidence for and against the first hit; all values lie between 0 and 1, or nearly.

    ``mismatch`` says how badly its passage matches the words of the question; the worst matches weigh most.
    ``margin`` is its score less the mean of the next ten, since a passage that answers stands out. ``cosine`` is the
    best of any passage. ``foreignness`` says into how many tokens the encoder cuts the question's words. ``other`` says
    that the question has a number, date or identifier that the passage does not have.
    """

    mismatch: float
    margin: float
    cosine: float
    foreignness: float
    other: bool = False


@dataclass(frozen=True, slots=True)
class Weights:
    """The coefficients of the logistic function."""

    bias: float
    mismatch: float
    margin: float
    cosine: float
    far: float
    """The weight of how far the best cosine is below .3: there, no passage is about anything like the question."""
    foreignness: float


WITH_TOKENS = Weights(bias=7.46, mismatch=-16.90, margin=11.98, cosine=0.61, far=-15.14, foreignness=1.36)
WITHOUT_TOKENS = Weights(bias=2.56, mismatch=-7.98, margin=7.01, cosine=6.39, far=0.0, foreignness=0.94)
"""For encoders without token vectors: a word is matched or not."""

ANSWERED = 0.5
"""From this confidence on the verdict is *answered*: an answer is more likely than not."""
UNSURE = 0.45
"""The most confidence in a passage that lacks a number, date or identifier of the question: it is *weak* at most. It
may say the number in another way (a dozen), which only a reader sees."""
ABSENT = 0.05
"""Below this confidence the verdict is *absent*, or *unknown* where something could not be searched. With .1, two or
three answerable questions in a hundred would be called absent instead of one, but also a tenth more of those from other
fields."""

_NAME, _NUMBER = 0.4, 0.5
"""By what share the distance of a name or number grows where it does not occur in the passage: to an encoder, one name
is much like another. With less, fewer swapped names are noticed; with more, more questions from other fields are
believed."""
_CAPITALS = 3
"""Where a third of the words begin with a capital (German nouns), capitals say nothing; names count as other words."""
_MOST = 1.2
_NEAR = 0.3
_POWER = 4
"""The exponent of the mean: one word that is not there outweighs many that are."""


@dataclass(frozen=True, slots=True)
class Matched:
    """A token of the question: its weight, its best cosine with a token of the passage, and facts about its word.

    ``occurs`` says whether that word is in the passage. A ``name`` begins with a capital, and is not the question's
    first word.
    """

    weight: float
    cosine: float
    occurs: bool
    number: bool = False
    name: bool = False


def mismatch(tokens: Sequence[Matched], names: float) -> float:
    """How badly a question is matched: 0 where every token matches fully.

    It is the fourth root of the weighted mean of the tokens' distances to the fourth power. ``names`` is the share of
    the question's words that look like names.
    """
    total = sum(token.weight for token in tokens)
    if not total:
        return 0.0
    name = _NAME * max(0.0, 1 - _CAPITALS * names)
    powers = ((token.weight, _distance(token, name) ** _POWER) for token in tokens)
    return float((sum(weight * power for weight, power in powers) / total) ** (1 / _POWER))


def confidence(evidence: Evidence, weights: Weights) -> float:
    """Between 0 and 1: the probability that the first hit's passage answers the question."""
    return capped(sigmoid(logit(evidence, weights)), evidence)


def capped(confidence: float, evidence: Evidence) -> float:
    """The confidence, lowered where the passage has another number than the question."""
    return min(confidence, UNSURE) if evidence.other else confidence


def logit(evidence: Evidence, weights: Weights) -> float:
    """The logarithm of the odds that the first hit's passage answers the question."""
    return float(sum(weight * value for weight, value in zip(astuple(weights), features(evidence), strict=True)))


def features(evidence: Evidence) -> tuple[float, ...]:
    """The values that the weights are multiplied with, in the order of ``Weights``."""
    far = max(0.0, _NEAR - evidence.cosine)
    return 1.0, evidence.mismatch, evidence.margin, evidence.cosine, far, evidence.foreignness


def sigmoid(odds: float) -> float:
    """The probability whose log odds these are."""
    return 1 / (1 + math.exp(-max(-700.0, min(odds, 700.0))))


def verdict(confidence: float, *, complete: bool) -> Verdict:
    """The verdict for a confidence; ``complete`` says that everything in the corpus was searchable."""
    if confidence >= ANSWERED:
        return "answered"
    if confidence >= ABSENT:
        return "weak"
    return "absent" if complete else "unknown"


def _distance(token: Matched, name: float) -> float:
    distance = min(max(1.0 - token.cosine, 0.0), 1.0)
    if not token.occurs:
        distance *= 1 + (_NUMBER if token.number else name if token.name else 0.0)
    return min(distance, _MOST)
