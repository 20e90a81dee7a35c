"""The agents' server at ``/mcp``, where it is installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from nrqa.service.desk import Desk

PATH = "/mcp"


def agents_application(desk: Desk) -> Starlette | None:
    """The tools of ``nrqa mcp`` as an application, whose lifespan has to be run; None without ``nrqa[mcp]``.

    The guard has checked hosts, origins and the token by then.
    """
    from nrqa.agents.running import http_app, is_installed

    if not is_installed():
        return None
    return http_app(desk, PATH, guarded=True)
