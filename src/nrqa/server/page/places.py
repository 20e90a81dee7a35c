"""Places of documents as the page writes them."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from nrqa.records import Citation
from nrqa.rendering.places import page_in_file, place_of
from nrqa.server.page import addresses
from nrqa.server.reader.listing import LEFT_OUT


def seen_place(citation: Citation, asked: addresses.Parameters) -> dict[str, Any]:
    """What is shown of a place, and where it is read."""
    return {
        "document": citation.document,
        "place": place(citation),
        "title": title(citation),
        "heading": " › ".join(citation.heading),
        "address": addresses.reader(citation.document, citation.start, citation.end, asked),
    }


def place(citation: Citation) -> str:
    """Document and place, and the page as viewers count where another number is printed on it."""
    in_file = page_in_file(citation)
    return f"{place_of(citation)} ({in_file} of the file)" if in_file else place_of(citation)


def title(citation: Citation) -> str:
    """The document's title; "" where it says no more than the file's name."""
    return "" if citation.title == PurePosixPath(citation.document).stem else citation.title


def text_of(citation: Citation, key: str) -> str:
    """A value of the document's metadata; "" where there is none."""
    value = citation.metadata.get(key, "")
    return value if isinstance(value, str) else ", ".join(value)


def warnings(citation: Citation) -> list[str]:
    """What a reader of the passage should know."""
    flags = [one for one in citation.flags if one.kind != LEFT_OUT]
    return [f"{one.kind}: {one.detail}" if one.detail else one.kind for one in flags]
