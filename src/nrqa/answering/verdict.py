"""How far an answer may be believed: a calibrated confidence, and the verdict that follows from it.

The confidence is the probability that the first hit's passage answers the question, where as many questions have an
answer on top as not: a logistic function of four things that can be observed, with few weights so that it holds for
other corpora. It was fitted by benchmarks/evidence/calibration.py on seven sets of questions against three kinds of
negatives: questions from other fields, questions whose document was hidden from the index, and questions with a name or
number swapped for another one of the corpus. Its error rates on sets that were left out stand in benchmarks/README.md.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass

from nrqa.records import Verdict


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for and against the first hit; all lie between 0 and 1, or nearly.

    ``mismatch`` is how badly the words of the question are matched in its passage, the worst ones above all;
    ``margin`` its score above the mean of the next ten, since a passage that answers stands out; ``cosine`` the best
    of any passage; ``foreignness`` how finely the encoder cuts the question's words.
    """

    mismatch: float
    margin: float
    cosine: float
    foreignness: float


@dataclass(frozen=True, slots=True)
class Weights:
    """The coefficients of the logistic function."""

    bias: float
    mismatch: float
    margin: float
    cosine: float
    far: float
    """Of what the best cosine lacks to .3: below, no passage is about anything like the question."""
    foreignness: float


WITH_TOKENS = Weights(bias=7.46, mismatch=-16.90, margin=11.98, cosine=0.61, far=-15.14, foreignness=1.36)
WITHOUT_TOKENS = Weights(bias=2.56, mismatch=-7.98, margin=7.01, cosine=6.39, far=0.0, foreignness=0.94)
"""For encoders without token vectors: a word is matched or not."""

ANSWERED = 0.5
"""From here on: answered. More likely than not."""
ABSENT = 0.05
"""Below: absent, or unknown where something could not be searched. With .1, two or three answerable questions in a
hundred would be called absent instead of one, for a tenth more of those from other fields."""

_NAME, _NUMBER = 0.4, 0.5
"""How much farther off a name or number counts where it does not occur in the passage: to an encoder one is much like
another. With less, fewer swapped names are noticed; with more, more questions from other fields are believed."""
_CAPITALS = 3
"""Where a third of the words begin with a capital (German nouns), capitals tell nothing, and names count as words."""
_MOST = 1.2
_NEAR = 0.3
_POWER = 4
"""The exponent of the mean: one word that is not there outweighs many that are."""


@dataclass(frozen=True, slots=True)
class Matched:
    """A token of the question: its weight, its best cosine with a token of the passage, and what word it is of.

    ``occurs`` says whether that word is in the passage; a ``name`` begins with a capital but not the question.
    """

    weight: float
    cosine: float
    occurs: bool
    number: bool = False
    name: bool = False


def mismatch(tokens: Sequence[Matched], names: float) -> float:
    """How badly a question is matched: 0 where each token is; the fourth root of the weighted mean of fourth powers.

    ``names`` is the share of the question's words that look like names.
    """
    total = sum(token.weight for token in tokens)
    if not total:
        return 0.0
    name = _NAME * max(0.0, 1 - _CAPITALS * names)
    powers = ((token.weight, _distance(token, name) ** _POWER) for token in tokens)
    return float((sum(weight * power for weight, power in powers) / total) ** (1 / _POWER))


def confidence(evidence: Evidence, weights: Weights) -> float:
    """Between 0 and 1: the probability that the first hit's passage answers the question."""
    return sigmoid(logit(evidence, weights))


def logit(evidence: Evidence, weights: Weights) -> float:
    """The logarithm of the odds."""
    return float(sum(weight * value for weight, value in zip(astuple(weights), features(evidence), strict=True)))


def features(evidence: Evidence) -> tuple[float, ...]:
    """What each of the weights is multiplied with, in their order."""
    far = max(0.0, _NEAR - evidence.cosine)
    return 1.0, evidence.mismatch, evidence.margin, evidence.cosine, far, evidence.foreignness


def sigmoid(odds: float) -> float:
    """The probability whose log odds these are."""
    return 1 / (1 + math.exp(-max(-700.0, min(odds, 700.0))))


def verdict(confidence: float, *, complete: bool) -> Verdict:
    """What the confidence comes to; ``complete`` says that everything in the corpus was searchable."""
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
