"""Runs the server: over standard input and output, or inside an HTTP server."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from nrqa.errors import ServerError
from nrqa.service.desk import Desk

if TYPE_CHECKING:
    from starlette.applications import Starlette


def refuse_without() -> None:
    """Raise ServerError with the remedy where the SDK is not installed."""
    if find_spec("mcp") is None:
        raise ServerError("`nrqa mcp` needs what is not installed (mcp): pip install 'nrqa[mcp]'")


def run(desk: Desk) -> None:
    """Answer a client at standard input and output until it leaves; the index is opened behind the first answers."""
    import anyio

    anyio.run(_serve, desk)


def http_app(desk: Desk, path: str = "/mcp") -> Starlette:
    """The same server as an application to mount. Its lifespan has to be run by the one that mounts it.

    It checks no hosts and origins: whoever mounts it does so for all routes.
    """
    from mcp.server.transport_security import TransportSecuritySettings

    from nrqa.agents.server import server_of

    trusting = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    return server_of(desk).streamable_http_app(
        streamable_http_path=path, json_response=True, stateless_http=True, transport_security=trusting
    )


async def _serve(desk: Desk) -> None:
    from mcp.server.stdio import stdio_server

    from nrqa.agents.server import server_of

    async with stdio_server() as (incoming, outgoing):
        server = server_of(desk)
        desk.warm_behind()
        await server.run(incoming, outgoing, server.create_initialization_options())
