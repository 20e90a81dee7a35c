"""The measures against numbers worked out by hand, and the laws of spans and intervals."""

from __future__ import annotations

import math
import random
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nrqa.errors import NrqaError
from nrqa.evaluation import measures
from nrqa.evaluation.measures import Stretch, bootstrap, covers, ranking, span_scores

stretches = st.lists(
    st.builds(lambda document, start, length: Stretch(document, start, start + length),
              st.sampled_from("ab"), st.integers(0, 40), st.integers(1, 20)),
    max_size=6,
)  # fmt: skip


def _characters(given_stretches: list[Stretch]) -> set[tuple[str, int]]:
    return {(one.document, at) for one in given_stretches for at in range(one.start, one.end)}


def test_ranking_measures_are_those_worked_out_by_hand() -> None:
    found = ranking(
        {"first": {"a": 1}, "third": {"a": 1, "b": 1}, "graded": {"a": 2, "b": 1}, "deep": {"a": 1}, "none": {"a": 1}},
        {
            "first": ["a", "x"],
            "third": ["x", "y", "a"],
            "graded": ["b", "a"],
            "deep": [*(f"x{rank}" for rank in range(49)), "a"],
        },
    )
    assert found["first"] == {"nDCG@10": 1, "MRR@10": 1, "hit@1": 1, "hit@5": 1, "Recall@100": 1}
    # One of two at rank 3: 1/log2(4), of 1/log2(2) + 1/log2(3).
    assert found["third"]["nDCG@10"] == pytest.approx(0.5 / (1 + 1 / math.log2(3)))
    assert found["third"]["MRR@10"] == pytest.approx(1 / 3)
    assert (found["third"]["hit@1"], found["third"]["hit@5"], found["third"]["Recall@100"]) == (0, 1, 0.5)
    gain = (1 + 2 / math.log2(3)) / (2 + 1 / math.log2(3))
    assert found["graded"]["nDCG@10"] == pytest.approx(gain)
    assert found["deep"] == {"nDCG@10": 0, "MRR@10": 0, "hit@1": 0, "hit@5": 0, "Recall@100": 1}
    assert found["none"] == {"nDCG@10": 0, "MRR@10": 0, "hit@1": 0, "hit@5": 0, "Recall@100": 0}


def test_the_first_of_equals_is_the_first_whatever_it_is_called() -> None:
    found = ranking({"q": {"z": 1}, "p": {"a": 1}}, {"q": ["z", "a"], "p": ["a", "z"]})
    assert [found[name]["hit@1"] for name in "qp"] == [1, 1]


def test_span_scores_by_hand_with_overlap_counted_once() -> None:
    gold = [Stretch("a", 0, 10), Stretch("b", 0, 10)]
    hits = [Stretch("a", 5, 25), Stretch("a", 15, 35), Stretch("c", 0, 10)]
    # 5 in common; 20 gold, 40 retrieved, 55 in either.
    assert span_scores(gold, hits) == pytest.approx((5 / 20, 5 / 40, 5 / 55))
    assert span_scores(gold, []) == (0, 0, 0)


@given(stretches, stretches)
def test_span_scores_are_shares_of_sets_of_characters(gold: list[Stretch], hits: list[Stretch]) -> None:
    wanted, got = _characters(gold), _characters(hits)
    common = len(wanted & got)
    expected = [common / len(whole) if whole else 0.0 for whole in (wanted, got, wanted | got)]
    recall, precision, iou = span_scores(gold, hits)
    assert [recall, precision, iou] == pytest.approx(expected)
    assert 0 <= iou <= min(recall, precision) <= 1


@given(stretches, stretches)
def test_more_hits_never_lower_the_recall(gold: list[Stretch], hits: list[Stretch]) -> None:
    recalls = [span_scores(gold, hits[:count])[0] for count in range(len(hits) + 1)]
    assert recalls == sorted(recalls)


@given(stretches.filter(bool))
def test_the_gold_itself_is_all_right(gold: list[Stretch]) -> None:
    assert span_scores(gold, gold) == (1, 1, 1)
    assert all(covers(one, gold) for one in gold)


def test_a_hit_covers_an_answer_only_where_it_holds_all_of_it() -> None:
    answers = [Stretch("a", 5, 10), Stretch("b", 0, 3)]
    assert covers(Stretch("a", 5, 10), answers)
    assert not covers(Stretch("a", 6, 12), answers)
    assert not covers(Stretch("c", 0, 99), answers)


def test_the_interval_is_that_of_the_mean_and_always_the_same() -> None:
    dice = random.Random(1)
    differences = [dice.gauss(0.1, 0.3) for _ in range(400)]
    low, high = bootstrap(differences)
    mean = sum(differences) / 400
    error = math.sqrt(sum((one - mean) ** 2 for one in differences) / 400 / 400)
    # The normal approximation is good at 400; resampling noise is a few hundredths of an error.
    assert low == pytest.approx(mean - 1.96 * error, abs=0.1 * error)
    assert high == pytest.approx(mean + 1.96 * error, abs=0.1 * error)
    assert (low, high) == bootstrap(differences)


@pytest.mark.slow
def test_the_interval_holds_the_true_mean_in_95_of_100_cases() -> None:
    dice = random.Random(2)
    held = 0
    for _ in range(200):
        low, high = bootstrap([dice.choice((-1.0, 0.0, 0.0, 1.0)) for _ in range(100)])
        held += low <= 0 <= high
    assert 180 <= held <= 199


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=30))
def test_the_interval_lies_within_the_differences(differences: list[float]) -> None:
    low, high = bootstrap(differences)
    assert min(differences) - 1e-9 <= low <= high <= max(differences) + 1e-9


def test_the_missing_library_is_named_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ir_measures", None)
    with pytest.raises(NrqaError, match=r"pip install 'nrqa\[eval\]'"):
        measures.require()
