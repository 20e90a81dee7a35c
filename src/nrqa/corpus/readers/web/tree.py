"""Parses a page into elements with libxml2, which tolerates errors like a browser."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from lxml import etree

from nrqa.errors import UnreadableError

_MOST_DEPTH = "2,000"
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
# Control characters are replaced, because a page full of them and of errors makes the parser stop early.
_CONTROLS = dict.fromkeys([*range(9), 0x0B, *range(0x0E, 0x20)], " ")


def parsed(page: str) -> etree._Element:
    """The page's root element. Raises UnreadableError if there is none, or if elements are nested too deeply."""
    # huge_tree: without it, the parser silently cuts off a page that is nested more than 256 deep.
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, no_network=True, remove_pis=True)
    clean = _DECLARATION.sub("", page, count=1).translate(_CONTROLS)
    # "replace": a damaged file may hold half a surrogate pair, which UTF-8 cannot encode.
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
    """The text of the element in order, in pieces, each with whether it is inside a link; without left-out elements.

    This uses a stack, not recursion, because pages nest more deeply than Python's calls.
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
