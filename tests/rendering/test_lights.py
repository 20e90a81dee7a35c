"""A link to words of a web page lights them in a browser, whatever stands between them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

from browser import CHROMIUM, LIGHT, Browser, browser
from fakes import FakeEncoder
from nrqa.corpus.readers.document import read_document
from nrqa.index.local.snapshot import LocalSnapshot
from nrqa.indexing.reindexing import reindex
from nrqa.records import Document, Span
from nrqa.rendering.links import passage_fragment

PICTURE = '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" alt="smile" width="10" height="10">'
FILLER = "".join(
    f"<p>Filler number {at} speaks of apples and of a quiet afternoon in the garden.</p>" for at in range(3)
)
PAGES = {
    "picture": f"<p>We found that networks are not human {PICTURE} and that human networks are fragile.</p>",
    "pictures": f"<p>{PICTURE} We found that {PICTURE} networks are not human and that {PICTURE} they are fragile.</p>",
    "drawing": "<p>Officials said <svg width=9><circle r=5></circle></svg> trust was gone in the second year.</p>",
    "ruby": "<p>The word <ruby>漢字<rt>kanji</rt></ruby> means Chinese characters in the script of the period.</p>",
    "ruby of each sign": "<p><ruby>東<rt>と</rt>京<rt>き</rt></ruby>は<ruby>日本<rt>に</rt></ruby>の首都です。</p>",
    "button": "<p>The committee met in May <button>Copy</button> and closed the harbour for two years.</p>",
    "field": '<p>The committee met in May <input value="x"> and closed the harbour for two years.</p>',
    "notes": "<p>The flow was 10<sup>6</sup> tons a year<sup><a href='#n'>[3]</a></sup>, said the ministry.</p>",
    "hidden words": "<p>They are fragile<span style='display:none'>secretly</span> in the long run of things.</p>",
    "formula": "<p>The area is <math><msup><mi>r</mi><mn>2</mn></msup></math> times pi, as pupils learn at school.</p>",
    "icon": "<p>The <i class='icon' style='display:inline-block;width:9px'></i> harbour was closed for two years.</p>",
    "box": "<p>One <span style='display:inline-block'>two three</span> four five six seven eight.</p>",
    "accents": "<p>Un resume of it.</p><p>Le résumé du café était naïf: cœur, façade, Ærø, straße.</p>",
    "parted accents": "<p>Le re\u0301sume\u0301 du cafe\u0301 e\u0301tait nai\u0308f et long.</p>",
    "soft hyphens": "<p>We asked officials in nine coun&shy;tries over a period of two&nbsp;years and more.</p>",
    "signs": "<p>Trust &mdash; a long-term affair &ndash; can&rsquo;t be bought, 50&nbsp;% &amp; A&amp;B, C++ -x-.</p>",
    "line ends": "<p>First line of an address.<br>Second line of it.<br>Third line, the last.</p>",
    "list": "<ul><li>First we asked whether.</li><li>Second we asked when.</li><li>Third we asked whether.</li></ul>",
    "cells": "<table><tr><th>Country</th><th>Share</th></tr><tr><td>Finland</td><td>66.05</td></tr><tr><td>Norway</td>"
    "<td>66.05</td></tr></table>",
    "unfolded": "<details><summary>More of it</summary><p>The appendix lists what was put to them there.</p></details>",
    "no spaces": "<p>北约与俄罗斯的关系，历史上塑造了欧洲的安全格局。历史上塑造了欧洲。</p>",
}


def page_of(body: str) -> bytes:
    words = f"<article><h1>The head of it</h1>{FILLER}{body}<p>Closing words of the page stand here.</p></article>"
    return f"<!doctype html><html><head><meta charset='utf-8'>{LIGHT}</head><body>{words}</body></html>".encode()


def passage_in(document: Document) -> Span:
    """What stands between the filler and the closing words."""
    start = document.text.index("\n\n", document.text.index("Filler number 2")) + 2
    return Span(start, document.text.index("\n\nClosing words"))


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    pytest.importorskip("PIL")
    with browser(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here")
@pytest.mark.parametrize("name", PAGES)
def test_a_browser_lights_the_passage_and_nothing_else(name: str, chromium: Browser, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_bytes(page_of(PAGES[name]))
    document, _ = read_document("page.html", file.read_bytes())
    where = passage_in(document)
    lit = chromium.lit(passage_fragment(file.as_uri(), document.text, where.start, where.end, document.seams))
    words = re.findall(r"\w+", document.text[where.start : where.end])
    shown = re.findall(r"\w+", lit.replace("\u00ad", ""))
    assert shown, "nothing is lit"
    assert not {"Filler", "Closing", "head"} & set(shown)
    first, last = (words[3], words[-1]) if name == "unfolded" else (words[0], words[-1])
    assert first.startswith(shown[0]) or shown[0].startswith(first[0])
    assert shown[-1][-1] == last[-1]


@pytest.mark.parametrize(
    ("name", "named"),
    [
        ("picture", "We found that networks are not human,and that human networks are fragile."),
        ("drawing", "Officials said,trust was gone in the second year."),
        ("button", "The committee met in May,and closed the harbour for two years."),
        ("unfolded", "The appendix lists what was put to them there."),
        ("hidden words", "They are fragile,in the long run of things."),
        ("cells", "Country,66.05,-Closing words of the"),
        ("line ends", "First line of an address.,Third line, the last."),
    ],
)
def test_no_words_are_named_across_what_the_text_has_not(name: str, named: str) -> None:
    document, _ = read_document("page.html", page_of(PAGES[name]))
    where = passage_in(document)
    address = passage_fragment("https://e.org/", document.text, where.start, where.end, document.seams)
    assert unquote(address.partition(":~:text=")[2]) == named


def test_seams_change_nothing_of_the_text_and_are_kept_in_the_index(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    for name, body in PAGES.items():
        (tmp_path / "corpus" / f"{name}.html").write_bytes(page_of(body))
    reindex(tmp_path / "corpus", tmp_path / "index", encoder=FakeEncoder())
    snapshot = LocalSnapshot.newest(tmp_path / "index")
    for name, body in PAGES.items():
        document, blocks = read_document("page.html", page_of(body))
        assert snapshot.seams_of(f"{name}.html") == list(document.seams)
        assert all("\ufdd0" not in one.heading and "  " not in document.text[one.start : one.end] for one in blocks)
        assert not {"\ufdd0", "\ufdd1", "\ufffd"} & set(document.text)
        assert not [one for one in document.flags if one.kind == "seam"]
        found = snapshot.document_named(f"{name}.html")
        assert found is not None
        assert found[0] == document.text
        assert not [flag for one in found[1] for flag in one.passage.citation.flags if flag.kind == "seam"]


def test_signs_of_ours_in_a_page_are_no_seams() -> None:
    document, _ = read_document("page.html", page_of("<p>One \ufdd0two\ufdd1 three &#xFDD0; four.</p>"))
    assert document.seams == ()
    assert "\ufdd0" not in document.text


def test_a_prefix_is_not_taken_from_across_what_the_page_shows_between() -> None:
    text = "No dam.\nIt was the beaver.\nNo dam.\nThe end."
    second = text.rindex("No dam.")
    address = passage_fragment("https://e.org/", text, second, second + 7, [Span(second - 1, second - 1)])
    assert unquote(address.partition(":~:text=")[2]) == "No dam.,-The end."
