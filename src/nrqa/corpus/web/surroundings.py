"""What stands around the text of a page: menus, banners, side columns, lists of other pages, comments."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from lxml import etree

from nrqa.corpus.web.tree import attribute, name_of, pieces

_ROLES = frozenset("navigation banner contentinfo search dialog alertdialog menu menubar toolbar tablist".split())
_SECTIONS = frozenset("article main section blockquote figure".split())
_INLINE = frozenset("a abbr b bdi bdo cite code del dfn em i ins kbd mark q s samp small strong sub sup time u var".split())
_WORD = re.compile(r"[a-z]+|[A-Z]+(?![a-z])|[A-Z][a-z]+")
_SENTENCE = re.compile(r"\w[^.!?。！？]{25,}[.!?。！？]")
# Words of class names and ids, as the usual content management systems and page builders write them.
_ALWAYS = frozenset(
    "cookie cookies consent gdpr onetrust didomi cookiebot breadcrumb breadcrumbs nav navbar navigation navbox navlinks "
    "megamenu submenu menubar catlinks editsection noprint printfooter headerlink backtotop skiplink addtoany addthis "
    "sharing sharebar sharedaddy newsletter outbrain taboola disqus advert adverts advertisement advertising adsense "
    "adsbygoogle sponsored sponsor popup lightbox pagination pager paywall pullquote linenos lineno lineno linenumbers "
    "gutter clipboard tagcloud sitemap colophon blogroll permalink sphinxsidebar sphinxfooter jetpack".split()
)
_PAIRS = frozenset(
    "skip link|social links|social media|social share|social icons|share buttons|share links|share tools|share bar|"
    "related posts|related articles|related content|related stories|related news|related links|related topics|"
    "post navigation|back to top|site header|site footer|page footer|global header|global footer|main menu|"
    "comment list|comment form|comment respond|comments area|comments section|comments list|post comments|"
    "read more|read next|more stories|more articles|most read|most popular|email signup|sign up|call to action|"
    "author box|tag list|post tags|entry tags|menu bar|tool bar|top bar|ad container|ad slot|ad wrapper|banner ad|"
    "table of contents|copy button|edit page|mw jump|jump link|cite backlink|user comments|see also list".split("|")
)
# These are also words for other things: furniture only where they are mostly links, or hold no sentence.
_OFTEN = frozenset(
    "menu sidebar side footer foot header masthead share social related recommended recommendations recirc promo teaser "
    "teasers widget widgets toc tags tag categories trending popular ad ads banner subscribe signup comments comment "
    "replies respond author byline meta toolbar topbar tools actions buttons modal overlay bookmark print next previous "
    "prev more links feed login search contents".split()
)


@dataclass(frozen=True, slots=True)
class Weight:
    """How much text an element has: characters in all, and of those in links."""

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
        size = len("".join(text.split()))
        every += size
        linked += size if in_link else 0
    return Weight(every, linked)


def plain_surroundings(root: etree._Element, hidden: Collection[etree._Element]) -> set[etree._Element]:
    """What the page itself says is no part of its text: ``nav``, the page's ``footer``, roles, banners over it."""
    return _found(root, hidden, _is_plain)


def surroundings(root: etree._Element, hidden: Collection[etree._Element]) -> set[etree._Element]:
    """What is no part of the text by name or by looks; never most of the page."""
    most = weight_of(root, hidden).own // 2
    return _found(root, hidden, lambda one: _is_plain(one) or _is_likely(one, hidden, most))


def _found(root, hidden, is_furniture):  # type: ignore[no-untyped-def]
    found: set[etree._Element] = set()
    stack = [root]
    while stack:
        element = stack.pop()
        if not isinstance(element.tag, str) or element in hidden:
            continue
        if name_of(element) not in ("html", "body", "main") and is_furniture(element):
            found.add(element)
            continue
        if name_of(element) not in ("pre", "code", "table") or name_of(element) == "table":
            stack.extend(element)
    return found


def _is_plain(element: etree._Element) -> bool:
    name = name_of(element)
    if name in ("nav", "dialog", "menu") or attribute(element, "role").lower() in _ROLES:
        return True
    return name == "footer" and _is_of_the_page(element)


def _is_likely(element: etree._Element, hidden: Collection[etree._Element], most: int) -> bool:
    name = name_of(element)
    if name == "article":
        return False
    if name in _INLINE:
        return bool(_named(element) & _ALWAYS) and weight_of(element, hidden).all < 40
    weight = None
    if name in ("aside", "header", "footer"):
        weight = weight_of(element, hidden)
        if weight.is_links or (name != "aside" and _is_of_the_page(element) and not _has_sentence(element, hidden)):
            return weight.own <= most
        if name == "aside" and _is_of_the_page(element):
            return weight.own <= most
    named = _names(element)
    if not named:
        return False
    always = bool(_ALWAYS.intersection(named) or any(pair in _PAIRS for pair in _neighbours(named)))
    if not always and not _OFTEN.intersection(named):
        return False
    weight = weight or weight_of(element, hidden)
    if weight.own > most:
        return False
    return always or weight.is_links or not _has_sentence(element, hidden)


def _is_of_the_page(element: etree._Element) -> bool:
    """Whether it belongs to the page and not to an article or section in it."""
    return not any(name_of(above) in _SECTIONS for above in element.iterancestors())


def _has_sentence(element: etree._Element, hidden: Collection[etree._Element]) -> bool:
    own = " ".join(text for text, linked in pieces(element, hidden) if not linked)
    return bool(_SENTENCE.search(" ".join(own.split())))


def _named(element: etree._Element) -> set[str]:
    return set(_names(element))


def _names(element: etree._Element) -> list[str]:
    written = f"{attribute(element, 'class')} {attribute(element, 'id')}"
    return [word.lower() for word in _WORD.findall(written)]


def _neighbours(words: list[str]) -> list[str]:
    pairs = [" ".join(two) for two in zip(words, words[1:], strict=False)]
    return pairs + [" ".join(three) for three in zip(words, words[1:], words[2:], strict=False)]
