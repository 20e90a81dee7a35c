"""Which tokens count, and how much."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from fakes import tokens_of
from nrqa.encoder.protocol import Encoder
from nrqa.signals.late.token_weights import token_weights, tokens_per_word, wanted, with_foreign, words_of


def _bools(*values: int) -> NDArray[np.bool_]:
    return np.array(values, bool)


@given(st.lists(st.tuples(st.integers(0, 50), st.booleans(), st.booleans()), min_size=1), st.integers(1, 40))
def test_token_weights_add_up_to_one_whatever_the_question_is(
    tokens: list[tuple[int, bool, bool]], passages: int
) -> None:
    occurrences = np.array([count for count, _, _ in tokens], np.int64)
    words, whole = _bools(*(one and not two for _, one, two in tokens)), _bools(*(two for _, _, two in tokens))
    weights = token_weights(occurrences, passages, words, whole)
    assert float(weights.sum()) == pytest.approx(1, abs=1e-5)
    assert (weights >= 0).all()


def test_rare_words_weigh_more_punctuation_nothing_and_what_stands_for_the_whole_a_fixed_share() -> None:
    # [CLS] the reindeer , a ghost ? [SEP]
    occurrences = np.array([90, 80, 3, 70, 60, 0, 20, 90], np.int64)
    words, whole = _bools(0, 1, 1, 0, 1, 1, 0, 0), _bools(1, 0, 0, 0, 0, 0, 0, 1)
    cls, the, reindeer, comma, a, ghost, mark, sep = token_weights(occurrences, 90, words, whole).tolist()
    assert ghost > reindeer > a > the > 0
    assert comma == mark == 0
    assert cls == sep == pytest.approx(0.3 * ghost)


def test_common_words_of_a_language_that_no_document_is_in_weigh_less_than_its_rare_ones() -> None:
    # der Hafen und NATO, of which the documents have only the last
    occurrences, ids = np.array([0, 0, 0, 7], np.int64), np.array([122, 84_000, 165, 16_232], np.int64)
    found = with_foreign(occurrences, ids, 100)
    assert found.tolist() == pytest.approx([100, 0.6, 100, 7], abs=0.01)
    der, hafen, und, nato = token_weights(found, 100, _bools(1, 1, 1, 1), _bools(0, 0, 0, 0)).tolist()
    assert hafen > nato > 4 * der
    assert der == und > 0


def test_the_further_back_in_the_vocabulary_the_rarer_a_foreign_token_is() -> None:
    ids = np.array([0, 1, 600, 5_000, 250_000], np.int64)
    found = with_foreign(np.zeros(5, np.int64), ids, 1000).tolist()
    assert found == sorted(found, reverse=True)
    assert found[0] == 1000
    assert found[3] == 100
    assert found[4] < 3


def test_in_a_question_of_punctuation_alone_all_tokens_count() -> None:
    weights = token_weights(np.array([9, 1, 0, 9]), 9, _bools(0, 0, 0, 0), _bools(1, 0, 0, 1))
    assert weights[1] == weights[2] > weights[0] == weights[3] > 0


def test_punctuation_is_left_out_and_what_stands_for_the_whole_is_kept() -> None:
    text = "NATO, founded: 1949 (北约)…"
    spans = np.vstack([[(0, 0)], tokens_of(text).spans, [(0, 0)]])
    kept = spans[wanted(text, spans)].tolist()
    assert [text[start:end] for start, end in kept] == ["", "NATO", "founded", "1949", "北约", ""]
    words = spans[words_of(text, spans)].tolist()
    assert [text[start:end] for start, end in words] == ["NATO", "founded", "1949", "北约"]


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("Who founded the alliance of the western countries?", 1.0, 1.0),
        ("Überraschende Entscheidungen des Bundesverfassungsgerichts", 2.5, 9.0),
        ("北约为什么反对", 5.0, 9.0),
        ("well-known half-truths", 1.0, 1.5),
        ("?!", 1.0, 1.0),
        ("", 1.0, 1.0),
    ],
)
def test_words_that_the_encoder_does_not_know_are_cut_into_many_tokens(
    encoder: Encoder, text: str, least: float, most: float
) -> None:
    spans = encoder.encode_questions([text]).tokens[0].spans
    assert least <= tokens_per_word(text, spans) <= most


@pytest.mark.parametrize(
    ("text", "spans", "expected"),
    [
        ("one two", [(0, 3), (3, 7)], 1.0),  # the space belongs to the second token
        ("one two", [(0, 3), (3, 4), (4, 7)], 1.0),  # or is one of its own
        ("北约", [(0, 1), (0, 1), (0, 1), (1, 2), (1, 2), (1, 2)], 6.0),  # bytes
        ("e\u0301te\u0301s", [(0, 1), (2, 4), (5, 6)], 3.0),  # accents left out
        ("its-own", [(0, 3), (3, 4), (4, 7)], 1.0),
    ],
)
def test_words_are_told_apart_however_the_tokenizer_counts(
    text: str, spans: list[tuple[int, int]], expected: float
) -> None:
    assert tokens_per_word(text, np.array(spans, np.int64)) == expected


def test_a_question_without_any_token_has_no_weights() -> None:
    assert token_weights(np.empty(0, np.int64), 9, _bools(), _bools()).shape == (0,)


def test_counts_that_cannot_be_give_weights_all_the_same() -> None:
    counts = np.array([-5, -(2**40), 2**40, 3], np.int64)  # a damaged index
    weights = token_weights(counts, 9, _bools(1, 1, 1, 1), _bools(0, 0, 0, 0))
    assert np.isfinite(weights).all()
    assert weights.sum() == pytest.approx(1)
