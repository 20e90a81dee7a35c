"""The public functions, as a program calls them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import nrqa
from fakes import FakeEncoder
from nrqa.errors import QuestionError

SHIPS = "Twelve ships lie in the harbour tonight."
QUESTION = "how many ships lie in the harbour"


@pytest.fixture
def opened(corpus: Path, index: Path, fake: FakeEncoder) -> nrqa.Index:
    (corpus / "ships.txt").write_text(f"Ships\n\n{SHIPS}\n")
    (corpus / "trains.txt").write_text("Trains leave for the border every hour.\n")
    nrqa.reindex(corpus, index, encoder=fake)
    return nrqa.Index.open(index, encoder=fake)


def test_a_hit_says_its_text_and_place(opened: nrqa.Index) -> None:
    hit = opened.ask(QUESTION).hits[0]
    assert hit.text == hit.passage.text
    assert hit.place == hit.passage.citation.place
    assert hit.place.startswith("ships.txt:")


def test_a_citation_is_shown_however_it_is_given(opened: nrqa.Index, index: Path) -> None:
    hit = opened.ask(QUESTION).hits[0]
    for citation in (hit.place, hit, hit.passage, hit.passage.citation):
        for where in (opened, index):
            shown = nrqa.show(citation, where, around=0)
            assert shown.passages == (hit.passage,)
    with pytest.raises(QuestionError, match=r"The citation is 3; give a text"):
        nrqa.show(3, index)  # type: ignore[arg-type]


def test_a_program_verifies_and_asks_why_not(opened: nrqa.Index, index: Path) -> None:
    cited = nrqa.export(opened.ask(QUESTION), "markdown", opened)
    verified = nrqa.verify("note.md", index=opened, data=cited.encode())
    assert verified.counts["intact"] > 0
    assert nrqa.why_not(QUESTION, "trains.txt", opened, k=1).document == "trains.txt"
    assert nrqa.status(index).documents == nrqa.status(opened).documents == 2
    assert nrqa.doctor(index).documents == 2


def test_what_is_given_as_bytes_is_not_rewritten(opened: nrqa.Index) -> None:
    with pytest.raises(QuestionError, match="cannot be updated"):
        nrqa.verify("note.md", index=opened, data=b"ships.txt:3", update=True)


@pytest.mark.parametrize("form", ["markdown", "csv", "bibtex", "ris", "csl-json", "jsonl", "json", "text"])
def test_an_answer_is_exported_in_each_format(opened: nrqa.Index, form: str) -> None:
    answer = opened.ask(QUESTION)
    written = nrqa.export(answer, form, opened)
    assert "ships" in written
    if form == "json":
        assert json.loads(written) == answer.to_dict()
    if form == "text":
        assert written == str(answer)


def test_another_format_is_refused_with_those_that_there_are(opened: nrqa.Index) -> None:
    with pytest.raises(QuestionError, match=r"'pdf' is no format\. Known are: text, json"):
        nrqa.export(opened.ask(QUESTION), "pdf", opened)


def test_standing_questions_come_change_and_go(opened: nrqa.Index, corpus: Path, fake: FakeEncoder) -> None:
    one = nrqa.add_standing(QUESTION, opened)
    assert nrqa.add_standing(QUESTION, opened).number == one.number
    assert nrqa.standing(opened).changed == 0
    (corpus / "ships.txt").unlink()
    nrqa.reindex(corpus, opened.folder, encoder=fake)
    assert nrqa.standing(opened, accept=True).changed == 1
    assert nrqa.standing(opened).changed == 0
    nrqa.remove_standing(one.number, opened)
    assert nrqa.list_standing(opened) == ()
