"""Every address of the server: pages for people, the API for programs, the agents' tools, our own files."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Scope

from nrqa.server import entering
from nrqa.server.agents import PATH
from nrqa.server.api import documents, events, openapi, pictures, vector_stores, verbs
from nrqa.server.page import auditing, checking, exporting, filtering, holdings, reading, search
from nrqa.server.page.looking import STATIC
from nrqa.server.security.asking import FEED

_FOREVER = "public, max-age=31536000, immutable"
"""For files whose address changes when they do."""


def routes(agents: ASGIApp | None) -> list[BaseRoute]:
    """The table of routes, in the order in which they are tried; ``agents`` is the agents' server, if there is one."""
    return [
        *verbs.routes(),  # first: routes are tried in turn
        Route("/", search.search),
        Route("/beside/{name:path}", search.preview),
        Route("/read/{name:path}", reading.read),
        Route("/documents", holdings.documents),
        Route("/filters", filtering.filters),
        Route("/status", holdings.status),
        Route("/errors", holdings.errors),
        Route("/check", checking.form),
        Route("/check", checking.check, methods=["POST"]),
        Route("/check/copy", checking.copy, methods=["POST"]),
        Route("/standing", auditing.standing),
        Route("/standing", auditing.change_standing, methods=["POST"]),
        Route(FEED, auditing.feed),
        Route("/why-not", auditing.why_not),
        Route("/export", exporting.export),
        Route("/v1/documents/{name:path}/pages/{page:int}.png", pictures.page_picture),
        Route("/v1/documents/{name:path}/pages/{page:int}.json", documents.words),
        Route("/v1/documents/{name:path}/original", pictures.original_file),
        Route("/v1/documents/{name:path}/text", documents.text),
        Route("/v1/documents/{name:path}", documents.document),
        Route("/v1/events", events.events),
        Route("/v1/vector_stores/{id}/search", vector_stores.search, methods=["POST"]),
        Route("/openapi.json", openapi.described),
        Route("/enter", entering.enter),
        Route("/healthz", entering.healthy),
        Route("/readyz", entering.ready),
        Mount("/static", _Static(directory=STATIC)),
        *([Route(PATH, agents)] if agents else []),
    ]


class _Static(StaticFiles):
    """Our own files, which browsers keep as long as they like."""

    def file_response(self, full_path: Any, stat_result: Any, scope: Scope, status_code: int = 200) -> Response:
        answer = super().file_response(full_path, stat_result, scope, status_code)
        if b"v=" in scope["query_string"]:
            answer.headers["cache-control"] = _FOREVER
        return answer
