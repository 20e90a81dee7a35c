"""Finds the element of a page that contains its text."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from nrqa.corpus.readers.web.page_boilerplate import weight_of
from nrqa.corpus.readers.web.tree import attribute, name_of

if TYPE_CHECKING:
    from lxml import etree

_MOST_OF_IT = 0.6
"""An element that is marked as the main text must contain at least this share of the text to be accepted."""


def main_element(body: etree._Element, left_out: Collection[etree._Element]) -> etree._Element:
    """The page's ``main``, or the ``article`` in it, if it contains most of what is not left out; else the body."""
    found = body
    for is_main in (_is_main, _is_article):
        candidates = _outermost(found, left_out, is_main)
        weights = [weight_of(one, left_out).own for one in candidates]
        if weights and max(weights) >= _MOST_OF_IT * weight_of(found, left_out).own:
            found = candidates[weights.index(max(weights))]
    return found


def _is_main(element: etree._Element) -> bool:
    return name_of(element) == "main" or attribute(element, "role").lower() == "main"


def _is_article(element: etree._Element) -> bool:
    return name_of(element) == "article" or attribute(element, "role").lower() == "article"


def _outermost(
    body: etree._Element, left_out: Collection[etree._Element], is_wanted: Callable[[etree._Element], bool]
) -> list[etree._Element]:
    found: list[etree._Element] = []
    stack = [body]
    while stack:
        element = stack.pop()
        if not isinstance(element.tag, str) or element in left_out:
            continue
        if element is not body and is_wanted(element):
            found.append(element)
        else:
            stack.extend(reversed(element))
    return found
