"""A retriever for LlamaIndex."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nrqa.adapters.retrieving import Retrieved, Retrieving, WhenAbsent, missing
from nrqa.index.snapshot import Where
from nrqa.records import First

try:
    from llama_index.core.base.base_retriever import BaseRetriever
    from llama_index.core.schema import NodeRelationship, NodeWithScore, QueryBundle, RelatedNodeInfo, TextNode
except ImportError as error:
    raise missing("llamaindex", error) from None

_FOR_A_MODEL = ("cite", "title", "source_notice")
"""Of the metadata, what a model reads with the passage; LlamaIndex would give it all."""


class NrqaRetriever(BaseRetriever):
    """Passages of an nrqa index as LlamaIndex's nodes.

    ``index`` is the folder of the index; ``k``, ``where``, ``only``, ``first`` and ``rerank`` are as in ``nrqa.ask``.
    Where nothing answers the question, ``when_absent`` gives nothing ("empty"), the nearest passages ("return"), or
    raises NoAnswerError ("raise"). Of the metadata, a model reads citation, title and source notice with each passage.
    """

    def __init__(
        self,
        index: str = "index",
        *,
        k: int = 5,
        where: Where | None = None,
        only: str | Sequence[str] | None = None,
        first: First | None = None,
        rerank: str | None = None,
        when_absent: WhenAbsent = "empty",
        **options: Any,
    ) -> None:
        """Further ``options`` are LlamaIndex's own, such as ``callback_manager``."""
        self._retrieving = Retrieving(
            index, k=k, where=where, only=only, first=first, rerank=rerank, when_absent=when_absent
        )
        super().__init__(**options)

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return [_node(one) for one in self._retrieving.retrieve(query_bundle.query_str)]

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        answer = await self._retrieving.ask_async(query_bundle.query_str)
        return [_node(one) for one in self._retrieving.passages(answer)]


def _node(one: Retrieved) -> NodeWithScore:
    unread = [key for key in one.metadata if key not in _FOR_A_MODEL]
    source = RelatedNodeInfo(node_id=one.metadata["document"], hash=one.metadata["sha256"])
    node = TextNode(
        id_=one.id,
        text=one.text,
        metadata=one.metadata,
        start_char_idx=one.metadata["start"],
        end_char_idx=one.metadata["end"],
        excluded_llm_metadata_keys=unread,
        excluded_embed_metadata_keys=list(one.metadata),
        relationships={NodeRelationship.SOURCE: source},
    )
    return NodeWithScore(node=node, score=one.score)
