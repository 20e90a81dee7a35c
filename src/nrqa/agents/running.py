"""Runs the server: over standard input and output, or inside an HTTP server."""

from __future__ import annotations

import os
from importlib.util import find_spec
from typing import TYPE_CHECKING

from nrqa.errors import ServerError, installing
from nrqa.service.desk import Desk

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from nrqa.agents.doing import Doing


def is_installed() -> bool:
    """Whether the SDK is installed."""
    return find_spec("mcp") is not None


def refuse_without() -> None:
    """Raise ServerError with the remedy where it is not."""
    if not is_installed():
        raise ServerError(f"`nrqa mcp` needs what is not installed (mcp): {installing('mcp')}")


def run(desk: Desk, *, structured: bool = False) -> None:
    """Answer a client at standard input and output until it leaves."""
    import anyio

    from nrqa.agents.doing import Doing

    doing = Doing()
    anyio.run(_serve, desk, doing, structured)
    if not doing.is_idle:
        os._exit(0)  # what is still worked on was for the client that left, and leaves nothing behind: we only read


def http_app(desk: Desk, path: str = "/mcp", *, guarded: bool = False) -> Starlette:
    """The same server as an application to mount. Its lifespan has to be run by the one that mounts it.

    It answers only under names of this machine, and pages of no other origin; ``guarded`` says that whoever mounts it
    checks hosts and origins for all routes, and may allow others.
    """
    from mcp.server.transport_security import TransportSecuritySettings

    from nrqa.agents.server import server_of

    trusting = TransportSecuritySettings(enable_dns_rebinding_protection=False) if guarded else None
    return server_of(desk).streamable_http_app(
        streamable_http_path=path, json_response=True, stateless_http=True, transport_security=trusting
    )


async def _serve(desk: Desk, doing: Doing, structured: bool) -> None:  # noqa: FBT001 - anyio.run has no names
    from mcp.server.stdio import stdio_server

    from nrqa.agents.server import server_of

    async with stdio_server() as (incoming, outgoing):
        server = server_of(desk, doing, structured=structured)
        await server.run(incoming, outgoing, server.create_initialization_options())
