"""A real notebook, run by Jupyter's own client: what its cells show, and the page that nbconvert makes of it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import lxml.html
import pytest

pytest.importorskip("nbclient")
pytest.importorskip("ipykernel")
pytestmark = pytest.mark.slow

import nbformat
from nbclient import NotebookClient

CELLS = [
    "import nrqa\nanswer = nrqa.ask('why does Russia oppose missile defense', k=2)\nanswer",
    "answer.hits[0]",
    "nrqa.ask('how do I bake sourdough bread at home')",
    "nrqa.check('memo.md')",
    "print(answer)",
]
MEMO = "Russia sees “a direct menace to its nuclear deterrent” (nato-russia.txt:29), which costs $5 or $6.\n"


@pytest.fixture(scope="module")
def shown(articles_index: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """The outputs of the cells, run in a folder with an index and a draft."""
    folder = tmp_path_factory.mktemp("notebook")
    shutil.copytree(articles_index, folder / "index")
    (folder / "memo.md").write_text(MEMO, "utf-8")
    cells = [nbformat.v4.new_code_cell(source) for source in CELLS]
    notebook = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(notebook, timeout=600, startup_timeout=600, resources={"metadata": {"path": str(folder)}}).execute()
    return [cell.outputs for cell in notebook.cells]


def test_each_result_is_shown_as_a_page_and_as_text(shown: list[Any]) -> None:
    for outputs in shown[:4]:
        (output,) = outputs
        assert set(output.data) == {"text/html", "text/plain"}
        assert "<script" not in output.data["text/html"]
        lxml.html.fragment_fromstring(output.data["text/html"])


def test_text_is_what_the_command_line_prints(shown: list[Any]) -> None:
    text = shown[0][0].data["text/plain"]
    assert text.startswith("1  nato-russia.txt:29")
    assert text == shown[4][0].text.rstrip("\n")
    assert shown[1][0].data["text/plain"] in text


def test_the_verdict_comes_first_and_the_difference_is_shown(shown: list[Any]) -> None:
    answered, _, absent, checked = (lxml.html.fragment_fromstring(one[0].data["text/html"]) for one in shown[:4])
    assert answered.xpath("string(.//p[@class='good'])").startswith("answered")
    assert "Nothing in the corpus answers this." in absent.text_content()
    assert [one.text for one in checked.iter("ins")] == ["menace"]
    assert [one.text for one in checked.iter("del")] == ["threat"]
