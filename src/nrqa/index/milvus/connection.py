"""Talks to the server: in limited time, with few tries, and with errors that name the host."""

from __future__ import annotations

import logging
import os
import re
import time
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from threading import Lock
from typing import Any, TypeVar

from nrqa.errors import IndexUnusableError, installing
from nrqa.index.milvus.address import Address

T = TypeVar("T")

TOKEN = "NRQA_MILVUS_TOKEN"  # noqa: S105 - the name of a variable
OLDEST = (2, 6)
"""The oldest server's version that will do: 2.5 has no partial updates, 2.4 and older no search for words either."""
_SECONDS = 20.0
"""How long one request may take."""
_TRIES, _PAUSE = 3, 0.3
"""A request that did not reach the server is made so often, with so many seconds between, twice as many each time."""
_LOADS = 60.0
"""Seconds for which a request waits while a collection is being loaded."""
AT_ONCE = 8000
"""Rows that one request asks for: servers refuse more than 16,384."""
_OF_NETWORK = ("UNAVAILABLE", "DEADLINE", "connect", "not ready", "timed out", "timeout")
_NOT_THERE, _NOT_LOADED = 100, 101
"""Codes of the server's errors about a collection."""


class CollectionMissingError(IndexUnusableError):
    """There is no such collection."""


class Connection:
    """One server, as its collections are used here: every call ends, with a result or an error of nrqa's.

    Several threads may use it at once.
    """

    def __init__(self, address: Address) -> None:
        self._address = address
        self._client: Any = None
        self._lock, self._loading = Lock(), Lock()
        self._lost: list[tuple[float, Any]] = []

    def call(self, name: str, *args: Any, again: bool = True, **options: Any) -> Any:
        """One method of the client, in limited time; ``again`` says that it may be called twice."""
        collection = str(args[0]) if args else ""

        def once(client: Any) -> Any:
            return getattr(client, name)(*args, timeout=_SECONDS, **options)

        return self._tried(once, collection, again=again)

    def there(self, collection: str) -> bool:
        """Whether there is such a collection."""
        return bool(self.call("has_collection", collection))

    def rows(
        self, collection: str, condition: str, fields: Sequence[str], *, few: int = AT_ONCE
    ) -> Iterator[dict[str, Any]]:
        """All rows of a collection that meet a condition, however many, in no order.

        One request is made where they are less than ``few``, which should be less where rows are large; else some more.
        """
        found = self.call(
            "query", collection, filter=condition, output_fields=[*fields], limit=few, consistency_level="Strong"
        )
        if len(found) < few:
            yield from found
            return

        def begin(client: Any) -> Any:
            return client.query_iterator(
                collection, batch_size=few, filter=condition, output_fields=[*fields], timeout=_SECONDS,
                consistency_level="Strong",
            )  # fmt: skip

        iterator = self._tried(begin, collection)
        try:
            while batch := self._tried(lambda _: iterator.next(), collection, again=False):
                yield from batch
        finally:
            iterator.close()

    def by_key(self, collection: str, key: str, values: Sequence[int | str], fields: Sequence[str]) -> list[Any]:
        """The rows with these primary keys, in no order."""
        found: list[Any] = []
        for first in range(0, len(values), AT_ONCE):
            some = [*values[first : first + AT_ONCE]]
            wanted = ", ".join(f'"{one}"' if isinstance(one, str) else str(one) for one in some)
            found += self.call(
                "query", collection, filter=f"{key} in [{wanted}]", output_fields=[key, *fields],
                consistency_level="Strong",
            )  # fmt: skip
        return found

    def _opened(self) -> Any:
        """The client, connected now where it is not; of two threads that connect at once, one throws its own away."""
        client = self._client
        if client is not None:
            return client
        client = _library()(uri=self._address.uri, token=os.environ.get(TOKEN, ""), timeout=_SECONDS, dedicated=True)
        self._refuse_old(client)
        with self._lock:
            if self._client is None:
                self._client = client
            kept = self._client
            unused = [one for since, one in self._lost if time.monotonic() - since > 2 * _SECONDS]
            self._lost = [(since, one) for since, one in self._lost if one not in unused]
        for one in unused if kept is client else (*unused, client):
            one.close()
        return kept

    def _lose(self, client: Any) -> None:
        """Connect anew with the next call. Other threads may be waiting for answers: what is lost is closed later."""
        with self._lock:
            if client is not None and self._client is client:
                self._client = None
                self._lost.append((time.monotonic(), client))

    def _refuse_old(self, client: Any) -> None:
        """IndexUnusableError where the server is too old; what it does not tell, its answers will."""
        said = str(client.get_server_version(timeout=_SECONDS))
        found = re.search(r"(\d+)\.(\d+)", said)
        if found and (int(found[1]), int(found[2])) < OLDEST:
            raise IndexUnusableError(
                f"The server at {self._address.host}:{self._address.port} is Milvus {said.removeprefix('v')}. nrqa "
                f"needs {OLDEST[0]}.{OLDEST[1]} or newer, which searches for words and updates parts of rows."
            )

    def _tried(self, call: Callable[[Any], T], collection: str, *, again: bool = True) -> T:
        pause = _PAUSE
        left = _TRIES if again else 1
        began = time.monotonic()
        while True:
            client = None
            try:
                client = self._opened()
                return call(client)
            except (OSError, IndexUnusableError):
                raise
            except Exception as error:
                code = getattr(error, "code", 0)
                if code == _NOT_LOADED and time.monotonic() - began < _LOADS:
                    self._load(collection)
                    continue
                left -= 1
                said = " ".join(str(error).split())[:300]
                of_network = any(one.lower() in said.lower() for one in _OF_NETWORK)
                if not (left and of_network):
                    raise self._told(said, code, of_network=of_network) from error
            self._lose(client)
            time.sleep(pause)
            pause *= 2

    def _load(self, collection: str) -> None:
        """Load a collection, which a server that was started anew has not done; several threads may find that out."""
        with self._loading:
            self.call("load_collection", collection, replica_number=self._address.replicas)
        time.sleep(_PAUSE)

    def _told(self, said: str, code: object, *, of_network: bool) -> IndexUnusableError:
        server = f"{self._address.host}:{self._address.port}"
        where = f"The index '{self._address}' cannot be used: the server at {server} "
        what = f"does not answer in time ({said})" if of_network else f"says: {said}"
        remedy = "See that it runs, and try again" if of_network else "Mend that, and try again"
        kind = CollectionMissingError if code == _NOT_THERE else IndexUnusableError
        return kind(f"{where}{what}. {remedy}")


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
