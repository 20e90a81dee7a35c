"""Finds the element of a page that contains its text."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from nrqa.corpus.readers.web.page_boilerplate import is_prose, weight_of
from nrqa.corpus.readers.web.tree import attribute, name_of

if TYPE_CHECKING:
    from lxml import etree

_MOST_OF_IT = 0.6
"""An element that is marked as the main text must contain at least this share of the text to be accepted."""


_BESIDE = frozenset(("aside", "nav", "footer", "form"))


def main_element(body: etree._Element, left_out: Collection[etree._Element]) -> etree._Element:
    """The page's ``main``, or the ``article`` in it, if it contains most of what is not left out; else the body.

    If there are several with a text of their own, such as an article and the discussion of it, none of them is it: what
    is left out by mistake here would be lost.
    """
    found = body
    for is_main in (_is_main, _is_article):
        candidates = _outermost(found, left_out, is_main)
        weights = [weight_of(one, left_out).own for one in candidates]
        if not weights or max(weights) < _MOST_OF_IT * weight_of(found, left_out).own:
            continue
        best = candidates[weights.index(max(weights))]
        several = any(_has_prose(one, left_out) for one in candidates if one is not best)
        if not several and not _leaves_lead(found, best, left_out):
            found = best
    return found


def _leaves_lead(around: etree._Element, best: etree._Element, left_out: Collection[etree._Element]) -> bool:
    """Whether sentences stand before the element that belong to it: a lead above an ``article``.

    Before a ``main`` they are text of the page only if the page's heading stands there, too.
    """
    headed = _is_article(best)
    found = False
    stack = [around]
    while stack:
        element = stack.pop()
        if element is best:
            break
        if not name_of(element) or element in left_out or name_of(element) in _BESIDE:
            continue
        headed = headed or (name_of(element) == "h1" and next(best.iter("h1"), None) is None)
        if name_of(element) == "p":
            found = found or is_prose(element, left_out)
        else:
            stack.extend(reversed(element))
    return found and headed


def _has_prose(element: etree._Element, left_out: Collection[etree._Element]) -> bool:
    """Whether it says something of its own, unlike a card that leads to another page."""
    return not weight_of(element, left_out).is_links and is_prose(element, left_out)


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
