"""What a page says of the journal, book or newspaper that it is of."""

from __future__ import annotations

import json
from typing import Any

import pytest

from nrqa.corpus.readers.document import read_document
from nrqa.rendering.formats.facts import facts_of

BODY = (
    "<article><h1>Rivers</h1><p>The committee found that the reservoirs were low and the talks had ended.</p></article>"
)


def metadata(head: str) -> dict[str, Any]:
    document, _ = read_document("a.html", f"<html><head>{head}</head><body>{BODY}</body></html>".encode())
    return dict(document.metadata)


def meta(**said: str) -> str:
    return "".join(f'<meta name="{name.replace("__", ".")}" content="{value}">' for name, value in said.items())


def linked(**said: Any) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@context": "https://schema.org", **said})}</script>'


def test_an_article_of_a_journal_by_highwire() -> None:
    found = metadata(
        meta(
            citation_title="Rivers", citation_author="Lee, Ann", citation_journal_title="River Studies",
            citation_volume="7", citation_issue="2", citation_firstpage="101", citation_lastpage="120",
            citation_issn="1234-5678", citation_doi="10.1234/rs.7", citation_publisher="Academic Press",
            citation_publication_date="2020/02/29",
        )
    )  # fmt: skip
    facts = facts_of(found, "a.html", is_web=True)
    assert (facts.kind, facts.container, facts.volume, facts.issue) == ("article-journal", "River Studies", "7", "2")
    assert (facts.pages, facts.issn, facts.doi) == ("101-120", "1234-5678", "10.1234/rs.7")
    assert facts.publisher == "Academic Press"
    assert facts.issued is not None
    assert facts.issued.parts == (2020, 2, 29)


def test_an_article_of_a_journal_by_schema_org() -> None:
    journal = {"@type": "Periodical", "name": "River Studies", "issn": ["1234-5678"]}
    volume = {"@type": "PublicationVolume", "volumeNumber": 7, "isPartOf": journal}
    found = metadata(
        linked(**{
            "@type": "ScholarlyArticle", "headline": "Rivers", "pageStart": "101", "pageEnd": "120",
            "sameAs": "https://doi.org/10.1234/rs.7",
            "isPartOf": {"@type": "PublicationIssue", "issueNumber": "2", "isPartOf": volume},
        })
    )  # fmt: skip
    facts = facts_of(found, "a.html", is_web=True)
    assert (facts.kind, facts.container, facts.volume, facts.issue) == ("article-journal", "River Studies", "7", "2")
    assert (facts.pages, facts.issn, facts.doi) == ("101-120", "1234-5678", "10.1234/rs.7")


@pytest.mark.parametrize(
    ("head", "kind", "container"),
    [
        (
            '<meta property="og:site_name" content="The Daily">' + linked(**{"@type": "NewsArticle"}),
            "article-newspaper",
            "The Daily",
        ),
        (
            '<meta property="og:site_name" content="A blog">' + linked(**{"@type": "BlogPosting"}),
            "post-weblog",
            "A blog",
        ),
        ('<meta property="og:site_name" content="A site">', "webpage", "A site"),
        (meta(citation_isbn="978-3-16-148410-0", citation_publisher="P"), "book", ""),
        (meta(citation_inbook_title="Waters", citation_isbn="978-3-16-148410-0"), "chapter", "Waters"),
        (meta(citation_conference_title="Rivers 2020"), "paper-conference", "Rivers 2020"),
        (meta(dc__identifier="an internal number"), "webpage", ""),
        (linked(**{"@type": "WebPage", "isPartOf": {"@type": "WebSite", "name": "X"}}), "webpage", ""),
    ],
)
def test_the_kind_of_a_page(head: str, kind: str, container: str) -> None:
    facts = facts_of(metadata(head), "a.html", is_web=True)
    assert (facts.kind, facts.container, facts.doi) == (kind, container, "")


def test_json_ld_that_turns_in_a_circle_or_is_odd_is_passed_over() -> None:
    part: dict[str, Any] = {"@type": ["Periodical"], "name": ["x"], "issn": {"a": 1}}
    for _ in range(20):
        part = {"@type": None, "isPartOf": [part]}
    assert "journal" not in metadata(linked(**{"@type": "Article", "isPartOf": part, "pagination": [1], "isbn": {}}))
