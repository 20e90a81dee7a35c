"""Many documents: their folders, values of metadata by the hundred, lists that go on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import lxml.html
import pytest
from starlette.testclient import TestClient

from fakes import FakeEncoder
from nrqa.indexing.reindexing import reindex
from nrqa.server.page import holdings
from nrqa.server.reader.listing import Folder, folders_of
from nrqa.server.settings import Serving
from served import client, serving

HUNDREDS = 130


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Serving:
    """A corpus whose folder has the name of one that lies in it."""
    place = tmp_path_factory.mktemp("served")
    for folder in ("reports/reports", "reports/notes [old]*", "reports/letters"):
        (place / folder).mkdir(parents=True)
    for number in range(HUNDREDS):
        folder = ("reports", "notes [old]*", "letters")[number % 3]
        head = f"---\nauthor: Author {number:03}\nyear: {2000 + number % 3}\n---\n"
        (place / "reports" / folder / f"{number:03}.md").write_text(f"{head}The port has {number} ships today.\n")
    reindex(place / "reports", place / "index", encoder=FakeEncoder())
    return serving(place / "index", place)


@pytest.fixture(scope="module")
def page(settings: Serving) -> Iterator[TestClient]:
    with client(settings, FakeEncoder()) as found:
        yield found


def tree_of(page: TestClient, path: str) -> lxml.html.HtmlElement:
    answer = page.get(path)
    assert answer.status_code == 200, path
    return lxml.html.fromstring(answer.text)


def names_of(tree: lxml.html.HtmlElement) -> list[str]:
    return [one.text_content() for one in tree.xpath("//table//tr/td[1]")]


def test_a_folder_in_which_everything_lies_divides_nothing() -> None:
    assert folders_of([]) == []
    assert folders_of(["a.md", "b.md"]) == []
    names = ["all/of/it/x/1.md", "all/of/it/x/deep/2.md", "all/of/it/y/3.md", "all/of/it/z.md"]
    assert folders_of(names) == [Folder("all/of/it/x/", 2), Folder("all/of/it/y/", 1)]
    assert folders_of(["abc/1.md", "abd/2.md", "abd/3.md"]) == [Folder("abd/", 2), Folder("abc/", 1)]


def test_every_folder_that_is_offered_chooses_what_lies_in_it_and_nothing_else(page: TestClient) -> None:
    offered = tree_of(page, "/?q=port").xpath("//input[@name='only'][@type='checkbox']")
    assert len(offered) == 3
    for one in offered:
        count = int(one.getparent().xpath("./span")[0].text)
        found = page.get("/v1/search", params={"question": "port", "k": 50, "only": one.get("value")}).json()
        assert found["searched"]["documents"] == count
        named = one.getparent().xpath("./bdi")[0].text
        assert {hit["citation"]["document"].partition("/")[0] + "/" for hit in found["hits"]} == {named}


def test_all_values_of_a_key_are_one_click_away_and_can_be_looked_through(page: TestClient) -> None:
    facet = tree_of(page, "/?q=port&where=year=2001").xpath("//fieldset[legend='author']")[0]
    assert len(facet.xpath(".//input")) < 10
    (more,) = facet.xpath("./a/@href")
    assert f"and {HUNDREDS - 8} more" in facet.xpath("./a")[0].text_content()
    assert len(tree_of(page, more).xpath("//ul[@class='values']/li")) == HUNDREDS
    (one,) = tree_of(page, f"{more}&holding=HOR+077").xpath("//ul[@class='values']/li/a")
    assert one.text_content() == "author 077"
    chosen = parse_qs(urlparse(one.get("href")).query)
    assert chosen["q"] == ["port"]
    assert sorted(chosen["where"]) == ["author=author 077", "year=2001"]
    again = tree_of(page, f"{more}&where=author%3Dauthor+077&holding=077").xpath("//ul[@class='values']/li/a")[0]
    assert again.get("aria-current") == "true"
    assert "author" not in urlparse(again.get("href")).query
    assert page.get("/filters?key=nothing").status_code == 404
    assert page.get("/filters?where=nonsense").status_code == 422


def test_a_value_that_is_in_use_stays_chosen_though_it_is_rare(page: TestClient) -> None:
    tree = tree_of(page, "/?q=port&where=author=author+129")
    (checked,) = tree.xpath("//input[@checked]")
    assert checked.get("value") == "author=author 129"


def test_the_list_of_documents_goes_on_to_its_end(page: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holdings, "_LISTED", 50)
    path, met = "/documents?only=.md", []
    while path:
        tree = tree_of(page, path)
        met += names_of(tree)
        path = next(iter(tree.xpath("//a[@rel='next']/@href")), "")
    assert len(met) == len(set(met)) == HUNDREDS
    assert met == sorted(met)
    assert "101 to 130 are here" in tree.text_content()
    assert names_of(tree_of(page, tree.xpath("//a[.='from the beginning']/@href")[0])) == met[:50]


def test_a_new_generation_has_its_own_list(tmp_path: Path, fake: FakeEncoder) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "one.md").write_text("The port is old.")
    reindex(tmp_path / "corpus", tmp_path / "index", encoder=fake)
    with client(serving(tmp_path / "index", tmp_path), fake) as page:
        assert names_of(tree_of(page, "/documents")) == ["one.md"]
        (tmp_path / "corpus" / "two.md").write_text("The port is new.")
        reindex(tmp_path / "corpus", tmp_path / "index", encoder=fake)
        assert names_of(tree_of(page, "/documents")) == ["one.md", "two.md"]
