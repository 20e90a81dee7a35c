"""The reader of pages: offered to clients that show apps, and used in a browser inside a small host."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import anyio
import pytest

pytest.importorskip("mcp")

from mcp.client import Client, advertise
from mcp.shared.exceptions import MCPError

from browser import CHROMIUM, browser
from nrqa.agents import apps
from nrqa.agents.server import server_of
from nrqa.service.desk import Desk

SHOWS_APPS = [advertise(apps.EXTENSION, {"mimeTypes": [apps.MEDIA]})]
_HOST = """<!doctype html><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy"
  content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:">
<title>host</title><iframe style="width:100%;border:0;height:90vh" sandbox="allow-scripts allow-same-origin"></iframe>
<script>
const results = RESULTS, app = APP, seen = [];
const frame = document.querySelector("iframe");
const tell = message => frame.contentWindow.postMessage({jsonrpc: "2.0", ...message}, "*");
addEventListener("message", ({data}) => {
  seen.push(data);
  if (data.method === "ui/initialize")
    tell({id: data.id, result: {protocolVersion: data.params.protocolVersion, hostInfo: {name: "h", version: "1"},
      hostCapabilities: {serverTools: {}}, hostContext: {theme: "dark"}}});
  if (data.method === "ui/notifications/initialized")
    tell({method: "ui/notifications/tool-result", params: results[0]});
  if (data.method === "tools/call") {
    const page = data.params.arguments.page;
    if (page === 3) tell({id: data.id, error: {code: -32000, message: "The host said no."}});
    else tell({id: data.id, result: results[page]});
  }
});
frame.srcdoc = app;
</script>"""


def asked(desk: Desk, work: Callable[[Any], Awaitable[Any]], **options: Any) -> Any:
    async def run() -> Any:
        async with Client(server_of(desk), **options) as client:
            return await work(client)

    return anyio.run(run)


@pytest.mark.parametrize("mode", ["legacy", "auto"])
def test_clients_that_show_apps_are_offered_the_reader(desk: Desk, mode: str) -> None:
    async def walk(client: Any) -> None:
        for one in (await client.list_tools()).tools:
            assert (one.meta == apps.OF_TOOL) == (one.name == "show_page")
        [content] = (await client.read_resource(apps.READER)).contents
        assert content.mime_type == "text/html;profile=mcp-app"
        assert not re.search(r"https?:|src=|@import|url\(", content.text), "it asks nobody for anything"
        assert apps.READER in [one.uri for one in (await client.list_resources()).resources]
        found = await client.call_tool("show_page", {"id": "page.pdf", "page": 2})
        about = found.meta["nrqa/page"]
        assert (about["document"], about["page"], about["cited"]) == ("page.pdf", 2, [1])
        assert about["pages"] >= 2

    asked(desk, walk, extensions=SHOWS_APPS, mode=mode)


def test_other_clients_are_told_nothing_of_it(desk: Desk) -> None:
    async def walk(client: Any) -> str:
        tools = (await client.list_tools()).tools
        assert not any(one.meta for one in tools)
        found = await client.call_tool("show_page", {"id": "page.pdf", "page": 1})
        assert "nrqa/page" not in (found.meta or {})
        with pytest.raises(MCPError, match="There is nothing at"):
            await client.read_resource(apps.READER)
        listed = (await client.list_resources()).resources
        return str([tools, listed])

    assert "ui://" not in asked(desk, walk)


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium")
def test_pages_are_turned_in_a_browser(desk: Desk, tmp_path: Path) -> None:
    passage = next(one for one in desk.index.snapshot.document_named("page.pdf")[1] if one.passage.citation.page == 2)  # type: ignore[index]
    start, end = passage.passage.citation.start, passage.passage.citation.end
    cited = f"page.pdf@{start}-{end}"

    async def walk(client: Any) -> tuple[str, list[Any]]:
        calls: list[dict[str, Any]] = [{"id": cited}, *({"id": cited, "page": page} for page in (1, 2))]
        found = [await client.call_tool("show_page", one) for one in calls]
        app = (await client.read_resource(apps.READER)).contents[0].text
        return app, [one.model_dump(mode="json", by_alias=True, exclude_none=True) for one in found]

    app, results = asked(desk, walk, extensions=SHOWS_APPS)
    # A host knows nothing of documents: what one is called must not become its own markup.
    results[0]["_meta"]["nrqa/page"]["document"] = "<img src=x onerror=document.title='taken'>.pdf"
    written = [json.dumps(one).replace("</", "<\\/") for one in (results, app)]
    host = tmp_path / "host.html"
    host.write_text(_HOST.replace("APP", written[1], 1).replace("RESULTS", written[0], 1), "utf-8")
    inside = "frame.contentDocument"
    with browser(tmp_path / "profile") as tab:
        tab.show(700, 900)
        tab.go(host.as_uri())
        pages = results[0]["_meta"]["nrqa/page"]["pages"]
        tab.wait(f"{inside}.getElementById('number')?.textContent === 'page 2 of {pages}'")
        assert tab.evaluate(f"{inside}.getElementById('name').textContent").startswith("<img src=x")
        assert tab.evaluate(f"{inside}.getElementById('said').textContent") == results[0]["content"][0]["text"]
        tab.wait(f"{inside}.getElementById('page').naturalWidth > 100")
        assert tab.evaluate(f"{inside}.documentElement.dataset.theme") == "dark"
        (tmp_path / "reader.png").write_bytes(tab.picture())
        tab.evaluate(f"{inside}.getElementById('back').click()")
        tab.wait(f"{inside}.getElementById('number').textContent.startsWith('page 1 ')")
        assert "another page" in tab.evaluate(f"{inside}.getElementById('said').textContent")
        assert tab.evaluate(f"{inside}.getElementById('back').disabled")
        tab.evaluate(f"{inside}.getElementById('home').click()")
        tab.wait(f"{inside}.getElementById('number').textContent.startsWith('page 2 ')")
        tab.evaluate(f"{inside}.getElementById('on').click()")
        tab.wait(f"{inside}.getElementById('said').textContent === 'The host said no.'")
        assert not tab.evaluate(f"{inside}.getElementById('on').disabled")
        heights = tab.evaluate(
            "seen.filter(one => one.method === 'ui/notifications/size-changed').map(one => one.params.height)"
        )
        assert max(heights) > 500, "the host knows how high the page is"
        assert tab.evaluate("document.title") == "host"
