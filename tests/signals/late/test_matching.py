"""How questions match passages, against the definition written out slowly."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from nrqa.signals.late.coding import CENTROIDS, Codebook, Coded
from nrqa.signals.late.matching import (
    FAR_DISCOUNT,
    MOST_SENTENCES,
    OUTSIDE_SENTENCE_DISCOUNT,
    Tables,
    matches_nearby,
    score,
    sentence_scores,
    similarities,
    tables,
)

Floats = NDArray[np.float32]

WIDTH, EMBEDDING, DIMENSIONS, PIECES, VOCABULARY = 6, 5, 4, 3, 300


def _numbers(seed: int, *shape: int) -> Floats:
    return np.asarray(np.random.default_rng(seed).normal(scale=0.3, size=shape), np.float32)


def _unit(seed: int, count: int, width: int = WIDTH) -> Floats:
    found = _numbers(seed, count, width)
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), np.float32)


TABLE = _numbers(77, VOCABULARY, EMBEDDING)


def _codebook(seed: int) -> Codebook:
    rotation, _ = np.linalg.qr(_numbers(seed + 1, WIDTH, WIDTH))
    return Codebook(
        _numbers(seed, WIDTH),
        _numbers(seed + 2, EMBEDDING, WIDTH),
        _numbers(seed + 3, DIMENSIONS, WIDTH),
        np.asarray(rotation, np.float32),
        _numbers(seed + 4, PIECES, CENTROIDS, WIDTH // PIECES),
        2,
    )


def _tables(seed: int, question: Floats) -> Tables:
    return tables(_codebook(seed), question, TABLE)


def _passage(seed: int, labels: list[int]) -> Coded:
    """Random codes of tokens whose sentences are given."""
    dice = np.random.default_rng(seed)
    codes = dice.integers(0, 256, (len(labels), 3 + PIECES)).astype(np.uint8)
    ids = dice.integers(0, VOCABULARY, len(labels))
    codes[:, 0], codes[:, 1], codes[:, 2] = labels, ids & 255, ids >> 8
    return Coded(codes, _unit(seed, 1, DIMENSIONS)[0])


def _decoded(codebook: Codebook, passage: Coded) -> Floats:
    """The vectors that the codes stand for, one after another."""
    found = []
    for code in passage.codes.tolist():
        rest = np.concatenate([piece[at] for piece, at in zip(codebook.centroids, code[3:], strict=True)])
        embedding = TABLE[code[1] + 256 * code[2]].astype(np.float32)
        predicted = codebook.offset + embedding @ codebook.by_type + passage.vector @ codebook.by_passage
        found.append(predicted + codebook.rotation @ rest)
    return np.array(found, np.float32).reshape(-1, WIDTH)


def _best_in(matches: Floats, at: int) -> float:
    return float(matches[:, at].max()) if len(matches) else -np.inf


def _slow_score(codebook: Codebook, question: Floats, weights: Floats, passage: Coded) -> float:
    """``score`` of one passage as its docstring defines it."""
    if not len(passage.codes):
        return 0.0
    matches = _decoded(codebook, passage) @ question.T
    sentences = sorted(set(passage.codes[:, 0].tolist()) - {0})
    everywhere = [_best_in(matches, at) for at in range(len(question))]
    if not sentences:
        return float(np.dot(everywhere, weights))
    scores = []
    for sentence in sentences:
        own = matches[passage.codes[:, 0] == sentence]
        scores.append(
            sum(
                weights[at] * max(_best_in(own, at), everywhere[at] - OUTSIDE_SENTENCE_DISCOUNT)
                for at in range(len(question))
            )
        )
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
    question, weights = _unit(seed, asked), _weights(seed, asked)
    passages = [_passage(seed + at, one) for at, one in enumerate(labels)]
    expected = [_slow_score(_codebook(seed), question, weights, one) for one in passages]
    np.testing.assert_allclose(score(_tables(seed, question), weights, passages), expected, atol=1e-5)


@given(st.integers(0, 10_000), st.integers(1, 5), PASSAGES)
def test_a_score_does_not_depend_on_the_other_passages(seed: int, asked: int, labels: list[list[int]]) -> None:
    question, weights = _unit(seed, asked), _weights(seed, asked)
    passages = [_passage(seed + at, one) for at, one in enumerate(labels)]
    together = score(_tables(seed, question), weights, passages)
    alone = [score(_tables(seed, question), weights, [one])[0] for one in passages]
    np.testing.assert_allclose(together, alone, atol=1e-6)


@given(st.integers(0, 10_000), st.integers(1, 5), PASSAGES)
def test_a_score_lies_between_that_of_the_best_sentence_alone_and_that_of_all_tokens_alike(
    seed: int, asked: int, labels: list[list[int]]
) -> None:
    question, weights = _unit(seed, asked), _weights(seed, asked)
    for at, one in enumerate(labels):
        passage = _passage(seed + at, one)
        if not len(passage.codes):
            continue
        matches = similarities(_tables(seed, question), passage)
        whole = float(matches.max(axis=0) @ weights)
        alone = [float(matches[passage.codes[:, 0] == number].max(axis=0) @ weights) for number in set(one) - {0}]
        found = float(score(_tables(seed, question), weights, [passage])[0])
        assert max([*alone, whole - OUTSIDE_SENTENCE_DISCOUNT]) - 1e-5 <= found <= whole + 1e-5


def test_passages_of_one_sentence_without_tokens_and_with_a_title_only_are_scored() -> None:
    question, weights = _unit(1, 3), _weights(1, 3)
    passages = [_passage(1, []), _passage(2, [0, 0]), _passage(3, [1, 1, 1]), _passage(4, [MOST_SENTENCES] * 3)]
    expected = [_slow_score(_codebook(1), question, weights, one) for one in passages]
    assert expected[0] == 0.0
    np.testing.assert_allclose(score(_tables(1, question), weights, passages), expected, atol=1e-5)
    assert score(_tables(1, question), weights, []).shape == (0,)


def test_a_question_without_any_token_scores_nothing() -> None:
    nothing = _tables(1, np.empty((0, WIDTH), np.float32))
    found = score(nothing, np.empty(0, np.float32), [_passage(1, [0, 1]), _passage(1, [])])
    assert found.tolist() == [0, 0]


@given(st.integers(0, 10_000), st.integers(0, 6), st.integers(1, 4))
def test_similarities_are_the_products_with_the_decoded_vectors(seed: int, tokens: int, asked: int) -> None:
    question, passage = _unit(seed + 1, asked), _passage(seed, [1] * tokens)
    found = similarities(_tables(seed, question), passage)
    assert found.shape == (tokens, asked)
    expected = _decoded(_codebook(seed), passage) @ question.T
    np.testing.assert_allclose(found, expected, atol=1e-5)
    weights = _weights(seed, asked)
    best = matches_nearby(_tables(seed, question), weights, passage, 0.2)
    np.testing.assert_allclose(best, expected.max(axis=0) if tokens else np.zeros(asked), atol=1e-5)


@given(st.integers(0, 10_000), st.integers(1, 4), LABELS, st.integers(0, 2), st.floats(0, 1))
def test_matches_count_fully_only_beside_the_best_sentence(
    seed: int, asked: int, labels: list[int], title: int, lent: float
) -> None:
    question, weights, passage = _unit(seed, asked), _weights(seed, asked), _passage(seed, [0] * title + labels)
    found = matches_nearby(_tables(seed, question), weights, passage, lent)
    matches, at = similarities(_tables(seed, question), passage), passage.codes[:, 0]
    if not (at > 0).any():
        np.testing.assert_allclose(found, matches.max(axis=0) if len(at) else np.zeros(asked), atol=1e-6)
        return
    whole = matches.max(axis=0)
    numbers = sorted(set(at[at > 0].tolist()))
    own = [matches[at == one].max(axis=0) for one in numbers]
    best = int(np.argmax([np.maximum(one, whole - OUTSIDE_SENTENCE_DISCOUNT) @ weights for one in own]))
    context = matches[at == 0].max(axis=0, initial=-np.inf) - lent
    far = np.max(own, axis=0) - FAR_DISCOUNT
    expected = np.max([*own[max(0, best - 1) : best + 2], far, context], axis=0)
    np.testing.assert_allclose(found, expected, atol=1e-5)
    assert (found <= whole + 1e-6).all()


@given(st.integers(0, 10_000), st.integers(1, 4), LABELS, st.integers(0, 2))
def test_a_sentence_stands_on_what_comes_before_it_at_a_growing_discount(
    seed: int, asked: int, labels: list[int], title: int
) -> None:
    question, weights = _unit(seed, asked), _weights(seed, asked)
    passage = _passage(seed, [0] * title + labels)
    found = sentence_scores(_tables(seed, question), weights, passage, 4)
    matches = np.maximum(similarities(_tables(seed, question), passage), 0)
    for sentence in range(1, 5):
        total = 0.0
        for at in range(asked):
            lent: list[float] = [0.0]
            for match, label in zip(matches[:, at].tolist(), passage.codes[:, 0].tolist(), strict=True):
                # The title is as near to every sentence as the sentence before it.
                away = 1 if label == 0 else sentence - label
                lent += [match - away * OUTSIDE_SENTENCE_DISCOUNT] if away >= 0 else []
            total += float(weights[at]) * max(lent)
        assert float(found[sentence - 1]) == pytest.approx(total, abs=1e-5)


def test_a_sentence_is_not_helped_by_what_comes_after_it() -> None:
    question, weights = _unit(2, 2), _weights(2, 2)
    passage = _passage(2, [0, 1, 1, 2, 2, 3])
    before = sentence_scores(_tables(2, question), weights, Coded(passage.codes[:3], passage.vector), 1)
    np.testing.assert_allclose(sentence_scores(_tables(2, question), weights, passage, 3)[0], before[0], atol=1e-6)


def test_sentences_beyond_the_last_number_share_it() -> None:
    question, weights = _unit(1, 2), _weights(1, 2)
    labels: list[Any] = [*range(1, MOST_SENTENCES + 1), MOST_SENTENCES, MOST_SENTENCES]
    passage = _passage(1, labels)
    found = sentence_scores(_tables(1, question), weights, passage, MOST_SENTENCES)
    assert found.shape == (MOST_SENTENCES,)
    expected = _slow_score(_codebook(1), question, weights, passage)
    assert float(score(_tables(1, question), weights, [passage])[0]) == pytest.approx(expected, abs=1e-5)
