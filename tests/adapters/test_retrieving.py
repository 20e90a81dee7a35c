"""What all retrievers give: the same passages and metadata as the answer has, under ids that last."""

from __future__ import annotations

import asyncio
import gc
import json
import subprocess
import sys
from pathlib import Path

import pytest

from adapter_texts import ABSURD, DOCUMENTS, FOUNDED, SHIELD
from fakes import FakeEncoder
from nrqa.adapters import retrieving
from nrqa.adapters.haystack_filters import conditions
from nrqa.adapters.retrieving import Retrieving
from nrqa.answering.inspecting import show
from nrqa.citations.line import parse_line
from nrqa.errors import IndexMissingError, NoAnswerError, QuestionError
from nrqa.indexing.reindexing import reindex
from nrqa.records import citation_to_dict
from nrqa.rendering.places import parse_place


def test_each_passage_carries_its_whole_citation_and_the_verdict(folder: str) -> None:
    retriever = Retrieving(folder, k=2)
    answer = retriever.ask(SHIELD)
    for hit, found in zip(answer.hits, retriever.passages(answer), strict=True):
        assert found.text == hit.passage.text
        assert found.score == hit.score == found.metadata["score"]
        assert citation_to_dict(hit.passage.citation).items() <= found.metadata.items()
        assert (found.metadata["verdict"], found.metadata["confidence"]) == (answer.verdict, answer.confidence)
        assert found.metadata["searched"] == {"documents": 2, "passages": 5, "unreadable": 0, "stale": 0}
        cited = parse_line(found.metadata["cite"])
        assert cited
        assert cited.document == hit.passage.citation.document
        assert json.loads(json.dumps(found.metadata)) == found.metadata


def test_the_notice_of_a_source_stands_beside_its_passages(folder: str) -> None:
    first = Retrieving(folder, k=1).retrieve(SHIELD)[0]
    assert first.metadata["source_notice"] == "This piece includes AI-assisted content."
    assert "source_notice" not in Retrieving(folder, k=1).retrieve(FOUNDED)[0].metadata


def test_an_id_survives_a_new_index_and_a_move_in_the_document_but_no_other_words(folder: str, corpus: Path) -> None:
    encoder = FakeEncoder(max_tokens=24)
    retriever = Retrieving(folder, k=1)
    before = retriever.retrieve(FOUNDED)[0]
    assert before.id.startswith("history.txt #")
    reindex(corpus, folder, encoder=encoder, rebuild=True)
    assert retriever.retrieve(FOUNDED)[0].id == before.id
    moved = DOCUMENTS["history.txt"].replace("The alliance was", "It begins with a new paragraph.\n\nThe alliance was")
    (corpus / "history.txt").write_text(moved, "utf-8")
    reindex(corpus, folder, encoder=encoder)
    after = retriever.retrieve(FOUNDED)[0]
    assert after.id == before.id
    assert after.metadata["line_start"] == before.metadata["line_start"] + 2
    (corpus / "history.txt").write_text(moved.replace("twelve", "thirteen"), "utf-8")
    reindex(corpus, folder, encoder=encoder)
    assert retriever.retrieve(FOUNDED)[0].id != before.id


def test_an_id_is_a_citation_that_show_takes_back(folder: str, corpus: Path) -> None:
    found = Retrieving(folder, k=1).retrieve(SHIELD)[0]
    assert found.id.startswith("more%20notes.txt #")
    shown = show(parse_place(found.id), folder)
    assert [one.text for one in shown.passages] == [found.text]
    (corpus / "more notes.txt").write_text("Other words stand here now, and nothing of what was there.\n", "utf-8")
    reindex(corpus, folder, encoder=FakeEncoder(max_tokens=24))
    with pytest.raises(QuestionError, match="its words have changed"):
        show(parse_place(found.id), folder)


def test_ids_are_unique_in_an_answer(folder: str, corpus: Path) -> None:
    twice = (
        'The “old” harbour was closed in 1962 for two years.\n\nThe "old" harbour was closed in 1962 for two years.\n'
    )
    (corpus / "harbour.txt").write_text(f"Title: Harbour\n\n{twice}", "utf-8")
    reindex(corpus, folder, encoder=FakeEncoder(max_tokens=24))
    found = Retrieving(folder, k=8).retrieve("when was the old harbour closed")
    assert len({one.id for one in found}) == len(found)


def test_what_answers_nothing_gives_nothing_the_nearest_or_an_error(articles_index: Path) -> None:
    folder = str(articles_index)
    assert Retrieving(folder, k=2).retrieve(ABSURD) == []
    nearest = Retrieving(folder, k=2, when_absent="return").retrieve(ABSURD)
    assert [one.metadata["verdict"] for one in nearest] == ["absent", "absent"]
    with pytest.raises(NoAnswerError, match=r"'how do I bake sourdough .* \(absent"):
        Retrieving(folder, k=2, when_absent="raise").retrieve(ABSURD)


def test_one_question_may_ask_otherwise(folder: str) -> None:
    retriever = Retrieving(folder, k=1, where={"lang": "en"}, when_absent="return")
    assert [one.metadata["document"] for one in retriever.retrieve(SHIELD)] == ["history.txt"]
    found = retriever.retrieve(SHIELD, k=2, where={"lang": "de"})
    assert [one.metadata["document"] for one in found] == ["more notes.txt"] * 2
    only = Retrieving(folder, k=3, only="more*").retrieve(SHIELD)
    assert {one.metadata["document"] for one in only} == {"more notes.txt"}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"k": 0}, "at least 1"),
        ({"k": 2, "when_absent": "never"}, '"empty", "return" or "raise"'),
        ({"k": 2, "where": "lang=en"}, "where"),
        ({"k": 2, "first": "oldest"}, "newer"),
    ],
)
def test_what_cannot_be_meant_is_told_before_the_first_question(options: dict[str, object], said: str) -> None:
    with pytest.raises(QuestionError, match=said):
        Retrieving("index", **options)  # type: ignore[arg-type]


def test_a_missing_index_is_told_by_the_first_question(tmp_path: Path) -> None:
    retriever = Retrieving(str(tmp_path / "nowhere"), k=2)
    with pytest.raises(IndexMissingError, match="nrqa index"):
        retriever.retrieve(FOUNDED)


def test_retrievers_of_one_index_share_it_and_let_it_go(folder: str, index: Path) -> None:
    opened = retrieving._open.pop(index.resolve())
    one, other = Retrieving(folder, k=1), Retrieving(f"{folder}/../index", k=1)
    assert one._opened() is other._opened()
    assert one._opened() is not opened
    del one, other
    gc.collect()
    assert index.resolve() not in retrieving._open


def test_the_event_loop_goes_on_while_a_question_is_answered(folder: str) -> None:
    async def both() -> list[str]:
        done: list[str] = []

        async def ask() -> None:
            await Retrieving(folder, k=1).ask_async(FOUNDED)
            done.append("answered")

        asking = asyncio.create_task(ask())
        await asyncio.sleep(0)
        done.append("went on")
        await asking
        return done

    assert asyncio.run(both()) == ["went on", "answered"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("extra", "package"), [("langchain", "langchain_core"), ("llamaindex", "llama_index"), ("haystack", "haystack")]
)
def test_a_missing_framework_ends_in_a_line_that_can_be_pasted(extra: str, package: str) -> None:
    code = f"import sys; sys.modules[{package!r}] = None; import nrqa.adapters.{extra}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    last = done.stderr.splitlines()[-1]
    assert done.returncode == 1
    assert last.startswith(f"ImportError: nrqa.adapters.{extra} needs a package (")
    assert last.endswith(f"Install it: pip install 'nrqa[{extra}]'")


@pytest.mark.parametrize(
    ("filters", "where"),
    [
        (None, None),
        ({}, None),
        ({"lang": ["en", "de"]}, {"lang": ["en", "de"]}),
        ({"field": "meta.lang", "operator": "==", "value": "en"}, {"lang": ["en"]}),
        ({"field": "lang", "operator": "in", "value": ["en", "de"]}, {"lang": ["en", "de"]}),
        (
            {
                "operator": "AND",
                "conditions": [
                    {"field": "meta.date", "operator": ">=", "value": "2021-10"},
                    {"field": "meta.date", "operator": "<", "value": 2023},
                    {"operator": "AND", "conditions": [{"field": "meta.lang", "operator": "==", "value": "en"}]},
                ],
            },
            {"date": [">=2021-10", "<2023"], "lang": ["en"]},
        ),
    ],
)
def test_filters_of_haystack_become_conditions(filters: dict[str, object] | None, where: object) -> None:
    assert conditions(filters) == where


@pytest.mark.parametrize(
    "filters",
    [
        {"operator": "OR", "conditions": []},
        {"operator": "NOT", "conditions": [{"field": "lang", "operator": "==", "value": "en"}]},
        {"field": "meta.lang", "operator": "!=", "value": "en"},
        {"field": "meta.lang", "operator": "==", "values": "en"},
        {"operator": "AND", "conditions": ["lang"]},
        {"operator": "AND", "conditions": [{"field": "a", "operator": "==", "value": one} for one in "xy"]},
    ],
)
def test_a_filter_that_nrqa_cannot_say_is_an_error_and_never_ignored(filters: dict[str, object]) -> None:
    with pytest.raises(QuestionError, match="filter"):
        conditions(filters)
