"""The pages, without a browser: what they say, and that nothing in them needs a script."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import lxml.html
import pytest
from starlette.testclient import TestClient

from fakes import FakeEncoder
from nrqa.indexing.reindexing import reindex
from nrqa.server.settings import Serving
from served import client, serving

TEA = (
    "---\nauthor: Ann Lee\ndate: 2021-10-20\n---\n# Tea\n\nThe tea was grown on the southern slope of the mountain.\n\n"
    "## Coffee\n\nCoffee was never grown there.\n\n| Berth | Depth |\n|---|---|\n| North | 9.5 |\n"
)
DRAFT = (
    'They say: "The tea was grown on the southern slope of the mountain." They also say: "The tea was grown on the '
    'northern slope of the mountain", and "nobody ever spoke of such a thing".\n'
)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Serving:
    place = tmp_path_factory.mktemp("served")
    (place / "corpus").mkdir()
    (place / "corpus" / "tea.md").write_text(TEA)
    (place / "corpus" / "members.csv").write_text("Country,Capital\nEstonia,Tallinn\nPoland,Warsaw\n")
    (place / "corpus" / "broken.pdf").write_bytes(b"no PDF")
    reindex(place / "corpus", place / "index", encoder=FakeEncoder())
    return serving(place / "index", place, accepting=True)


@pytest.fixture(scope="module")
def page(settings: Serving) -> Iterator[TestClient]:
    with client(settings, FakeEncoder()) as found:
        found.headers["accept"] = "text/html"
        yield found


def seen(answer: object) -> lxml.html.HtmlElement:
    return lxml.html.fromstring(answer.text)  # type: ignore[attr-defined]


def text_of(element: lxml.html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def test_the_verdict_comes_first_and_each_hit_leads_to_its_passage(page: TestClient) -> None:
    tree = seen(page.get("/?q=where+was+the+tea+grown"))
    assert text_of(tree.xpath("//h1")[0]).startswith(("Answered", "Weak", "Absent", "Unknown"))
    first = tree.xpath("//li[@class='hit']")[0]
    assert "southern slope" in text_of(first)
    reader = seen(page.get(first.get("data-reader")))
    marked = "".join(one.text_content() for one in reader.xpath("//mark"))
    assert "The tea was grown on the southern slope of the mountain." in " ".join(marked.split())
    assert reader.xpath("//*[@id='here']//mark")


def test_what_could_not_be_searched_is_one_click_away(page: TestClient) -> None:
    tree = seen(page.get("/?q=where+was+the+tea+grown"))
    assert "1 file could not be" in text_of(tree.xpath("//details[@class='coverage']/summary")[0])
    assert "broken.pdf" in text_of(tree.xpath("//details[@class='coverage']")[0])


def test_filters_are_offered_kept_and_taken_back(page: TestClient) -> None:
    tree = seen(page.get("/?q=grown&where=author=ann+lee&where=date%3E=2021"))
    chips = [text_of(one) for one in tree.xpath("//ul[@class='chosen']/li/bdi")]
    assert chips == ["author=ann lee", "date>=2021"]
    without = tree.xpath("//ul[@class='chosen']/li/a")[0].get("href")
    assert "author" not in unquote(without)
    assert "date>=2021" in unquote(without)


def test_a_filter_that_is_none_is_a_sentence_on_the_page(page: TestClient) -> None:
    answer = page.get("/?q=grown&where=nonsense")
    assert answer.status_code == 422
    assert "is no condition" in answer.text


def test_rows_cells_and_headings_are_what_they_are(page: TestClient) -> None:
    tea = seen(page.get("/read/tea.md"))
    assert "Coffee" in text_of(tea.xpath("//div[contains(@class, 'heading')]")[-1])
    cells = [text_of(one) for one in tea.xpath("//article//td")]
    assert cells == ["Berth", "Depth", "North", "9.5"]
    members = seen(page.get("/read/members.csv"))
    assert [text_of(one) for one in members.xpath("//article//th")] == ["Country", "Capital"] * 2
    assert "row 3" in text_of(members.xpath("//article")[0])


def test_the_words_of_the_reader_are_those_of_the_document(page: TestClient) -> None:
    shown = seen(page.get("/read/members.csv")).xpath("//article")[0]
    assert text_of(shown).count("Tallinn") == 1
    for word in ("Estonia", "Poland", "Warsaw"):
        assert word in text_of(shown)


def test_a_file_that_has_changed_says_so_and_what_became_of_the_words(page: TestClient, settings: Serving) -> None:
    file = Path(settings.index).parent / "corpus" / "tea.md"
    address = seen(page.get("/?q=where+was+the+tea+grown")).xpath("//li[@class='hit']")[0].get("data-reader")
    try:
        file.write_text(TEA.replace("# Tea\n", "# Tea\n\nA new line stands here.\n"))
        assert "has changed since it was indexed" in page.get(address).text
    finally:
        file.write_text(TEA)


def test_a_draft_is_marked_and_every_finding_has_a_label(page: TestClient) -> None:
    tree = seen(page.post("/check", data={"text": DRAFT}))
    labels = [text_of(one) for one in tree.xpath("//section[contains(@class,'findings')]//strong")][:3]
    assert labels == ["Wrong", "Wrong", "Stands"]
    assert [text_of(one) for one in tree.xpath("//del")][:1] == ["southern"]
    assert [text_of(one) for one in tree.xpath("//ins")][:1] == ["northern"]
    for link in tree.xpath("//div[@class='draft-text']/a"):
        assert tree.xpath(f"//*[@id='{link.get('href')[1:]}']")


def test_the_annotated_copy_is_that_of_the_draft_that_was_pasted(page: TestClient) -> None:
    tree = seen(page.post("/check", data={"text": DRAFT}))
    form = tree.xpath("//form[@action='/check/copy']")[0]
    (text,) = form.xpath(".//textarea")
    copy = page.post("/check/copy", data={"name": "draft.md", "text": text.text.removeprefix("\n")})
    assert copy.headers["content-disposition"].startswith("attachment")
    assert re.sub(r"\[\^nrqa-\d+\]", "", copy.text.split("\n\n[^nrqa")[0]).strip() == DRAFT.strip()
    assert "**misquoted**" in copy.text


def test_a_file_is_checked_as_well_as_what_is_pasted(page: TestClient) -> None:
    answer = page.post("/check", files={"file": ("my draft.md", DRAFT.encode(), "text/markdown")})
    assert "2 quotations to look at" in text_of(seen(answer))
    refused = page.post("/check", files={"file": ("a.pdf", b"%PDF-1.7", "application/pdf")})
    assert refused.status_code == 422
    assert "A PDF is no draft" in refused.text
    assert page.post("/check", data={"text": " "}).status_code == 422


def test_a_question_stands_and_its_feed_opens_with_its_own_key_alone(page: TestClient, settings: Serving) -> None:
    assert page.post("/standing", data={"do": "add", "q": "where was the tea grown"}).status_code == 303
    tree = seen(page.get("/standing"))
    assert "where was the tea grown" in text_of(tree)
    address = tree.xpath("//link[@rel='alternate']/@href")[0]
    with client(settings, FakeEncoder(), let_in=False) as stranger:
        feed = stranger.get(address)
        assert feed.headers["content-type"].startswith("application/atom+xml")
        lxml.etree.fromstring(feed.content)
        key = address.partition("?")[2]
        assert stranger.get(f"/standing.atom?{key[:-1]}x").status_code == 401
        assert stranger.get(f"/standing?{key}").status_code == 401
    assert page.post("/standing", data={"do": "remove", "number": "1"}).status_code == 303
    assert "There is none" in page.get("/standing").text


def test_the_status_groups_what_could_not_be_read_by_its_reason(page: TestClient) -> None:
    tree = seen(page.get("/status"))
    assert "1 file" in text_of(tree.xpath("//ul[@class='reasons']")[0])
    assert "broken.pdf" in text_of(tree.xpath("//ul[@class='reasons']")[0])
    assert "nrqa index" in text_of(tree)


def test_why_a_passage_is_no_hit_is_told(page: TestClient) -> None:
    answer = page.get("/why-not?q=where+was+the+tea+grown&document=members.csv")
    assert seen(answer).xpath("//p[@class='told']")
    assert page.get("/why-not?q=tea&document=%22").status_code in (200, 422)


@pytest.mark.parametrize("form", ["markdown", "csv", "bibtex", "ris", "csl-json", "jsonl", "json", "receipt"])
def test_every_export_is_a_file(page: TestClient, form: str) -> None:
    answer = page.get(f"/export?q=where+was+the+tea+grown&format={form}")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith("attachment; filename=")
    assert answer.content


def test_every_link_of_a_page_leads_somewhere(page: TestClient) -> None:
    paths = ["/?q=where+was+the+tea+grown", "/documents", "/status", "/standing", "/check", "/read/tea.md?at=80-120"]
    links = {link for path in paths for link in seen(page.get(path)).xpath("//main//a/@href|//nav//a/@href")}
    for link in sorted(one.partition("#")[0] for one in links):
        if link and "format=" not in link:
            assert page.get(link).status_code == 200, link


def test_pages_carry_no_style_and_no_script_of_their_own(page: TestClient) -> None:
    for path in ("/", "/?q=tea", "/read/tea.md", "/check", "/status", "/documents", "/standing", "/errors"):
        tree = seen(page.get(path))
        assert not tree.xpath("//style|//*[@style]|//*[starts-with(name(@*), 'on')]")
        assert [one.get("src") is not None for one in tree.xpath("//script")] == [True]
        assert len(tree.xpath("//h1")) == 1
        assert all(one.startswith(("/static/", "data:")) for one in tree.xpath("//link/@href") if "atom" not in one)


def test_a_problem_is_a_page_for_people_and_json_for_programs(page: TestClient) -> None:
    shown = page.get("/nothing")
    assert shown.status_code == 404
    assert "There is nothing here" in shown.text
    told = page.get("/nothing", headers={"accept": "*/*"})
    assert json.loads(told.text)["status"] == 404
