"""LangChain's own tests of retrievers, and a chain with nrqa in it."""

from __future__ import annotations

from typing import Any

import pytest

from adapter_texts import FOUNDED, SHIELD

pytest.importorskip("langchain_core")
standard = pytest.importorskip("langchain_tests.integration_tests")

from langchain_core.runnables import RunnableLambda, RunnablePassthrough
from pydantic import ValidationError

from nrqa.adapters.langchain import NrqaRetriever


class TestStandard(standard.RetrieversIntegrationTests):  # type: ignore[misc, name-defined]
    @pytest.fixture(autouse=True)
    def _index(self, folder: str) -> None:
        self._folder = folder

    @property
    def retriever_constructor(self) -> type[NrqaRetriever]:
        return NrqaRetriever

    @property
    def retriever_constructor_params(self) -> dict[str, Any]:
        return {"index": self._folder, "when_absent": "return"}

    @property
    def retriever_query_example(self) -> str:
        return FOUNDED


def test_a_document_has_the_id_the_words_and_the_citation(folder: str) -> None:
    found = NrqaRetriever(index=folder, k=1).invoke(FOUNDED)[0]
    assert found.page_content == "The alliance was founded in 1949 by twelve countries of the west."
    assert found.id is not None
    assert found.id.startswith("history.txt #")
    assert found.metadata["source"] == found.metadata["document"] == "history.txt"
    assert found.metadata["cite"].startswith("history.txt:4 #")
    assert found.metadata["verdict"] == "answered"


def test_a_chain_hands_on_passages_with_their_citations(folder: str) -> None:
    told = RunnableLambda(lambda found: [f"{one.page_content} ({one.metadata['place']})" for one in found])
    chain = {"context": NrqaRetriever(index=folder, k=1) | told, "question": RunnablePassthrough()} | RunnableLambda(
        dict
    )
    answered = chain.invoke(FOUNDED)
    assert answered["question"] == FOUNDED
    assert answered["context"] == ["The alliance was founded in 1949 by twelve countries of the west. (history.txt:4)"]


def test_a_batch_of_questions_is_answered_in_order(folder: str) -> None:
    found = NrqaRetriever(index=folder, k=1).batch([FOUNDED, SHIELD])
    assert [one[0].metadata["document"] for one in found] == ["history.txt", "more notes.txt"]


def test_a_question_may_bring_its_own_filter(folder: str) -> None:
    retriever = NrqaRetriever(index=folder, k=1, when_absent="return")
    assert retriever.invoke(SHIELD, where={"lang": "en"})[0].metadata["document"] == "history.txt"
    assert retriever.bind(where={"lang": "en"}).invoke(SHIELD)[0].metadata["document"] == "history.txt"


def test_what_cannot_be_meant_is_told_at_once(folder: str) -> None:
    with pytest.raises(ValidationError, match="k is 0; ask for at least 1"):
        NrqaRetriever(index=folder, k=0)
    with pytest.raises(ValidationError, match="when_absent"):
        NrqaRetriever(index=folder, when_absent="never")
