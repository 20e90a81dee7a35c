"""From hit to hit: the reading order, the ticks at the edge, and PDFs whose passages go over two pages."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from urllib.parse import urlencode

import lxml.html
import pytest
from starlette.testclient import TestClient

import project
from fakes import FakeEncoder
from nrqa.answering.asking import Index
from nrqa.indexing.reindexing import reindex
from nrqa.records import Answer, Hit
from nrqa.server.page.questions import Asked
from nrqa.server.page.stepping import Led, in_reading_order, steps, ticks
from nrqa.server.settings import Serving
from served import client, serving

PDF = "paper.pdf"
ASKED = Asked("which ships has the port, with tea, coal or fish", 20, {}, ())
NEAREST = 4.0
"""Percent between two ticks: 24 pixels of the lowest edge that there is."""


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Serving:
    place = tmp_path_factory.mktemp("served")
    corpus = place / "corpus"
    corpus.mkdir()
    for name, goods in (("first.md", ("tea", "salt", "wine", "wool")), ("second.md", ("coal", "iron", "fish", "rye"))):
        parts = [
            f"## The port and {one}\n\nThe port has ships with {one}. {f'They bring {one}. ' * 30}" for one in goods
        ]
        (corpus / name).write_text("\n\n".join(parts))
    shutil.copy(project.DOCUMENTS / "pdf" / "latex-two-columns.pdf", corpus / PDF)
    reindex(corpus, place / "index", encoder=FakeEncoder())
    return serving(place / "index", place)


@pytest.fixture(scope="module")
def page(settings: Serving) -> Iterator[TestClient]:
    with client(settings, FakeEncoder()) as found:
        yield found


@pytest.fixture(scope="module")
def index(settings: Serving) -> Index:
    return Index.open(settings.index, encoder=FakeEncoder())


@pytest.fixture(scope="module")
def answer(index: Index) -> Answer:
    found = index.ask(ASKED.question, k=6, only=["*.md"])
    assert len({hit.passage.citation.document for hit in found.hits}) == 2
    return found


def placed(hit: Hit) -> tuple[str, int]:
    return hit.passage.citation.document, hit.passage.citation.start


def test_each_hit_is_met_once_in_the_order_of_its_document(answer: Answer) -> None:
    order = in_reading_order(answer.hits)
    assert {one.rank for one in order} == {one.rank for one in answer.hits}
    names = [placed(one)[0] for one in order]
    assert names == sorted(names, key=names.index)  # one document after another
    assert names[0] == placed(answer.hits[0])[0]  # the one with the best hit comes first
    for name in set(names):
        starts = [start for of, start in map(placed, order) if of == name]
        assert starts == sorted(starts)


def test_from_the_first_to_the_last_hit_every_step_leads_on(answer: Answer) -> None:
    order = in_reading_order(answer.hits)
    told = steps(Led(ASKED, answer, order[0].rank))
    assert told["before"] is None
    met = [order[0].rank]
    while told["after"]:
        met.append(told["after"]["rank"])
        before, told = told, steps(Led(ASKED, answer, told["after"]["rank"]))
        assert told["before"]["rank"] == before["here_hit"].rank
    assert met == [one.rank for one in order]


def test_ticks_stand_where_the_hits_are_and_none_above_another(answer: Answer) -> None:
    mine = [hit for hit in answer.hits if placed(hit)[0] == "first.md"]
    length = max(hit.passage.citation.end for hit in mine)
    shown = ticks(Led(ASKED, answer, mine[0].rank), "first.md", length)
    assert len(shown) >= len(mine)
    assert [one["at"] for one in shown] == sorted(one["at"] for one in shown)
    assert [one["current"] for one in shown].count(True) >= 1
    apart = [later["at"] - earlier["at"] for earlier, later in pairwise(shown)]
    assert min(apart) >= NEAREST - 0.01
    assert all(0 <= one["at"] <= 100 - NEAREST for one in shown)


def test_ticks_of_hits_at_one_place_have_room_as_well(answer: Answer) -> None:
    crowd = replace(answer, hits=tuple(replace(answer.hits[0], rank=rank, also=()) for rank in range(1, 60)))
    for length in (10, 10**9):  # all at the end, all at the beginning
        shown = ticks(Led(ASKED, crowd, 1), placed(answer.hits[0])[0], length)
        assert 20 < len(shown) < 30
        assert all(0 <= one["at"] <= 100 - NEAREST for one in shown)
        apart = [later["at"] - earlier["at"] for earlier, later in pairwise(shown)]
        assert min(apart) >= NEAREST - 0.01


def test_a_passage_over_two_pages_is_marked_on_both_and_its_answer_more_strongly(
    page: TestClient, index: Index
) -> None:
    over = next(
        one
        for one in index.snapshot.document_named(PDF)[1]  # type: ignore[index]
        if len({page for page, start, end in index.snapshot.page_spans(PDF)
                if start < one.passage.citation.end and one.passage.citation.start < end}) == 2
    )  # fmt: skip
    cited = over.passage.citation
    question = over.passage.text.split(". ")[0]
    hits = index.ask(question, k=5, only=[PDF]).hits
    rank = next(one.rank for one in hits if one.passage.citation.start == cited.start)
    query = urlencode({"at": f"{cited.start}-{cited.end}", "q": question, "only": PDF, "hit": rank})
    for path in (f"/read/{PDF}?{query}", f"/beside/{PDF}?{query}"):
        tree = lxml.html.fromstring(page.get(path).text)
        sheets = tree.xpath("//section[@class='page']")
        assert len(sheets) == 2
        assert all(one.xpath(".//rect[@class='mark']") for one in sheets)
        assert tree.xpath("//rect[@class='answer']")
        assert len(tree.xpath("//rect[@class='mark']")) > len(tree.xpath("//rect[@class='answer']"))
        assert len(tree.xpath("//*[@id='here']")) == 1
        assert sheets[0].xpath(".//*[@id='here']")


def test_who_turns_the_pages_keeps_the_question_and_the_hit(page: TestClient) -> None:
    tree = lxml.html.fromstring(page.get(f"/read/{PDF}?page=2&q=missile+defense&only={PDF}&hit=1").text)
    (after,) = tree.xpath("//p[@class='label']/a[contains(., 'next')]/@href")
    assert "hit=1" in after
    assert "page=3" in after
    assert tree.xpath("//nav[@class='ticks']//a")
    assert tree.xpath("//p[@class='back']/a/@href")[0].startswith("/?q=")
