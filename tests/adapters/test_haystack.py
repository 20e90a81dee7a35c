"""Haystack with nrqa in it: a pipeline that is saved, loaded and run, and a router that decides by the verdict."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from adapter_texts import ABSURD, FOUNDED, SHIELD
from nrqa.errors import QuestionError

pytest.importorskip("haystack")

from haystack import Document, Pipeline
from haystack.components.builders import PromptBuilder
from haystack.components.retrievers.types import TextRetriever
from haystack.components.routers import ConditionalRouter

from nrqa.adapters.haystack import NrqaRetriever

ALLOWED = ["nrqa.adapters.haystack"]
TEMPLATE = "{% for one in documents %}{{ one.content }} ({{ one.meta.place }}){% endfor %}"


def _pipeline(folder: str) -> Pipeline:
    pipeline = Pipeline()
    pipeline.add_component("nrqa", NrqaRetriever(folder, top_k=1))
    pipeline.add_component("prompt", PromptBuilder(TEMPLATE, required_variables="*"))
    pipeline.connect("nrqa.documents", "prompt.documents")
    return pipeline


def test_a_pipeline_is_saved_loaded_and_run(folder: str) -> None:
    saved = _pipeline(folder).dumps()
    loaded = Pipeline.loads(saved, allowed_modules=ALLOWED)
    assert loaded.dumps() == saved
    done = loaded.run({"nrqa": {"query": FOUNDED}}, include_outputs_from={"nrqa"})
    assert done["prompt"]["prompt"] == (
        "The alliance was founded in 1949 by twelve countries of the west. (history.txt:4)"
    )
    assert done["nrqa"]["verdict"] == "answered"


def test_a_pipeline_runs_in_an_event_loop(folder: str) -> None:
    done = asyncio.run(_pipeline(folder).run_async({"nrqa": {"query": FOUNDED}}))
    assert "founded in 1949" in done["prompt"]["prompt"]


def test_a_document_has_the_id_the_words_and_the_citation(folder: str) -> None:
    retriever: TextRetriever = NrqaRetriever(folder, top_k=1)
    found = retriever.run(FOUNDED)["documents"][0]
    assert isinstance(found, Document)
    assert found.id.startswith("history.txt #")
    assert found.content == "The alliance was founded in 1949 by twelve countries of the west."
    assert found.score == found.meta["score"]
    assert found.meta["cite"].startswith("history.txt:4 #")
    assert Document.from_dict(found.to_dict(flatten=False)) == found


def test_filters_are_haystacks_and_one_question_may_bring_its_own(folder: str) -> None:
    german = {"field": "meta.lang", "operator": "==", "value": "de"}
    retriever = NrqaRetriever(folder, top_k=5, filters=german, when_absent="return")
    assert {one.meta["document"] for one in retriever.run(FOUNDED)["documents"]} == {"more notes.txt"}
    english = {"field": "meta.lang", "operator": "==", "value": "en"}
    assert {one.meta["document"] for one in retriever.run(SHIELD, english)["documents"]} == {"history.txt"}
    assert len(retriever.run(SHIELD, top_k=1)["documents"]) == 1
    with pytest.raises(QuestionError, match="filter"):
        retriever.run(SHIELD, {"field": "meta.lang", "operator": "!=", "value": "de"})


@pytest.mark.slow
def test_a_router_decides_by_the_verdict(articles_index: Path) -> None:
    told = {"condition": "{{verdict in ['absent', 'unknown']}}", "output": "{{verdict}}", "output_name": "no"}
    handed_on = {"condition": "{{True}}", "output": "{{documents}}", "output_name": "yes"}
    routes = [{**told, "output_type": str}, {**handed_on, "output_type": list[Document]}]
    pipeline = Pipeline()
    pipeline.add_component("nrqa", NrqaRetriever(str(articles_index)))
    pipeline.add_component("router", ConditionalRouter(routes, unsafe=True))
    pipeline.connect("nrqa.verdict", "router.verdict")
    pipeline.connect("nrqa.documents", "router.documents")
    assert pipeline.run({"nrqa": {"query": ABSURD}})["router"] == {"no": "absent"}
    answered = pipeline.run({"nrqa": {"query": "why does Russia oppose missile defense"}})["router"]
    assert answered["yes"][0].meta["verdict"] == "answered"
