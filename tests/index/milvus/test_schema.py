"""Collections: who writes to an index leaves those that are loaded as they are."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from nrqa.index.milvus.address import address_of
from nrqa.index.milvus.connection import Connection
from nrqa.index.milvus.schema import RECORD, Collections, make


class _Connection:
    """A server that has one collection, in a state of loading; it notes what it is asked for."""

    def __init__(self, state: str) -> None:
        self.state, self.loaded = state, list[tuple[str, int]]()

    def there(self, _: str) -> bool:
        return True

    def call(self, name: str, *args: Any, **options: Any) -> Any:
        if name == "get_load_state":
            return {"state": SimpleNamespace(name=self.state)}
        assert name == "load_collection"
        self.loaded.append((args[0], options["replica_number"]))
        return None


@pytest.mark.parametrize(("state", "loads"), [("Loaded", 0), ("Loading", 1), ("NotLoad", 1)])
def test_a_writer_whose_address_names_no_replicas_leaves_those_of_a_loaded_collection(state: str, loads: int) -> None:
    connection = _Connection(state)
    address = address_of(Path("milvus://db.example.org/reports"))
    make(cast("Connection", connection), Collections(address, 0), [RECORD])
    assert connection.loaded == [("nrqa_reports_record", 1)] * loads
