"""Models whose vectors all lie around one direction: what they have in common is taken off, everywhere alike."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from rich.console import Console

import nrqa
import small_models
from nrqa.answering.inspecting import status
from nrqa.encoder.converted.files import CENTRING, converted_folder
from nrqa.encoder.engines.gpu import GpuEngine, open_gpu
from nrqa.encoder.models import centring
from nrqa.encoder.models.centring import Centring, centre, measured, open_reference, read_centring, write_centring
from nrqa.encoder.models.location import locate
from nrqa.encoder.models.reference import ReferenceEncoder, describe, load
from nrqa.encoder.onnx_encoder import OnnxEncoder
from nrqa.encoder.opening import open_for_asking, open_for_indexing
from nrqa.encoder.protocol import Encoded, Encoder
from nrqa.health.examining import doctor
from nrqa.indexing.reindexing import reindex
from nrqa.rendering.index_state import render_status
from nrqa.settings import DEFAULT_MODEL

TEXTS = [
    "Who was the founder?",
    "The river is wide, and its water is cold.",
    "Bread 1949",
    "what is a summit of the alliance " * 12,
    "Zebras, x-rays & 77 yaks",
]


def _opened(folder: Path) -> Encoder:
    return open_for_indexing(str(folder), offline=True, announce=lambda _: None)


def _unrelated(vectors: NDArray[np.float32]) -> float:
    return float(np.median((vectors @ vectors.T)[np.triu_indices(len(vectors), 1)]))


def _agree(ours: Encoded, theirs: Encoded) -> None:
    np.testing.assert_allclose(ours.vectors, theirs.vectors, atol=1e-4)
    for one, other in zip(ours.tokens, theirs.tokens, strict=True):
        np.testing.assert_array_equal(one.ids, other.ids)
        np.testing.assert_allclose(one.vectors, other.vectors, atol=1e-4)


@pytest.mark.slow
@pytest.mark.parametrize(("pooling", "dense"), [("mean", False), ("lasttoken", False), ("mean", True)])
def test_a_squeezed_model_is_spread_again_whatever_its_pooling(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pooling: str, *, dense: bool
) -> None:
    monkeypatch.setenv("NRQA_CACHE", str(tmp_path / "cache"))
    folder = small_models.sentence_model(tmp_path / "squeezed", pooling=pooling, squeeze=40, dense=dense)
    raw = load(folder).encode(TEXTS)
    assert _unrelated(raw) > 0.8
    found = _opened(folder)
    assert isinstance(found, OnnxEncoder)
    assert found.model.centred
    assert found.model.unrelated > 0.8
    encoded = found.encode_passages(TEXTS)
    # Not 0: even without what was added, a network drawn at random makes all texts alike (.6).
    assert _unrelated(encoded.vectors) < 0.5
    words = np.stack([one.vectors[len(one.ids) // 2] for one in encoded.tokens])
    assert _unrelated(words) < 0.5
    # All that runs the model gives the same: its conversion, and sentence-transformers with it or without.
    place = converted_folder(found.model.fingerprint)
    written = read_centring(place / CENTRING)
    assert written is not None
    _agree(open_reference("", folder, "", written).encode_passages(TEXTS), encoded)
    _agree(open_for_asking(found.model, announce=lambda _: None).encode_passages(TEXTS), encoded)
    monkeypatch.setenv("NRQA_CACHE", str(tmp_path / "empty"))
    again = open_reference("", folder, "")
    assert again.model.centred
    _agree(again.encode_passages(TEXTS), encoded)


@pytest.mark.slow
def test_a_card_takes_off_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NRQA_CACHE", str(tmp_path / "cache"))
    folder = small_models.sentence_model(tmp_path / "squeezed", squeeze=40)
    found = _opened(folder)
    place = converted_folder(found.model.fingerprint)
    monkeypatch.setattr("torch.cuda.is_available", lambda: True)
    monkeypatch.setattr("torch.cuda.is_bf16_supported", lambda: True)
    monkeypatch.setattr("torch.cuda.get_device_name", lambda: "none")
    monkeypatch.setattr("nrqa.encoder.engines.gpu.version", lambda _: "2.13.0+cu130")
    monkeypatch.setattr("torch.nn.Module.to", lambda module, *_: module)
    opened = open_gpu(folder, place)
    assert isinstance(opened, GpuEngine)
    opened._device = "cpu"
    ids = [[int(one) for one in ids] for ids, _ in found.tokens_of_passages(TEXTS)]
    vectors = np.concatenate([one for one, _ in opened.run([[its] for its in ids])])
    assert (vectors * found.encode_passages(TEXTS).vectors).sum(axis=1).min() > 0.999


@pytest.mark.slow
def test_a_model_that_is_spread_stays_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(centring, "_SQUEEZED", 0.999)
    folder = small_models.sentence_model(tmp_path)
    found = open_reference("", folder, "")
    assert not found.model.centred
    assert found.model.unrelated > 0.4
    np.testing.assert_allclose(found.encode_passages(TEXTS).vectors, load(folder).encode(TEXTS), atol=1e-5)


def test_the_default_model_is_known_to_be_spread() -> None:
    located = locate(DEFAULT_MODEL, offline=True)
    assert located.spread
    # Caches and the shipped codebook go by it.
    assert located.fingerprint == "b5c9b60c7a7a67a1c51b7aa526b044c25f8eb0219f85693f147a3b27adf45980"


def test_what_is_taken_off_is_written_and_read(tmp_path: Path) -> None:
    file = tmp_path / CENTRING
    assert read_centring(file) is None
    shift = np.arange(4, dtype=np.float32)
    write_centring(file, Centring(0.75, texts=shift))
    found = read_centring(file)
    assert found is not None
    assert found.unrelated == 0.75
    assert found.tokens is None
    assert found.texts is not None
    np.testing.assert_array_equal(found.texts, shift)
    file.write_bytes(file.read_bytes()[:100])
    assert read_centring(file) is None


@pytest.fixture(scope="module")
def squeezed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The default model, but all its vectors share a part three times as long as what tells them apart."""
    from safetensors.torch import load_file, save_file

    folder = tmp_path_factory.mktemp("squeezed") / "model"
    shutil.copytree(locate(DEFAULT_MODEL, offline=True).folder, folder)
    weights = load_file(folder / "model.safetensors")
    weights["encoder.layer.5.output.LayerNorm.bias"] += 14 * small_models.direction(384)
    (folder / "model.safetensors").unlink()
    save_file(weights, folder / "model.safetensors", {"format": "pt"})
    return folder


QUESTIONS = [
    "why does Russia oppose missile defense",
    "When was the NATO-Russia Council set up?",
    "What did the Founding Act say?",
    "Which countries joined the alliance in 1999?",
    "how do I bake sourdough bread",
    "What is the side effect of ibuprofen?",
    "zxcv qwerty plmokn",
    "Who won the world cup in 1998?",
]


@pytest.mark.slow
def test_the_default_model_squeezed_gives_the_same_answers_once_centred(
    squeezed: Path, articles: Path, articles_index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = [nrqa.ask(one, articles_index) for one in QUESTIONS]
    monkeypatch.setenv("NRQA_CACHE", str(tmp_path / "cache"))
    reindex(articles, tmp_path / "index", model=str(squeezed))
    found = [nrqa.ask(one, tmp_path / "index") for one in QUESTIONS]
    assert [one.verdict for one in found] == [one.verdict for one in expected]
    # The model has a mean of its own (.1), which is taken off with the rest: of two passages that are nearly as good,
    # the other one may be first.
    for ours, usual in zip(found, expected, strict=True):
        assert not usual.answers or usual.hits[0].passage in [one.passage for one in ours.hits[:3]]
    for ours, usual in zip(found, expected, strict=True):
        if usual.verdict == "answered":  # between, the confidence is steep, or capped
            assert ours.confidence == pytest.approx(usual.confidence, abs=0.15)
    told = status(tmp_path / "index")
    assert told.centred
    assert not status(articles_index).centred
    console = Console(width=200)
    with console.capture() as captured:
        console.print(render_status(told))
    assert "its vectors centred" in captured.get()
    assert any("are centred" in one.what and one.level == "note" for one in doctor(tmp_path / "index").findings)


@pytest.mark.slow
def test_what_centring_leaves_does_not_depend_on_what_was_shared(squeezed: Path) -> None:
    """The same vectors, whatever constant vector was in them: those of the model itself less their mean."""
    plain = locate(DEFAULT_MODEL, offline=True).folder
    ours = open_reference("", squeezed, "")
    loaded = load(plain)
    usual = measured(loaded, describe(loaded, "", plain, ""))
    assert usual.tokens is None
    assert usual.unrelated < 0.15
    shared = 14 * small_models.direction(384).numpy()
    squeezing = measured(load(squeezed), ours.model).tokens
    assert squeezing is not None
    centre(loaded, Centring(0, tokens=squeezing - shared))
    theirs = ReferenceEncoder(ours.model, loaded)
    _agree(ours.encode_passages(TEXTS), theirs.encode_passages(TEXTS))
