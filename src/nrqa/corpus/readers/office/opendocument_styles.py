"""The styles and lists of an OpenDocument file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from nrqa.corpus.readers.office.numbering import Level, Numbering
from nrqa.corpus.readers.office.opendocument import FORMAT, STYLE, TEXT, OpenDocument
from nrqa.corpus.readers.office.pieces import Height
from nrqa.corpus.readers.office.style import NO_STYLE, Style, named
from nrqa.corpus.readers.shared.xml import Element

_COUNTS = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_PLAIN = (None, "transparent", "#ffffff")
_MOST_ANCESTORS = 40
OUTLINE = "\0outline"
"""The list that numbers headings."""


@dataclass(slots=True)
class Styles:
    """The styles by family and name, and the levels of the list styles."""

    by_name: Mapping[tuple[str, str], Element]
    lists: Mapping[str, Mapping[int, Level]]
    _known: dict[tuple[str, str], Style] = field(default_factory=dict)

    def of(self, family: str, name: str | None) -> Style:
        """The style with this name, including what its ancestors define."""
        key = (family, name or "")
        if key not in self._known:
            self._known[key] = self._resolved(key)
        return self._known[key]

    def of_span(self, name: str | None, around: Style) -> Style:
        """The style of words that have the character style ``name`` inside text with the style ``around``."""
        own = self.of("text", name)
        return replace(
            around,
            hidden=around.hidden if own.hidden is None else own.hidden,
            bold=around.bold if own.bold is None else own.bold,
            color=own.color or around.color,
            size=own.size or around.size,
            shaded=own.shaded or around.shaded,
            height=own.height or around.height,
        )

    def _resolved(self, key: tuple[str, str]) -> Style:
        family, name = key
        chain: list[Element] = []
        while (found := self.by_name.get((family, name))) is not None and found not in chain:
            chain.append(found)
            name = found.get(STYLE + "parent-style-name", "")
            if len(chain) == _MOST_ANCESTORS:
                break
        style = NO_STYLE if chain else named(NO_STYLE, _spelled(key[1]))
        for one in reversed(chain):
            style = _with(named(style, one.get(STYLE + "display-name") or _spelled(one.get(STYLE + "name", ""))), one)
        return style


def read_styles(document: OpenDocument) -> Styles:
    """The styles of a document."""
    by_name: dict[tuple[str, str], Element] = {}
    lists: dict[str, Mapping[int, Level]] = {}
    for root in document.roots:
        for one in root.iter(STYLE + "style"):
            by_name[one.get(STYLE + "family", ""), one.get(STYLE + "name", "")] = one
        for one in root.iter(TEXT + "list-style"):
            lists[one.get(STYLE + "name", "")] = _levels(one)
        for one in root.iter(TEXT + "outline-style"):
            lists[OUTLINE] = _levels(one)
    return Styles(by_name, lists)


def numbering_of(styles: Styles) -> Numbering:
    """The counters for the document's lists; at first there is only the one for headings."""
    return Numbering({OUTLINE: styles.lists[OUTLINE]} if OUTLINE in styles.lists else {})


def _with(style: Style, one: Element) -> Style:
    words = one.find(STYLE + "text-properties")
    paragraph = one.find(STYLE + "paragraph-properties")
    if paragraph is not None and paragraph.get(FORMAT + "background-color") not in _PLAIN:
        style = replace(style, shaded=True)
    if words is None:
        return style
    display, weight = words.get(TEXT + "display"), words.get(FORMAT + "font-weight")
    size = words.get(FORMAT + "font-size", "").removesuffix("pt")
    return replace(
        style,
        hidden=style.hidden if display is None else display == "none",
        bold=style.bold if weight is None else weight in ("bold", "600", "700", "800", "900"),
        color=words.get(FORMAT + "color") or style.color,
        size=float(size) if size.replace(".", "", 1).isdecimal() and len(size) < 8 else style.size,
        shaded=style.shaded or words.get(FORMAT + "background-color") not in _PLAIN,
        height=_height(words.get(STYLE + "text-position", "")) or style.height,
    )


def _height(position: str) -> Height | None:
    """Where characters stand: the position is ``super``, ``sub``, or a percentage; "" where nothing is said."""
    where = position.split()[:1]
    if not where:
        return None
    if where[0] == "super" or re.fullmatch(r"[1-9][0-9.]*%", where[0]):
        return "above"
    return "below" if where[0].startswith(("sub", "-")) else "on the line"


def _spelled(name: str) -> str:
    """A style's name, with spaces where its identifier has ``_20_``."""
    return name.replace("_20_", " ")


def _levels(style: Element) -> dict[int, Level]:
    found: dict[int, Level] = {}
    for one in style:
        written = one.get(TEXT + "level", "") if isinstance(one.tag, str) else ""
        if not (written.isdecimal() and 0 < int(written) < 11):
            continue
        at = int(written) - 1
        way = one.get(STYLE + "num-format", "")
        shown = one.get(TEXT + "display-levels", "1")
        first = max(0, at + 1 - (int(shown) if shown.isdecimal() else 1))
        places = [above for above in range(first, at) if found.get(above, _NONE).pattern] + [at]
        pattern = ".".join(f"%{place + 1}" for place in places)
        start = one.get(TEXT + "start-value", "1")
        found[at] = Level(
            start=int(start) if start.isdecimal() and len(start) < 6 else 1,
            count=_COUNTS.get(way, "unknown" if way else "bullet"),
            pattern=one.get(STYLE + "num-prefix", "") + pattern + one.get(STYLE + "num-suffix", "") if way else "",
        )
    return found


_NONE = Level(1, "none", "")
