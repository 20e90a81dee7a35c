"""What goes over the wire to a Milvus server: how many requests of which kind, their bytes, and how long they took."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

_OF_ROWS = {
    "codes": "rows: codes and vectors",
    "vector": "rows: codes and vectors",
    "counts": "rows: counts of terms",
    "content": "rows: contents",
}
"""What a request for rows of passages is called, by a field that it asks for; the first that fits."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request: its kind, the bytes of both ways, seconds until the answer was there, and the thread that waited."""

    kind: str
    sent: int
    received: int
    seconds: float
    thread: int


@contextmanager
def counted() -> Iterator[list[Request]]:
    """The requests of all clients that connect meanwhile, as they are made."""
    from pymilvus.grpc_gen.milvus_pb2_grpc import MilvusServiceStub

    made: list[Request] = []
    begin = MilvusServiceStub.__init__

    def begun(stub: Any, channel: Any) -> None:
        begin(stub, channel)
        for name, call in vars(stub).items():
            setattr(stub, name, _Counting(name, call, made.append))

    MilvusServiceStub.__init__ = begun
    try:
        yield made
    finally:
        MilvusServiceStub.__init__ = begin


class _Counting:
    """One method of the service."""

    def __init__(self, name: str, call: Any, tell: Callable[[Request], None]) -> None:
        self._name, self._call, self._tell = name, call, tell

    def __call__(self, request: Any, **options: Any) -> Any:
        began = time.perf_counter()
        answer = self._call(request, **options)
        took = time.perf_counter() - began
        kind = kind_of(self._name, request)
        self._tell(Request(kind, request.ByteSize(), answer.ByteSize(), took, threading.get_ident()))
        return answer

    def __getattr__(self, name: str) -> Any:
        """What is called in another way (future) is counted by nobody: questions make no such requests."""
        return getattr(self._call, name)


def kind_of(method: str, request: Any) -> str:
    """What a request is for, in words of the index."""
    collection = str(getattr(request, "collection_name", "")).rpartition("_")[2]
    if method == "Search":
        asked = {one.key: one.value for one in request.search_params}
        return f"search: {asked.get('anns_field', '')}"
    if method == "Query" and collection == "passages":
        fields = [*request.output_fields]
        return next((told for field, told in _OF_ROWS.items() if field in fields), "rows: numbers")
    return f"{collection}" if method == "Query" else method
