"""Finds the elements of a page that a reader never sees, by their attributes and styles."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from lxml import etree

from nrqa.corpus.readers.web.styles import Styles, styles_of
from nrqa.corpus.readers.web.tree import UNSEEN, attribute, name_of

_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "dt"))
_NUMBER = re.compile(r"(-?\d*\.?\d+)\s*(px|em|rem|pt|vw|vh|ex|ch|cm|in|%)?\Z")
_FAR = {
    "px": 900,
    "em": 50,
    "rem": 50,
    "pt": 700,
    "vw": 90,
    "vh": 90,
    "ex": 100,
    "ch": 100,
    "cm": 25,
    "in": 10,
    "%": 90,
}
"""By unit, how far to the left or up an element must be moved to be off the page."""
_COLOURS = {"white": "ffffff", "black": "000000", "transparent": "", "inherit": "", "initial": "", "currentcolor": ""}
_RGB = re.compile(r"rgba?\(\s*(\d+)[\s,]+(\d+)[\s,]+(\d+)(?:[\s,/]+([\d.]+%?))?\s*\)")
_HEX = re.compile(r"#([0-9a-f]{3}|[0-9a-f]{6})(?![0-9a-f])")
_UNFOLDED_BY = ("aria-controls", "data-target", "data-bs-target", "for")
_TOGGLES = ("data-toggle", "data-bs-toggle", "aria-expanded", "onclick")


def hidden_elements(root: etree._Element, sheets: Sequence[str] = ()) -> dict[etree._Element, bool]:
    """The outermost elements that are hidden, each with whether it is disguised: in the colour of paper, of size zero.

    Programs for blind readers need text that is switched off or off the page; nobody needs disguised text. An element
    that another part of the page unfolds (an answer under its question, a tab) is not hidden: a reader can see it.
    """
    styles = styles_of(root, sheets)
    unfolded = _unfolded(root)
    plain = not any("stylesheet" in attribute(link, "rel") for link in root.iter("link")) or bool(sheets)
    found: dict[etree._Element, bool] = {}
    # Each element with the colour of its background; None if this is unknown.
    stack: list[tuple[etree._Element, str | None]] = [(root, "ffffff" if plain else None)]
    while stack:
        element, behind = stack.pop()
        if not isinstance(element.tag, str) or name_of(element) in UNSEEN - {"head"}:
            continue
        declared = _declared(element, styles)
        behind = _background(element, declared, behind)
        disguised = _is_camouflaged(declared, behind) or _is_zero(declared.get("font-size"))
        away = disguised or _is_marked(element) or _is_styled_away(declared)
        if away and name_of(element) not in ("html", "body", "head") and not _is_unfolded(element, unfolded):
            found[element] = disguised
            continue
        stack.extend((child, behind) for child in element)
    return found


def _unfolded(root: etree._Element) -> set[str]:
    """The ids of elements that another one unfolds, by what it says that it controls, or as a link that is a button."""
    found: set[str] = set()
    for element in root.iter(etree.Element):
        attributes = element.attrib
        if not attributes:
            continue
        for key in _UNFOLDED_BY:
            if key in attributes:
                found.update(name.strip("# ") for name in attribute(element, key).split())
        if "href" in attributes and attribute(element, "href").startswith("#") and _is_pressed(element):
            found.add(attribute(element, "href")[1:].strip())
    return found - {""}


def _is_pressed(element: etree._Element) -> bool:
    """Whether a reader presses it to see something."""
    if name_of(element) in ("button", "summary", "label"):
        return True
    return attribute(element, "role").lower() in ("button", "tab") or any(key in element.attrib for key in _TOGGLES)


def _is_below_button(element: etree._Element) -> bool:
    """Whether the element before it is pressed, or is a heading with such an element in it: it shows what is below."""
    above = element.getprevious()
    if above is None or not name_of(above):
        return False
    if _is_pressed(above):
        return True
    heading = name_of(above) in _HEADINGS or attribute(above, "role").lower() in ("heading", "tab")
    return heading and any(_is_pressed(inner) for inner in above.iterdescendants(etree.Element))


def _declared(element: etree._Element, styles: Styles) -> Mapping[str, str]:
    declared = styles.of(element)
    for name, old in (("color", "color"), ("background-color", "bgcolor")):
        if old in element.attrib:
            declared.setdefault(name, attribute(element, old).strip().lower())
    return declared


def _is_unfolded(element: etree._Element, unfolded: set[str]) -> bool:
    if attribute(element, "id") in unfolded or attribute(element, "role").lower() == "tabpanel":
        return True
    return _is_below_button(element)


def _is_marked(element: etree._Element) -> bool:
    return "hidden" in element.attrib and attribute(element, "hidden").lower() != "until-found"


def _is_styled_away(declared: Mapping[str, str]) -> bool:
    if declared.get("display") == "none" or declared.get("visibility") in ("hidden", "collapse"):
        return True
    if _is_zero(declared.get("opacity")):
        return True
    if declared.get("position") in ("absolute", "fixed"):
        if any(_is_far(declared.get(side)) for side in ("left", "top", "right")):
            return True
        clip = declared.get("clip", "") + declared.get("clip-path", "")
        if re.search(r"rect\(\s*[01](?:px)?[\s,]+[01](?:px)?|inset\((?:50|100)%", clip):
            return True
    if declared.get("overflow") == "hidden" and any(_is_zero(declared.get(side)) for side in ("height", "width")):
        return True
    return _is_far(declared.get("text-indent"))


def _is_camouflaged(declared: Mapping[str, str], behind: str | None) -> bool:
    """Whether the words have the same colour as their background."""
    if "color" not in declared:
        return False
    if declared["color"] == "transparent":
        return not {"background-clip", "-webkit-background-clip"} & declared.keys()
    colour = _colour(declared["color"])
    return bool(colour) and colour == behind


def _background(element: etree._Element, declared: Mapping[str, str], behind: str | None) -> str | None:
    if "background" in element.attrib or declared.get("background-image", "none") != "none":
        return None  # a picture of unknown colours
    written = declared.get("background-color") or declared.get("background")
    if not written or written in ("none", "transparent", "inherit", "initial", "unset"):
        return behind
    return _colour(written)


def _colour(written: str) -> str | None:
    """The colour as six hexadecimal digits; None if it is unknown, such as a picture or an unusual name."""
    if match := _HEX.match(written):
        digits = match[1]
        return digits if len(digits) == 6 else "".join(2 * digit for digit in digits)
    if match := _RGB.match(written):
        clear = match[4] is not None and float(match[4].rstrip("%")) == 0
        return None if clear else "".join(f"{min(int(part), 255):02x}" for part in match.group(1, 2, 3))
    return _COLOURS.get(written.partition(" ")[0] if "url(" not in written else "") or None


def _is_zero(written: str | None) -> bool:
    match = _NUMBER.match(written.strip()) if written else None
    return match is not None and float(match[1]) == 0


def _is_far(written: str | None) -> bool:
    match = _NUMBER.match(written.strip()) if written else None
    return match is not None and float(match[1]) <= -_FAR[match[2] or "px"]
