"""Quotations across the marks of sources in every format, from the file to the finding."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from fakes import FakeEncoder
from nrqa.answering.asking import Index
from nrqa.checking.checking import check
from nrqa.indexing.reindexing import reindex
from nrqa.rendering.checked_draft import annotated

_WORDS = "The committee held that dredging must stop, and that nobody may dredge before the survey is done"


def _page(mark: Callable[[str], str]) -> str:
    return (
        f"The committee held{mark('1')} that dredging must stop,{mark('2')} and that nobody may dredge{mark('3')} "
        "before the survey is done. It met in 1987 and spent 10 million on 5 km² of harbour in chapter 3 of its work."
    )


def _html(mark: Callable[[str], str]) -> bytes:
    return f"<html><body><article><p>{_page(mark)}</p></article></body></html>".encode()


_SOURCES: dict[str, bytes] = {
    "sup.html": _html(lambda one: f"<sup>{one}</sup>"),
    "pandoc.html": _html(lambda one: f'<a href="#fn{one}" role="doc-noteref"><sup>{one}</sup></a>'),
    "wiki.html": _html(lambda one: f'<sup class="reference"><a href="#cite-{one}">[{one}]</a></sup>'),
    "notes.md": _page(lambda one: f"[^{one}]").encode() + b"\n\n[^1]: By a majority.\n",
    "sup.md": _page(lambda one: f"<sup>{one}</sup>").encode(),
    "wiki.txt": _page(lambda one: {"1": "[note 3]", "2": "[a]", "3": "[citation needed]"}[one]).encode(),
    "plain.txt": _page(str).encode(),
    "raised.txt": _page(lambda one: "⁰¹²³"[int(one)]).encode(),
    "signs.txt": _page(lambda one: {"1": "*", "2": "†", "3": "‡"}[one]).encode(),
    "stars.txt": _page(lambda one: f" *12{one}").encode(),
    "pages.txt": _page(lambda one: f" [page {one}]").encode(),
    "notes.rst": _page(lambda one: f" [{one}]_").encode(),
    "notes.adoc": _page(lambda one: f"footnote:[Number {one} of all.]").encode(),
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    folder = tmp_path_factory.mktemp("marks")
    for name, data in _SOURCES.items():
        (folder / "corpus" / name).parent.mkdir(exist_ok=True)
        (folder / "corpus" / name).write_bytes(data)
    reindex(folder / "corpus", folder / "index", encoder=FakeEncoder())
    return Index.open(folder / "index", encoder=FakeEncoder())


@pytest.mark.parametrize("name", _SOURCES)
def test_a_true_quotation_across_marks_stands(index: Index, tmp_path: Path, name: str) -> None:
    draft = tmp_path / "draft.md"
    draft.write_text(f"“{_WORDS}” ({name}).", "utf-8")
    checked = check(draft, index)
    (one,) = checked.quotations
    assert (one.finding, one.attribution, one.fine, one.changes) == ("exact", "right", True, ())
    assert len(one.source_marks) == 3
    found = one.to_dict()["source_marks"]
    assert [mark["text"] for mark in found] == list(one.marks_of_source)
    assert one.source is not None
    assert "exact but for marks of the source" in annotated(checked)


@pytest.mark.parametrize("name", _SOURCES)
@pytest.mark.parametrize(
    "words",
    [
        "dredge before the 3 survey is done. It met in 1987 and spent",
        "before the survey is done. It met in and spent 10 million on 5 km² of harbour",
        "It met in 1987 and spent 10 million on 5 km of harbour in chapter 3 of its work",
        "It met in 1987 and spent million on 5 km² of harbour in chapter 3 of its work",
        "It met in 1987 and spent 10 million on 5 km² of harbour in chapter of its work",
    ],
)
def test_a_false_one_does_not(index: Index, tmp_path: Path, name: str, words: str) -> None:
    draft = tmp_path / "draft.md"
    draft.write_text(f"“{words}” ({name}).", "utf-8")
    (one,) = check(draft, index).quotations
    assert (one.finding, one.fine) == ("misquoted", False)
