"""Documents, passages and pages at addresses, for clients that let the user choose what goes into a conversation.

What reads them is loaded when it is first needed, behind the first answer.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from nrqa.agents.telling import MOST, page
from nrqa.errors import QuestionError
from nrqa.given import shown
from nrqa.service.desk import Desk

SCHEME = "nrqa"
STATUS = f"{SCHEME}://status"
TEMPLATES = (
    (f"{SCHEME}://document/{{+name}}", "Document", "The passages of a document, from its beginning.", "text/plain"),
    (f"{SCHEME}://passage/{{+place}}", "Passage", "The passage at a citation.", "text/plain"),
    (f"{SCHEME}://page/{{+place}}", "Page", "A page of a PDF as a picture, the passage marked.", "image/png"),
)
LISTED = 200
"""Documents of one page of the list."""
COMPLETED = 100
"""Values that a completion gives at most: the protocol's own bound."""


@dataclass(frozen=True, slots=True)
class Content:
    """What lies at an address: text, or the bytes of a picture in base64."""

    media: str
    text: str = ""
    blob: str = ""


def address_of(name: str) -> str:
    """The address of a document."""
    return f"{SCHEME}://document/{quote(name)}"


def names(desk: Desk) -> list[str]:
    """The names of all documents, sorted."""
    from nrqa.answering.opened import snapshot_of

    return sorted(snapshot_of(desk.index).known)


def read(desk: Desk, address: str) -> Content:
    """What lies at an address. Raises QuestionError where nothing does."""
    from nrqa.agents.calling import call
    from nrqa.agents.passages import fetch, show_page

    parts = urlsplit(address)
    place = unquote(parts.path.removeprefix("/"))
    if parts.scheme == SCHEME and parts.netloc == "status" and not place:
        return Content("text/plain", call(desk, "status", {"max_tokens": MOST}).text)
    if parts.scheme != SCHEME or parts.netloc not in ("document", "passage", "page") or not place:
        raise QuestionError(f"There is nothing at {shown(address)}. Addresses begin with {SCHEME}://document/")
    if parts.netloc == "page":
        return Content("image/png", blob=base64.b64encode(show_page(desk, id=place).picture).decode("ascii"))
    return Content("text/plain", page(fetch(desk, id=place), MOST, 0, lambda _: "of the tool fetch"))


def completed(desk: Desk, begun: str) -> list[str]:
    """The documents whose names begin so, then those that have it anywhere."""
    sought = begun.casefold()
    every = names(desk)
    first = [one for one in every if one.casefold().startswith(sought)]
    inside = [one for one in every if sought in one.casefold() and not one.casefold().startswith(sought)]
    return [*first, *inside]
