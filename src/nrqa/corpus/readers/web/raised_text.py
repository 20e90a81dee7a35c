"""Raised text of a page: exponents, and the references to notes, which are no part of the words they follow."""

from __future__ import annotations

from collections.abc import Collection
from itertools import chain
from typing import TYPE_CHECKING

from nrqa.corpus.readers.web.tree import attribute, name_of, pieces
from nrqa.text.raised_figures import raised, reference

if TYPE_CHECKING:
    from lxml import etree

_MOST = 40


def is_raised(element: etree._Element) -> bool:
    """Whether the element is raised, or refers to a note, which every style sheet raises."""
    return name_of(element) == "sup" or _refers(element)


def raised_text(element: etree._Element, left_out: Collection[etree._Element], before: str) -> str | None:
    """How the text of a raised element is written after ``before``; None if it is more than figures and marks."""
    found = list(pieces(element, left_out))
    written = "".join(text for text, _ in found)
    inner = written.strip()
    if not inner or len(inner) > _MOST:
        return None
    links = chain(element.iter("a"), element.iterancestors("a"))
    refers = any(_refers(one) or _leads_within(one) for one in links)
    above = reference(inner, before) if refers else raised(inner, before)
    if above == inner:
        return None
    # White space inside a raised element is at its edges; words beside it must not be joined.
    return f"{' ' if written[0].isspace() else ''}{above}{' ' if written[-1].isspace() else ''}"


def _refers(element: etree._Element) -> bool:
    """Whether the page itself says that it is a reference to a note."""
    kinds = f"{attribute(element, 'epub:type')} {attribute(element, 'role')}".split()
    return name_of(element) == "a" and ("noteref" in kinds or "doc-noteref" in kinds)


def _leads_within(link: etree._Element) -> bool:
    """Whether a link leads to a place with a name: in this page or, in a book, in that of the notes."""
    return "#" in attribute(link, "href")
