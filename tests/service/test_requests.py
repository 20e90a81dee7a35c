"""Requests from outside."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from fakes import FakeEncoder
from nrqa.answering.asking import Index
from nrqa.auditing import standing
from nrqa.auditing.replaying import keep
from nrqa.citations.line import cite_line
from nrqa.errors import IndexMissingError, NrqaError, QuestionError
from nrqa.indexing.reindexing import reindex
from nrqa.service.desk import Desk
from nrqa.service.requests import VERBS, answer, checked, from_words, verb_named

SHIPS = "Twelve ships lie in the harbour tonight."


@pytest.fixture
def desk(corpus: Path, index: Path, fake: FakeEncoder) -> Desk:
    (corpus / "ships.md").write_text(f"---\nnation: Norway\n---\n\n{SHIPS}\n")
    (corpus / "trains.txt").write_text("Trains leave for the border every hour.\n")
    reindex(corpus, index, encoder=fake)
    return Desk(index, index=Index.open(index, encoder=fake))


def good_requests(desk: Desk, folder: Path) -> dict[str, dict[str, Any]]:
    """A request for each verb that can be answered."""
    found = desk.index.ask("how many ships lie in the harbour")
    keep(desk.index, found, folder / "receipt.json", k=5)
    cited = cite_line(found.hits[0].passage)
    return {
        "search": {"question": "how many ships lie in the harbour", "k": 1, "where": {"nation": "Norway"}},
        "show": {"citation": "trains.txt:1", "around": 0, "cite": True},
        "verify": {"text": f"Ships: {cited}\n"},
        "check": {"text": f'He wrote: "{SHIPS}"\n', "words": 2},
        "why_not": {"question": "how many ships lie in the harbour", "document": "trains.txt"},
        "replay": {"receipt": json.loads((folder / "receipt.json").read_text("utf-8"))},
        "add_standing": {"question": "when do trains leave"},
        "remove_standing": {"number": 1},
    }


def test_every_verb_answers_a_request_by_json(desk: Desk, tmp_path: Path) -> None:
    requests = good_requests(desk, tmp_path)
    standing.add("how many ships", desk.index)
    for name, verb in VERBS.items():
        if name == "calibrate":
            continue  # needs a larger corpus
        request = requests.get(name, {})
        jsonschema.Draft202012Validator(verb.schema()).validate(request)
        found = answer(desk, name, request).to_dict()
        assert found == json.loads(json.dumps(found)), name
    assert [one.number for one in standing.listed(desk.index)] == [2]  # 1 was removed, 2 was added


def test_an_answer_is_the_object_of_the_record(desk: Desk) -> None:
    found = answer(desk, "search", {"question": "how many ships lie in the harbour", "k": 1})
    assert found.to_dict() == desk.index.ask("how many ships lie in the harbour", k=1).to_dict()


@pytest.mark.parametrize(
    ("name", "request_", "told"),
    [
        ("seek", {}, "There is no verb 'seek'"),
        ("search", {}, "search needs question"),
        ("search", {"question": None}, "search needs question"),
        ("search", {"question": "x" * 2001}, "a text of 1 to 2,000 characters"),
        (
            "search",
            {"question": "ships", "limit": 3},
            "'limit' is nothing that search may be told. Known are: question",
        ),
        ("search", {"question": "ships", "k": "5"}, "k is '5'; it is a whole number from 1 to 1,000."),
        ("search", {"question": "ships", "rerank": "/etc"}, "'rerank' is nothing that search may be told"),
        ("standing", {"folder": "/etc"}, "'folder' is nothing that standing may be told. It takes nothing."),
        ("search", ["ships"], "it is an object of JSON"),
        ("replay", {"receipt": {"receipt": 1}}, "'receipt'"),
    ],
)
def test_what_cannot_be_understood_is_refused_with_the_remedy(desk: Desk, name: str, request_: Any, told: str) -> None:
    with pytest.raises(NrqaError) as caught:
        answer(desk, name, request_)
    assert told in str(caught.value)


def test_a_query_string_asks_what_a_body_asks() -> None:
    verb = verb_named("search")
    pairs = [("question", "ships"), ("k", "3"), ("where", "nation=Norway"), ("where", "date>=2020"), ("only", "*.txt")]
    body = {"question": "ships", "k": 3, "where": {"nation": "Norway", "date": ">=2020"}, "only": "*.txt"}
    assert from_words(verb, pairs) == checked(verb, body)
    with pytest.raises(QuestionError, match="'limit' is nothing"):
        from_words(verb, [("question", "ships"), ("limit", "3")])


def test_a_draft_from_outside_opens_no_file_that_it_names(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "refs.bib").write_text("this is no bibliography")
    monkeypatch.chdir(tmp_path)
    draft = f'---\nbibliography: refs.bib\n---\n\nHe wrote: "{SHIPS}"\n'
    found = answer(desk, "check", {"text": draft}).to_dict()
    assert len(found["quotations"]) == 1
    with pytest.raises(NrqaError, match="that was given has no entry"):
        answer(desk, "check", {"text": draft, "bibliography": "this is no bibliography"})


def test_a_desk_opens_the_index_when_there_is_one(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    desk = Desk(index)
    with pytest.raises(IndexMissingError):
        answer(desk, "search", {"question": "ships"})
    assert answer(desk, "doctor", {}).to_dict()["well"] is False
    (corpus / "ships.txt").write_text(SHIPS)
    reindex(corpus, index, encoder=fake)
    assert desk.generation == 1
    assert [one["document"] for one in answer(desk, "documents", {}).to_dict()["documents"]] == ["ships.txt"]
    (corpus / "trains.txt").write_text("Trains leave.")
    reindex(corpus, index, encoder=fake)
    assert desk.generation == 2
    assert len(answer(desk, "documents", {}).to_dict()["documents"]) == 2


def test_a_desk_warms_up_behind_what_it_answers(articles_index: Path) -> None:
    desk = Desk(articles_index)
    assert not desk.is_warm
    desk.warm()
    assert desk.is_warm


def test_what_fails_behind_is_told_to_who_asks(index: Path) -> None:
    desk = Desk(index)
    desk.warm_behind()
    with pytest.raises(IndexMissingError):
        desk.warm()
    assert not desk.is_warm
