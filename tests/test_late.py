"""The late signal against its own definition, written out slowly."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from fakes import tokens_of
from nrqa import late
from nrqa.encoder.protocol import Encoder
from nrqa.late import LENT, MOST_SENTENCES, Codebook

Floats = NDArray[np.float32]
Codes = NDArray[np.uint8]

WIDTH = 6


def _unit(seed: int, count: int, width: int = WIDTH) -> Floats:
    found = np.random.default_rng(seed).normal(size=(count, width)).astype(np.float32)
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), np.float32)


def _codebook(seed: int, pieces: int = 3) -> Codebook:
    dice = np.random.default_rng(seed)
    return Codebook(dice.normal(size=(pieces, late.CENTROIDS, WIDTH // pieces)).astype(np.float32))


def _decoded(codebook: Codebook, codes: Codes) -> Floats:
    """The vectors that the codes stand for, sentence number left out, with unit length."""
    found = [
        np.concatenate([piece[at] for piece, at in zip(codebook.centroids, one[1:], strict=True)]) for one in codes
    ]
    together = np.array(found, np.float32).reshape(-1, WIDTH)
    return np.asarray(together / np.linalg.norm(together, axis=1, keepdims=True), np.float32)


def _passage(seed: int, labels: list[int], pieces: int = 3) -> Codes:
    """Random codes of tokens whose sentences are given."""
    codes = np.random.default_rng(seed).integers(0, 256, (len(labels), pieces + 1)).astype(np.uint8)
    codes[:, 0] = labels
    return codes


def _best_in(matches: Floats, at: int) -> float:
    return float(matches[:, at].max()) if len(matches) else -np.inf


def _slow_score(codebook: Codebook, question: Floats, weights: Floats, codes: Codes) -> float:
    """``late.score`` of one passage as its docstring defines it."""
    if not len(codes):
        return 0.0
    matches = _decoded(codebook, codes) @ question.T
    sentences = sorted(set(codes[:, 0].tolist()) - {0})
    everywhere = [_best_in(matches, at) for at in range(len(question))]
    if not sentences:
        return float(np.dot(everywhere, weights))
    scores = []
    for sentence in sentences:
        own = matches[codes[:, 0] == sentence]
        scores.append(sum(weights[at] * max(_best_in(own, at), everywhere[at] - LENT) for at in range(len(question))))
    return float(max(scores))


# As passages are read: title and [CLS] first, then sentence by sentence, [SEP] last.
LABELS = st.lists(st.integers(1, 4), max_size=8).map(sorted)
PASSAGES = st.lists(
    st.tuples(st.integers(0, 3), LABELS, st.integers(0, 1)).map(lambda one: [0] * one[0] + one[1] + [0] * one[2]),
    max_size=6,
)


def _weights(seed: int, count: int) -> Floats:
    raw = np.random.default_rng(seed).random(count).astype(np.float32) + np.float32(0.01)
    return np.asarray(raw / raw.sum(), np.float32)


@given(st.integers(0, 10_000), st.integers(1, 5), PASSAGES)
def test_the_score_is_that_of_the_slow_definition(seed: int, asked: int, labels: list[list[int]]) -> None:
    codebook, question, weights = _codebook(seed), _unit(seed, asked), _weights(seed, asked)
    passages = [_passage(seed + at, one) for at, one in enumerate(labels)]
    expected = [_slow_score(codebook, question, weights, one) for one in passages]
    np.testing.assert_allclose(late.score(late.tables(codebook, question), weights, passages), expected, atol=1e-5)


@given(st.integers(0, 10_000), st.integers(1, 5), PASSAGES)
def test_a_score_does_not_depend_on_the_other_passages(seed: int, asked: int, labels: list[list[int]]) -> None:
    codebook, question, weights = _codebook(seed), _unit(seed, asked), _weights(seed, asked)
    passages = [_passage(seed + at, one) for at, one in enumerate(labels)]
    together = late.score(late.tables(codebook, question), weights, passages)
    alone = [late.score(late.tables(codebook, question), weights, [one])[0] for one in passages]
    np.testing.assert_allclose(together, alone, atol=1e-6)


@given(st.integers(0, 10_000), st.integers(1, 5), PASSAGES)
def test_a_score_lies_between_that_of_the_best_sentence_alone_and_that_of_all_tokens_alike(
    seed: int, asked: int, labels: list[list[int]]
) -> None:
    codebook, question, weights = _codebook(seed), _unit(seed, asked), _weights(seed, asked)
    for at, one in enumerate(labels):
        codes = _passage(seed + at, one)
        if not len(codes):
            continue
        matches = late.similarities(late.tables(codebook, question), codes)
        whole = float(matches.max(axis=0) @ weights)
        alone = [float(matches[codes[:, 0] == number].max(axis=0) @ weights) for number in set(one) - {0}]
        found = float(late.score(late.tables(codebook, question), weights, [codes])[0])
        assert max([*alone, whole - LENT]) - 1e-5 <= found <= whole + 1e-5


def test_passages_of_one_sentence_without_tokens_and_with_a_title_only_are_scored() -> None:
    codebook, question, weights = _codebook(1), _unit(1, 3), _weights(1, 3)
    passages = [_passage(1, []), _passage(2, [0, 0]), _passage(3, [1, 1, 1]), _passage(4, [MOST_SENTENCES] * 3)]
    expected = [_slow_score(codebook, question, weights, one) for one in passages]
    assert expected[0] == 0.0
    np.testing.assert_allclose(late.score(late.tables(codebook, question), weights, passages), expected, atol=1e-5)
    assert late.score(late.tables(codebook, question), weights, []).shape == (0,)


@given(st.integers(0, 10_000), st.integers(0, 6), st.integers(1, 4))
def test_similarities_are_the_cosines_of_the_decoded_vectors(seed: int, tokens: int, asked: int) -> None:
    codebook, question = _codebook(seed), _unit(seed + 1, asked)
    codes = _passage(seed, [1] * tokens)
    found = late.similarities(late.tables(codebook, question), codes)
    assert found.shape == (tokens, asked)
    np.testing.assert_allclose(found, _decoded(codebook, codes) @ question.T, atol=1e-5)


@pytest.mark.parametrize("count", [1, 40, 256, 257, 900])
def test_training_on_the_same_tokens_gives_the_same_codebook_and_codes(count: int) -> None:
    tokens = _unit(5, count, 64)
    first, again = late.train(tokens), late.train(tokens)
    np.testing.assert_array_equal(first.centroids, again.centroids)
    assert first.centroids.shape == (late.PIECES, late.CENTROIDS, 2)
    codes = late.encode(first, tokens)
    np.testing.assert_array_equal(codes, late.encode(again, tokens))
    assert codes.shape == (count, late.PIECES)
    assert codes.dtype == np.uint8


def test_a_codebook_that_was_stored_in_half_precision_encodes_alike() -> None:
    tokens = _unit(6, 700, 64)
    codebook = late.train(tokens)
    stored = Codebook(codebook.centroids.astype(np.float16).astype(np.float32))
    np.testing.assert_array_equal(late.encode(codebook, tokens), late.encode(stored, tokens))


def test_each_token_gets_the_centroids_nearest_to_it() -> None:
    codebook, tokens = _codebook(3), _unit(4, 50)
    pieces = tokens.reshape(50, 3, 1, 2)
    nearest = ((codebook.centroids[None] - pieces) ** 2).sum(axis=3).argmin(axis=2)
    np.testing.assert_array_equal(late.encode(codebook, tokens), nearest)


def test_few_tokens_are_decoded_as_they_are() -> None:
    tokens = _unit(7, 20, 64)
    codebook = late.train(tokens)
    matches = late.similarities(late.tables(codebook, tokens), np.insert(late.encode(codebook, tokens), 0, 0, axis=1))
    np.testing.assert_allclose(np.diag(matches), 1, atol=1e-3)


@pytest.mark.parametrize(("width", "pieces"), [(384, 32), (768, 32), (100, 25), (31, 31), (37, 1)])
def test_a_codebook_has_as_many_pieces_as_divide_the_width(width: int, pieces: int) -> None:
    codebook = late.train(_unit(8, 10, width))
    assert codebook.pieces == pieces
    assert late.encode(codebook, _unit(9, 3, width)).shape == (3, pieces)


def test_tokens_that_are_all_alike_and_no_tokens_at_all_are_no_obstacle() -> None:
    codebook = late.train(np.repeat(_unit(1, 1, 64), 400, axis=0))
    assert np.isfinite(codebook.centroids).all()
    assert late.encode(codebook, np.empty((0, 64), np.float32)).shape == (0, late.PIECES)


def _bools(*values: int) -> NDArray[np.bool_]:
    return np.array(values, bool)


@given(st.lists(st.tuples(st.integers(0, 50), st.booleans(), st.booleans()), min_size=1), st.integers(1, 40))
def test_token_weights_add_up_to_one_whatever_the_question_is(
    tokens: list[tuple[int, bool, bool]], passages: int
) -> None:
    occurrences = np.array([count for count, _, _ in tokens], np.int64)
    words, whole = _bools(*(one and not two for _, one, two in tokens)), _bools(*(two for _, _, two in tokens))
    weights = late.token_weights(occurrences, passages, words, whole)
    assert float(weights.sum()) == pytest.approx(1, abs=1e-5)
    assert (weights >= 0).all()


def test_rare_words_weigh_more_punctuation_nothing_and_what_stands_for_the_whole_a_fixed_share() -> None:
    # [CLS] the reindeer , a ghost ? [SEP]
    occurrences = np.array([90, 80, 3, 70, 60, 0, 20, 90], np.int64)
    words, whole = _bools(0, 1, 1, 0, 1, 1, 0, 0), _bools(1, 0, 0, 0, 0, 0, 0, 1)
    cls, the, reindeer, comma, a, ghost, mark, sep = late.token_weights(occurrences, 90, words, whole).tolist()
    assert ghost > reindeer > a > the > 0
    assert comma == mark == 0
    assert cls == sep == pytest.approx(0.3 * ghost)


def test_in_a_question_of_punctuation_alone_all_tokens_count() -> None:
    weights = late.token_weights(np.array([9, 1, 0, 9]), 9, _bools(0, 0, 0, 0), _bools(1, 0, 0, 1))
    assert weights[1] == weights[2] > weights[0] == weights[3] > 0


def test_a_question_without_any_token_scores_nothing() -> None:
    nothing = np.empty(0, np.int64)
    weights = late.token_weights(nothing, 9, _bools(), _bools())
    assert weights.shape == (0,)
    found = late.score(
        late.tables(_codebook(1), np.empty((0, WIDTH), np.float32)), weights, [_passage(1, [0, 1]), _passage(1, [])]
    )
    assert found.tolist() == [0, 0]


def test_punctuation_is_left_out_and_what_stands_for_the_whole_is_kept() -> None:
    text = "NATO, founded: 1949 (北约)…"
    spans = np.vstack([[(0, 0)], tokens_of(text).spans, [(0, 0)]])
    kept = spans[late.wanted(text, spans)].tolist()
    assert [text[start:end] for start, end in kept] == ["", "NATO", "founded", "1949", "北约", ""]
    words = spans[late.words_of(text, spans)].tolist()
    assert [text[start:end] for start, end in words] == ["NATO", "founded", "1949", "北约"]


@given(st.integers(0, 10_000), st.integers(1, 4), LABELS, st.integers(0, 2))
def test_a_sentence_stands_on_what_comes_before_it_at_a_growing_discount(
    seed: int, asked: int, labels: list[int], title: int
) -> None:
    codebook, question, weights = _codebook(seed), _unit(seed, asked), _weights(seed, asked)
    codes = _passage(seed, [0] * title + labels)
    found = late.sentence_scores(late.tables(codebook, question), weights, codes, 4)
    matches = np.maximum(late.similarities(late.tables(codebook, question), codes), 0)
    for sentence in range(1, 5):
        total = 0.0
        for at in range(asked):
            lent: list[float] = [0.0]
            for match, label in zip(matches[:, at].tolist(), codes[:, 0].tolist(), strict=True):
                # The title is as near to every sentence as the sentence before it.
                away = 1 if label == 0 else sentence - label
                lent += [match - away * LENT] if away >= 0 else []
            total += float(weights[at]) * max(lent)
        assert float(found[sentence - 1]) == pytest.approx(total, abs=1e-5)


def test_a_sentence_is_not_helped_by_what_comes_after_it() -> None:
    codebook, question, weights = _codebook(2), _unit(2, 2), _weights(2, 2)
    codes = _passage(2, [0, 1, 1, 2, 2, 3])
    before = late.sentence_scores(late.tables(codebook, question), weights, codes[:3], 1)
    assert late.sentence_scores(late.tables(codebook, question), weights, codes, 3)[0] == before[0]


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
    assert least <= late.tokens_a_word(text, spans) <= most


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
    assert late.tokens_a_word(text, np.array(spans, np.int64)) == expected


def test_sentences_beyond_the_last_number_share_it() -> None:
    codebook, question, weights = _codebook(1), _unit(1, 2), _weights(1, 2)
    labels: list[Any] = [*range(1, MOST_SENTENCES + 1), MOST_SENTENCES, MOST_SENTENCES]
    codes = _passage(1, labels)
    found = late.sentence_scores(late.tables(codebook, question), weights, codes, MOST_SENTENCES)
    assert found.shape == (MOST_SENTENCES,)
    assert float(late.score(late.tables(codebook, question), weights, [codes])[0]) == pytest.approx(
        _slow_score(codebook, question, weights, codes), abs=1e-5
    )
