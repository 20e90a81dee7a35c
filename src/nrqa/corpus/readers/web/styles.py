"""Finds what a page's styles declare for an element, as far as this is possible without a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nrqa.corpus.readers.web.tree import attribute, name_of

if TYPE_CHECKING:
    from lxml import etree

Declarations = Mapping[str, str]
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_DECLARATION = re.compile(r"([a-z-]+)\s*:\s*([^;]+)", re.IGNORECASE)
_SIMPLE = re.compile(r"(?P<tag>[a-z][a-z0-9]*)?(?P<names>(?:[.#][\w-]+)*)", re.IGNORECASE)
_NAMES = re.compile(r"[.#][\w-]+")
_MOST = 4_000_000
"""Characters of style sheets that are looked at."""
_TELLING = frozenset(
    "display visibility opacity font-size text-indent position left top right clip clip-path color background "
    "background-color background-image background-clip -webkit-background-clip width height overflow".split()
)


@dataclass(frozen=True, slots=True)
class _Rule:
    weight: tuple[int, int, int]
    tag: str
    names: frozenset[str]
    declared: Declarations


@dataclass(frozen=True, slots=True)
class Styles:
    """The rules of a page's style sheets whose selector is a tag, classes and ids of the element itself.

    ``doubtful`` are classes, ids and tags that other rules (for narrow screens, for an element inside another) may
    show again: for elements with one of these, no rule is used.
    """

    rules: Mapping[str, Sequence[_Rule]]
    doubtful: frozenset[str]

    def of(self, element: etree._Element) -> dict[str, str]:
        """The declarations for the element; those in its own ``style`` attribute override the others."""
        declared: dict[str, str] = {}
        if self.rules:
            tag = name_of(element)
            names = _names_of(element)
            if not self.doubtful.intersection((tag, *names)):
                found = [rule for key in (tag, *names) for rule in self.rules.get(key, ())]
                for rule in sorted(found, key=lambda rule: rule.weight):
                    if rule.tag in ("", tag) and rule.names <= names:
                        declared.update(rule.declared)
        if written := attribute(element, "style"):
            declared.update(_declarations(written))
        return declared


def styles_of(root: etree._Element, sheets: Sequence[str] = ()) -> Styles:
    """The styles of a page: its own ``style`` elements, and ``sheets`` that came with it."""
    own = ["".join(element.itertext()) for element in root.iter("style") if _is_for_screens(element)]
    rules: dict[str, list[_Rule]] = {}
    doubtful: set[str] = set()
    for order, (selector, body, nested) in enumerate(_rules(_COMMENT.sub("", "\n".join([*sheets, *own])[:_MOST]))):
        declared = {name: value for name, value in _declarations(body).items() if name in _TELLING}
        if not declared:
            continue
        for one in selector.split(","):
            last = re.split(r"[\s>+~]+", one.strip())[-1]
            match = _SIMPLE.fullmatch(one.strip())
            if nested or match is None or not one.strip():
                doubtful.update(_NAMES.findall(re.sub(r"\([^)]*\)|\[[^\]]*\]", "", last)))
                continue
            names = frozenset(_NAMES.findall(match["names"]))
            weight = (sum(name[0] == "#" for name in names), sum(name[0] == "." for name in names), order)
            tag = (match["tag"] or "").lower()
            rules.setdefault(min(names) if names else tag, []).append(_Rule(weight, tag, names, declared))
    return Styles(rules, frozenset(doubtful))


def _is_for_screens(element: etree._Element) -> bool:
    return attribute(element, "media").strip().lower() in ("", "all", "screen")


def _rules(css: str) -> Iterator[tuple[str, str, bool]]:
    """Selector and body of each rule, and whether it stands in a block such as ``@media``."""
    selector, depth, at = "", 0, 0
    for match in re.finditer(r"[{}]", css):
        before = css[at : match.start()].rpartition(";" if depth == 0 else "}")[2].strip()
        at = match.end()
        if match.group() == "}":
            if selector:
                yield selector, css[css.rfind("{", 0, match.start()) + 1 : match.start()], depth > 1
            selector, depth = "", max(0, depth - 1)
            continue
        depth += 1
        selector = "" if before.startswith("@") else before


def _declarations(written: str) -> dict[str, str]:
    return {
        name.lower(): value.strip().lower().removesuffix("!important").rstrip()
        for name, value in _DECLARATION.findall(written)
    }


def _names_of(element: etree._Element) -> set[str]:
    names = {f".{name}" for name in attribute(element, "class").split()}
    if identity := attribute(element, "id"):
        names.add(f"#{identity}")
    return names
