"""Passages are encoded while later documents are read, and nothing of the outcome tells."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from threading import current_thread, main_thread

import numpy as np
import pytest

from fakes import DIMENSIONS, FakeEncoder
from nrqa.encoder.protocol import Encoded
from nrqa.index.local.snapshot import LocalSnapshot
from nrqa.indexing import early_encoding, embedding
from nrqa.indexing.reindexing import reindex
from nrqa.signals.late.coding import Kept, train


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small windows, and a codebook that is there before the first passage."""
    monkeypatch.setattr(early_encoding, "_WINDOW", 4)
    tokens = np.random.default_rng(0).normal(size=(300, DIMENSIONS)).astype(np.float32)
    codebook = train(Kept(tokens, np.arange(300), np.zeros(300, np.int64), tokens[:1], None))
    monkeypatch.setattr(embedding, "shipped", lambda _: codebook)


class _Watched(FakeEncoder):
    """Says which thread encodes, and fails in another than the first one, if it is to."""

    def __init__(self, error: type[BaseException] | None = None) -> None:
        super().__init__()
        self.reading = True
        self.ahead: list[str] = []
        self._error = error

    def encode_passages(self, texts: Sequence[str]) -> Encoded:
        if self.reading:
            if self._error:
                raise self._error
            self.ahead.extend(texts)
        return super().encode_passages(texts)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        if current_thread() is main_thread():
            time.sleep(0.002)  # reading takes its time
        return super().count_tokens(texts)


def _fill(corpus: Path, documents: int) -> None:
    for at in range(documents):
        text = "\n\n".join(f"Paragraph {one} of document {at} says what it says {at * one} times." for one in range(6))
        (corpus / f"document-{at:02}.txt").write_text(text)


def _sealing(monkeypatch: pytest.MonkeyPatch, encoder: _Watched) -> None:
    """From when all is read."""

    def embed(*words: object) -> tuple[int, int | None]:
        encoder.reading = False
        return embedding.embed(*words)  # type: ignore[arg-type]

    monkeypatch.setattr("nrqa.indexing.reindexing.embed", embed)


@pytest.mark.slow
def test_what_was_encoded_ahead_is_not_encoded_again(
    corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fill(corpus, 20)
    encoder = _Watched()
    _sealing(monkeypatch, encoder)
    report = reindex(corpus, index, encoder=encoder)
    assert encoder.ahead
    assert len(encoder.encoded) == len(set(encoder.encoded)) == report.passages_embedded == report.passages_total
    plain = reindex(corpus, index.with_name("plain"), encoder=FakeEncoder())
    assert plain.passages_total == report.passages_total
    ours, theirs = (LocalSnapshot.newest(place) for place in (index, index.with_name("plain")))
    for one, other in zip(ours.vector_parts, theirs.vector_parts, strict=True):
        whole = np.arange(len(one.rows))
        np.testing.assert_array_equal(one.restored(whole), other.restored(whole))
    assert not list(index.glob("tmp-*"))


@pytest.mark.slow
def test_only_new_passages_are_encoded_ahead(corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _fill(corpus, 10)
    reindex(corpus, index, encoder=FakeEncoder())
    for file in corpus.iterdir():
        file.write_text(file.read_text() + "\n\nAnd this is new in " + file.name + ", a whole paragraph of it.")
    encoder = _Watched()
    _sealing(monkeypatch, encoder)
    report = reindex(corpus, index, encoder=encoder)
    assert len(encoder.encoded) == len(set(encoder.encoded)) == report.passages_embedded <= 20


@pytest.mark.slow
@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_a_failure_while_reading_leaves_the_work_to_be_done_afterwards(
    corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
) -> None:
    _fill(corpus, 20)
    encoder = _Watched(error)
    _sealing(monkeypatch, encoder)
    report = reindex(corpus, index, encoder=encoder)
    assert len(encoder.encoded) == report.passages_embedded == report.passages_total


@pytest.mark.slow
def test_a_run_that_is_stopped_while_reading_keeps_what_was_encoded(corpus: Path, index: Path) -> None:
    _fill(corpus, 20)
    encoder = _Watched()

    def stop(stage: str, done: int, _: int) -> None:
        if stage == "reading" and done == 15:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reindex(corpus, index, encoder=encoder, progress=stop)
    assert encoder.ahead
    again = FakeEncoder()
    report = reindex(corpus, index, encoder=again)
    assert report.passages_embedded == report.passages_total - len(set(encoder.ahead))
    assert not set(again.encoded) & set(encoder.ahead)
