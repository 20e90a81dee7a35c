"""docs/faiss.md is true: its code is run on the index of the articles."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

import nrqa
from nrqa.signals import vectors

PAGE = Path(__file__).parents[1] / "docs" / "faiss.md"


def test_whoever_has_faiss_opens_the_index_of_the_articles_and_finds_rows(
    articles_index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(articles_index, tmp_path / "index")
    monkeypatch.chdir(tmp_path)
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    found: dict[str, Any] = {}
    exec(code, found)  # noqa: S102 - our own page
    snapshot = nrqa.Index.open("index").snapshot
    rows, cosines = snapshot.search_dense(found["question"][0], 5, snapshot.filtered(None, None))
    assert found["rows"][0].tolist() == rows.tolist()
    assert found["cosines"][0].tolist() == cosines.tolist()
    assert "missile defense" in snapshot.stored(int(found["rows"][0][0])).passage.text
    assert found["vectors"].ntotal == snapshot.manifest.passages


def test_the_sizes_that_the_page_names_are_those_of_the_code() -> None:
    page = PAGE.read_text("utf-8")
    assert f"up to {vectors.EXACT:,}" in page
    assert f"up to {vectors.ONE_LIST:,}" in page
    assert f"for each {vectors.TO_A_LIST:,} rows" in page
