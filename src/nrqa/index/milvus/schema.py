"""The collections of an index, and what their fields hold.

``passages``: a row is a passage. ``terms`` are its terms as the engine's analyser reads them (see ``spelled``), from
which it makes ``words`` for BM25; ``counts`` are the terms as we score them, ``codes`` the token codes, ``content`` is
what is shown. ``documents``, and their ``pieces``: texts and pages, cut to what a field holds. ``terms``: in how many
passages and long documents each term stands, in all shards together, and in which documents if they are few.
``record``: the manifest, the codebook, token counts, the lease of the writer, and which generation is published.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nrqa.index.milvus.address import Address
from nrqa.index.milvus.connection import Connection
from nrqa.signals.bm25 import B
from nrqa.signals.lexical import K1

PASSAGES, DOCUMENTS, PIECES, TERMS, RECORD = "passages", "documents", "pieces", "terms", "record"
OF_EPOCH = (PASSAGES, DOCUMENTS, PIECES, TERMS)
VERSIONED = {PASSAGES: "row", DOCUMENTS: "number", PIECES: "key"}
"""The collections whose rows are born and die with generations, and the primary key of each."""
LAYOUT = 2
"""Of the collections; an index of another layout is built again."""
NEVER = 1 << 62
"""When a row dies that is in the newest generation."""
FIELD = 65_535
"""Bytes that a field of text holds at most."""
_KEY = 512
_LONGEST_TERM = 100
"""Bytes of a term that is spelled out; analysers cut words of more than 255 signs."""
_NEVER_NEAR = {"metric_type": "L2", "index_type": "FLAT"}
"""Every collection needs a vector; where rows are only looked up, it is one that nobody searches."""


@dataclass(frozen=True, slots=True)
class Collections:
    """The collections of one index. Those of an ``epoch`` (from 1) go on; an index that is built anew begins another.

    So it may have another encoder, and its rows need not wait for those of the old index to go.
    """

    address: Address
    epoch: int

    def named(self, name: str) -> str:
        """The name of a collection on the server; the record is that of all epochs."""
        return f"nrqa_{self.address.name}_{name}" if name == RECORD else f"nrqa_{self.address.name}_{self.epoch}_{name}"


def spelled(term: str) -> str:
    """A term as a word of letters and digits alone, which every analyser leaves whole, in any language."""
    data = term.encode("utf-8", "surrogatepass")
    return f"x{data.hex()}" if len(data) <= _LONGEST_TERM else f"h{hashlib.sha256(data).hexdigest()}"


def read_term(word: str) -> str:
    """The term that is spelled by a word; the word itself where it spells none that can be read."""
    try:
        return bytes.fromhex(word[1:]).decode("utf-8", "surrogatepass") if word.startswith("x") else word
    except ValueError:
        return word


def alive(generation: int) -> str:
    """The condition for rows that are in a generation."""
    return f"born <= {generation} and died > {generation}"


def make(connection: Connection, its: Collections, names: Sequence[str], dimensions: int = 2) -> None:
    """Create what is missing of the named collections, and load what is not loaded.

    What is loaded stays as it is: loading it again would give it the replicas that this address names, or does not.
    """
    for name in names:
        whole = its.named(name)
        if not connection.there(whole):
            schema, index = _described(name, its.address, dimensions)
            connection.call(
                "create_collection", whole, schema=schema, index_params=index, num_shards=its.address.shards,
                consistency_level="Strong", again=False,
            )  # fmt: skip
    load(connection, its, names)


def load(connection: Connection, its: Collections, names: Sequence[str]) -> None:
    """Load the collections that are not, as those of a server that was started anew may be."""
    for name in names:
        state = connection.call("get_load_state", its.named(name)).get("state")
        if getattr(state, "name", "") == "Loaded":
            continue
        connection.call("load_collection", its.named(name), replica_number=its.address.replicas)


def drop(connection: Connection, its: Collections) -> None:
    """Delete all collections of an epoch."""
    for name in OF_EPOCH:
        if connection.there(its.named(name)):
            connection.call("drop_collection", its.named(name))


def _described(name: str, address: Address, dimensions: int) -> tuple[Any, Any]:
    """Schema and indexes of a collection."""
    from pymilvus import DataType, Function, FunctionType, MilvusClient

    schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
    index = MilvusClient.prepare_index_params()

    def add(*names: str, kind: Any = DataType.INT64, **options: Any) -> None:
        for one in names:
            schema.add_field(one, kind, **options)

    text = {"kind": DataType.VARCHAR, "max_length": FIELD}
    analysed = {**text, "enable_analyzer": True, "analyzer_params": {"tokenizer": "standard"}}
    numbered = name in (PASSAGES, DOCUMENTS)
    if numbered:
        add(VERSIONED[name], is_primary=True)
    else:
        add("key", kind=DataType.VARCHAR, max_length=_KEY, is_primary=True)
    if name in VERSIONED:
        add("born", "died")
    if name == PASSAGES:
        add("document", "length")
        add("hash", kind=DataType.VARCHAR, max_length=_KEY)
        add("terms", **analysed)
        add("counts", "codes", "content", **text)
        add("vector", kind=DataType.FLOAT_VECTOR, dim=dimensions)
        add("words", kind=DataType.SPARSE_FLOAT_VECTOR)
        schema.add_function(
            Function(
                name="bm25", function_type=FunctionType.BM25, input_field_names=["terms"], output_field_names=["words"]
            )
        )
        index.add_index("vector", index_type=address.kind, metric_type="IP", params=_PARAMETERS[address.kind])
        index.add_index(
            "words", index_type="SPARSE_INVERTED_INDEX", metric_type="BM25", params={"bm25_k1": K1, "bm25_b": B}
        )
        return schema, index
    if name == DOCUMENTS:
        add("hash", kind=DataType.VARCHAR, max_length=_KEY)
    if name == PIECES:
        add("document")
    if name == TERMS:
        add("since", "passages", "documents", "passages_before", "documents_before")
        add("owners", "owners_before", **text)
    else:
        add("content", **text)
    add("unused", kind=DataType.FLOAT_VECTOR, dim=2)
    index.add_index("unused", **_NEVER_NEAR)
    return schema, index


_PARAMETERS: dict[str, dict[str, int]] = {
    "FLAT": {}, "HNSW": {"M": 32, "efConstruction": 360}, "IVF_FLAT": {"nlist": 4096}, "DISKANN": {},
}  # fmt: skip
"""What Milvus's documentation recommends for high recall."""
SEARCH: dict[str, dict[str, int]] = {
    "FLAT": {}, "HNSW": {"ef": 400}, "IVF_FLAT": {"nprobe": 128}, "DISKANN": {"search_list": 400},
}  # fmt: skip
"""How thoroughly each kind of index is searched: recall@50 above .98 on usual data."""
UNUSED = [0.0, 0.0]
