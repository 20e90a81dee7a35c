from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

import project
from nrqa.answering.asking import Index
from nrqa.answering.calibration import read
from nrqa.errors import QuestionSetError
from nrqa.evaluation.calibrating import calibrate, known_items

QUESTIONS = project.TESTS / "questions.jsonl"


@pytest.mark.slow
def test_judged_questions_move_the_confidence_and_tell_its_errors(own_index: Path) -> None:
    before = Index.open(own_index).ask("why does Russia oppose missile defense").confidence
    found = calibrate(own_index, QUESTIONS)
    assert read(own_index) == found
    assert found.source == "questions.jsonl"
    refused = [one["refused"] for one in found.errors.values()]
    believed = [one["believed"] for one in found.errors.values()]
    assert refused == sorted(refused)
    assert believed == sorted(believed, reverse=True)
    assert Index.open(own_index).ask("why does Russia oppose missile defense").confidence != before


@pytest.mark.slow
def test_made_questions_tell_errors_and_leave_the_confidence_alone(own_index: Path) -> None:
    before = Index.open(own_index).ask("why does Russia oppose missile defense").confidence
    found = calibrate(own_index)
    assert (found.slope, found.intercept) == (1.0, 0.0)
    assert found.questions > 50
    assert found.errors["0.1"]["refused"] < 0.2
    assert Index.open(own_index).ask("why does Russia oppose missile defense").confidence == pytest.approx(before)


def test_made_questions_are_found_where_they_were_made(own_index: Path) -> None:
    snapshot = Index.open(own_index).snapshot
    for one in known_items(snapshot, random.Random(1)):
        (document,) = one.documents
        found = snapshot.document_named(document)
        assert found is not None
        assert any(one.answers(stored.passage) for stored in found[1])


def test_too_few_questions_are_refused(own_index: Path, tmp_path: Path) -> None:
    file = tmp_path / "few.jsonl"
    file.write_text(json.dumps({"question": "What is NATO?", "quotes": ["NATO"]}))
    with pytest.raises(QuestionSetError, match="20 questions"):
        calibrate(own_index, file)
    assert read(own_index) is None


@pytest.fixture
def own_index(articles_index: Path, tmp_path: Path) -> Path:
    """A copy of the articles' index, to be written to."""
    import shutil

    return Path(shutil.copytree(articles_index, tmp_path / "copy"))
