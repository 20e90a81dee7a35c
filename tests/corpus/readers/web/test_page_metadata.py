"""What a page says about itself becomes its metadata; nothing is made up."""

from __future__ import annotations

import pytest

from nrqa.corpus.readers.web.page_metadata import Facts, facts_of
from nrqa.corpus.readers.web.tree import parsed


def facts(head: str, body: str = "<p>words</p>", heads: tuple[str, ...] = (), url: str | None = None) -> Facts:
    return facts_of(parsed(f"<html><head>{head}</head><body>{body}</body></html>"), heads, url=url)


def linked(json: str) -> str:
    return f'<script type="application/ld+json">{json}</script>'


def test_a_page_that_says_nothing_has_no_metadata() -> None:
    assert facts("") == Facts("", {})


@pytest.mark.parametrize(
    ("head", "heads", "title"),
    [
        ("<title>The Report | The Site</title><meta property=og:site_name content='The Site'>", (), "The Report"),
        (
            "<title>The Site: The Report</title><meta property=og:site_name content='The Site'>",
            (),
            "The Site: The Report",
        ),
        ("<title>The Report | The Site</title>", ("The Report",), "The Report"),
        ("<title>Wholly other</title>", ("The Report",), "Wholly other"),
        ("<title>The Site</title><meta property=og:site_name content='The Site'>", ("The Site",), "The Site"),
        ("<meta property=og:title content='The  Report'><title>x</title>", (), "The Report"),
        ("<title>R&amp;amp;D &mdash; 2021</title>", (), "R&D — 2021"),
        (linked('{"@type":"NewsArticle","headline":"The Report"}') + "<title>x - y</title>", (), "The Report"),
        ("", ("The Report",), "The Report"),
        ("", ("One", "Two"), ""),
        ("<title>  </title>", (), ""),
    ],
)
def test_the_title(head: str, heads: tuple[str, ...], title: str) -> None:
    assert facts(head, heads=heads).title == title


@pytest.mark.parametrize(
    ("head", "author"),
    [
        ('<meta name=author content="Ann Lee">', "Ann Lee"),
        ('<meta name=author content="By Ann Lee">', "Ann Lee"),
        ('<meta name=citation_author content="Lee, Ann"><meta name=citation_author content="Bo">', ["Lee, Ann", "Bo"]),
        ('<meta property=article:author content="https://facebook.example/ann"><meta name=x content=y>', None),
        ('<meta name=author content="admin">', None),
        (linked('{"@type":"BlogPosting","author":{"@type":"Person","name":"Ann Lee"}}'), "Ann Lee"),
        (linked('{"@type":["Article"],"author":["Ann Lee",{"name":["Bo"]}]}'), ["Ann Lee", "Bo"]),
        (linked('[{"@type":"Person","author":"Nobody"},{"@graph":[{"@type":"NewsArticle","author":"Ann"}]}]'), "Ann"),
        (linked('{"@type":"WebPage","author":"Page"}') + linked('{"@type":"Article","author":"Ann"}'), "Ann"),
        (linked('{"broken"') + '<meta name=author content="Ann Lee">', "Ann Lee"),
        (linked("[" * 100_000), None),
    ],
)
def test_the_author(head: str, author: str | list[str] | None) -> None:
    assert facts(head).metadata.get("author") == author


def test_the_author_and_date_in_the_text_where_it_marks_them() -> None:
    body = (
        '<div itemprop="author"><img alt=x><span itemprop="name">Ann Lee</span>, our reporter</div>'
        '<time itemprop="datePublished" datetime="2021-10-20">last week</time>'
    )
    assert facts("", body).metadata == {"author": "Ann Lee", "date": "2021-10-20"}
    assert facts("", '<a rel="author" href=/a>Ann Lee</a>').metadata == {"author": "Ann Lee"}
    assert (
        facts("", '<time class="entry-date published" datetime="2021-10-20T08:00">x</time>').metadata["date"]
        == "2021-10-20T08:00"
    )
    assert "date" not in facts("", '<time datetime="2021-10-20">x</time>').metadata


@pytest.mark.parametrize(
    ("head", "date"),
    [
        ('<meta property="article:published_time" content="2021-10-20T08:00:00Z">', "2021-10-20T08:00:00Z"),
        ('<meta name="DC.date" content="20 October 2021">', "20 October 2021"),
        ('<meta itemprop="datePublished" content="2021-10-20">', "2021-10-20"),
        (linked('{"@type":"NewsArticle","datePublished":"2021-10-20"}'), "2021-10-20"),
        ('<meta property="article:modified_time" content="2021-10-20">', None),
    ],
)
def test_the_date_is_as_it_is_written(head: str, date: str | None) -> None:
    assert facts(head).metadata.get("date") == date


@pytest.mark.parametrize(
    ("head", "url", "address"),
    [
        ('<link rel=canonical href="https://a.example/b">', None, "https://a.example/b"),
        ('<link rel=canonical href="/b?c=1">', "https://a.example/x/y.html", "https://a.example/b?c=1"),
        ('<link rel=canonical href="/b">', None, None),
        ('<link rel=canonical href="javascript:alert(1)">', None, None),
        ('<meta property=og:url content="https://a.example/b">', None, "https://a.example/b"),
        ("", "https://a.example/b", "https://a.example/b"),
        ("<!-- saved from url=(0019)https://a.example/b -->", None, "https://a.example/b"),
        (
            "<!--\n Page saved with SingleFile \n url: https://a.example/b \n saved date: x\n-->",
            None,
            "https://a.example/b",
        ),
        ("", "file:///home/x.html", None),
        ('<link rel=canonical href="http://[broken">', "https://a.example/b", "https://a.example/b"),
    ],
)
def test_the_address(head: str, url: str | None, address: str | None) -> None:
    assert facts(head, url=url).metadata.get("url") == address


def test_a_comment_before_the_page_says_where_it_was_saved_from() -> None:
    root = parsed("<!DOCTYPE html>\n<!-- saved from url=(0019)https://a.example/b -->\n<html><body>x</body></html>")
    assert facts_of(root).metadata == {"url": "https://a.example/b"}


def test_site_language_and_keywords() -> None:
    head = (
        '<meta property="og:site_name" content="The Site"><meta name="keywords" content="a, b;c,a,">'
        '<meta http-equiv="content-language" content="de">'
    )
    assert facts(head).metadata == {"publisher": "The Site", "keywords": ["a", "b", "c"], "language": "de"}
    assert facts_of(parsed('<html lang="en_GB"><body>x</body></html>')).metadata == {"language": "en-GB"}


def test_properties_of_other_things_are_not_the_pages() -> None:
    head = '<div itemprop="isBasedOn"><meta itemprop="datePublished" content="1999"></div>'
    assert "date" not in facts("", head).metadata
