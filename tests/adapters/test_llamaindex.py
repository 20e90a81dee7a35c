"""LlamaIndex with nrqa in it: nodes, a query engine's way, and what a model reads."""

from __future__ import annotations

import asyncio

import pytest

from adapter_texts import FOUNDED, SHIELD

pytest.importorskip("llama_index")

from llama_index.core import get_response_synthesizer
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.llms import MockLLM
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.response_synthesizers import ResponseMode
from llama_index.core.retrievers import QueryFusionRetriever
from llama_index.core.schema import MetadataMode, TextNode

from nrqa.adapters.llamaindex import NrqaRetriever


def test_it_is_a_retriever_of_llamaindex() -> None:
    assert BaseRetriever.__name__ in [base.__name__ for base in NrqaRetriever.__mro__]


def test_a_node_stands_where_its_words_stand(folder: str) -> None:
    found = NrqaRetriever(folder, k=1).retrieve(FOUNDED)[0]
    node = found.node
    assert isinstance(node, TextNode)
    assert node.text == "The alliance was founded in 1949 by twelve countries of the west."
    assert node.node_id.startswith("history.txt #")
    assert (node.start_char_idx, node.end_char_idx) == (node.metadata["start"], node.metadata["end"])
    assert found.score == node.metadata["score"]
    assert node.source_node is not None
    assert node.source_node.node_id == "history.txt"


def test_a_node_survives_being_saved(folder: str) -> None:
    node = NrqaRetriever(folder, k=1).retrieve(FOUNDED)[0].node
    assert TextNode.from_json(node.to_json()) == node


def test_a_model_reads_the_citation_and_no_bookkeeping(folder: str) -> None:
    node = NrqaRetriever(folder, k=1).retrieve(SHIELD)[0].node
    read = node.get_content(metadata_mode=MetadataMode.LLM)
    assert "cite: more%20notes.txt:8 #" in read
    assert "source_notice: This piece includes AI-assisted content." in read
    assert "sha256" not in read
    assert node.get_content(metadata_mode=MetadataMode.EMBED) == node.text


def test_a_query_engine_answers_from_the_passages(folder: str) -> None:
    compact = get_response_synthesizer(llm=MockLLM(), response_mode=ResponseMode.COMPACT)
    said = str(RetrieverQueryEngine(NrqaRetriever(folder, k=1), compact).query(FOUNDED))
    assert "founded in 1949 by twelve countries" in said  # the mock repeats what it was given


def test_fusion_with_another_retriever_knows_the_same_passage_by_its_id(folder: str) -> None:
    both = [NrqaRetriever(folder, k=2), NrqaRetriever(folder, k=2)]
    fusion = QueryFusionRetriever(both, llm=MockLLM(), num_queries=1, similarity_top_k=9, use_async=False)
    found = fusion.retrieve(FOUNDED)
    assert len(found) == len({one.node.node_id for one in found}) == 2


def test_it_answers_in_an_event_loop(folder: str) -> None:
    found = asyncio.run(NrqaRetriever(folder, k=1).aretrieve(FOUNDED))
    assert found[0].node.metadata["verdict"] == "answered"
