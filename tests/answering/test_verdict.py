from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from nrqa.answering.verdict import (
    ABSENT,
    ANSWERED,
    BY_WORDS,
    WITH_TOKENS,
    WITHOUT_TOKENS,
    Evidence,
    Matched,
    confidence,
    mismatch,
    verdict,
)

share = st.floats(0, 1)
evidences = st.builds(Evidence, share, share, share, share)
matched = st.builds(Matched, st.floats(0.01, 1), st.floats(-1, 1), st.booleans(), st.booleans(), st.booleans())


@given(evidences)
def test_confidence_is_a_probability(evidence: Evidence) -> None:
    for one in (WITH_TOKENS, WITHOUT_TOKENS, BY_WORDS):
        assert 0 <= confidence(evidence, one) <= 1


@given(evidences, share)
def test_what_speaks_for_a_hit_never_lowers_it_and_what_speaks_against_it_never_raises_it(
    evidence: Evidence, other: float
) -> None:
    for one in (WITH_TOKENS, WITHOUT_TOKENS, BY_WORDS):
        low, high = sorted((evidence.margin, other))
        assert confidence(replace(evidence, margin=low), one) <= confidence(replace(evidence, margin=high), one)
        low, high = sorted((evidence.cosine, other))
        assert confidence(replace(evidence, cosine=low), one) <= confidence(replace(evidence, cosine=high), one)
        low, high = sorted((evidence.mismatch, other))
        assert confidence(replace(evidence, mismatch=low), one) >= confidence(replace(evidence, mismatch=high), one)


def test_absent_is_only_said_where_everything_was_searchable() -> None:
    assert verdict(ABSENT - 0.01, complete=True) == "absent"
    assert verdict(ABSENT - 0.01, complete=False) == "unknown"
    assert verdict(ABSENT, complete=False) == "weak"
    assert verdict(ANSWERED, complete=False) == "answered"


def test_what_occurs_word_for_word_is_no_mismatch() -> None:
    assert mismatch([Matched(0.7, 1.0, occurs=True), Matched(0.3, 1.0, occurs=True)]) == 0.0
    assert mismatch([]) == 0.0


def test_one_word_far_off_outweighs_several_that_are_a_little_off() -> None:
    far = [Matched(1.0, 1.0, occurs=True)] * 4 + [Matched(1.0, 0.2, occurs=False)]
    near = [Matched(1.0, 0.84, occurs=False)] * 5
    assert mismatch(far) > 2 * mismatch(near)


def test_a_name_or_number_that_does_not_occur_is_worse_than_another_word() -> None:
    def off(*, occurs: bool = False, number: bool = False, name: bool = False) -> float:
        return mismatch([Matched(1.0, 0.5, occurs, number, name)])

    assert off(number=True) > off(name=True) > off() > off(occurs=True)
    assert off(occurs=True, number=True) == off(occurs=True)


@given(st.lists(matched, min_size=1, max_size=6))
def test_mismatch_is_a_mean(tokens: list[Matched]) -> None:
    assert 0 <= mismatch(tokens) <= 1.21
    assert abs(mismatch(tokens * 2) - mismatch(tokens)) < 1e-9
