from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from fakes import FakeEncoder
from nrqa.answering import calibration
from nrqa.answering.asking import Index
from nrqa.answering.calibration import Calibration, drifted, forget, read, write
from nrqa.errors import IndexDamagedError
from nrqa.indexing.reindexing import reindex

MODEST = Calibration(
    slope=0.5,
    intercept=-1.0,
    source="questions.jsonl",
    questions=100,
    passages=10,
    next_row=10,
    model="",
    corpus="",
    created="2026-01-01T00:00:00+00:00",
    errors={"0.1": {"refused": 0.01, "believed": 0.2}},
)


def filled(corpus: Path, index: Path, fake: FakeEncoder, passages: int = 8) -> Index:
    for at in range(passages):
        (corpus / f"{at}.txt").write_text(
            f"Harbour number {at} has {at + 3} cranes and a lighthouse of its own colour."
        )
    reindex(corpus, index, encoder=fake)
    return Index.open(index, encoder=fake)


def taught(index: Index) -> Calibration:
    manifest = index.snapshot.manifest
    return replace(MODEST, model=manifest.model.fingerprint, passages=manifest.passages, next_row=manifest.next_row)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    assert read(tmp_path) is None
    write(tmp_path, MODEST)
    assert read(tmp_path) == MODEST
    assert forget(tmp_path)
    assert not forget(tmp_path)
    assert read(tmp_path) is None


def test_a_damaged_file_is_an_error_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / calibration.FILE).write_text("{")
    with pytest.raises(IndexDamagedError, match="nrqa calibrate"):
        read(tmp_path)
    (tmp_path / calibration.FILE).write_text('{"format": 1, "slope": 1}')
    with pytest.raises(IndexDamagedError, match="delete the file"):
        read(tmp_path)
    (tmp_path / calibration.FILE).write_text(json.dumps({**MODEST.to_dict(), "format": 99}))
    assert read(tmp_path) is None


def test_an_index_asks_with_what_it_was_taught(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    opened = filled(corpus, index, fake)
    before = opened.ask("which harbour has cranes")
    write(index, taught(opened))
    after = opened.ask("which harbour has cranes")
    assert after.confidence != before.confidence
    assert [hit.score for hit in after.hits] == [hit.score for hit in before.hits]
    assert after.notices == ()


def test_what_was_learnt_with_another_encoder_is_left_alone(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    opened = filled(corpus, index, fake)
    before = opened.ask("which harbour has cranes")
    write(index, replace(taught(opened), model="another"))
    assert opened.ask("which harbour has cranes") == before


@pytest.mark.slow
def test_rebuilding_keeps_it_and_a_changed_corpus_is_told(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    opened = filled(corpus, index, fake)
    write(index, taught(opened))
    (corpus / "new.txt").write_text("Something new about harbours.")
    reindex(corpus, index, encoder=fake)
    assert opened.ask("which harbour").notices == ()
    for at in range(4):
        (corpus / f"more-{at}.txt").write_text(f"Something else, number {at}, about cranes.")
    reindex(corpus, index, encoder=fake)
    (notice,) = opened.ask("which harbour").notices
    assert "nrqa calibrate" in notice


def test_passages_that_went_are_drift_as_well() -> None:
    assert drifted(MODEST, 10, 10) is None
    assert drifted(MODEST, 10, 11) is None
    assert drifted(MODEST, 10, 14) == 0.4
    assert drifted(MODEST, 5, 10) == 0.5
