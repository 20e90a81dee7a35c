"""Fitting the confidence, and measuring how good it is."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.stats import rankdata

from nrqa.answering import verdict
from nrqa.evaluation.verdict_cases import Case

Values = NDArray[np.float64]

SHARES = {"hidden": 1.0, "swapped": 1.0, "outside": 1.0, "unanswerable": 1.0, "gibberish": 0.5}
"""What each kind of negatives counts, where there are any. Wrong first hits count each like a hidden one."""
_UNTIDY = 0.2
"""What untidy questions are for of those whose first hit is right."""
_DECAY = 1e-3
_BINS = 10


def features(found: Sequence[Case]) -> Values:
    """One row for each case: what the weights are multiplied with, the bias first."""
    return np.array([verdict.features(one.evidence) for one in found])


def probability(features: Values, weights: Values) -> Values:
    return np.asarray(1 / (1 + np.exp(-(features @ weights))))


def balanced(found: Sequence[Case]) -> Values:
    """What each case counts, so that right first hits weigh as much as all else together; each side adds up to 1."""
    kinds = np.array([one.kind for one in found])
    right = np.array([one.right for one in found])
    shares = np.zeros(len(found))
    for kind, share in SHARES.items():
        among = kinds == kind
        if among.any():
            shares[among] = share / among.sum()
    untidy = kinds == "untidy"
    shares[((kinds == "answerable") | untidy) & ~right] = shares[kinds == "hidden"].mean()
    shares /= shares.sum()
    parts = ((right & untidy, _UNTIDY), (right & ~untidy, 1 - _UNTIDY))
    for among, share in parts:
        shares[among] = share / max(1, among.sum())
    shares[right] /= shares[right].sum()
    return shares


def fitted(sets: Sequence[Sequence[Case]]) -> Values:
    """The weights of a logistic regression, every set counting the same; the bias first."""
    x = np.concatenate([features(one) for one in sets])
    y = np.concatenate([[case.right for case in one] for one in sets]).astype(float)
    share = np.concatenate([balanced(one) for one in sets]) / len(sets) / 2
    mean, scale = x.mean(axis=0), x.std(axis=0) + 1e-9
    mean[0], scale[0] = 0.0, 1.0
    z = (x - mean) / scale

    def loss(weights: Values) -> tuple[float, Values]:
        odds = z @ weights
        decay = np.r_[0.0, weights[1:]]
        gradient = z.T @ (share * (1 / (1 + np.exp(-odds)) - y)) + 2 * _DECAY * decay
        return float(share @ (np.logaddexp(0, odds) - y * odds) + _DECAY * decay @ decay), gradient

    weights = minimize(loss, np.zeros(x.shape[1]), jac=True, method="L-BFGS-B").x / scale
    weights[0] -= weights[1:] @ mean[1:]
    return np.asarray(weights)


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """How often a positive one has the higher value, ties counting half (Mann and Whitney)."""
    ranks = rankdata([*positive, *negative])[: len(positive)]
    return float((ranks.sum() - len(positive) * (len(positive) + 1) / 2) / (len(positive) * len(negative)))


def calibration_error(sure: Values, right: NDArray[np.bool_], share: Values) -> float:
    """Expected calibration error over ten bins of equal weight (Naeini et al., AAAI 2015)."""
    order = np.argsort(sure, kind="stable")
    sure, hit, share = sure[order], right[order].astype(float), share[order]
    place = np.minimum((np.cumsum(share) / share.sum() * _BINS - 1e-9).astype(int), _BINS - 1)
    total = 0.0
    for at in range(_BINS):
        among = (place == at) & (share > 0)
        if among.any():
            weight = share[among]
            total += weight.sum() * abs(
                np.average(sure[among], weights=weight) - np.average(hit[among], weights=weight)
            )
    return float(total / share.sum())


def risk(sure: Values, right: NDArray[np.bool_], share: Values) -> dict[str, float]:
    """The share of wrong first hits among the surest half, three quarters, and all."""
    order = np.argsort(-sure, kind="stable")
    covered = np.cumsum(share[order]) / share.sum()
    wrong = np.cumsum(share[order] * ~right[order]) / np.cumsum(share[order])
    return {
        f"{part}%": float(wrong[min(int(np.searchsorted(covered, part / 100)), len(wrong) - 1)])
        for part in (50, 75, 100)
    }
