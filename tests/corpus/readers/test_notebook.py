"""Notebooks: cells of words, code and output."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lawful import assert_lawful
from nrqa.corpus.readers.document import read_document
from nrqa.errors import UnreadableError


def notebook(*cells: dict[str, Any], **metadata: Any) -> bytes:
    return json.dumps({"nbformat": 4, "metadata": metadata, "cells": list(cells)}).encode()


def words(*lines: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "source": [f"{line}\n" for line in lines]}


def code(source: str, *outputs: dict[str, Any]) -> dict[str, Any]:
    return {"cell_type": "code", "source": source, "outputs": list(outputs)}


def test_cells_are_text_under_their_headings_and_cited_by_number() -> None:
    stream = {"output_type": "stream", "text": ["48,300 francs\n"]}
    shown = {"output_type": "execute_result", "data": {"text/plain": ["   cost\n", "0  48"], "text/html": "<table>"}}
    failed = {"output_type": "error", "ename": "PumpError", "evalue": "dry", "traceback": ["x"]}
    data = notebook(
        words("# The pump", "", "It runs."),
        code("import pump\npump.run()", stream, shown),
        words("## Costs"),
        words("Too *much*."),
        code("pump.stop()", failed),
        authors=[{"name": "Ann Lee"}],
    )
    document, blocks = read_document("a.ipynb", data)
    assert_lawful(document, blocks)
    assert document.title == "The pump"
    assert document.metadata["author"] == "Ann Lee"
    found = [(block.heading, document.text[block.start : block.end]) for block in blocks]
    assert found == [
        ((), "It runs."),
        ((), "import pump\npump.run()"),
        ((), "48,300 francs"),
        ((), "cost\n0  48"),
        (("Costs",), "Too *much*."),
        (("Costs",), "pump.stop()"),
        (("Costs",), "PumpError: dry"),
    ]
    assert [(one.kind, one.label) for one in document.places] == [("cell", str(at)) for at in range(1, 6)]


def test_older_notebooks_are_read() -> None:
    cells = [{"cell_type": "heading", "level": 2, "source": "Pump"}, {"cell_type": "code", "input": "run()"}]
    document, _ = read_document("a.ipynb", json.dumps({"worksheets": [{"cells": cells}]}).encode())
    assert document.text == "Pump\n\nrun()"


def test_a_picture_that_code_put_out_is_flagged() -> None:
    picture = {"output_type": "display_data", "data": {"image/png": "iVBOR"}}
    document, _ = read_document("a.ipynb", notebook(code("plot()", picture)))
    assert [(flag.kind, flag.detail) for flag in document.flags] == [("lost text", "cell 1: an output (image/png)")]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'{"cells"', "not JSON"),
        (b"[1]", "no cells"),
        (b'{"cells": 3}', "no text in it"),
        (notebook(), "no text in it"),
    ],
)
def test_what_is_no_notebook_is_named(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        read_document("a.ipynb", data)
