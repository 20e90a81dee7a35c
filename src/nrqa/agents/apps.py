"""The reader of pages that clients with MCP Apps show beside `show_page`: one file without any outside address.

It turns pages by calling `show_page` itself, which reaches it and not the model. Other clients are told nothing of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

EXTENSION = "io.modelcontextprotocol/ui"
MEDIA = "text/html;profile=mcp-app"
READER = "ui://nrqa/reader.html"
TOOL = "show_page"
OF_TOOL: Mapping[str, Any] = {"ui": {"resourceUri": READER, "visibility": ["model", "app"]}}
"""What is said of the tool, beside its definition: who may call it, and what shows its results."""
OF_RESULT = "nrqa/page"
"""Where a result has what the reader is told; it costs the conversation nothing."""


def is_supported(context: Any) -> bool:
    """Whether the client shows apps; the SDK's own test for it would import what is not needed otherwise."""
    capabilities = context.session.client_capabilities
    settings = (capabilities.extensions or {}).get(EXTENSION) if capabilities else None
    media = settings.get("mimeTypes") if isinstance(settings, Mapping) else None
    return isinstance(media, list) and MEDIA in media


@cache
def reader() -> str:
    """The app: a page in HTML."""
    return Path(__file__).with_name("reader.html").read_text("utf-8")
