"""A retriever for Haystack."""

from __future__ import annotations

from typing import Any

from nrqa.adapters.haystack_filters import conditions
from nrqa.adapters.retrieving import Retrieved, Retrieving, WhenAbsent, missing
from nrqa.records import Answer, First

try:
    from haystack import Document, component, default_from_dict, default_to_dict
except ImportError as error:
    raise missing("haystack", error) from None


@component
class NrqaRetriever:
    """Passages of an nrqa index as Haystack's documents, with the verdict on them.

    ``index`` is the folder of the index; ``only``, ``first`` and ``rerank`` are as in ``nrqa.ask``, and ``filters`` are
    Haystack's (see module haystack_filters) or as ``where`` there. Where nothing answers the question, ``when_absent``
    gives no document ("empty"), the nearest passages ("return"), or raises NoAnswerError ("raise"). ``verdict`` and
    ``confidence`` are outputs of their own, for a router to decide by.
    """

    def __init__(
        self,
        index: str = "index",
        *,
        top_k: int = 5,
        filters: dict[str, Any] | None = None,
        only: list[str] | None = None,
        first: First | None = None,
        rerank: str | None = None,
        when_absent: WhenAbsent = "empty",
    ) -> None:
        self._given: dict[str, Any] = {
            "index": index,
            "top_k": top_k,
            "filters": filters,
            "only": only,
            "first": first,
            "rerank": rerank,
            "when_absent": when_absent,
        }
        self._retrieving = Retrieving(
            index,
            k=top_k,
            where=conditions(filters),
            only=only,
            first=first,
            rerank=rerank,
            when_absent=when_absent,
        )

    def to_dict(self) -> dict[str, Any]:
        """The component as a pipeline is saved."""
        saved: dict[str, Any] = default_to_dict(self, **self._given)
        return saved

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> NrqaRetriever:
        """The component of a pipeline that was saved."""
        loaded: NrqaRetriever = default_from_dict(cls, data)
        return loaded

    @component.output_types(documents=list[Document], verdict=str, confidence=float)
    def run(self, query: str, filters: dict[str, Any] | None = None, top_k: int | None = None) -> dict[str, Any]:
        """The passages for a question; ``filters`` and ``top_k`` take the place of those given at first."""
        return self._found(self._retrieving.ask(query, k=top_k, where=conditions(filters)))

    @component.output_types(documents=list[Document], verdict=str, confidence=float)
    async def run_async(
        self, query: str, filters: dict[str, Any] | None = None, top_k: int | None = None
    ) -> dict[str, Any]:
        """The same without holding up the event loop."""
        return self._found(await self._retrieving.ask_async(query, k=top_k, where=conditions(filters)))

    def _found(self, answer: Answer) -> dict[str, Any]:
        documents = [_document(one) for one in self._retrieving.passages(answer)]
        return {"documents": documents, "verdict": answer.verdict, "confidence": answer.confidence}


def _document(one: Retrieved) -> Document:
    return Document(id=one.id, content=one.text, meta=one.metadata, score=one.score)
