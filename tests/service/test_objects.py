"""The objects that faces share, beside the records' own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fakes import FakeEncoder
from nrqa.answering.asking import Index
from nrqa.answering.contents import contents
from nrqa.answering.inspecting import Place, show
from nrqa.auditing import standing
from nrqa.citations.line import parse_line
from nrqa.errors import QuestionError
from nrqa.indexing.reindexing import reindex
from nrqa.service.objects import (
    added_question,
    answer_with_citations,
    contents_object,
    error_object,
    shown_with_citations,
    standing_questions,
)


@pytest.fixture
def built(corpus: Path, index: Path, fake: FakeEncoder) -> Index:
    (corpus / "ships.txt").write_text("Nation: Norway\n\nTwelve ships lie in the harbour tonight.\n")
    (corpus / "trains.txt").write_text("Trains leave for the border every hour.\n")
    reindex(corpus, index, encoder=fake)
    return Index.open(index, encoder=fake)


def test_an_error_is_its_class_and_its_message() -> None:
    assert error_object(QuestionError("There is none.")) == {
        "error": {"type": "QuestionError", "message": "There is none."}
    }


def test_each_hit_of_an_answer_has_a_citation_that_is_read_back(built: Index) -> None:
    answer = built.ask("how many ships lie in the harbour")
    found = answer_with_citations(answer, built.snapshot)
    assert json.loads(json.dumps(found))["verdict"] == answer.verdict
    for hit, given in zip(answer.hits, found["hits"], strict=True):
        cited = parse_line(given["cite"])
        assert cited is not None
        assert cited.document == hit.passage.citation.document
        assert given["annotation"]["type"] == "Annotation"
        assert given["text"] == hit.passage.text


def test_a_shown_passage_has_its_citations(built: Index, index: Path) -> None:
    shown = show(Place("trains.txt", lines=(1, 1)), index)
    found = shown_with_citations(shown, built.snapshot)
    assert {**found, "citations": []} == {**shown.to_dict(), "citations": []}
    assert [parse_line(one["cite"]).document for one in found["citations"]] == ["trains.txt"]  # type: ignore[union-attr]


def test_contents_hold_what_was_asked_for(built: Index, index: Path) -> None:
    there = contents(index)
    documents = contents_object(there, documents=True, facets=False)
    facets = contents_object(there, documents=False, facets=True)
    assert not documents.keys() & facets.keys()
    assert contents_object(there, documents=True, facets=True) == documents | facets
    assert built.snapshot.manifest.documents == 2


def test_standing_questions_are_listed_as_they_were_added(built: Index, index: Path, fake: FakeEncoder) -> None:
    assert built.snapshot.manifest.generation == 1
    one, is_new = standing.add("how many ships", index, encoder=fake)
    added = added_question(one, is_new=is_new)
    assert added["added"] is True
    (listed,) = standing_questions(standing.listed(index))["questions"]
    assert listed | {"added": True} == added
