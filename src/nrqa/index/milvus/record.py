"""The collection ``record``: which generation is published, what each says of itself, and who writes.

A generation is complete before the row ``published`` names it: writing that row is the commit. The row ``lease`` says
who writes, until when; a writer that lives renews it.
"""

from __future__ import annotations

import os
import platform
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import Any

from nrqa.errors import IndexBusyError, IndexUnusableError
from nrqa.index.milvus.address import Address
from nrqa.index.milvus.connection import CollectionMissingError, Connection
from nrqa.index.milvus.content import joined, packed, pieces_of, unpacked
from nrqa.index.milvus.schema import RECORD, UNUSED, Collections

PUBLISHED, _LEASE = "published", "lease"
_HOLDS, _RENEWED = 60.0, 10.0
"""Seconds that a lease holds, and after which it is renewed."""
_USUAL, _MOST = 32, 100_000
"""Pieces asked for before it is known how many there are (a codebook has 22), and how many there may be."""
_SETTLES = 1.0
"""Seconds between writing a lease and reading it back: of two that write at once, one finds the other's."""


@dataclass(frozen=True, slots=True)
class Published:
    """What the row ``published`` says: a generation, the epoch of its collections, and a mark that no other has."""

    generation: int
    epoch: int
    mark: str


@dataclass(frozen=True, slots=True)
class Record:
    """The record of one index."""

    connection: Connection
    address: Address

    @property
    def place(self) -> str:
        """The collection's name."""
        return Collections(self.address, 0).named(RECORD)

    def newest(self) -> Published | None:
        """The published generation; None where there is none."""
        try:
            found = self.get(PUBLISHED)
        except CollectionMissingError:
            return None
        if found is None:
            return None
        published = Published(found.get("generation"), found.get("epoch"), found.get("mark"))
        if type(published.generation) is not int or type(published.epoch) is not int:
            raise IndexUnusableError(f"The index '{self.address}' names no generation that can be.")
        return published

    def get(self, key: str) -> Any:
        """What a small row says; None where there is none."""
        found = self.connection.by_key(self.place, "key", [key], ["content"])
        return unpacked(found[0]["content"], f"'{key}' of '{self.address}'") if found else None

    def put(self, key: str, content: object) -> None:
        """Write a small row."""
        self._upsert([(key, packed(content))])

    def get_bytes(self, key: str) -> bytes | None:
        """What ``put_bytes`` wrote; None where nothing was."""
        told = f"{key}/count"
        found = self._contents([told, *(f"{key}/{at}" for at in range(_USUAL))])
        count = unpacked(found[told], f"'{told}' of '{self.address}'") if told in found else None
        if type(count) is not int:
            return None
        if count > _USUAL:
            found |= self._contents([f"{key}/{at}" for at in range(_USUAL, min(count, _MOST))])
        return joined([found.get(f"{key}/{at}", "") for at in range(min(count, _MOST))], f"'{key}' of '{self.address}'")

    def put_bytes(self, key: str, data: bytes) -> None:
        """Write bytes of any length; they are there when their number of pieces is."""
        pieces = pieces_of(data)
        for at, one in enumerate(pieces):
            self._upsert([(f"{key}/{at}", one)])
        self.put(f"{key}/count", len(pieces))

    def drop(self, begins: str) -> None:
        """Delete all rows whose keys begin so."""
        self.connection.call("delete", self.place, filter=f'key like "{begins}%"')

    @contextmanager
    def leased(self) -> Iterator[Callable[[], None]]:
        """Be the only writer meanwhile; gives what raises IndexBusyError where another took over after a long pause."""
        mine = {"host": platform.node(), "process": os.getpid(), "system": _system(), "mark": uuid.uuid4().hex}
        self._refuse_other(mine)
        self._renew(mine)
        time.sleep(_SETTLES)
        self._refuse_other(mine)
        over = Event()

        def renewing() -> None:
            while not over.wait(_RENEWED):
                try:
                    if self._owner() == mine:
                        self._renew(mine)
                except IndexUnusableError:
                    continue  # the next try may reach the server; else the lease ends, and ``still`` says so

        def still() -> None:
            if self._owner() != mine:
                raise IndexBusyError(
                    f"Another process took over the index '{self.address}', since this one was silent for more than "
                    f"{_HOLDS:.0f} seconds. Nothing was published; run it again when the other has finished."
                )

        thread = Thread(target=renewing, name="renewing the lease", daemon=True)
        thread.start()
        try:
            yield still
        finally:
            over.set()
            thread.join()
            try:
                if self._owner() == mine:
                    self.put(_LEASE, {})
            except IndexUnusableError:
                pass  # it ends by itself

    def _contents(self, keys: list[str]) -> dict[str, str]:
        return {one["key"]: one["content"] for one in self.connection.by_key(self.place, "key", keys, ["content"])}

    def _owner(self) -> Any:
        return (self.get(_LEASE) or {}).get("owner")

    def _refuse_other(self, mine: dict[str, Any]) -> None:
        found = self.get(_LEASE) or {}
        owner, until, since = found.get("owner"), found.get("until", 0.0), found.get("since", 0.0)
        if owner and owner != mine and until > time.time() and not _is_dead(owner):
            raise IndexBusyError(
                f"Another process writes to the index '{self.address}' (process {owner.get('process')} on "
                f"{owner.get('host')}, for {max(0.0, time.time() - since):.0f} s). Questions are still answered; try "
                f"again when it has finished. If it died, its lease ends in {until - time.time():.0f} s."
            )

    def _renew(self, mine: dict[str, Any]) -> None:
        found = self.get(_LEASE) or {}
        since = found.get("since", time.time()) if found.get("owner") == mine else time.time()
        self.put(_LEASE, {"owner": mine, "since": since, "until": time.time() + _HOLDS})

    def _upsert(self, rows: list[tuple[str, str]]) -> None:
        data = [{"key": key, "content": content, "unused": UNUSED} for key, content in rows]
        self.connection.call("upsert", self.place, data)


def _system() -> str:
    """What tells whether two processes see each other's numbers: the same start of the system, the same container."""
    try:
        return f"{Path('/proc/sys/kernel/random/boot_id').read_text().strip()} {Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return ""


def _is_dead(owner: Mapping[str, Any]) -> bool:
    """Whether a lease is of a process of this system that is not there any more: nobody need wait for its end."""
    if not _system() or owner.get("system") != _system() or type(owner.get("process")) is not int:
        return False
    return not Path(f"/proc/{owner['process']}").exists()
