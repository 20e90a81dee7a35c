"""Talks to the server: in limited time, with few tries, and with errors that name the host."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from nrqa.errors import IndexUnusableError, installing
from nrqa.index.milvus.address import Address

T = TypeVar("T")

TOKEN = "NRQA_MILVUS_TOKEN"  # noqa: S105 - the name of a variable
_SECONDS = 20.0
"""How long one request may take."""
_TRIES, _PAUSE = 3, 0.3
"""A request that did not reach the server is made so often, with so many seconds between, twice as many each time."""
_AT_ONCE = 8000
"""Rows that one request asks for: servers refuse more than 16,384."""
_OF_NETWORK = ("UNAVAILABLE", "DEADLINE", "connect", "not ready", "timed out", "timeout")


class Connection:
    """One server, as its collections are used here: every call ends, with a result or an error of nrqa's."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._client: Any = None
        self._loaded: set[str] = set()

    def call(self, name: str, *args: Any, again: bool = True, **options: Any) -> Any:
        """One method of the client, in limited time; ``again`` says that it may be called twice."""
        return self._tried(lambda: getattr(self._opened(), name)(*args, timeout=_SECONDS, **options), again=again)

    def there(self, collection: str) -> bool:
        """Whether there is such a collection."""
        return bool(self.call("has_collection", collection))

    def loaded(self, collection: str) -> bool:
        """Whether a collection can be searched; asked for once in each connection."""
        if collection not in self._loaded:
            state = str(self.call("get_load_state", collection).get("state", ""))
            if "loaded" not in state.lower() or "not" in state.lower():
                return False
            self._loaded.add(collection)
        return True

    def rows(self, collection: str, condition: str, fields: Sequence[str]) -> Iterator[dict[str, Any]]:
        """All rows of a collection that meet a condition, however many, in no order."""

        def begin() -> Any:
            return self._opened().query_iterator(
                collection, batch_size=_AT_ONCE, filter=condition, output_fields=[*fields], timeout=_SECONDS,
                consistency_level="Strong",
            )  # fmt: skip

        iterator = self._tried(begin)
        try:
            while batch := self._tried(iterator.next, again=False):
                yield from batch
        finally:
            iterator.close()

    def by_key(self, collection: str, key: str, values: Sequence[int | str], fields: Sequence[str]) -> list[Any]:
        """The rows with these primary keys, in no order."""
        found: list[Any] = []
        for first in range(0, len(values), _AT_ONCE):
            some = [*values[first : first + _AT_ONCE]]
            wanted = ", ".join(f'"{one}"' if isinstance(one, str) else str(one) for one in some)
            found += self.call(
                "query", collection, filter=f"{key} in [{wanted}]", output_fields=[key, *fields],
                consistency_level="Strong",
            )  # fmt: skip
        return found

    def close(self) -> None:
        """End the connection."""
        if self._client is not None:
            self._client.close()
            self._client = None
        self._loaded.clear()

    def _opened(self) -> Any:
        if self._client is None:
            self._client = _library()(
                uri=self._address.uri, token=os.environ.get(TOKEN, ""), timeout=_SECONDS, dedicated=True
            )
        return self._client

    def _tried(self, call: Callable[[], T], *, again: bool = True) -> T:
        pause = _PAUSE
        for left in reversed(range(_TRIES if again else 1)):
            try:
                return call()
            except (OSError, IndexUnusableError):
                raise
            except Exception as error:
                said = " ".join(str(error).split())[:300]
                of_network = any(one.lower() in said.lower() for one in _OF_NETWORK)
                if not (left and of_network):
                    server = f"{self._address.host}:{self._address.port}"
                    where = f"The index '{self._address}' cannot be used: the server at {server} "
                    what = f"does not answer in time ({said})" if of_network else f"says: {said}"
                    remedy = "See that it runs, and try again" if of_network else "Mend that, and try again"
                    raise IndexUnusableError(f"{where}{what}. {remedy}") from error
            self.close()
            time.sleep(pause)
            pause *= 2
        raise AssertionError


@lru_cache(maxsize=1)
def _library() -> Any:
    """The client's class; IndexUnusableError where its package is not installed."""
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")  # what its C part would write to standard error, likewise
    try:
        from pymilvus import MilvusClient
    except ImportError as error:
        raise IndexUnusableError(
            f"An index that a Milvus server keeps needs the package pymilvus: {installing('milvus')}"
        ) from error
    logging.getLogger("pymilvus").setLevel(logging.CRITICAL)  # what it would say is told by our errors
    return MilvusClient
