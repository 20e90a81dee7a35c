from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from starlette.testclient import TestClient

import project
from fakes import FakeEncoder
from nrqa.answering.asking import Index
from nrqa.indexing.reindexing import reindex
from nrqa.server.api.openapi import description
from nrqa.server.desk import ServerDesk
from nrqa.server.settings import Serving
from nrqa.service import verbs
from nrqa.service.objects import ALWAYS
from nrqa.service.requests import VERBS
from served import client, serving

DRAFT = (
    'The report says: "The tea was grown on the southern slope of the mountain." And "nothing of the sort was said".'
)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Serving:
    place = tmp_path_factory.mktemp("served")
    (place / "corpus").mkdir()
    (place / "corpus" / "tea.md").write_text(
        "---\nlang: en\nyear: 1880\n---\n# Tea\n\nThe tea was grown on the southern slope of the mountain.\n\n"
        "## Coffee\n\nCoffee was never grown there, and nobody asked why.\n"
    )
    for number in range(5):
        (place / "corpus" / f"note {number}.txt").write_text(f"Note {number} speaks of the harbour and its ships.\n")
    shutil.copy(project.DOCUMENTS / "pdf" / "latex-two-columns.pdf", place / "corpus" / "paper.pdf")
    reindex(place / "corpus", place / "index", encoder=FakeEncoder())
    return serving(place / "index", place, accepting=True)


@pytest.fixture(scope="module")
def api(settings: Serving) -> Iterator[TestClient]:
    with client(settings, FakeEncoder()) as found:
        yield found


def index_of(api: TestClient) -> Index:
    desk: ServerDesk = api.app.state.desk  # type: ignore[attr-defined]
    return desk.index


def test_each_verb_gives_the_object_of_its_command(api: TestClient) -> None:
    index = index_of(api)
    same: dict[str, verbs.Found[Any]] = {
        "/v1/search?question=where+was+tea+grown&k=2": verbs.search(index, "where was tea grown", k=2),
        "/v1/search?question=tea&where=lang=en&only=*.md&cite=true": verbs.search(
            index,
            "tea",
            where={"lang": ["en"]},
            only=["*.md"],
            cite=True,
        ),
        "/v1/show?citation=tea.md:7": verbs.show(index, "tea.md:7"),
        "/v1/documents": verbs.contents(index, documents=True),
        "/v1/documents?where=lang=en&only=*.md": verbs.contents(
            index, documents=True, where={"lang": ["en"]}, only=["*.md"]
        ),
        "/v1/facets": verbs.contents(index, documents=False, facets=True),
        "/v1/status": verbs.status(index),
        "/v1/why-not?question=coffee&document=tea.md": verbs.why_not(index, "coffee", "tea.md"),
        "/v1/standing/list": verbs.list_standing(index),
    }
    for path, found in same.items():
        answer = api.get(path)
        assert answer.status_code == 200, path
        assert answer.json() == json.loads(json.dumps(found.to_dict())), path


def test_what_a_get_says_a_post_says_as_well(api: TestClient) -> None:
    by_get = api.get("/v1/search?question=harbour&k=3&only=note*").json()
    by_post = api.post("/v1/search", json={"question": "harbour", "k": 3, "only": ["note*"]}).json()
    assert by_get == by_post
    assert len(by_get["hits"]) == 3


def test_a_list_of_questions_has_an_answer_for_each(api: TestClient) -> None:
    asked = [{"question": "harbour"}, {"question": "?!"}, {"question": "tea", "k": 1}]
    answers = api.post("/v1/search", json=asked).json()["answers"]
    assert answers[0] == api.get("/v1/search?question=harbour").json()
    assert answers[1]["error"]["type"] == "QuestionError"
    assert len(answers[2]["hits"]) == 1


def test_a_draft_and_its_citations_are_checked(api: TestClient) -> None:
    checked = api.post("/v1/check", json={"text": DRAFT, "name": "draft.md"}).json()
    assert [one["finding"] for one in checked["quotations"]] == ["exact", "absent"]
    cite = api.get("/v1/search?question=tea+grown&cite=1").json()["hits"][0]["cite"]
    verified = api.post("/v1/verify", json={"text": f"See {cite}."}).json()
    assert verified["counts"]["intact"] == 1


def test_the_documents_come_in_pages_and_none_twice(api: TestClient) -> None:
    (whole,) = verbs.contents(index_of(api), documents=True, only="[!t]*").to_dict().values()
    assert len(whole) == 6
    listed: list[Any] = []
    path = "/v1/documents?limit=2&only=%5B!t%5D*"
    while path:
        answer = api.get(path)
        body = answer.json()
        assert body.keys() == {"documents"}
        listed += body["documents"]
        assert len(listed) + int(answer.headers["x-omitted"]) == len(whole)
        path = answer.links["next"]["url"] if "link" in answer.headers else ""
    assert listed == json.loads(json.dumps(whole))


def test_a_cursor_of_another_list_is_refused(api: TestClient) -> None:
    for cursor in ("nonsense", "Zzk5OS4zLjAwMDAwMDAw", "é"):
        answer = api.get("/v1/documents", params={"cursor": cursor})
        assert answer.status_code == 422
        assert "cursor" in answer.json()["detail"]
    for begun, other in (("", "&only=*.txt"), ("&only=*.txt", ""), ("&only=*.txt", "&where=lang=en")):
        cursor = api.get(f"/v1/documents?limit=1{begun}").links["next"]["url"].rpartition("cursor=")[2]
        assert api.get(f"/v1/documents?limit=1{begun}&cursor={cursor}").status_code == 200
        answer = api.get(f"/v1/documents?limit=1{other}&cursor={cursor}")
        assert answer.status_code == 422
        assert "another request" in answer.json()["detail"]


def test_a_tag_spares_what_has_not_changed(api: TestClient) -> None:
    first = api.get("/v1/search?question=tea")
    tag = first.headers["etag"]
    again = api.get("/v1/search?question=tea", headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert api.get("/v1/search?question=harbour", headers={"if-none-match": tag}).status_code == 200


@pytest.mark.parametrize(
    ("form", "media", "has"),
    [("bibtex", "application/x-bibtex", "@"), ("ris", "application/x-research-info-systems", "TY  -"),
     ("csl-json", "application/vnd.citationstyles.csl+json", '"type"'), ("markdown", "text/markdown", ">"),
     ("csv", "text/csv", "rank"), ("jsonl", "application/jsonl", '{"')],
)  # fmt: skip
def test_an_answer_comes_in_the_formats_of_other_programs(api: TestClient, form: str, media: str, has: str) -> None:
    by_name = api.get(f"/v1/search?question=where+was+the+tea+grown&format={form}")
    by_media = api.get("/v1/search?question=where+was+the+tea+grown", headers={"accept": media})
    assert by_name.headers["content-type"].startswith(media)
    assert has in by_name.text
    assert by_name.text == by_media.text


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/v1/search", 422, "question"),
        ("/v1/search?question=", 422, "question"),
        ("/v1/search?question=tea&k=0", 422, "k is"),
        ("/v1/search?question=tea&K=1", 422, "K"),
        ("/v1/search?question=tea&where=x", 422, "condition"),
        ("/v1/search?question=tea&where=colour=red", 422, "colour"),
        ("/v1/search?question=tea&format=docx", 422, "docx"),
        ("/v1/show?citation=none.md:1", 422, "none.md"),
        ("/v1/documents?limit=0", 422, "limit"),
        ("/v1/documents/none.md", 404, "no such document"),
        ("/v1/documents/tea.md/pages/1.png", 404, "no such page"),
        ("/v1/documents/paper.pdf/pages/99.json", 404, "no such page"),
        ("/v1/documents/paper.pdf/pages/1.png?scale=99", 422, "scale"),
        ("/v1/documents/tea.md/text?from=9&to=3", 422, "from"),
        ("/v1/nothing", 404, "Not Found"),
    ],
)
def test_a_problem_says_what_is_wrong(api: TestClient, path: str, status: int, says: str) -> None:
    answer = api.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert says in problem["detail"]
    assert problem["status"] == status
    assert problem["instance"] == answer.headers["x-request-id"]


def test_bodies_that_are_no_json_are_refused(api: TestClient) -> None:
    assert api.post("/v1/search", content=b"{", headers={"content-type": "application/json"}).status_code == 400
    assert (
        api.post("/v1/search", content=b"[" * 100_000, headers={"content-type": "application/json"}).status_code == 400
    )
    assert (
        api.post("/v1/search", content=b'{"question": NaN}', headers={"content-type": "application/json"}).status_code
        == 400
    )
    assert api.post("/v1/search", data={"question": "tea"}).status_code == 415
    assert api.post("/v1/search", json="tea").status_code == 422
    assert api.put("/v1/search", json={"question": "tea"}).status_code == 405


def test_a_server_that_changes_nothing_says_so(settings: Serving) -> None:
    with client(serving(settings.index, settings.invitations), FakeEncoder()) as found:
        for path in ("/v1/standing", "/v1/standing/accept", "/v1/standing/remove"):
            assert found.post(path, json={"question": "tea"}).status_code == 403


def test_a_document_is_told_with_its_outline_text_and_words(api: TestClient) -> None:
    told = api.get("/v1/documents/tea.md").json()
    assert [one["text"] for one in told["outline"]] == ["Coffee"] or told["outline"][-1]["text"] == "Coffee"
    text = api.get("/v1/documents/tea.md/text").json()
    assert text["text"][told["passages"][0]["start"] :].startswith("The tea was grown")
    words = api.get("/v1/documents/paper.pdf/pages/2.json").json()["words"]
    assert len(words) > 100
    assert all(one["text"].strip() for one in words)


def test_a_text_goes_on_where_its_header_says(api: TestClient) -> None:
    whole = api.get("/v1/documents/tea.md/text")
    assert whole.headers["x-omitted"] == "0"
    assert "link" not in whole.headers
    assert list(whole.json()) == ["document", "start", "end", "text"]
    first = api.get("/v1/documents/tea.md/text?to=9")
    assert int(first.headers["x-omitted"]) == len(whole.json()["text"]) - 9
    (address,) = re.findall(r'^<(.*)>; rel="next"$', first.headers["link"])
    rest = api.get(address)
    assert first.json()["text"] + rest.json()["text"] == whole.json()["text"]
    assert rest.headers["x-omitted"] == "0"


def test_a_page_is_a_picture_and_a_file_is_saved_not_shown(api: TestClient, settings: Serving) -> None:
    picture = api.get("/v1/documents/paper.pdf/pages/1.png?scale=0.5")
    assert picture.headers["content-type"] == "image/png"
    assert picture.content.startswith(b"\x89PNG")
    file = api.get("/v1/documents/paper.pdf/original")
    assert file.headers["content-disposition"].startswith("attachment")
    assert file.content == (Path(settings.index).parent / "corpus" / "paper.pdf").read_bytes()


def test_a_file_that_has_changed_is_not_given(settings: Serving, api: TestClient) -> None:
    file = Path(settings.index).parent / "corpus" / "note 0.txt"
    before = file.read_text()
    try:
        file.write_text("Something else that was never indexed.")
        assert api.get("/v1/documents/note 0.txt/original").status_code == 409
        file.unlink()
        file.symlink_to("/etc/passwd")
        answer = api.get("/v1/documents/note 0.txt/original")
        assert answer.status_code == 409
        assert "root:" not in answer.text
    finally:
        file.unlink()
        file.write_text(before)


def test_a_vector_store_is_searched_as_openais_is(api: TestClient) -> None:
    body = {
        "query": "where was the tea grown",
        "max_num_results": 2,
        "filters": {"type": "eq", "key": "lang", "value": "en"},
    }
    page = api.post("/v1/vector_stores/nrqa/search", json=body).json()
    assert page["object"] == "vector_store.search_results.page"
    assert {one["filename"] for one in page["data"]} == {"tea.md"}
    assert "southern slope" in " ".join(one["content"][0]["text"] for one in page["data"])
    twice = [{"type": "eq", "key": "lang", "value": value} for value in ("en", "fr")]
    both = body | {"filters": {"type": "and", "filters": twice}}
    assert api.post("/v1/vector_stores/nrqa/search", json=both).status_code == 422
    assert api.post("/v1/vector_stores/other/search", json=body).status_code == 404
    either = body | {"filters": {"type": "and", "filters": [{"type": "in", "key": "lang", "value": ["en", "fr"]}]}}
    assert api.post("/v1/vector_stores/nrqa/search", json=either).json()["data"] == page["data"]
    unlikely = body | {"ranking_options": {"score_threshold": 99}}
    assert api.post("/v1/vector_stores/nrqa/search", json=unlikely).json()["data"] == []


def test_the_description_is_valid_and_says_what_each_verb_always_has(api: TestClient) -> None:
    described = api.get("/openapi.json").json()
    assert described == json.loads(json.dumps(description()))
    for operations in described["paths"].values():
        for one in operations.values():
            for parameter in one.get("parameters", []):
                Draft202012Validator.check_schema(parameter["schema"])
            if "requestBody" in one:
                Draft202012Validator.check_schema(one["requestBody"]["content"]["application/json"]["schema"])
    asked = {
        "search": {"question": "tea"}, "show": {"citation": "tea.md:7"}, "documents": {}, "facets": {}, "status": {},
        "check": {"text": DRAFT}, "why_not": {"question": "tea", "document": "tea.md"}, "standing": {},
        "list_standing": {}, "doctor": {},
    }  # fmt: skip
    desk = api.app.state.desk  # type: ignore[attr-defined]
    for name, said in asked.items():
        from nrqa.service.requests import answer

        found = answer(desk, name, said).to_dict()
        assert {*ALWAYS[name]} <= found.keys(), name
    assert ALWAYS.keys() == {one for one in VERBS if one != "calibrate"}


def test_ready_is_said_when_questions_are_answered_at_once(api: TestClient) -> None:
    assert api.get("/healthz").json() == {"status": "alive"}
    api.app.state.desk.warm()  # type: ignore[attr-defined]
    assert api.get("/readyz").json()["status"] == "ready"


def test_an_allowed_origin_may_read_the_api_and_no_other(settings: Serving) -> None:
    allowed = serving(settings.index, settings.invitations, origins=frozenset({"https://good.example"}))
    with client(allowed, FakeEncoder()) as found:
        good = found.get("/v1/facets", headers={"origin": "https://good.example", "sec-fetch-site": "cross-site"})
        assert good.headers["access-control-allow-origin"] == "https://good.example"
        first = found.options("/v1/search", headers={"origin": "https://good.example", "authorization": ""})
        assert first.status_code == 204
        assert found.get("/v1/facets", headers={"origin": "https://evil.example"}).status_code == 403
        assert found.options("/v1/search", headers={"origin": "https://evil.example"}).status_code == 403
