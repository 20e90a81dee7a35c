"""Words inside a line that must not run together with those beside them: raised and lowered figures, formulas."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import TYPE_CHECKING

from nrqa.corpus.readers.shared.mathml import linear
from nrqa.corpus.readers.web.raised_text import is_raised, raised_text
from nrqa.corpus.readers.web.tree import UNSEEN, attribute, name_of, pieces
from nrqa.text.raised_figures import lowered, raised

if TYPE_CHECKING:
    from lxml import etree

_RAISED = ("sup", "super", "superscript")
_LOWERED = ("sub", "subscript")
_STANDS = re.compile(r"vertical-align\s*:\s*(super|sub)\b", re.IGNORECASE)
_MOST = 40
"""Characters of what is lowered; a longer text is only small."""


def is_whole(element: etree._Element) -> bool:
    """Whether ``whole_text`` may write the element as a whole."""
    name = name_of(element)
    if name in ("sup", "sub", "math"):
        return True
    # This runs for every element inside a line; most have no attributes, or none that matter here.
    if not element.attrib:
        return False
    return (name == "a" and is_raised(element)) or (name == "span" and bool(_stands(element))) or _is_drawing(element)


def whole_text(element: etree._Element, left_out: Collection[etree._Element], before: str) -> str | None:
    """How an exponent, an index, the reference to a note or a formula is written after ``before``.

    None if the element has other text, which is read as usual.
    """
    if _is_drawing(element):
        return ""
    if name_of(element) == "math":
        formula = linear(element)
        return f" {formula}" if before[-1:].isdecimal() and formula[:1].isdecimal() else formula
    if is_raised(element):
        return raised_text(element, left_out, before)
    written = "".join(text for text, _ in pieces(element, left_out))
    if len(written) > _MOST or next(element.iter("math", "img"), None) is not None:
        return None
    if name_of(element) == "sub" or _stands(element) == "below":
        return lowered(written, before, element.tail or "")
    return raised(written, before)


def inline_text(element: etree._Element, left_out: Collection[etree._Element]) -> str:
    """The text of an element, such as a heading, with all of these in it written as they are elsewhere."""
    parts: list[str] = []
    stack: list[etree._Element | str] = [element]
    while stack:
        one = stack.pop()
        if isinstance(one, str):
            parts.append(one)
            continue
        if not name_of(one) or one in left_out or name_of(one) in UNSEEN:
            continue
        before = next((part for part in reversed(parts) if part), "")
        whole = whole_text(one, left_out, before) if one is not element and is_whole(one) else None
        if whole is not None:
            parts.append(whole)
            continue
        for child in reversed(one):
            stack += [child.tail, child] if child.tail else [child]
        stack += [one.text] if one.text else []
    return "".join(parts)


def _stands(element: etree._Element) -> str:
    """Whether a style or class of a ``span`` says that it stands above or below the line; "" if none does."""
    if name_of(element) != "span":
        return ""
    classes = attribute(element, "class").lower()
    if classes in _RAISED or classes in _LOWERED:
        return "above" if classes in _RAISED else "below"
    style = attribute(element, "style")
    match = _STANDS.search(style) if style else None
    return "" if match is None else "above" if match[1].lower() == "super" else "below"


def _is_drawing(element: etree._Element) -> bool:
    """Whether it only draws the formula that stands beside it in MathML, as scripts on pages do."""
    if attribute(element, "aria-hidden") != "true":
        return False
    beside = (element.getprevious(), element.getnext())
    return any(one is not None and next(one.iter("math"), None) is not None for one in beside)
