from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nrqa.encoder.protocol import Encoder
from nrqa.signals.codebook import ARRAYS, read_codebook, shipped, write_codebook
from nrqa.signals.late.coding import CENTROIDS, PIECES, Codebook, Coded, Kept, encode
from nrqa.signals.late.matching import similarities, tables


def _codebook(pieces: int = 4, width: int = 8) -> Codebook:
    flat = [np.zeros(shape, np.float32) for shape in ((width,), (5, width), (6, width))]
    centroids = np.zeros((pieces, CENTROIDS, width // pieces), np.float32)
    return Codebook(flat[0], flat[1], flat[2], np.eye(width, dtype=np.float32), centroids, 2)


def test_the_one_shipped_fits_the_default_model(encoder: Encoder) -> None:
    codebook = shipped(encoder.model.fingerprint)
    assert codebook is not None
    pieces, centroids, size = codebook.centroids.shape
    assert (pieces, centroids) == (PIECES, CENTROIDS)
    assert pieces * size == encoder.model.token_width
    encoded = encoder.encode_passages(["NATO was established in 1949 as a defence alliance of twelve states."])
    (tokens,) = encoded.tokens
    assert encoded.table is not None
    assert codebook.by_type.shape == (encoded.table.shape[1], encoder.model.token_width)
    owners = np.zeros(len(tokens.ids), np.int64)
    codes = encode(codebook, Kept(tokens.vectors, tokens.ids, owners, encoded.vectors, encoded.table))
    asked = tables(codebook, tokens.vectors, encoded.table)
    decoded = similarities(asked, Coded(np.insert(codes, 0, 0, axis=1), encoded.vectors[0]))
    # With 32 bytes a token and nothing predicted .6 was left of the squared length.
    assert float(np.diag(decoded).min()) > 0.5
    assert float(np.diag(decoded).mean()) > 0.65


def test_none_is_shipped_for_another_model() -> None:
    assert shipped("another-fingerprint") is None


def test_what_was_trained_is_read_as_it_was_written(tmp_path: Path) -> None:
    dice = np.random.default_rng(1)
    codebook = _codebook()
    filled = {name: dice.normal(size=getattr(codebook, name).shape).astype(np.float16) for name in ARRAYS}
    codebook = replace(codebook, **{name: array.astype(np.float32) for name, array in filled.items()})
    write_codebook(tmp_path / "codebook.npy", codebook)
    found = read_codebook(tmp_path / "codebook.npy")
    assert found is not None
    assert found.id_bytes == codebook.id_bytes
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(found, name), getattr(codebook, name))


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("centroids", (4, 255, 2)),
        ("centroids", (4, 256, 3)),
        ("centroids", (256,)),
        ("rotation", (8, 7)),
        ("by_type", (5, 9)),
        ("by_passage", (6,)),
        ("offset", (9,)),
    ],
)
def test_arrays_that_do_not_fit_together_are_no_codebook(tmp_path: Path, name: str, shape: tuple[int, ...]) -> None:
    changed = replace(_codebook(), **{name: np.zeros(shape, np.float32)})  # type: ignore[arg-type]
    write_codebook(tmp_path / "codebook.npy", changed)
    assert read_codebook(tmp_path / "codebook.npy") is None


@pytest.mark.parametrize("name", ARRAYS)
def test_a_codebook_with_what_is_no_number_is_damaged(tmp_path: Path, name: str) -> None:
    codebook = _codebook()
    array = np.full_like(getattr(codebook, name), np.nan)
    write_codebook(tmp_path / "codebook.npy", replace(codebook, **{name: array}))
    assert read_codebook(tmp_path / "codebook.npy") is None


def test_a_missing_an_empty_and_a_foreign_file_are_no_codebook(tmp_path: Path) -> None:
    assert read_codebook(tmp_path / "nowhere.npy") is None
    for content in (b"", b"no array", b"PK\x03\x04", b"\x80\x04]."):
        (tmp_path / "codebook.npy").write_bytes(content)
        assert read_codebook(tmp_path / "codebook.npy") is None


@pytest.mark.filterwarnings("ignore:Reading `.npy`:UserWarning")
@given(st.integers(0, 600), st.integers(0, 255), st.integers(0, 2000))
def test_whatever_is_damaged_in_the_headers_it_is_a_codebook_or_none(
    tmp_path_factory: pytest.TempPathFactory, at: int, byte: int, cut: int
) -> None:
    file = tmp_path_factory.getbasetemp() / "codebook.npy"
    write_codebook(file, _codebook())
    data = bytearray(file.read_bytes())
    data[at] = byte
    file.write_bytes(data)
    found = read_codebook(file)
    assert found is None or found.centroids.shape[1] == CENTROIDS
    file.write_bytes(data[:cut])
    assert read_codebook(file) is None
