"""What a page of a book has around its text: lists of contents, covers, title pages, the numbers of printed pages.

A book calls whole pages so, or places inside them, and sometimes the page of a list is also that of the first chapter.
So only what holds no prose is left out; where a list of contents stands before prose, only its links are.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from itertools import islice

from lxml import etree

from nrqa.corpus.readers.web.page_boilerplate import Weight, weight_of
from nrqa.corpus.readers.web.tree import attribute, name_of, pieces

AROUND = frozenset(("cover", "toc", "landmarks", "loi", "lot", "page-list", "titlepage", "halftitlepage", "index"))
"""The types of pages and of parts of pages that are not the text of the book."""
_LISTS = frozenset(("toc", "landmarks", "loi", "lot", "page-list", "index"))
_BLOCKS = frozenset("p li dt dd td th h1 h2 h3 h4 h5 h6 div blockquote pre figure center caption summary".split())
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_GROUPS = frozenset(("section", "div", "nav", "article", "main", "ul", "ol", "table", "aside"))
_PROSE = re.compile(r"\w[^.!?。！？]{25,}[.!?。！？]")
_MOST_NAMED = 200
"""Places on one page that are looked at; a page has one or two."""
_LEAST_PROSE = 80
"""Characters outside links that a paragraph of prose has at least: entries of a list are shorter."""


def types_of(element: etree._Element) -> set[str]:
    """The types of an element, from its attribute ``epub:type`` or its accessibility ``role``."""
    return {*attribute(element, "epub:type").split(), *attribute(element, "role").replace("doc-", "").split()}


def around_text(body: etree._Element, called: Collection[tuple[str, str]] = ()) -> set[etree._Element] | None:
    """The elements of a page to leave out; None if that is all of it.

    ``called`` is what the book's package calls the page: pairs of a type and the fragment of the place in it, if any.
    """
    left_out = {one for one in body.iter(etree.Element) if "pagebreak" in types_of(one)}
    for place, type_ in islice(_named(body, called), _MOST_NAMED):
        if name_of(place) in {*_GROUPS, "body", "html"} and not _has_prose(place):
            if place is body:
                return None
            left_out.add(place)
        elif type_ in _LISTS:
            left_out |= _list_from(body, place)
    return left_out


def _named(body: etree._Element, called: Iterable[tuple[str, str]]) -> Iterator[tuple[etree._Element, str]]:
    """The places that have a type, by what the package calls them and by their own attributes."""
    yield from ((body, type_) for type_ in types_of(body) & AROUND)
    by_name = {name: one for one in body.iter(etree.Element) for name in (one.get("id"), one.get("name")) if name}
    yield from ((by_name.get(fragment, body), type_) for type_, fragment in dict.fromkeys(called) if type_ in AROUND)
    for one in body.iter("nav", "section", "div"):
        types = types_of(one) & AROUND or ({"toc"} if name_of(one) == "nav" else set())
        yield from ((one, type_) for type_ in types)


def _has_prose(element: etree._Element) -> bool:
    return any(_is_prose(leaf) for leaf in _leaves(element))


def _leaves(element: etree._Element) -> Iterator[etree._Element]:
    """The blocks without other blocks in them, and an element with text of its own, in order."""
    for one in element.iter(etree.Element):
        is_leaf = name_of(one) in _BLOCKS and not any(name_of(inner) in _BLOCKS for inner in one.iterdescendants())
        if is_leaf or (one is element and (one.text or "").strip()):
            yield one


def _is_prose(leaf: etree._Element) -> bool:
    own = " ".join("".join(text for text, linked in pieces(leaf) if not linked).split())
    return len(own) >= _LEAST_PROSE and bool(_PROSE.search(own))


def _list_from(body: etree._Element, place: etree._Element) -> set[etree._Element]:
    """The links of a list that begins at this place, up to the first prose after it, and the heading above them."""
    leaves = list(_leaves(body))
    inside = {place, *place.iterdescendants(), *place.iterancestors()} - {body}
    first = 0 if place is body else next((at for at, leaf in enumerate(leaves) if leaf in inside), len(leaves))
    found: list[int] = []
    for at in range(first, len(leaves)):
        if _is_prose(leaves[at]) or (found and name_of(leaves[at]) in _HEADINGS and not _is_link(leaves[at])):
            break
        if _is_link(leaves[at]):
            found.append(at)
    if found and found[0] and name_of(leaves[found[0] - 1]) in _HEADINGS:
        found.insert(0, found[0] - 1)
    return {leaves[at] for at in found}


def _is_link(leaf: etree._Element) -> bool:
    weight: Weight = weight_of(leaf)
    return weight.linked > 0 and weight.is_links
