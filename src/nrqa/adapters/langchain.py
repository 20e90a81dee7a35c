"""A retriever for LangChain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nrqa.adapters.retrieving import Retrieved, Retrieving, WhenAbsent, missing
from nrqa.records import First

if TYPE_CHECKING:
    from langchain_core.callbacks import AsyncCallbackManagerForRetrieverRun, CallbackManagerForRetrieverRun

try:
    from langchain_core.documents import Document
    from langchain_core.retrievers import BaseRetriever
    from pydantic import PrivateAttr
except ImportError as error:
    raise missing("langchain", error) from None


class NrqaRetriever(BaseRetriever):
    """Passages of an nrqa index as LangChain's documents.

    ``index`` is the folder of the index; ``k``, ``where``, ``only``, ``first`` and ``rerank`` are as in ``nrqa.ask``.
    Where nothing answers the question, ``when_absent`` gives nothing ("empty"), the nearest passages ("return"), or
    raises NoAnswerError ("raise"). ``invoke`` takes another ``k`` and ``where`` for one question.
    """

    index: str = "index"
    k: int = 5
    where: dict[str, Any] | None = None
    only: str | list[str] | None = None
    first: First | None = None
    rerank: str | None = None
    when_absent: WhenAbsent = "empty"
    _retrieving: Retrieving = PrivateAttr()

    def model_post_init(self, context: Any, /) -> None:
        """Look at what was given; the index is opened by the first question."""
        super().model_post_init(context)
        self._retrieving = Retrieving(
            self.index,
            k=self.k,
            where=self.where,
            only=self.only,
            first=self.first,
            rerank=self.rerank,
            when_absent=self.when_absent,
        )

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002 - LangChain's own signature
        k: int | None = None,
        where: dict[str, Any] | None = None,
    ) -> list[Document]:
        return [_document(one) for one in self._retrieving.retrieve(query, k=k, where=where)]

    async def _aget_relevant_documents(
        self,
        query: str,
        *,
        run_manager: AsyncCallbackManagerForRetrieverRun,  # noqa: ARG002
        k: int | None = None,
        where: dict[str, Any] | None = None,
    ) -> list[Document]:
        answer = await self._retrieving.ask_async(query, k=k, where=where)
        return [_document(one) for one in self._retrieving.passages(answer)]


def _document(one: Retrieved) -> Document:
    # "source" is where LangChain's own loaders put the name of a file.
    return Document(id=one.id, page_content=one.text, metadata={"source": one.metadata["document"], **one.metadata})
