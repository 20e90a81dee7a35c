"""Token vectors in few bytes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from nrqa.signals.late.coding import CENTROIDS, PIECES, Codebook, Coded, Kept, encode, ids_of, train
from nrqa.signals.late.matching import similarities, tables

Floats = NDArray[np.float32]

WIDTH, EMBEDDING, DIMENSIONS, VOCABULARY = 64, 48, 32, 500
TABLE = np.random.default_rng(7).normal(size=(VOCABULARY, EMBEDDING)).astype(np.float32)


def _unit(values: Floats) -> Floats:
    return np.asarray(values / np.linalg.norm(values, axis=1, keepdims=True), np.float32)


def _kept(seed: int, count: int, *, width: int = WIDTH, table: bool = True) -> Kept:
    """Tokens of passages of twenty, whose vectors are half of what they are and where they stand, half of chance."""
    dice = np.random.default_rng(seed)
    ways = np.random.default_rng(8)
    by_type, by_passage = ways.normal(size=(EMBEDDING, width)), ways.normal(size=(DIMENSIONS, width))
    ids, owners = dice.integers(0, VOCABULARY, count), np.arange(count) // 20
    passages = _unit(dice.normal(size=(count // 20 + 1, DIMENSIONS)).astype(np.float32))
    told = TABLE[ids].astype(np.float32) @ by_type / EMBEDDING + passages[owners] @ by_passage / DIMENSIONS**0.5
    vectors = _unit((told + dice.normal(size=(count, width)) * told.std()).astype(np.float32))
    return Kept(vectors, ids, owners, passages, TABLE if table else None)


def _products(codebook: Codebook, kept: Kept) -> Floats:
    """Of each token's vector with what its code stands for."""
    codes = np.insert(encode(codebook, kept), 0, 1, axis=1)
    found = []
    for owner in sorted(set(kept.owners.tolist())):
        its = np.flatnonzero(kept.owners == owner)
        asked = tables(codebook, kept.vectors[its], kept.table)
        found.append(np.diag(similarities(asked, Coded(codes[its], kept.passages[owner]))))
    return np.concatenate(found)


def _without_passages(kept: Kept) -> Kept:
    return replace(kept, passages=np.zeros_like(kept.passages))


@pytest.mark.slow
@pytest.mark.parametrize("count", [1, 40, 256, 257, 900])
def test_training_on_the_same_tokens_gives_the_same_codebook_and_codes(count: int) -> None:
    kept = _kept(5, count)
    first, again = train(kept), train(kept)
    for name in ("offset", "by_type", "by_passage", "rotation", "centroids"):
        np.testing.assert_array_equal(getattr(first, name), getattr(again, name))
    assert first.centroids.shape == (PIECES, CENTROIDS, WIDTH // PIECES)
    codes = encode(first, kept)
    np.testing.assert_array_equal(codes, encode(again, kept))
    assert codes.shape == (count, first.size - 1)
    assert codes.dtype == np.uint8


def test_a_codebook_that_was_stored_in_half_precision_encodes_alike() -> None:
    kept = _kept(6, 700)
    codebook = train(kept)
    arrays = ("offset", "by_type", "by_passage", "rotation", "centroids")
    halved = {name: getattr(codebook, name).astype(np.float16).astype(np.float32) for name in arrays}
    np.testing.assert_array_equal(encode(codebook, kept), encode(replace(codebook, **halved), kept))


@pytest.mark.slow
@pytest.mark.parametrize("different", [1, 7, 60])
def test_few_different_tokens_have_the_same_codes_in_any_company(different: int) -> None:
    """k-means makes near copies of centroids; on one processor, rounding decided between them."""
    words = _kept(9, different)
    at = np.arange(600) % different
    kept = Kept(words.vectors[at], words.ids[at], np.zeros_like(at), words.passages[:1], TABLE)
    codebook = train(kept)
    squares = ((codebook.centroids[:, :, None] - codebook.centroids[:, None]) ** 2).sum(axis=3)
    far = codebook.centroids.max(axis=2) > 2
    for piece, apart in zip(squares, ~far, strict=True):
        near = piece[np.ix_(apart, apart)] + np.eye(apart.sum())
        assert near.min() > 1e-7
    codes = encode(codebook, kept)
    for some in (np.arange(different), np.arange(600)[::-1], np.arange(3)):
        part = Kept(kept.vectors[some], kept.ids[some], kept.owners[some], kept.passages, TABLE)
        np.testing.assert_array_equal(encode(codebook, part), codes[some])


def test_few_tokens_are_decoded_as_they_are() -> None:
    kept = _kept(7, 20)
    np.testing.assert_allclose(_products(train(kept), kept), 1, atol=0.02)


@pytest.mark.slow
def test_what_is_predicted_from_the_type_and_from_the_passage_makes_codes_better() -> None:
    kept, other = _kept(9, 4000), _kept(10, 1000)
    both = _products(train(kept), other).mean()
    types = _products(train(_without_passages(kept)), _without_passages(other)).mean()
    passages = _products(train(replace(kept, table=None)), replace(other, table=None)).mean()
    assert both > max(types, passages) + 0.01
    neither = replace(_without_passages(kept), table=None), replace(_without_passages(other), table=None)
    assert min(types, passages) > _products(train(neither[0]), neither[1]).mean() + 0.005


@pytest.mark.parametrize(("vocabulary", "id_bytes"), [(500, 2), (1 << 16, 2), ((1 << 16) + 1, 3)])
def test_the_number_of_a_token_is_read_back(vocabulary: int, id_bytes: int) -> None:
    kept = replace(_kept(3, 300), table=np.zeros((vocabulary, 2), np.float32))
    kept = replace(kept, ids=np.random.default_rng(1).integers(0, vocabulary, 300))
    codebook = train(kept)
    assert codebook.id_bytes == id_bytes
    codes = np.insert(encode(codebook, kept), 0, 9, axis=1)
    np.testing.assert_array_equal(ids_of(codes, codebook.id_bytes), kept.ids)


def test_an_encoder_without_embeddings_has_its_tokens_told_by_the_passage_alone() -> None:
    kept = _kept(4, 600, table=False)
    codebook = train(kept)
    assert codebook.by_type.shape == (0, WIDTH)
    codes = np.insert(encode(codebook, kept), 0, 0, axis=1)
    np.testing.assert_array_equal(ids_of(codes, codebook.id_bytes), kept.ids)
    assert _products(codebook, kept).mean() > 0.5


@pytest.mark.slow
def test_the_rotation_turns_and_does_not_stretch() -> None:
    rotation = train(_kept(2, 2000)).rotation
    np.testing.assert_allclose(rotation @ rotation.T, np.eye(WIDTH), atol=2e-3)


@pytest.mark.parametrize(("width", "pieces"), [(384, 16), (768, 16), (100, 10), (31, 1), (34, 2)])
def test_a_codebook_has_as_many_pieces_as_divide_the_width(width: int, pieces: int) -> None:
    kept = _kept(8, 10, width=width)
    codebook = train(kept)
    assert codebook.pieces == pieces
    assert encode(codebook, kept).shape == (10, codebook.id_bytes + pieces)


def test_tokens_that_are_all_alike_and_no_tokens_at_all_are_no_obstacle() -> None:
    kept = _kept(1, 400)
    alike = replace(kept, vectors=np.repeat(kept.vectors[:1], 400, axis=0))
    codebook = train(alike)
    assert np.isfinite(codebook.centroids).all()
    nothing = Kept(np.empty((0, WIDTH), np.float32), np.empty(0, np.int64), np.empty(0, np.int64), kept.passages, TABLE)
    assert encode(codebook, nothing).shape == (0, codebook.size - 1)
