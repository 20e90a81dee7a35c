"""A cross-encoder is loaded from this machine alone, and stops when its time is over."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import small_models
from nrqa.encoder.cross_encoder import CrossEncoder, open_cross_encoder
from nrqa.errors import EncoderError


@pytest.mark.slow
def test_it_says_how_well_passages_go_with_a_question(tmp_path: Path) -> None:
    folder = small_models.cross_encoder(tmp_path)
    reader = open_cross_encoder(str(folder))
    passages = [
        "the bread of russia",
        "the summit of nato",
        "river was founded in the alliance",
        "what is a summit",
    ] * 3
    scores = reader.read("who was in russia", passages, 60)
    assert len(scores) == len(passages)
    assert all(0 <= one <= 1 for one in scores)
    assert min(scores[1::2]) > 0.7
    assert max(scores[::2]) < 0.3
    assert open_cross_encoder(str(folder)) is reader
    assert len(reader.fingerprint) == 64
    assert len(reader.read("who " * 5_000, ["the summit " * 5_000], 60)) == 1


@pytest.mark.slow
def test_other_models_are_refused_with_the_remedy(tmp_path: Path) -> None:
    sentences = small_models.sentence_model(tmp_path / "sentences")
    with pytest.raises(EncoderError, match=r"no cross-encoder.*--rerank"):
        open_cross_encoder(str(sentences))
    with pytest.raises(EncoderError, match=r"gives 3 numbers.*--rerank"):
        open_cross_encoder(str(small_models.cross_encoder(tmp_path / "three", labels=3)))
    foreign = small_models.cross_encoder(tmp_path / "foreign", labels=3)
    (foreign / "modules.json").write_text(json.dumps([{"type": "theirs.Model"}]))
    with pytest.raises(EncoderError, match="code of its own"):
        open_cross_encoder(str(foreign))
    broken = small_models.cross_encoder(tmp_path / "broken", labels=3)
    (broken / "model.safetensors").write_bytes(b"x")
    with pytest.raises(EncoderError, match="cannot load the cross-encoder"):
        open_cross_encoder(str(broken))


def test_what_is_not_on_this_machine_is_not_downloaded(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match=r"neither a folder nor in the Hub's cache.*hf download"):
        open_cross_encoder("cross-encoder/not-there")
    (tmp_path / "empty").mkdir()
    with pytest.raises(EncoderError, match="no model weights"):
        open_cross_encoder(str(tmp_path / "empty"))


class _Slow:
    """A model that takes its time."""

    def __init__(self, seconds: float, *, value: float = 0.0) -> None:
        self.seconds, self.value = seconds, value
        self.batches = 0

    def predict(self, pairs: list[Any], **_: Any) -> Any:
        self.batches += 1
        time.sleep(self.seconds)
        return np.full(len(pairs), self.value, np.float32)


def test_it_stops_when_its_time_is_over() -> None:
    slow = _Slow(0.2)
    began = time.monotonic()
    found = CrossEncoder("slow", "", slow).read("q", ["p"] * 20, 0.5)
    assert time.monotonic() - began < 1
    assert len(found) % 4 == 0
    assert 4 <= len(found) < 20
    time.sleep(0.4)
    assert slow.batches <= 4  # it does not go on reading for nobody
    assert CrossEncoder("stuck", "", _Slow(5)).read("q", ["p"], 0.05) == []


def test_scores_that_are_none_are_an_error() -> None:
    with pytest.raises(EncoderError, match=r"cannot read this question.*--rerank"):
        CrossEncoder("nan", "", _Slow(0, value=float("nan"))).read("q", ["p"], 5)
