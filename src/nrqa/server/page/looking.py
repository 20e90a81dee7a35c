"""Templates: everything that they show is escaped, unless it was made here."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from nrqa.rendering.plain_text import counted, harmless, one_line, stale_told

PAGES = (
    ("/", "Ask"),
    ("/documents", "Documents"),
    ("/check", "Check a draft"),
    ("/standing", "Standing questions"),
    ("/status", "Status"),
)
"""The pages that each page links to."""
HERE = Path(__file__).parent
STATIC = HERE / "static"


def html(template: str, code: int = 200, /, **values: Any) -> HTMLResponse:
    """A page."""
    return HTMLResponse(rendered(template, **values), code)


def rendered(template: str, /, **values: Any) -> str:
    """A page as text."""
    return _templates().get_template(template).render(values)


def prepare() -> None:
    """Compile all templates now, which would hold up the first page that shows each: a fifth of a second for a hit."""
    for name in _templates().list_templates():
        _templates().get_template(name)


@cache
def _templates() -> Environment:
    found = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    found.filters |= {"shown": harmless, "line": one_line, "thousands": lambda number: f"{number:,}"}
    found.globals |= {"counted": counted, "stale_told": stale_told, "static": _static, "pages": PAGES}
    return found


@cache
def _static(name: str) -> str:
    """The address of a file of ours; it changes with the file, so that browsers may keep it."""
    return f"/static/{name}?v={hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]}"
