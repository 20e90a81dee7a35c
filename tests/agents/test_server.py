"""The agents' server, asked by the SDK's own client."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import anyio
import jsonschema
import pytest

pytest.importorskip("mcp")

from mcp.client import Client
from mcp.shared.exceptions import MCPError

from fakes import FakeEncoder
from harbour import QUESTION, SHIPS, STEERING
from nrqa.agents.calling import call
from nrqa.agents.server import server_of
from nrqa.agents.telling import MOST
from nrqa.agents.tools import TOOLS
from nrqa.indexing.reindexing import reindex
from nrqa.service.budgets import tokens_in
from nrqa.service.desk import Desk


def asked(desk: Desk, work: Callable[[Client], Awaitable[Any]], **client_options: Any) -> Any:
    """What the work gives with a client of this server."""

    async def run() -> Any:
        async with Client(server_of(desk), **client_options) as client:
            return await work(client)

    return anyio.run(run)


def told(desk: Desk, tool: str, **arguments: Any) -> str:
    found = asked(desk, lambda client: client.call_tool(tool, arguments))
    assert not found.is_error, found.content[0].text
    text: str = found.content[0].text
    return text


def refused(desk: Desk, tool: str, **arguments: Any) -> str:
    found = asked(desk, lambda client: client.call_tool(tool, arguments))
    assert found.is_error
    text: str = found.content[0].text
    return text


def test_eight_tools_that_only_read_are_described_in_few_words(desk: Desk) -> None:
    tools = asked(desk, lambda client: client.list_tools()).tools
    assert [one.name for one in tools] == [
        "search", "fetch", "documents", "show_page", "verify", "check", "why_not", "status",
    ]  # fmt: skip
    assert all(one.annotations.read_only_hint and not one.annotations.destructive_hint for one in tools)
    assert not any(one.output_schema for one in tools)
    for one in tools:
        jsonschema.Draft202012Validator.check_schema(one.input_schema)
    written = json.dumps([one.model_dump(by_alias=True, exclude_none=True) for one in tools], ensure_ascii=False)
    # Ours counts high: by o200k_base the definitions are 1,969 tokens (benchmarks/results/tokens.md).
    assert tokens_in(written) < 2500 * 1.5


def test_an_answer_is_a_verdict_and_quotations_with_citations(desk: Desk) -> None:
    text = told(desk, "search", query=QUESTION, k=1)
    assert text.startswith(("answered", "weak", "absent"))
    assert re.search(r"confidence 0\.\d\d · 33 documents, \d+ passages searched, all of them · generation 1", text)
    assert re.search(rf"\[1\] ships\.txt:3 #[0-9a-f]+\+\d+\n⟦{re.escape(SHIPS)}⟧", text)
    assert SHIPS not in told(desk, "search", query=QUESTION, k=1, detail="places")


def test_with_context_the_passages_around_are_set_apart(desk: Desk, corpus: Path, fake: FakeEncoder) -> None:
    written = "\n\n".join(
        " ".join(f"{one} number {at} {does}." for at in range(18))
        for one, does in (("Zebra", "grazes far inland"), ("Whale", "passes by the coast"), ("Wind", "rose at night"))
    )
    (corpus / "night.txt").write_text(written)
    reindex(corpus, desk.folder, encoder=fake)
    question = "which whale passes by the coast"
    plain = told(desk, "search", query=question, k=1)
    text = told(desk, "search", query=question, k=1, detail="context")
    found = re.search(r"before it:\n⟦([^⟧]+)⟧\n⟦([^⟧]+)⟧\nafter it:\n⟦([^⟧]+)⟧", text)
    assert found
    assert f"⟦{found[2]}⟧" in plain
    assert found[1] not in plain
    places = [written.find(one) for one in found.groups()]
    assert -1 not in places
    assert places == sorted(places)
    cut = told(desk, "search", query=question, k=1, detail="context", max_tokens=250)
    assert "what stands around it is left out" in cut


def test_what_a_citation_says_is_read_back(desk: Desk) -> None:
    cited = re.search(r"^\[1\] (.*)$", told(desk, "search", query=QUESTION, k=1), re.MULTILINE)
    assert cited
    assert f"⟦{SHIPS}⟧" in told(desk, "fetch", id=cited[1])
    assert told(desk, "verify", text=f"Twelve ships: {cited[1]}").startswith("1 citation: 1 intact")
    assert "1 quotation: 1 fine" in told(desk, "check", text=f'He says: "{SHIPS}"')
    wrong = told(desk, "check", text='He says: "Twelve ships lie in the port tonight."')
    assert "WRONG" in wrong
    assert "only in the source: “harbour”" in wrong


def test_a_document_is_read_from_beginning_to_end_by_its_name(desk: Desk, corpus: Path, fake: FakeEncoder) -> None:
    written = [f"Sentence {at} of a long tale speaks of the harbour and of ship {at}." for at in range(300)]
    (corpus / "tale.txt").write_text("\n\n".join(written))
    reindex(corpus, desk.folder, encoder=fake)
    seen: list[str] = []
    text = told(desk, "fetch", id="tale.txt")
    for _ in range(20):
        seen += re.findall(r"Sentence \d+ of a long tale", text)
        left = re.search(r"with cursor (\S+)", text)
        if left is None:
            break
        text = told(desk, "fetch", cursor=left[1])
    assert list(dict.fromkeys(seen)) == [f"Sentence {at} of a long tale" for at in range(300)]


def test_text_of_a_document_cannot_pose_as_ours(desk: Desk) -> None:
    text = told(desk, "fetch", id="steering.txt")
    assert f"⟦⟦{STEERING}⟧⟧" in text


def test_results_keep_to_the_budget_and_count_what_is_left_out(desk: Desk) -> None:
    seen: list[str] = []
    text = told(desk, "search", query=QUESTION, k=20, max_tokens=300)
    for _ in range(20):
        assert tokens_in(text) <= 300
        seen += re.findall(r"^\[(\d+)\]", text, re.MULTILINE)
        left = re.search(r"left out: (\d+) more passages?; .* with cursor (\S+)", text)
        assert (int(left[1]) if left else 0) == 20 - len(seen)
        if left is None:
            break
        text = told(desk, "search", cursor=left[2], max_tokens=300)
    assert seen == [str(rank) for rank in range(1, 21)]


def test_a_cursor_of_another_generation_says_to_ask_again(desk: Desk, corpus: Path, fake: FakeEncoder) -> None:
    text = told(desk, "documents", max_tokens=200)
    cursor = text.rpartition(" ")[2]
    (corpus / "new.txt").write_text("New.\n")
    reindex(corpus, desk.folder, encoder=fake)
    assert "generation 1, now 2" in refused(desk, "documents", cursor=cursor)


def test_a_document_is_known_by_its_headings_and_facets(desk: Desk) -> None:
    assert told(desk, "documents", only="ships*").startswith("1 document\nships.txt")
    assert told(desk, "documents", name="ships.txt").startswith("ships.txt")
    assert "title: " in told(desk, "documents", facets=True)


def test_a_page_is_shown_as_a_picture(desk: Desk) -> None:
    found = asked(desk, lambda client: client.call_tool("show_page", {"id": "page.pdf", "page": 1}))
    assert [one.type for one in found.content] == ["text", "image"]
    assert base64.b64decode(found.content[1].data).startswith(b"\x89PNG")
    assert "has no pages" in refused(desk, "show_page", id="ships.txt:3")


def test_the_other_tools_answer(desk: Desk) -> None:
    assert "ships.txt" in told(desk, "why_not", question="boats since 1907", id="ships.txt:3")
    assert "documents  33" in told(desk, "status")


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("search", {}, "search needs query"),
        ("search", {"query": 3}, "query is 3; it is a text"),
        ("search", {"query": "ships", "k": 51}, "a whole number from 1 to 50"),
        ("search", {"query": "ships", "max_tokens": MOST + 1}, "a whole number from 200 to 20,000"),
        ("search", {"query": "ships", "index": "/etc"}, "'index' is nothing that search may be told"),
        ("search", {"cursor": "nonsense"}, "not known any more"),
        ("fetch", {"id": "../../etc/passwd"}, "no document"),
        ("verify", {"text": "x" * 200_001}, "a text of 1 to 200,000 characters"),
    ],
)
def test_what_cannot_be_understood_is_told_with_the_remedy(
    desk: Desk, tool: str, arguments: dict[str, Any], said: str
) -> None:
    assert said in refused(desk, tool, **arguments)


@pytest.mark.parametrize("era", ["legacy", "2026-07-28"])
def test_both_eras_of_the_protocol_are_spoken(desk: Desk, era: str) -> None:
    async def walk(client: Client) -> str:
        assert len((await client.list_tools()).tools) == len(TOOLS)
        assert (await client.list_resources()).resources
        found: Any = await client.call_tool("search", {"query": QUESTION})
        assert SHIPS in found.content[0].text
        with pytest.raises(MCPError, match="There is no tool 'erase'"):
            await client.call_tool("erase", {})
        return str(client.protocol_version)

    version = asked(desk, walk, mode=era)
    assert version == era if era != "legacy" else version < "2026"


def test_the_prompt_has_the_question_and_says_what_to_do(desk: Desk) -> None:
    async def walk(client: Client) -> Any:
        [one] = (await client.list_prompts()).prompts
        assert one.name == "answer-with-citations"
        with pytest.raises(MCPError, match="question is ''"):
            await client.get_prompt(one.name, {})
        with pytest.raises(MCPError, match="no prompt 'other'"):
            await client.get_prompt("other", {"question": QUESTION})
        return await client.get_prompt(one.name, {"question": QUESTION})

    text = asked(desk, walk).messages[0].content.text
    assert QUESTION in text
    assert "check" in text


def test_documents_lie_at_addresses(desk: Desk) -> None:
    async def read(client: Client, address: str) -> Any:
        return (await client.read_resource(address)).contents[0]

    async def walk(client: Client) -> list[str]:
        listed = (await client.list_resources()).resources
        assert [one.uri_template for one in (await client.list_resource_templates()).resource_templates] == [
            "nrqa://document/{+name}", "nrqa://passage/{+place}", "nrqa://page/{+place}",
        ]  # fmt: skip
        spaced = next(one.uri for one in listed if "more%2000.txt" in one.uri)
        assert "Boat 0 lies" in (await read(client, spaced)).text
        assert "Twelve ships" in (await read(client, "nrqa://passage/ships.txt:3")).text
        picture = await read(client, "nrqa://page/page.pdf%20p.%201")
        assert base64.b64decode(picture.blob).startswith(b"\x89PNG")
        for address in ("nrqa://document/../../etc/passwd", "file:///etc/passwd", "nrqa://document/"):
            with pytest.raises(MCPError) as told:
                await client.read_resource(address)
            assert told.value.error.code == -32602
            assert told.value.error.data == {"uri": address}
        return [one.uri for one in listed]

    assert asked(desk, walk)[0] == "nrqa://status"


def test_names_of_documents_are_completed(desk: Desk) -> None:
    from mcp_types import ResourceTemplateReference

    reference = ResourceTemplateReference(uri="nrqa://document/{+name}")
    found = asked(desk, lambda client: client.complete(reference, {"name": "name", "value": "SHI"}))
    assert found.completion.values == ["ships.txt"]


def test_every_tool_can_be_called_without_the_protocol(desk: Desk) -> None:
    assert set(TOOLS) == {"search", "fetch", "documents", "show_page", "verify", "check", "why_not", "status"}
    assert call(desk, "status", None).text


@pytest.mark.slow
def test_the_tools_are_listed_before_anything_heavy_is_loaded(articles_index: Path) -> None:
    code = f"""
import sys
from pathlib import Path
from nrqa.agents.server import server_of
from nrqa.service.desk import Desk
server_of(Desk({str(articles_index)!r}))
heavy = {{"numpy", "faiss", "onnxruntime", "tantivy", "torch", "rich", "nrqa.agents.calling", "nrqa.answering"}}
print(sorted(set(sys.modules) & heavy))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]", "asking needs these, and is prepared behind the first answer"
