"""The packages that the server needs beside those of every install."""

from __future__ import annotations

from importlib.util import find_spec

from nrqa.errors import ServerError, installing

_NEEDED = ("starlette", "uvicorn", "jinja2", "python_multipart")


def refuse_without() -> None:
    """Raise ServerError with the remedy where one of them is not installed."""
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        raise ServerError(f"`nrqa serve` needs what is not installed ({', '.join(missing)}): {installing('serve')}")
