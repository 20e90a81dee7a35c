"""One question over several indexes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from fakes import FakeEncoder
from nrqa.answering.asking import Index
from nrqa.answering.several import ask_several, merged
from nrqa.errors import QuestionError
from nrqa.indexing.reindexing import reindex
from nrqa.rendering.several import render_together

TEXTS = {
    "north": {"tea.txt": "The tea grows on the southern slope.\n", "mill.txt": "The mill ground the flour of Ann.\n"},
    "south": {
        "coffee.txt": "The coffee grows on the northern slope of the hill.\n",
        "krill.md": "# Krill\n\nIt swims.\n",
    },
}


@pytest.fixture
def indexes(tmp_path: Path, fake: FakeEncoder) -> dict[str, Index]:
    found = {}
    for name, texts in TEXTS.items():
        (tmp_path / name).mkdir()
        for file, text in texts.items():
            (tmp_path / name / file).write_text(text)
        reindex(tmp_path / name, tmp_path / f"{name}-index", encoder=fake)
        found[name] = Index.open(tmp_path / f"{name}-index", encoder=fake)
    return found


def test_hits_of_all_are_one_list_each_with_its_index(indexes: dict[str, Index]) -> None:
    found = ask_several(indexes, "where does the coffee grow", k=3)
    assert found.hits[0][0] == "south"
    assert found.hits[0][1].passage.citation.document == "coffee.txt"
    assert [name for name, _ in found.answers] == ["north", "south"]
    assert dict(found.answers)["south"] == indexes["south"].ask("where does the coffee grow", k=3)
    assert found.confidence == max(answer.confidence for _, answer in found.answers)


def test_the_object_names_the_index_of_each_hit_and_keeps_what_each_index_says(indexes: dict[str, Index]) -> None:
    found = ask_several(indexes, "where does the coffee grow", k=3)
    shown = found.to_dict()
    assert list(shown) == ["question", "verdict", "confidence", "hits", "indexes"]
    assert [hit["rank"] for hit in shown["hits"]] == list(range(1, len(found.hits) + 1))
    own = indexes["south"].ask("where does the coffee grow", k=3).to_dict()
    first = shown["hits"][0]
    assert {key: value for key, value in first.items() if key not in ("index", "also_in")} == own["hits"][0]
    assert (first["index"], first["also_in"]) == ("south", [])
    told = next(one for one in shown["indexes"] if one["index"] == "south")
    assert {**told, "question": own["question"], "hits": own["hits"]} == {**own, "index": "south"}


def test_the_order_of_each_index_is_kept_and_the_surer_index_comes_first(indexes: dict[str, Index]) -> None:
    answers = {name: index.ask("where does the tea grow on the slope", k=4) for name, index in indexes.items()}
    answers["north"] = replace(answers["north"], confidence=0.9, verdict="answered")
    answers["south"] = replace(answers["south"], confidence=0.3, verdict="weak")
    order = merged(answers)
    assert order[0] == ("north", answers["north"].hits[0])
    for name, answer in answers.items():
        assert tuple(hit for its, hit in order if its == name) == answer.hits


def test_what_answers_nothing_adds_no_hits_to_an_answer(indexes: dict[str, Index]) -> None:
    answers = {name: index.ask("where does the tea grow", k=4) for name, index in indexes.items()}
    answers["north"] = replace(answers["north"], confidence=0.9, verdict="answered")
    answers["south"] = replace(answers["south"], confidence=0.01, verdict="absent")
    assert {name for name, _ in merged(answers)} == {"north"}
    answers["north"] = replace(answers["north"], confidence=0.02, verdict="absent")
    assert {name for name, _ in merged(answers)} == {"north", "south"}


def test_the_same_words_in_two_indexes_are_one_hit_that_names_both(
    tmp_path: Path, fake: FakeEncoder, indexes: dict[str, Index]
) -> None:
    (tmp_path / "east").mkdir()
    (tmp_path / "east" / "copy.txt").write_text("The  tea grows on the southern\nslope.\n")
    (tmp_path / "east" / "other.txt").write_text("The tea grew on the southern slope.\n")
    reindex(tmp_path / "east", tmp_path / "east-index", encoder=fake)
    together = {"north": indexes["north"], "east": Index.open(tmp_path / "east-index", encoder=fake)}
    found = ask_several(together, "where does the tea grow on the southern slope", k=5)
    places = [hit.passage.citation.document for _, hit in found.hits]
    assert len(places) == len(set(places))
    assert len({"tea.txt", "copy.txt"} & set(places)) == 1
    assert "other.txt" in places
    at = next(at for at, (_, hit) in enumerate(found.hits) if "tea grows" in hit.text)
    ((other, citation),) = found.copies[at]
    assert {found.hits[at][0], other} == {"north", "east"}
    assert {places[at], citation.document} == {"tea.txt", "copy.txt"}
    shown = found.to_dict()["hits"][at]["also_in"]
    assert [(one["index"], one["citation"]["document"]) for one in shown] == [(other, citation.document)]
    console = Console(width=100, file=StringIO())
    console.print(render_together(found, {}))
    assert isinstance(console.file, StringIO)
    assert f"also in: {other}  {citation.document}:1" in console.file.getvalue()


def test_a_filter_may_leave_nothing_of_one_but_not_of_all(indexes: dict[str, Index]) -> None:
    found = ask_several(indexes, "what swims", only="*.md")
    assert [name for name, _ in found.answers] == ["south"]
    with pytest.raises(QuestionError, match="No document passes"):
        ask_several(indexes, "what swims", only="*.pdf")


@pytest.mark.slow
def test_the_command_line_asks_several_and_one_is_as_before(articles_index: Path, tmp_path: Path) -> None:
    (tmp_path / "other").symlink_to(articles_index)
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "tea.txt").write_text("The tea grows on the southern slope of the mountain.\n")
    environment = {**os.environ, "NRQA_OFFLINE": "1"}

    def nrqa(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "nrqa", *words], capture_output=True, text=True, check=False, env=environment
        )

    assert nrqa("index", str(tmp_path / "notes"), "--index", str(tmp_path / "tea-index")).returncode == 0
    both = ["--index", str(articles_index), "--index", str(tmp_path / "tea-index")]
    question = "why does Russia oppose missile defense"
    shown = json.loads(nrqa("query", question, "--json", *both).stdout)
    assert shown["hits"][0]["citation"]["document"] == "nato-russia.txt"
    text = nrqa("query", "where does the tea grow", *both).stdout
    assert text.splitlines()[0] == "1  tea-index  tea.txt:1"
    one = nrqa("query", question, "--json", "--index", str(articles_index)).stdout
    assert list(json.loads(one))[:4] == ["question", "verdict", "confidence", "generation"]
    for option in (
        ["--cite"],
        ["--certificate"],
        ["--format", "csv"],
        ["--receipt", str(tmp_path / "r")],
        ["--batch", "-"],
    ):
        refused = nrqa("query", question, *option, *both)
        assert refused.returncode == 2, option
        assert "one index" in refused.stderr
