"""What the style of a paragraph or of characters says about them, in any format."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from nrqa.corpus.readers.office.pieces import Height

# Word in every language writes the names of its own styles in English; other programs may not.
_HEADING = re.compile(
    r"(?:heading|überschrift|titre|título|titolo|kop|rubrik|overskrift|otsikko|nagłówek|nadpis|заголовок|encabezado"
    r"|标题|見出し|제목)\s*(?P<level>[1-9])",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"title|titel|titre(?:\s+principal)?|título|titolo|tytuł|tittel|otsikko|název|название|标题|標題|表題|제목",
    re.IGNORECASE,
)
_CONTENTS = re.compile(
    r"(?:toc|verzeichnis|tm|tdc|sommario|table of figures|toa|index|inhaltsverzeichnis)\s*[1-9]?"
    r"|(?:toc|contents|inhaltsverzeichnis) heading|contents \d",
    re.IGNORECASE,
)
_WHITE = ("ffffff", "white")
_LEAST_SIZE = 2.0
"""Points; text that is smaller is not meant to be read."""


@dataclass(frozen=True, slots=True)
class Style:
    """What a style, including its ancestors, defines for a paragraph or characters; None where it defines nothing."""

    level: int | None = None
    """The level of a heading, from 1; 0 if the style says that it is not a heading."""
    title: bool = False
    contents: bool = False
    hidden: bool | None = None
    bold: bool | None = None
    color: str | None = None
    size: float | None = None
    """In points."""
    shaded: bool = False
    height: Height | None = None
    list_id: str | None = None
    list_level: int | None = None

    def is_unseen(self, *, colored: bool) -> bool:
        """Whether the words are invisible; ``colored`` says whether their background may be darker than paper."""
        if self.hidden or (self.size is not None and self.size < _LEAST_SIZE):
            return True
        return (self.color or "").lower().lstrip("#") in _WHITE and not self.shaded and not colored


def named(style: Style, name: str) -> Style:
    """The style, completed with what its name says: whether it is a heading, a title or a table of contents."""
    heading = _HEADING.fullmatch(name)
    if heading:
        style = replace(style, level=int(heading["level"]), title=False)
    elif _TITLE.fullmatch(name):
        style = replace(style, title=True)
    elif name.lower() in ("subtitle", "normal"):
        style = replace(style, title=False)
    return replace(style, contents=True, level=0) if _CONTENTS.fullmatch(name) else style


NO_STYLE = Style()
