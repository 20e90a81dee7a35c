"""How far an answer can be trusted: a calibrated confidence, and the verdict that follows from it.

The confidence is the probability that the first hit's passage answers the question, among questions half of which have
an answer there. It is a logistic function of three quantities that can be observed, with few weights, so that it holds
for other corpora. It was fitted by benchmarks/evidence/calibration.py on many sets of questions against these
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
    ``margin`` is by what share of its score it is above the next passage and document: what answers stands out.
    ``cosine`` is the best of any passage. ``lacks`` says that the question has a number, date, identifier or name that
    the passage does not have, or that the passage says nothing below its heading.
    """

    mismatch: float
    margin: float
    cosine: float
    lacks: bool = False


@dataclass(frozen=True, slots=True)
class Weights:
    """The coefficients of the logistic function."""

    bias: float
    mismatch: float
    margin: float
    cosine: float
    far: float
    """The weight of how far the best cosine is below .4: there, no passage is about anything like the question."""


WITH_TOKENS = Weights(bias=4.33, mismatch=-9.16, margin=6.03, cosine=1.79, far=-7.92)
WITHOUT_TOKENS = Weights(bias=-0.69, mismatch=-4.13, margin=6.52, cosine=6.24, far=-9.10)
"""For encoders without token vectors: a word is matched or not."""
BY_WORDS = Weights(bias=25.3, mismatch=-27.0, margin=8.8, cosine=0.0, far=0.0)
"""For questions in letters that the encoder does not read: only words tell. Fitted to xquad_ru, zh, ar and hi (see
docs/decisions/words-decide-what-the-encoder-does-not-read.md)."""

ANSWERED = 0.5
"""From this confidence on the verdict is *answered*: an answer is more likely than not."""
UNSURE = 0.45
"""The most confidence in a passage that lacks a number, date, identifier or name of the question: it is *weak* at most.
It may say the number in another way (a dozen), which only a reader sees."""
ABSENT = 0.07
"""Below this confidence the verdict is *absent*, or *unknown* where something could not be searched. Of the answerable
questions of sets left out, at most three in a hundred are below, and of the English ones on the two articles; with .1
seven of these, for a twentieth more of the questions from other fields."""

_OTHER, _NAME, _NUMBER = 0.15, 0.45, 1.15
"""By what share the distance of a word, name or number grows where it does not occur in the passage: to an encoder, one
name is much like another. The result is flat here: with half of it for names and numbers the loss grows by .001."""
_MOST = 1.2
_NEAR = 0.4
_POWER = 4
"""The exponent of the mean: one word that is not there outweighs many that are."""


@dataclass(frozen=True, slots=True)
class Matched:
    """A token of the question: its weight, its best cosine with a token of the passage, and facts about its word.

    ``occurs`` says whether that word is in the passage, nearly at least; ``name`` that it is one.
    """

    weight: float
    cosine: float
    occurs: bool
    number: bool = False
    name: bool = False


def mismatch(tokens: Sequence[Matched]) -> float:
    """How badly a question is matched: 0 where every token matches fully.

    It is the fourth root of the weighted mean of the tokens' distances to the fourth power.
    """
    total = sum(token.weight for token in tokens)
    if not total:
        return 0.0
    powers = ((token.weight, _distance(token) ** _POWER) for token in tokens)
    return float((sum(weight * power for weight, power in powers) / total) ** (1 / _POWER))


def confidence(evidence: Evidence, weights: Weights) -> float:
    """Between 0 and 1: the probability that the first hit's passage answers the question."""
    return capped(sigmoid(logit(evidence, weights)), evidence)


def capped(confidence: float, evidence: Evidence) -> float:
    """The confidence, lowered where the passage lacks a number or name of the question."""
    return min(confidence, UNSURE) if evidence.lacks else confidence


def logit(evidence: Evidence, weights: Weights) -> float:
    """The logarithm of the odds that the first hit's passage answers the question."""
    return float(sum(weight * value for weight, value in zip(astuple(weights), features(evidence), strict=True)))


def features(evidence: Evidence) -> tuple[float, ...]:
    """The values that the weights are multiplied with, in the order of ``Weights``."""
    far = max(0.0, _NEAR - evidence.cosine)
    return 1.0, evidence.mismatch, evidence.margin, evidence.cosine, far


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


def _distance(token: Matched) -> float:
    distance = min(max(1.0 - token.cosine, 0.0), 1.0)
    if not token.occurs:
        distance *= 1 + (_NUMBER if token.number else _NAME if token.name else _OTHER)
    return min(distance, _MOST)
