"""What a page shows to browsers without scripts (``noscript``): its text, if there is hardly another one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nrqa.corpus.readers.web.page_boilerplate import weight_of

if TYPE_CHECKING:
    from lxml import etree

_ASKS = "javascript"
"""The word in every language for what the page asks its reader to switch on."""
_TIMES = 5
"""So many times the text of the rest of the page is hardly another one."""
_LONG = 400
"""A text that is longer does more than ask."""


def show_noscript(body: etree._Element) -> None:
    """Makes the ``noscript`` elements of a page visible where they say more than the rest of it does."""
    found = [one for one in body.iter("noscript") if _says_something(one)]
    if not found:
        return
    shown = weight_of(body).all
    for one in found:
        one.tag = "div"
    if weight_of(body).all < _TIMES * shown:
        for one in found:
            one.tag = "noscript"


def _says_something(element: etree._Element) -> bool:
    words = " ".join("".join(element.itertext()).split())
    return any(char.isalnum() for char in words) and (len(words) > _LONG or _ASKS not in words.lower())
