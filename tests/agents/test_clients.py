"""Results in the shapes that some clients want: ChatGPT's, and objects with a schema."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import anyio
import jsonschema
import pytest

pytest.importorskip("mcp")

from mcp.client import Client
from mcp_types import Implementation

from fakes import FakeEncoder
from harbour import QUESTION, SHIPS
from nrqa.agents.server import server_of
from nrqa.agents.tools import TOOLS
from nrqa.indexing.reindexing import reindex
from nrqa.service import verbs
from nrqa.service.budgets import tokens_in
from nrqa.service.desk import Desk
from nrqa.service.requests import answer

CHATGPT = Implementation(name="openai-mcp", version="1.0.0")


def asked(desk: Desk, work: Callable[[Client], Awaitable[Any]], *, structured: bool = False, **options: Any) -> Any:
    async def run() -> Any:
        async with Client(server_of(desk, structured=structured), **options) as client:
            return await work(client)

    return anyio.run(run)


@pytest.mark.parametrize("mode", ["legacy", "auto"])
def test_chatgpt_finds_and_reads_in_its_own_shape(desk: Desk, mode: str) -> None:
    async def walk(client: Any) -> None:
        found = (await client.call_tool("search", {"query": QUESTION})).content
        assert [one.type for one in found] == ["text"]
        results = json.loads(found[0].text)["results"]
        assert [set(one) for one in results] == [{"id", "title", "url"}] * 5
        assert results[0]["url"] == "nrqa://passage/ships.txt%3A3"
        read = json.loads((await client.call_tool("fetch", {"id": results[0]["id"]})).content[0].text)
        assert set(read) == {"id", "title", "text", "url", "metadata"}
        assert SHIPS in read["text"]
        assert read["metadata"]["document"] == "ships.txt"
        assert (await client.read_resource(results[0]["url"])).contents[0].text
        wrong = await client.call_tool("fetch", {"id": "none.txt"})
        assert wrong.is_error
        other = await client.call_tool("status", {})
        assert other.content[0].text.startswith("index")

    asked(desk, walk, client_info=CHATGPT, mode=mode)


def test_what_nothing_answers_gives_chatgpt_no_results(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    found = verbs.search(desk.index, QUESTION)
    assert found.record.hits

    async def walk(client: Any) -> Any:
        return json.loads((await client.call_tool("search", {"query": QUESTION})).content[0].text)

    told_of: Any
    for told_of, results in (("weak", 5), ("absent", 0)):
        told = replace(found, record=replace(found.record, verdict=told_of))
        monkeypatch.setattr(verbs, "search", lambda *_, told=told, **__: told)
        assert len(asked(desk, walk, client_info=CHATGPT)["results"]) == results


def test_a_long_document_is_cut_and_chatgpt_is_told_where_it_goes_on(
    desk: Desk, corpus: Path, fake: FakeEncoder
) -> None:
    lines = "\n\n".join(f"Ship {at} sails to the harbour of number {at} before the night is over." for at in range(900))
    (corpus / "long.txt").write_text(lines)
    reindex(corpus, desk.folder, encoder=fake)

    async def walk(client: Any) -> None:
        seen = []
        place = "long.txt"
        while place:
            text = (await client.call_tool("fetch", {"id": place})).content[0].text
            assert tokens_in(text) <= 20_000
            found = json.loads(text)
            seen.append(found["text"])
            place = found["metadata"].get("left out", "").partition("fetch ")[2]
            assert len(seen) < 10
        assert "Ship 0 sails" in seen[0]
        assert "Ship 899 sails" in seen[-1]

    asked(desk, walk, client_info=CHATGPT)


_ASKED: dict[str, dict[str, Any]] = {
    "search": {"question": QUESTION, "k": 3},
    "fetch": {"citation": "ships.txt:3"},
    "documents": {"only": ["ships*"]},
    "verify": {"text": "Twelve ships (ships.txt:3)"},
    "check": {"text": f'He says: "{SHIPS}" And the sea is blue.'},
    "why_not": {"question": "boats since 1907", "document": "ships.txt:3"},
    "status": {},
}


@pytest.mark.parametrize("tool", _ASKED)
def test_an_object_is_the_commands_and_keeps_to_its_schema(desk: Desk, tool: str) -> None:
    async def walk(client: Any) -> Any:
        [described] = [one for one in (await client.list_tools()).tools if one.name == tool]
        return described, await client.call_tool(tool, {**_ASKED[tool], "max_tokens": 20_000})

    described, found = asked(desk, walk, structured=True)
    jsonschema.Draft202012Validator.check_schema(described.output_schema)
    jsonschema.validate(found.structured_content, described.output_schema)
    jsonschema.validate(_ASKED[tool], described.input_schema)
    assert json.loads(found.content[0].text) == found.structured_content
    told = {key: value for key, value in found.structured_content.items() if key not in ("omitted", "next")}
    verb = "show" if tool == "fetch" else tool
    assert told == json.loads(json.dumps(answer(desk, verb, _ASKED[tool]).to_dict()))


def test_objects_keep_to_the_budget_and_go_on(desk: Desk) -> None:
    async def walk(client: Any) -> None:
        seen = 0
        asking: dict[str, Any] = {"question": QUESTION, "k": 20, "only": "*.txt"}
        for _ in range(30):
            found = (await client.call_tool("search", {**asking, "max_tokens": 2000})).structured_content
            assert tokens_in(json.dumps(found, ensure_ascii=False)) <= 2000
            seen += len(found["hits"])
            assert found["omitted"]["hits"] == 20 - seen
            if found["next"] is None:
                break
            asking = {"cursor": found["next"]}
        assert seen == 20
        wrong = await client.call_tool("search", {"question": QUESTION, "index": "/etc"})
        assert wrong.is_error
        assert "'index' is nothing that search may be told" in wrong.content[0].text

    asked(desk, walk, structured=True)


def test_a_page_is_a_picture_there_too(desk: Desk) -> None:
    async def walk(client: Any) -> Any:
        assert len((await client.list_tools()).tools) == len(TOOLS)
        return await client.call_tool("show_page", {"id": "page.pdf", "page": 1})

    assert [one.type for one in asked(desk, walk, structured=True).content] == ["text", "image"]
