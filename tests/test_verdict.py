from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nrqa.verdict import ABSENT, ANSWERED, confidence, coverage, verdict

share = st.floats(0, 1)


@given(share, share, st.integers(0, 10**7))
def test_confidence_is_a_probability(cosine: float, covered: float, passages: int) -> None:
    assert 0 <= confidence(cosine, covered, passages) <= 1


@given(share, share, share, st.integers(1, 10**6))
def test_more_likeness_and_more_coverage_never_lower_it_and_more_passages_never_raise_it(
    cosine: float, more: float, covered: float, passages: int
) -> None:
    low, high = sorted((cosine, more))
    assert confidence(low, covered, passages) <= confidence(high, covered, passages)
    assert confidence(covered, low, passages) <= confidence(covered, high, passages)
    assert confidence(cosine, covered, passages) >= confidence(cosine, covered, passages * 10)


def test_absent_is_only_said_where_everything_was_searchable() -> None:
    assert verdict(ABSENT - 0.01, complete=True) == "absent"
    assert verdict(ABSENT - 0.01, complete=False) == "unknown"
    assert verdict(ABSENT, complete=False) == "weak"
    assert verdict(ANSWERED, complete=False) == "answered"


def test_coverage_is_a_share_by_weight() -> None:
    assert coverage({"a": 3.0, "b": 1.0}, {"a"}) == 0.75
    assert coverage({}, {"a"}) == 0.0
