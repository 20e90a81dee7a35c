"""An older client (mcp<2) with the agents' server, over standard input and output: python old_client.py NRQA INDEX.

It is run by `make test-agents` in an environment of its own, since the server needs a newer SDK than this.
"""

import asyncio
import sys

from mcp import ClientSession, StdioServerParameters  # type: ignore[attr-defined, unused-ignore]
from mcp.client.stdio import stdio_client

TOOLS = ["search", "fetch", "documents", "show_page", "verify", "check", "why_not", "status"]


async def walk(command: str, index: str) -> None:
    """List the tools, ask, and check what was found."""
    server = StdioServerParameters(command=command, args=["mcp", "--index", index])
    async with stdio_client(server) as streams, ClientSession(*streams) as session:
        begun = await session.initialize()
        listed = [one.name for one in (await session.list_tools()).tools]
        if listed != TOOLS:
            raise SystemExit(f"other tools: {listed}")
        found = await session.call_tool("search", {"query": "why does Russia oppose missile defense", "k": 1})
        text = found.content[0].text  # type: ignore[union-attr, unused-ignore]
        if not text.startswith("answered") or "⟦" not in text:
            raise SystemExit(f"no answer: {text}")
        await session.list_resources()
        sys.stdout.write(f"an older client works: protocol {getattr(begun, 'protocolVersion', '?')}\n")


asyncio.run(walk(*sys.argv[1:3]))
