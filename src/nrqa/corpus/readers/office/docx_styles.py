"""The styles of a Word document: which are headings, titles, tables of contents, lists, hidden or bold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from nrqa.corpus.readers.office.pieces import Height
from nrqa.corpus.readers.office.style import NO_STYLE, Style, named
from nrqa.corpus.readers.shared.xml import Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

_MOST_ANCESTORS = 40
_NO_ID = "\0"
_PROMPTS = ("placeholder text", "placeholdertext")
_HEIGHTS: Mapping[str | None, Height] = {
    "superscript": "above",
    "subscript": "below",
    "baseline": "on the line",
}


@dataclass(frozen=True, slots=True)
class Styles:
    """The styles by their identifiers; ``default`` is the style of paragraphs that name none."""

    by_id: Mapping[str, Style]
    default: Style = NO_STYLE
    prompts: frozenset[str] = frozenset(["PlaceholderText"])
    """The styles of characters that ask the reader to fill something in."""

    def of_paragraph(self, properties: Element | None) -> Style:
        """The style of a paragraph with these properties (``w:pPr``)."""
        if properties is None:
            return self.default
        style = _value(properties, "pStyle")
        base = self.default if style is None else self.by_id.get(style, self.default)
        return _with_paragraph(base, properties)

    def of_run(self, properties: Element | None, paragraph: Style) -> Style:
        """The style of characters with these properties (``w:rPr``) in a paragraph of this style."""
        if properties is None:
            return paragraph
        own = self.by_id.get(_value(properties, "rStyle") or _NO_ID, NO_STYLE)
        mixed = replace(
            paragraph,
            hidden=paragraph.hidden if own.hidden is None else own.hidden,
            bold=paragraph.bold if own.bold is None else own.bold,
            color=own.color or paragraph.color,
            size=own.size or paragraph.size,
            shaded=own.shaded or paragraph.shaded,
            height=own.height or paragraph.height,
        )
        return _with_run(mixed, properties)


def read_styles(root: Element | None) -> Styles:
    """The styles of the part ``styles.xml``."""
    if root is None:
        return Styles({})
    # Programs write styles without an identifier, too: no text can have these, but one may be the default.
    found = {one.get(W + "styleId") or f"{_NO_ID}{at}": one for at, one in enumerate(root.findall(W + "style"))}
    base = NO_STYLE
    for properties in root.findall(f"{W}docDefaults/{W}rPrDefault/{W}rPr"):
        base = _with_run(base, properties)
    by_id = {
        name: _resolved(one, found, base if one.get(W + "type") != "character" else NO_STYLE)
        for name, one in found.items()
    }
    default = next(
        (
            by_id[name]
            for name, one in found.items()
            if one.get(W + "type", "paragraph") == "paragraph" and one.get(W + "default") in ("1", "true", "on")
        ),
        base,
    )
    prompts = {name for name, one in found.items() if (_value(one, "name") or "").lower() in _PROMPTS}
    return Styles(by_id, default, frozenset(["PlaceholderText", *prompts]))


def is_on(parent: Element, name: str) -> bool | None:
    """The value of a property that is on or off; None where it is not there."""
    found = parent.find(W + name)
    return None if found is None else found.get(W + "val", "1") not in ("0", "false", "off")


def _resolved(style: Element, by_id: Mapping[str, Element], base: Style) -> Style:
    chain = [style]
    while len(chain) < _MOST_ANCESTORS:
        above = by_id.get(_value(chain[-1], "basedOn") or "")
        if above is None or above in chain:
            break
        chain.append(above)
    found = base
    for one in reversed(chain):
        found = named(found, _value(one, "name") or "")
        paragraph, run = one.find(W + "pPr"), one.find(W + "rPr")
        found = found if paragraph is None else _with_paragraph(found, paragraph)
        found = found if run is None else _with_run(found, run)
    return found


def _with_paragraph(base: Style, properties: Element) -> Style:
    said: dict[str, Any] = {}
    level = _value(properties, "outlineLvl")
    if level is not None and level.isdecimal():
        said["level"] = int(level) + 1 if int(level) < 9 else 0
    numbering = properties.find(W + "numPr")
    if numbering is not None:
        at, which = _value(numbering, "ilvl"), _value(numbering, "numId")
        if which is not None:
            said["list_id"] = which
        if at is not None and at.isdecimal():
            said["list_level"] = int(at)
    if _shaded(properties):
        said["shaded"] = True
    return replace(base, **said) if said else base


def _with_run(base: Style, properties: Element) -> Style:
    said: dict[str, Any] = {}
    hidden, bold = is_on(properties, "vanish"), is_on(properties, "b")
    if hidden is not None:
        said["hidden"] = hidden
    if bold is not None:
        said["bold"] = bold
    if (height := _HEIGHTS.get(_value(properties, "vertAlign"))) is not None:
        said["height"] = height
    color, size = properties.find(W + "color"), _value(properties, "sz")
    if color is not None:
        # A theme colour counts as not white, because it is not looked up here.
        said["color"] = color.get(W + "val") if color.get(W + "themeColor") is None else "auto"
    if size is not None and size.isdecimal():
        said["size"] = int(size) / 2  # the file counts half points
    if _shaded(properties) or _value(properties, "highlight") not in (None, "none"):
        said["shaded"] = True
    return replace(base, **said) if said else base


def _shaded(properties: Element) -> bool:
    shading = properties.find(W + "shd")
    if shading is None:
        return False
    return shading.get(W + "fill", "auto").lower() not in ("auto", "ffffff") or shading.get(W + "themeFill") is not None


def _value(parent: Element, name: str) -> str | None:
    found = parent.find(W + name)
    value = None if found is None else found.get(W + "val")
    return value if isinstance(value, str) else None
