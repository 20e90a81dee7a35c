"""An index that a server keeps, as a place of generations."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from nrqa.errors import IndexBusyError, IndexMissingError, IndexUnusableError
from nrqa.index.milvus.address import Address
from nrqa.index.milvus.connection import Connection
from nrqa.index.milvus.record import Record
from nrqa.index.milvus.schema import RECORD, Collections, make
from nrqa.index.milvus.snapshot import EngineSnapshot, manifest_key
from nrqa.index.snapshot import Snapshot

if TYPE_CHECKING:
    from nrqa.index.milvus.building import EngineBuilder


class Server:
    """See ``Generations``, which it implements."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._record = Record(Connection(address), address)
        self._still: Callable[[], None] = lambda: None

    def __str__(self) -> str:
        return str(self._address)

    @cached_property
    def beside(self) -> Path:
        """A folder of the user's on this machine: standing questions and a calibration are not the server's."""
        from platformdirs import user_data_path

        its = self._address
        return user_data_path("nrqa") / "milvus" / f"{its.host}_{its.port}_{its.name}".replace(":", "_")

    @property
    def encoder(self) -> None:
        """None: it is found on this machine."""

    def newest_number(self) -> int | None:
        """The number that the record publishes."""
        found = self._record.newest()
        return found.generation if found else None

    def identity(self, number: int | None = None) -> Hashable | None:
        """What the record publishes."""
        found = self._record.newest()
        return found if found and number in (None, found.generation) else None

    def newest(self) -> EngineSnapshot:
        """The published generation, opened."""
        number = self.newest_number()
        if number is None:
            raise IndexMissingError(
                f"There is no index '{self._address}'. Build it first: nrqa index CORPUS --index '{self._address}'"
            )
        return self.at(number)

    def at(self, number: int) -> EngineSnapshot:
        """An earlier generation: the one before the newest is kept."""
        return EngineSnapshot(self._record, number, self.beside)

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Errors of the server are told where they are met (see module connection)."""
        yield

    def newest_content(self) -> Any:
        """The JSON of the published manifest; None where it cannot be read."""
        number = self.newest_number()
        data = None if number is None else self._record.get_bytes(manifest_key(number))
        try:
            return None if data is None else json.loads(data)
        except ValueError:
            return None

    def damage(self) -> Iterator[tuple[str, str]]:
        """Documents and passages that are not as they were written: all of them are read."""
        try:
            snapshot = self.newest()
            for number in snapshot.kept:
                try:
                    list(snapshot.passages_of([number]))
                except IndexUnusableError as error:
                    yield f"document {number}", str(error)
        except IndexUnusableError as error:
            yield str(self._address), str(error)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Holds the lease, and the lock of the folder on this machine where the part is built."""
        from nrqa.index.local import generation
        from nrqa.index.local.failures import writing

        with writing(self.beside), ExitStack() as held:
            try:
                held.enter_context(generation.writing(self.beside))
            except IndexBusyError as error:
                raise IndexBusyError(
                    f"Another process of yours writes to the index '{self}' from this machine. Questions are still "
                    "answered; try again when it has finished."
                ) from error
            make(self._record.connection, Collections(self._address, 0), [RECORD])
            with self._record.leased() as self._still:
                yield

    def builder(self, previous: Snapshot | None, vectors: Snapshot | None, *, dimensions: int) -> EngineBuilder:
        """A builder that writes a part on this machine, and then sends its rows."""
        from nrqa.index.milvus.building import EngineBuilder

        before, known = cast("EngineSnapshot | None", previous), cast("EngineSnapshot | None", vectors)
        return EngineBuilder(self._record, self.beside, before, known, dimensions=dimensions, still=self._still)
