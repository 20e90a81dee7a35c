from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nrqa import late
from nrqa.codebook import read_codebook, shipped, write_codebook
from nrqa.encoder.protocol import Encoder
from nrqa.late import Codebook


def test_the_one_shipped_fits_the_default_model(encoder: Encoder) -> None:
    codebook = shipped(encoder.model.fingerprint)
    assert codebook is not None
    pieces, centroids, size = codebook.centroids.shape
    assert (pieces, centroids) == (late.PIECES, late.CENTROIDS)
    assert pieces * size == encoder.model.token_width
    tokens = encoder.encode_passages(["NATO was established in 1949 as a defence alliance of twelve states."]).tokens[0]
    decoded = late.similarities(
        late.tables(codebook, tokens.vectors), np.insert(late.encode(codebook, tokens.vectors), 0, 0, axis=1)
    )
    assert float(np.diag(decoded).min()) > 0.6
    assert float(np.diag(decoded).mean()) > 0.7


def test_none_is_shipped_for_another_model() -> None:
    assert shipped("another-fingerprint") is None


def test_what_was_trained_is_read_as_it_was_written(tmp_path: Path) -> None:
    tokens = np.random.default_rng(1).normal(size=(500, 64)).astype(np.float32)
    codebook = late.train(tokens / np.linalg.norm(tokens, axis=1, keepdims=True))
    write_codebook(tmp_path / "codebook.npy", codebook)
    found = read_codebook(tmp_path / "codebook.npy")
    assert found is not None
    np.testing.assert_array_equal(found.centroids, codebook.centroids)


@pytest.mark.parametrize("shape", [(32, 256), (32, 255, 2), (256,), (32, 256, 2, 1)])
def test_an_array_of_another_shape_is_no_codebook(tmp_path: Path, shape: tuple[int, ...]) -> None:
    write_codebook(tmp_path / "codebook.npy", Codebook(np.zeros(shape, np.float32)))
    assert read_codebook(tmp_path / "codebook.npy") is None


def test_a_codebook_with_what_is_no_number_is_damaged(tmp_path: Path) -> None:
    write_codebook(tmp_path / "codebook.npy", Codebook(np.full((4, 256, 2), np.nan, np.float32)))
    assert read_codebook(tmp_path / "codebook.npy") is None


def test_a_missing_an_empty_and_a_foreign_file_are_no_codebook(tmp_path: Path) -> None:
    assert read_codebook(tmp_path / "nowhere.npy") is None
    for content in (b"", b"no array", b"PK\x03\x04", b"\x80\x04]."):
        (tmp_path / "codebook.npy").write_bytes(content)
        assert read_codebook(tmp_path / "codebook.npy") is None


@pytest.mark.filterwarnings("ignore:Reading `.npy`:UserWarning")
@given(st.integers(0, 127), st.integers(0, 255), st.integers(0, 2000))
def test_whatever_is_damaged_in_the_header_it_is_a_codebook_or_none(
    tmp_path_factory: pytest.TempPathFactory, at: int, byte: int, cut: int
) -> None:
    file = tmp_path_factory.getbasetemp() / "codebook.npy"
    write_codebook(file, Codebook(np.zeros((4, 256, 2), np.float32)))
    data = bytearray(file.read_bytes())
    data[at] = byte
    file.write_bytes(data)
    found = read_codebook(file)
    assert found is None or found.centroids.shape[1] == 256
    file.write_bytes(data[:cut])
    assert read_codebook(file) is None
