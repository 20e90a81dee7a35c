"""Annotations that other tools made, judged as their makers meant them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fakes import FakeEncoder
from nrqa.answering.inspecting import status
from nrqa.citations.verifying import Verified, verify
from nrqa.indexing.reindexing import reindex
from pdf_writer import lines, pdf

_PAGE = """<html><head><title>A study</title><link rel="canonical" href="https://www.example.org/study/"></head><body>
<article><p>We asked forty officials<sup>1</sup> in nine countries across the whole region.<br>Every
interview was recorded.</p>
<p>Confidence fell sharply after 2014<sup><a href="#n1">1</a></sup> and rose again in <i>2018</i>.</p></article></body>
</html>"""
_TEXT = "A smile \U0001f600 and a wink \U0001f609 stand here.\r\nThen the words that are cited stand there.\r\n"


@pytest.fixture
def folder(corpus: Path) -> Path:
    (corpus / "study.html").write_text(_PAGE, "utf-8")
    (corpus / "smile.txt").write_text(_TEXT, "utf-8", newline="")
    return corpus


def _verified(value: Any, corpus: Path, tmp_path: Path) -> Verified:
    memo = tmp_path / "memo.json"
    memo.write_text(json.dumps(value), "utf-8")
    ((_, (one,)),) = verify([memo], corpus, index=corpus / "no index").files
    return one


def _quote(exact: str, source: str = "study.html", **more: Any) -> dict[str, Any]:
    quoted = {"type": "TextQuoteSelector", "exact": exact, **more}
    return {"type": "Annotation", "target": {"source": source, "selector": quoted}}


@pytest.mark.parametrize(
    ("exact", "status", "notes"),
    [
        ("across the whole region.Every interview", "intact", ("typography changed",)),
        ("across the whole region.\nEvery inter-\nview was", "intact", ("typography changed",)),
        ("Confidence fell sharply after 2014 and rose", "intact", ("marks of the source: [1]",)),
        ("Confidence fell sharply after 20141 and rose", "intact", ("marks of the source: [1]", "typography changed")),
        ("Confidence Fell Sharply After 2014", "edited", ()),
        ("CONFIDENCE FELL SHARPLY AFTER 2014", "edited", ()),
        ("SHARPLY", "edited", ()),
        ("officials in nine", "intact", ("marks of the source: ¹",)),
        ("acrossthe whole region", "edited", ()),
        ("Confidence fell sharply after 20142 and rose", "edited", ()),
    ],
)
def test_the_words_as_a_browser_hands_them_out(
    folder: Path, tmp_path: Path, exact: str, status: str, notes: tuple[str, ...]
) -> None:
    found = _verified(_quote(exact), folder, tmp_path).judgment
    assert (found.status, found.notes) == (status, notes)


@pytest.mark.parametrize(
    ("exact", "status"),
    [
        ("allocation was impos-\nsible without\ntrust in the", "intact"),
        ("allocation was impos-sible withouttrust in", "intact"),
        ("allocation was impossible without trust in the north", "intact"),
        ("allocationwas impossible", "gone"),
    ],
)
def test_the_lines_of_a_pdf(folder: Path, tmp_path: Path, exact: str, status: str) -> None:
    page = lines(["The officials knew that efficient allocation was impos-", "sible without", "trust in the north."])
    (folder / "water.pdf").write_bytes(pdf(page))
    assert _verified(_quote(exact, "water.pdf"), folder, tmp_path).judgment.status == status


@pytest.mark.parametrize(
    "address",
    [
        "https://www.example.org/study/",
        "http://example.org/study",
        "https://example.org/study/#results",
        "HTTPS://Example.org/study#:~:text=x",
    ],
)
def test_a_page_is_known_by_the_address_that_it_names(folder: Path, tmp_path: Path, address: str) -> None:
    one = _verified(_quote("Confidence fell sharply", address), folder, tmp_path)
    assert (one.judgment.status, one.written) == ("intact", address)
    assert _verified(_quote("Confidence rose", address), folder, tmp_path).judgment.status != "intact"


@pytest.mark.parametrize("address", ["https://example.org/studies", "https://example.org/study?page=2"])
def test_another_address_is_another_page(folder: Path, tmp_path: Path, address: str) -> None:
    assert _verified(_quote("Confidence fell sharply", address), folder, tmp_path).judgment.status == "unchecked"


def test_a_file_is_known_by_its_path(folder: Path, tmp_path: Path) -> None:
    found = _verified(_quote("Confidence fell", f"file://{folder}/study.html"), folder, tmp_path)
    assert found.judgment.status == "intact"


def test_an_address_stays_when_the_words_have_moved(folder: Path, tmp_path: Path) -> None:
    value = _quote("words that are cited", "https://example.org/smile")
    value["target"]["selector"] = [value["target"]["selector"], {"type": "TextPositionSelector", "start": 1, "end": 21}]
    (folder / "smile.md").write_text(f"---\nurl: https://example.org/smile\n---\n\n{_TEXT}", "utf-8")
    memo = tmp_path / "memo.json"
    memo.write_text(json.dumps(value), "utf-8")
    found = verify([memo], folder, index=folder / "none", update=True)
    assert found.counts["moved"] == 1
    written = json.loads(memo.read_text("utf-8"))
    assert written["target"]["source"] == "https://example.org/smile"
    assert written["target"]["selector"][1]["start"] > 1


def test_positions_in_every_way_to_count(folder: Path, tmp_path: Path) -> None:
    words = "words that are cited"
    at = _TEXT.index(words)
    for start in (at, at + 2, at - 1, at + 1):  # code points, UTF-16, a line end as one character, both
        for place, said in ((start, "intact"), (start + 7, "moved")):
            position = {"type": "TextPositionSelector", "start": place, "end": start + len(words)}
            target = {"source": "smile.txt", "selector": [{"type": "TextQuoteSelector", "exact": words}, position]}
            assert _verified({"target": target}, folder, tmp_path).judgment.status == said, start


def test_positions_in_a_text_that_only_a_browser_has(folder: Path, tmp_path: Path) -> None:
    position = {"type": "TextPositionSelector", "start": 412, "end": 427}
    target = {"source": "study.html", "selector": [{"type": "TextQuoteSelector", "exact": "Confidence fell"}, position]}
    assert _verified({"target": target}, folder, tmp_path).judgment.status == "intact"


@pytest.mark.parametrize(
    "selector",
    [
        {"type": "FragmentSelector", "value": ":~:text=Confidence%20fell%20sharply"},
        {"type": "FragmentSelector", "value": "text=region-,Every%20interview,-was"},
        {
            "type": "RangeSelector",
            "startSelector": {"type": "XPathSelector", "value": "/p[1]"},
            "endSelector": {"type": "XPathSelector", "value": "/p[2]"},
            "refinedBy": {"type": "TextQuoteSelector", "exact": "Confidence fell sharply"},
        },
        {
            "type": "FragmentSelector",
            "value": "section-2",
            "refinedBy": {"type": "TextQuoteSelector", "exact": "Confidence fell sharply"},
        },
    ],
)
def test_other_selectors(folder: Path, tmp_path: Path, selector: dict[str, Any]) -> None:
    found = _verified({"target": {"source": "study.html", "selector": selector}}, folder, tmp_path)
    assert found.judgment.status == "intact"


def test_a_text_fragment_in_the_address(folder: Path, tmp_path: Path) -> None:
    target = {"source": "https://example.org/study#:~:text=Confidence%20fell", "selector": {"type": "XPathSelector"}}
    assert _verified({"target": target}, folder, tmp_path).judgment.status == "intact"


def test_an_export_of_hypothesis(folder: Path, tmp_path: Path) -> None:
    def row(exact: str, source: str, **more: Any) -> dict[str, Any]:
        selector = [
            {
                "type": "RangeSelector",
                "startContainer": "/p[1]",
                "endContainer": "/p[1]",
                "startOffset": 0,
                "endOffset": 5,
            },
            {"type": "TextPositionSelector", "start": 700, "end": 720},
            {"type": "TextQuoteSelector", "exact": exact, "prefix": "", "suffix": ""},
        ]
        return {"id": "x", "uri": source, "text": "a note", "tags": [], **more,
                "target": [{"source": source, "selector": selector}]}  # fmt: skip

    links = {"title": ["A study"], "link": [{"href": "urn:x-pdf:1234"}, {"href": "https://example.org/study"}]}
    page_note = {
        "id": "y",
        "uri": "https://example.org/study",
        "text": "of all",
        "target": [{"source": "https://x.org"}],
    }
    memo = tmp_path / "memo.json"
    annotations = [
        row("Confidence fell sharply", "https://example.org/study"),
        row("Confidence fell sharply", "urn:x-pdf:1234", document=links),
        row("Confidence fell slightly after 2014", "https://example.org/study"),
        page_note,
    ]
    memo.write_text(json.dumps({"export_date": "2026", "client_version": "1", "annotations": annotations}), "utf-8")
    ((_, found),) = verify([memo], folder, index=folder / "none").files
    assert [one.judgment.status for one in found] == ["intact", "intact", "edited"]


def test_a_right_prefix_and_suffix_win_over_a_likeness_elsewhere(folder: Path, tmp_path: Path) -> None:
    text = (
        "The first chapter begins here. The committee met on a rainy day in May and said no. It was late.\n\n"
        "The second chapter begins here. The committee met in the old town hall in spring and agreed to it. So be it.\n"
    )
    (folder / "notes.txt").write_text(text, "utf-8")
    value = _quote(
        "The committee met in the old town hall in June and said that all was well.",
        "notes.txt",
        prefix="The first chapter begins here. ",
        suffix=" It was late.",
    )
    found = _verified(value, folder, tmp_path).judgment
    assert found.status == "edited"
    assert found.passage is not None
    assert found.passage.text == "The committee met on a rainy day in May and said no."


def test_as_many_documents_as_the_index_says(folder: Path, tmp_path: Path, fake: FakeEncoder) -> None:
    (folder / "empty.txt").write_text("", "utf-8")
    (folder / "empty.html").write_text("<html></html>", "utf-8")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 and nothing else")
    index = tmp_path / "index"
    reindex(folder, index, encoder=fake)
    memo = tmp_path / "memo.md"
    memo.write_text("“Then the words that are cited” (smile.txt:2)", "utf-8")
    found = verify([memo], index=index)
    assert found.documents == status(index).documents
    assert {one.document for one in found.unreadable} == {"empty.txt", "empty.html", "broken.pdf"}
    (folder / "empty.txt").write_text("Now there is something in it.", "utf-8")
    assert verify([memo], index=index).documents == found.documents + 1
