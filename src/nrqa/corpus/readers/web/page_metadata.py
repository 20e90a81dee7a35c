"""Reads the metadata of a page: from ``meta`` elements, JSON-LD and microdata, and the address it was saved from."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import urljoin

from lxml import etree

from nrqa.corpus.readers.web.page_bibliography import bibliography_of
from nrqa.corpus.readers.web.tree import attribute, name_of

_TITLES = ("og:title", "citation_title", "dc.title", "dcterms.title", "twitter:title", "title")
_AUTHORS = (
    "citation_author",
    "author",
    "article:author",
    "dc.creator",
    "dcterms.creator",
    "parsely-author",
    "byl",
    "sailthru.author",
)
_DATES = (
    "article:published_time og:published_time citation_publication_date citation_date datepublished dc.date.issued "
    "dcterms.issued dcterms.created dc.date.created dc.date dcterms.date date pubdate publishdate publish-date "
    "publication_date sailthru.date parsely-pub-date article.published originalpublicationdate"
).split()
_UPDATED = ("article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "last-modified", "lastmod")
_SITES = (
    "og:site_name",
    "application-name",
    "dc.publisher",
    "dcterms.publisher",
    "publisher",
)
_ARTICLES = re.compile(
    r"(?:\w*Article|\w*Posting|Report|WebPage|\w+Page|Book|Chapter|CreativeWork|Recipe|Review|Course|Dataset|TechArticle)\Z"
)
_SAVED_FROM = re.compile(r"saved from url=\(\d+\)(?P<url>\S+)|^\s*url:\s*(?P<single>https?://\S+)", re.MULTILINE)
_DIVIDER = re.compile(r"\s+[|–—·•«»:-]\s+|\s+::\s+")
_NOBODY = frozenset("admin administrator author editor staff null none undefined unknown".split())
_MOST_JSON = 2_000_000
_MOST_VALUE = 1000


@dataclass(frozen=True, slots=True)
class Facts:
    """The title and metadata that a page gives; ``title`` is empty if it gives none."""

    title: str
    metadata: Mapping[str, str | list[str]]


def facts_of(root: etree._Element, heads: Sequence[str] = (), *, url: str | None = None) -> Facts:
    """The facts of a page; ``heads`` are the level-1 headings of its text, ``url`` is the address it was saved from."""
    named = _named(root)
    linked = list(_linked(root))
    address = _address(root, named, url)
    site = _first(named, _SITES) or _name(next(_values(linked, "publisher"), ""))
    authors = _authors(root, named, linked)
    keywords = [
        word.strip()
        for one in _all(named, ("keywords", "news_keywords", "citation_keywords", "article:tag"))
        for word in re.split("[,;]", one)
    ]
    found: dict[str, str | list[str]] = {
        "author": authors if len(authors) > 1 else "".join(authors),
        "date": _date(root, named, linked, _DATES, "datePublished"),
        "updated": _date(root, named, linked, _UPDATED, "dateModified"),
        "language": _language(root, named),
        "url": address,
        "publisher": site,
        "keywords": list(dict.fromkeys(word for word in keywords if word)),
    }
    published = bibliography_of(named, linked)
    if site and published.get("publisher", site) != site:
        published["website"] = site
    found |= published
    return Facts(_title(root, heads, named, linked, site), {key: value for key, value in found.items() if value})


def _title(
    root: etree._Element,
    heads: Sequence[str],
    named: Mapping[str, list[str]],
    linked: Sequence[Mapping[str, Any]],
    site: str,
) -> str:
    """The title: a heading that is part of a title in the page's metadata; else that title without the site's name."""
    written = _clean(next(("".join(one.itertext()) for one in root.iter("title") if not _in_picture(one)), ""))
    announced = [*_all(named, _TITLES), *map(_name, _values(linked, "headline")), written]
    for head in dict.fromkeys(heads):
        if len(head) > 3 and head.lower() != site.lower() and any(head.lower() in one.lower() for one in announced):
            return head
    for one in announced[:-1]:
        if one:
            return _without_site(one, site)
    return _without_site(written, site) or (heads[0] if len(heads) == 1 else "")


def _without_site(title: str, site: str) -> str:
    """The title without the name of the site before or after it."""
    parts = _DIVIDER.split(title)
    if site and len(parts) > 1:
        for part, end in ((parts[-1], True), (parts[0], False)):
            if part.lower() == site.lower():
                cut = title[: -len(part)] if end else title[len(part) :]
                return cut.strip(" |–—·•«»:-\t")
    return title


def _authors(root: etree._Element, named: Mapping[str, list[str]], linked: Sequence[Mapping[str, Any]]) -> list[str]:
    found = _names(next(_values(linked, "author"), None))
    found = found or _all(named, _AUTHORS)
    found = found or [_property(one) for one in _marked(root, "author")]
    found = found or [
        _clean(" ".join(one.itertext())) for one in root.iter("a") if "author" in attribute(one, "rel").lower().split()
    ]
    plain = [re.sub(r"^(?:by|von|par|por)\s+", "", name, flags=re.IGNORECASE) for name in found]
    return [
        name
        for name in dict.fromkeys(plain)
        if name and len(name) <= 200 and "://" not in name and name.lower() not in _NOBODY
    ]


def _date(
    root: etree._Element,
    named: Mapping[str, list[str]],
    linked: Sequence[Mapping[str, Any]],
    keys: Sequence[str],
    prop: str,
) -> str:
    found = _first(named, keys) or _name(next(_values(linked, prop), ""))
    found = found or next((_property(one) for one in _marked(root, prop.lower())), "")
    if not found and prop == "datePublished":
        times = [
            one
            for one in root.iter("time")
            if "pubdate" in one.attrib or "published" in re.split(r"[\s-]+", attribute(one, "class").lower())
        ]
        found = next((_property(one) for one in times), "")
    return found


def _language(root: etree._Element, named: Mapping[str, list[str]]) -> str:
    written = (
        attribute(root, "lang")
        or attribute(root, "{http://www.w3.org/XML/1998/namespace}lang")
        or attribute(root, "xml:lang")
    )
    return (
        (written or _first(named, ("content-language", "dc.language", "citation_language", "og:locale")))
        .strip()
        .replace("_", "-")
    )


def _address(root: etree._Element, named: Mapping[str, list[str]], url: str | None) -> str:
    """The canonical address of the page, absolute."""
    base = url or _first(named, ("og:url",)) or _saved_from(root) or ""
    for link in root.iter("link"):
        if "canonical" in attribute(link, "rel").lower().split() and attribute(link, "href").strip():
            whole = _joined(base, attribute(link, "href").strip())
            if whole:
                return whole
    return _joined("", base) if base else ""


def _joined(base: str, address: str) -> str:
    try:
        whole = urljoin(base, address)
    except ValueError:
        return ""
    return whole if whole.startswith(("http://", "https://")) else ""


def _saved_from(root: etree._Element) -> str | None:
    """The address in the comment that browsers and SingleFile write at the top of what they save."""
    top = list(root.itersiblings(preceding=True))
    for comment in [*reversed(top), *root.iter(etree.Comment)]:
        if comment.tag is etree.Comment and (match := _SAVED_FROM.search(comment.text or "")):
            return (match["url"] or match["single"]).rstrip("-")
    return None


def _named(root: etree._Element) -> dict[str, list[str]]:
    """The page's ``meta`` elements by name or property."""
    named: dict[str, list[str]] = {}
    for meta in root.iter("meta"):
        value = _clean(attribute(meta, "content"))
        for key in ("name", "property", "itemprop", "http-equiv"):
            name = attribute(meta, key).strip().lower()
            if name and value and len(value) <= _MOST_VALUE and not (key == "itemprop" and _in_item(meta)):
                named.setdefault(name, []).append(value)
    return named


def _in_item(meta: etree._Element) -> bool:
    """Whether the property belongs to an item inside the page, such as the author, and not to the page itself."""
    return any("itemprop" in above.attrib for above in meta.iterancestors())


def _linked(root: etree._Element) -> Iterator[Mapping[str, Any]]:
    """The JSON-LD objects that describe the page itself: articles and other works first, plain pages after them."""
    things: list[Mapping[str, Any]] = []
    for script in root.iter("script"):
        if attribute(script, "type").partition(";")[0].strip().lower() == "application/ld+json":
            written = "".join(script.itertext())[:_MOST_JSON].strip()
            try:
                # strict=False: line ends inside strings are a common mistake.
                loaded = json.loads(written, strict=False)
            except (ValueError, RecursionError):
                continue
            things += _things(loaded)
    kinds = [(thing, [kind for kind in _listed(thing.get("@type")) if isinstance(kind, str)]) for thing in things]
    works = [(thing, kind) for thing, kind in kinds if any(_ARTICLES.match(one) for one in kind)]
    pages = [thing for thing, kind in works if all(one.endswith("Page") for one in kind)]
    yield from (thing for thing, _ in works if thing not in pages)
    yield from pages


def _things(loaded: Any) -> list[Mapping[str, Any]]:
    things: list[Mapping[str, Any]] = [one for one in _listed(loaded) if isinstance(one, dict)]
    inner = [one for thing in things for one in _listed(thing.get("@graph")) if isinstance(one, dict)]
    return things + inner


def _values(linked: Sequence[Mapping[str, Any]], key: str) -> Iterator[Any]:
    return (thing[key] for thing in linked if thing.get(key))


def _names(value: Any) -> list[str]:
    return [name for one in _listed(value) if (name := _name(one))]


def _name(value: Any) -> str:
    if isinstance(value, list):
        return _name(value[0]) if value else ""
    if isinstance(value, dict):
        value = value.get("name") or value.get("@value") or ""
        return _name(value) if isinstance(value, list) else _name(str(value))
    return _clean(value) if isinstance(value, str) else ""


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _marked(root: etree._Element, prop: str) -> Iterator[etree._Element]:
    """The microdata elements with this property, without ``meta`` elements."""
    return (
        one
        for one in root.iter(etree.Element)
        if prop in attribute(one, "itemprop").lower().split() and name_of(one) != "meta"
    )


def _property(element: etree._Element) -> str:
    """The value of a microdata element: its machine-readable form, or else the name of the item in it, or its text."""
    for key in ("content", "datetime"):
        if value := _clean(attribute(element, key)):
            return value
    for inner in element.iter(etree.Element):
        if inner is not element and "name" in attribute(inner, "itemprop").lower().split():
            return _property(inner)
    return _clean(" ".join(element.itertext()))


def _first(named: Mapping[str, list[str]], keys: Sequence[str]) -> str:
    return next((values[0] for key in keys if (values := named.get(key))), "")


def _all(named: Mapping[str, list[str]], keys: Sequence[str]) -> list[str]:
    """The values under the first of the keys that has any."""
    return next((list(values) for key in keys if (values := named.get(key))), [])


def _in_picture(title: etree._Element) -> bool:
    return any(name_of(above) in ("svg", "symbol") for above in title.iterancestors())


def _clean(written: str) -> str:
    """The text on one line, with entities decoded that were escaped twice."""
    return " ".join(unescape(written).replace("\u00ad", "").split())
