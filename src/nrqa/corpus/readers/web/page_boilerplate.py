"""What stands around the text of a page: menus, banners, side columns, lists of other pages, comments."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from itertools import islice, pairwise

from lxml import etree

from nrqa.corpus.readers.web.tree import UNSEEN, attribute, name_of, pieces

_ROLES = frozenset("navigation banner contentinfo search dialog alertdialog menu menubar toolbar tablist".split())
_PANELS = frozenset(("tabpanel", "region"))
_SECTIONS = frozenset("article main section blockquote figure".split())
_TEXTS = frozenset(("article", "main"))
_NEVER = frozenset(("html", "body", "main", "article"))
_CODE = frozenset(("pre", "code"))
_NUMBERS = frozenset(("linenos", "lineno", "linenumber", "linenumbers", "gutter"))
_INLINE = frozenset(
    "a abbr b bdi bdo cite code del dfn em i ins kbd mark q s samp small span strong sub sup time u var".split()
)
_WORD = re.compile(r"[a-z]+|[A-Z]+(?![a-z])|[A-Z][a-z]+")
_QUALIFIED = re.compile(r"(?:^|[-_])(?:non?|not|without|with|has|have|free|none|hidden|disabled|off)(?:[-_]|$)")
"""In a class (``non-paywall``, ``has-sidebar``, ``ad-free``): it says how the element is, not that it is the thing."""
_SENTENCE = re.compile(r"\w[^.!?。！？]{25,}[.!?。！？]")
# Words in class names and ids, as common content management systems and page builders write them.
_ALWAYS = frozenset(
    "cookie cookies consent gdpr onetrust didomi cookiebot breadcrumb breadcrumbs nav navbar navigation navbox "
    "navlinks megamenu submenu menubar catlinks editsection noprint printfooter headerlink backtotop "
    "skiplink addtoany addthis "
    "sharing sharebar sharedaddy newsletter outbrain taboola disqus advert adverts advertisement advertising adsense "
    "adsbygoogle sponsored sponsor popup lightbox pagination pager pullquote linenos lineno linenumbers gutter "
    "clipboard tagcloud sitemap colophon blogroll permalink sphinxsidebar relatedposts commentlist".split()
)
_PAIRS = frozenset(
    "skip link|social links|social media|social share|social icons|share buttons|share links|share tools|share bar|"
    "related posts|related articles|related content|related stories|related news|related links|related topics|"
    "post navigation|back to top|site header|site footer|page footer|global header|global footer|main menu|"
    "comment list|comment form|comment respond|comment wrapper|comments area|comments section|comments list|"
    "post comments|user comments|read more|read next|more stories|more articles|most read|most popular|email signup|"
    "sign up|call to action|author box|tag list|post tags|entry tags|menu bar|tool bar|top bar|ad container|ad slot|"
    "ad wrapper|banner ad|table of contents|copy button|edit page|mw jump|cite backlink|language selector".split("|")
)
# Elements with these names may also be part of the text: they are boilerplate if they are outside it or say nothing.
_AROUND = frozenset(
    "menu sidebar footer masthead share social ad ads banner subscribe signup respond login search toolbar topbar "
    "buttons print bookmark modal overlay".split()
)
# Boxes that lead to other pages. Without a link that does so they are part of the text: leads are called teasers, too.
_LEADING = frozenset(
    "related recommended recommendations recirc promo teaser teasers widget widgets trending popular paywall".split()
)
# Elements with these names are part of the text, unless they are almost only links.
_LINKS = frozenset(
    "side toc tags tag categories category author byline meta tools actions next previous prev more links feed header "
    "list nearby latest archive archives".split()
)
_COMMENTS = frozenset("comment comments replies".split())
_REPEATING = frozenset("commentlist disqus related relatedposts stories articles pullquote".split())
_PRESSED = frozenset(("form", "button", "input", "select", "iframe", "ins"))
_LEAST_PARAGRAPHS = 2
_HEADINGS = frozenset(("h1", "h2", "h3", "h4"))
_HEADING = re.compile("h[1-6]")
_GROUPED = frozenset(("section", "div", "article"))
_SHOWN = frozenset(("img", "picture", "svg", "h1", "h2", "h3", "h4", "h5", "h6"))
_GROUPS = frozenset(("div", "ul", "ol", "td", "section", "table", "p", "center"))
_LEAST_LINKS = 3
_LEAST_OWN = 400
"""Least characters outside links of a page that is more than a list of links."""


@dataclass(frozen=True, slots=True)
class Weight:
    """How much text an element has: the number of all its characters, and of those inside links."""

    all: int
    linked: int

    @property
    def own(self) -> int:
        """Characters outside links."""
        return self.all - self.linked

    @property
    def is_links(self) -> bool:
        """Whether it is links and hardly anything else."""
        return self.linked * 10 >= self.all * 6


def weight_of(element: etree._Element, left_out: Collection[etree._Element] = ()) -> Weight:
    """The weight of an element without what is left out."""
    every = linked = 0
    for text, in_link in pieces(element, left_out):
        size = _size(text)
        every += size
        linked += size if in_link else 0
    return Weight(every, linked)


def weights_of(root: etree._Element, left_out: Collection[etree._Element]) -> dict[etree._Element, Weight]:
    """The weights of an element and of all elements inside it, computed in a single pass."""
    found: dict[etree._Element, Weight] = {}
    sums: list[tuple[int, int]] = [(0, 0)]
    # A stack, not recursion; an element comes a second time, as opened, after all elements inside it.
    stack: list[tuple[etree._Element, bool, bool]] = [(root, False, False)]
    while stack:
        element, linked, opened = stack.pop()
        if not opened and (not name_of(element) or element in left_out or name_of(element) in UNSEEN):
            size = _size(element.tail) if element is not root else 0
            sums[-1] = (sums[-1][0] + size, sums[-1][1] + (size if linked else 0))
        elif not opened:
            within = linked or name_of(element) == "a"
            size = _size(element.text)
            sums.append((size, size if within else 0))
            stack.append((element, linked, True))
            stack.extend((child, within, False) for child in reversed(element))
        else:
            every, in_links = sums.pop()
            found[element] = Weight(every, in_links)
            size = _size(element.tail) if element is not root else 0
            sums[-1] = (sums[-1][0] + every + size, sums[-1][1] + in_links + (size if linked else 0))
    return found


def _size(text: str | None) -> int:
    return len("".join(text.split())) if text else 0


def plain_surroundings(root: etree._Element, hidden: Collection[etree._Element]) -> set[etree._Element]:
    """The elements that the page marks as not part of its text: ``nav``, the page's ``footer``, dialogs, by roles."""
    return _found(root, hidden, _is_plain)


def surroundings(
    root: etree._Element, hidden: Collection[etree._Element], plain: set[etree._Element]
) -> set[etree._Element]:
    """The elements that are not part of the text, judged by names and content; never most of the page.

    ``plain`` are those of ``plain_surroundings``.
    """
    weights = weights_of(root, {*hidden, *plain})
    page = _Page(weights[root], weights, hidden)
    found = plain | _found(root, {*hidden, *plain}, page.is_boilerplate)
    comments = _found(root, {*hidden, *found}, _is_comment)
    if 2 * sum(weight_of(one, hidden).own for one in comments) < page.weight.own:
        found |= comments  # otherwise the page is a discussion, and the comments are its text
    return found


def _found(
    root: etree._Element, left_out: Collection[etree._Element], is_boilerplate: Callable[[etree._Element], bool]
) -> set[etree._Element]:
    """The outermost elements that are boilerplate; in code, the numbers of its lines."""
    found: set[etree._Element] = set()
    stack = [root]
    while stack:
        element = stack.pop()
        name = name_of(element)
        if not name or element in left_out or name in UNSEEN:
            continue
        if name in _CODE:
            found.update(inner for inner in element.iter(*_INLINE) if not _NUMBERS.isdisjoint(_names(inner)))
        elif name not in _NEVER and is_boilerplate(element):
            found.add(element)
        else:
            stack.extend(element)
    return found


def _is_plain(element: etree._Element) -> bool:
    name = name_of(element)
    role = attribute(element, "role").lower()
    if role == "tablist":
        # Only the tabs: an accordion has its texts inside.
        return not any(attribute(inner, "role").lower() in _PANELS for inner in element.iterdescendants(etree.Element))
    if name in ("nav", "dialog", "menu") or role in _ROLES:
        return True
    return name == "footer" and not _is_within(element, _SECTIONS)


def _is_comment(element: etree._Element) -> bool:
    return name_of(element) not in _INLINE and not _COMMENTS.isdisjoint(_names(element))


@dataclass(frozen=True, slots=True)
class _Page:
    """The weight of a page, with which the weights of its elements are compared."""

    weight: Weight
    weights: Mapping[etree._Element, Weight]
    hidden: Collection[etree._Element]

    def is_boilerplate(self, element: etree._Element) -> bool:
        """Whether the element only surrounds the text, judged by its name, its class and its content."""
        name, named = name_of(element), _names(element)
        always = not _ALWAYS.isdisjoint(named) or not _PAIRS.isdisjoint(_neighbours(named))
        always = always and not _is_in_doubt(element, named)
        if name in _INLINE:
            return always and self.weights[element].all < 60
        around = not _AROUND.isdisjoint(named) or name in ("aside", "header", "footer")
        around = around or (not _LEADING.isdisjoint(named) and _leads_away(element))
        grouped = name in _GROUPS
        listed = not _LINKS.isdisjoint(named)
        if not (always or around or grouped or listed):
            return False
        weight = self.weights[element]
        if 2 * weight.own > self.weight.own and not weight.is_links:
            return False
        return (
            always
            or (around and self._stands_around(element, weight))
            or (grouped and self._is_of_links(element, weight))
            or (listed and weight.is_links and self._has_text())
        )

    def _stands_around(self, element: etree._Element, weight: Weight) -> bool:
        """Whether it says nothing of its own, or stands outside the text."""
        if weight.is_links or (name_of(element) != "header" and not _is_within(element, _TEXTS)):
            return True
        return not self._says_something(element)

    def _has_text(self) -> bool:
        """Whether the page is more than a list of links."""
        return self.weight.own >= _LEAST_OWN and self.weight.own > self.weight.linked

    def _is_of_links(self, element: etree._Element, weight: Weight) -> bool:
        """Whether it is several links with only names and dates between them, on a page that has text."""
        if weight.own * 4 > weight.all or not self._has_text() or _is_within(element, _TEXTS):
            return False
        return sum(1 for _ in islice(element.iter("a"), _LEAST_LINKS)) == _LEAST_LINKS

    def _says_something(self, element: etree._Element) -> bool:
        if any(name_of(inner) in _HEADINGS for inner in element.iter(*_HEADINGS)):
            return True
        return is_prose(element, self.hidden)


def is_prose(element: etree._Element, left_out: Collection[etree._Element] = ()) -> bool:
    """Whether a sentence stands in the element, outside links."""
    own = " ".join(text for text, linked in pieces(element, left_out) if not linked)
    return bool(_SENTENCE.search(" ".join(own.split())))


def _is_in_doubt(element: etree._Element, named: Collection[str]) -> bool:
    """Whether it has several paragraphs and nothing to press or to fill in: not a banner, whatever its name says.

    A recipe of cookies or the history of navigation has such names, too. Comments have such paragraphs.
    """
    if not _COMMENTS.isdisjoint(named) or not _REPEATING.isdisjoint(named):
        return False
    if any(name_of(inner) in _PRESSED for inner in element.iterdescendants(etree.Element)):
        return False
    prose = (one for one in element.iter("p") if is_prose(one))
    return sum(1 for _ in islice(prose, _LEAST_PARAGRAPHS)) == _LEAST_PARAGRAPHS


def _leads_away(element: etree._Element) -> bool:
    """Whether it is a link, or has one with a heading, a picture or a good part of its words, to read on elsewhere."""
    if any(name_of(above) == "a" for above in element.iterancestors()):
        return True
    linked = 0
    for link in element.iter("a"):
        if not attribute(link, "href"):
            continue
        if any(name_of(inner) in _SHOWN for inner in link.iterdescendants(etree.Element)) or any(
            name_of(above) in _HEADINGS for above in link.iterancestors()
        ):
            return True
        linked += _size("".join(link.itertext()))
    return linked * 8 > _size("".join(element.itertext()))


def _is_within(element: etree._Element, names: Collection[str]) -> bool:
    return any(name_of(above) in names or attribute(above, "role") in names for above in element.iterancestors())


def _names(element: etree._Element) -> list[str]:
    names = attribute(element, "class").split()
    identity = attribute(element, "id")
    if identity and not _is_of_heading(element, identity):
        names += identity.split()
    return [word.lower() for name in names if not _QUALIFIED.search(name.lower()) for word in _WORD.findall(name)]


def _is_of_heading(element: etree._Element, identity: str) -> bool:
    """Whether an id is only made from the heading of the element, as programs for documentation make them."""
    if name_of(element) not in _GROUPED:
        return False
    first = next((inner for inner in element if name_of(inner)), None)
    if first is None or not _HEADING.fullmatch(name_of(first)):
        return False
    words = [word.lower() for word in re.findall(r"[^\W\d_]+", "".join(first.itertext()))]
    return words == [word.lower() for word in re.findall(r"[^\W\d_]+", identity)]


def _neighbours(words: list[str]) -> list[str]:
    pairs = [" ".join(two) for two in pairwise(words)]
    return pairs + [" ".join(three) for three in zip(words, words[1:], words[2:], strict=False)]
