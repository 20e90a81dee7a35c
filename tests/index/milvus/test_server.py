"""A server's index as its writers on one machine meet it."""

from __future__ import annotations

from pathlib import Path

import pytest

from nrqa.errors import IndexBusyError
from nrqa.index.local import generation
from nrqa.index.opening import generations_at


def test_a_second_writer_of_the_same_user_is_told_the_address_and_not_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    address = "milvus://127.0.0.1:1/reports"
    at = generations_at(Path(address))
    with (
        generation.writing(at.beside),
        pytest.raises(IndexBusyError, match=rf"process of yours writes to the index '{address}'"),
        at.writing(),
    ):
        pass
