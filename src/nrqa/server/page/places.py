"""Places in the JSON of answers, as people write them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from nrqa.records import Citation, Flag, Locator
from nrqa.rendering.places import page_in_file, place_of

LEFT_OUT = "left out"
"""The kind of flag that warns of nothing in a hit: running heads and page numbers."""


def citation_of(one: Mapping[str, Any]) -> Citation:
    """The citation that a JSON object of ours tells, without its rectangles."""
    return Citation(
        document=one["document"],
        title=one["title"],
        heading=tuple(one["heading"]),
        start=one["start"],
        end=one["end"],
        line_start=one["line_start"],
        line_end=one["line_end"],
        page=one["page"],
        sha256=one["sha256"],
        metadata=one["metadata"],
        locators=tuple(Locator(its["kind"], its["first"], its["last"]) for its in one["locators"]),
        flags=tuple(Flag(**its) for its in one["flags"]),
    )


def place(citation: Citation) -> str:
    """Document and place, and the page as viewers count where another number is printed on it."""
    in_file = page_in_file(citation)
    return f"{place_of(citation)} ({in_file} of the file)" if in_file else place_of(citation)


def title(citation: Citation) -> str:
    """The document's title; "" where it says no more than the file's name."""
    return "" if citation.title == PurePosixPath(citation.document).stem else citation.title


def text_of(metadata: Mapping[str, Any], key: str) -> str:
    """A value of a document's metadata on one line; "" where there is none."""
    value = metadata.get(key, "")
    return value if isinstance(value, str) else ", ".join(value)


def warnings(citation: Citation) -> list[str]:
    """What a reader of the passage should know."""
    flags = [one for one in citation.flags if one.kind != LEFT_OUT]
    return [f"{one.kind}: {one.detail}" if one.detail else one.kind for one in flags]
