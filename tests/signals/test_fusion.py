from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nrqa.signals import fusion


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 4)), unique_by=lambda pair: pair[0]), st.randoms())
def test_the_order_does_not_depend_on_how_the_candidates_come_in(pairs: list[tuple[int, int]], random: object) -> None:
    shuffled = list(pairs)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    def ordered(given: list[tuple[int, int]]) -> list[int]:
        rows = np.array([row for row, _ in given], np.int64)
        scores = np.array([score for _, score in given], np.float32)
        return [int(rows[at]) for at in fusion.order(rows, scores)]

    assert (
        ordered(pairs) == ordered(shuffled) == [row for row, _ in sorted(pairs, key=lambda pair: (-pair[1], pair[0]))]
    )


def test_a_blend_is_the_weighted_sum() -> None:
    signals = {"a": np.array([1.0, 0.0], np.float32), "b": np.array([0.5, 1.0], np.float32)}
    assert fusion.blend(signals, {"a": 0.25, "b": 0.5}).tolist() == [0.5, 0.5]


@given(st.floats(1, 20), st.floats(0, 1), st.floats(0, 1))
def test_the_less_an_encoder_reads_of_a_question_the_more_its_words_decide(
    tokens_per_word: float, one: float, other: float
) -> None:
    less, more = (
        fusion.weights_for(fusion.WEIGHTS, tokens_per_word, late=True, unread=unread) for unread in sorted((one, other))
    )
    assert sum(more.values()) == pytest.approx(1)
    assert more["lexical"] >= less["lexical"] - 1e-9
    assert more["late"] <= less["late"] + 1e-9


def test_a_question_that_is_read_is_ranked_as_if_nothing_were_unread() -> None:
    assert fusion.words_alone(0.3) == 0
    assert fusion.weights_for(fusion.WEIGHTS, 2.2, late=True, unread=0.3) == fusion.weights_for(
        fusion.WEIGHTS, 2.2, late=True
    )
    assert fusion.weights_for(fusion.WEIGHTS, 6.0, late=True, unread=1.0)["lexical"] > 0.8


@given(st.floats(1, 20), st.booleans())
def test_shares_add_up_to_one_and_words_the_encoder_does_not_know_lean_to_the_lexical_signal(
    tokens_per_word: float,
    late: bool,  # noqa: FBT001 - hypothesis gives it
) -> None:
    shares = fusion.weights_for(fusion.WEIGHTS, tokens_per_word, late=late)
    assert sum(shares.values()) == pytest.approx(1)
    assert set(shares) == {"dense", "lexical", *(["late"] if late else [])}
    known = fusion.weights_for(fusion.WEIGHTS, 1.0, late=late)
    assert shares["lexical"] >= known["lexical"]
    assert shares["dense"] <= known["dense"]
