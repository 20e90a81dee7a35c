"""A page's elements, parsed by libxml2 as forgivingly as a browser does."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from lxml import etree

from nrqa.errors import UnreadableError

_MOST_DEPTH = "2,000"
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
# A page that is nothing but XML errors and controls would end the parser's work early.
_CONTROLS = dict.fromkeys([*range(9), 0x0B, *range(0x0E, 0x20)], " ")


def parsed(page: str) -> etree._Element:
    """The page's root element; UnreadableError where there is none, or where it is nested too deeply to be a page."""
    # huge_tree: without it a page more than 256 deep ends there, without a word.
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, no_network=True, remove_pis=True)
    clean = _DECLARATION.sub("", page, count=1).translate(_CONTROLS)
    # Half a character, which a damaged file may hold, has no UTF-8.
    root = etree.fromstring(clean.encode("utf-8", "replace"), parser)
    if any(error.type_name == "ERR_RESOURCE_LIMIT" for error in parser.error_log):
        raise UnreadableError(f"its elements are nested more than {_MOST_DEPTH} deep")
    if root is None:
        raise UnreadableError("no text in it")
    return root


def name_of(element: etree._Element) -> str:
    """The element's name, in small letters as the parser gives it; empty for comments."""
    tag = element.tag
    return tag if isinstance(tag, str) else ""


def attribute(element: etree._Element, name: str) -> str:
    """The attribute's value, or nothing."""
    return str(element.get(name, ""))


def pieces(element: etree._Element, left_out: Collection[etree._Element] = ()) -> Iterator[tuple[str, bool]]:
    """All text in the element in order, each piece with whether it stands in a link; without what is left out.

    A stack and not recursion: pages nest deeper than Python's calls.
    """
    stack: list[tuple[etree._Element | str, bool]] = [(element, False)]
    while stack:
        one, linked = stack.pop()
        if isinstance(one, str):
            yield one, linked
            continue
        if not isinstance(one.tag, str) or one in left_out or name_of(one) in UNSEEN:
            continue
        within = linked or name_of(one) == "a"
        for child in reversed(one):
            if child.tail:
                stack.append((child.tail, within))
            stack.append((child, within))
        if one.text:
            stack.append((one.text, within))


UNSEEN = frozenset(
    "script style noscript template head title meta link base iframe frame frameset noframes object embed applet param "
    "svg canvas audio video source track map area datalist option optgroup select input textarea rp rt".split()
)
"""What a browser never shows as text of the page: frames and objects are other files, which are never fetched."""
