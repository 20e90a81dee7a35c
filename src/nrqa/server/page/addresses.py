"""The addresses of our own pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import quote, urlencode

Parameters = Sequence[tuple[str, str]]


def reader(document: str, start: int | None = None, end: int | None = None, more: Parameters = ()) -> str:
    """Where a document is read, with a passage of it marked."""
    marked = [] if start is None or end is None else [("at", f"{start}-{end}")]
    address = with_parameters(f"/read/{quote(document, safe='/')}", [*marked, *more])
    return f"{address}#{HERE}" if marked else address


def page_picture(document: str, page: int, generation: int) -> str:
    """Where the picture of a document's page is; the generation makes it another address when the document may be."""
    return f"/v1/documents/{quote(document, safe='/')}/pages/{page}.png?generation={generation}"


def original(document: str) -> str:
    """Where a document's file is saved from."""
    return f"/v1/documents/{quote(document, safe='/')}/original"


def with_parameters(path: str, parameters: Parameters) -> str:
    """A path with a query."""
    return f"{path}?{urlencode(parameters)}" if parameters else path


def asked(question: str, k: int, where: Mapping[str, Sequence[str]], only: Sequence[str]) -> list[tuple[str, str]]:
    """The parameters that ask a question again; what is as usual is left out."""
    found = [("q", question)] if question else []
    found += [("k", str(k))] if k != USUAL_HITS else []
    found += [
        ("where", f"{key}{'' if one[:1] in '<>' else '='}{one}") for key, values in where.items() for one in values
    ]
    return found + [("only", one) for one in only]


USUAL_HITS = 5
HERE = "here"
"""Where a page jumps to: the first block with a mark."""
