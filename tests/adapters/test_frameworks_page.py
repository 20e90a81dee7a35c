"""docs/frameworks.md is true: its examples run, on the index of the articles."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

import project

EXAMPLES = re.findall(
    r"^\*\*(\w+)\*\*[^`]*^```python\n(.*?)^```",
    (project.ROOT / "docs" / "frameworks.md").read_text("utf-8"),
    re.DOTALL | re.MULTILINE,
)
NEEDED = {"LangChain": "langchain_core", "LlamaIndex": "llama_index", "Haystack": "haystack", "DSPy": "nrqa"}


def test_each_framework_has_an_example() -> None:
    assert [name for name, _ in EXAMPLES] == list(NEEDED)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "code"), EXAMPLES, ids=[name for name, _ in EXAMPLES])
def test_the_example_finds_the_passage(
    name: str,
    code: str,
    articles_index: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    pytest.importorskip(NEEDED[name])
    shutil.copytree(articles_index, tmp_path / "index")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    exec(code, names)  # noqa: S102 - our own page
    said = capsys.readouterr().out
    if name == "DSPy":
        said = str(names["search"]("why does Russia oppose missile defense"))  # type: ignore[operator]
    assert "a direct threat to its nuclear deterrent" in said
    assert "nato-russia.txt:29" in said
