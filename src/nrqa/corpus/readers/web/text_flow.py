"""Turns elements into text: paragraphs, headings, lists, tables and code, in the order in which a page shows them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from nrqa.corpus.readers.shared.mathml import linear
from nrqa.corpus.readers.shared.outline import Section
from nrqa.corpus.readers.web.inline import inline_text, is_whole, whole_text
from nrqa.corpus.readers.web.page_boilerplate import is_prose
from nrqa.corpus.readers.web.tree import UNSEEN, attribute, name_of, pieces
from nrqa.records import Flag, Span

HIDDEN, LEFT_OUT = "hidden text", "left out"
_BLOCKS = frozenset(
    "address article aside blockquote body caption center col colgroup dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main menu nav ol p "
    "plaintext pre search section summary table tbody td tfoot th thead tr ul xmp".split()
)
_CODE = frozenset(("pre", "listing", "xmp", "plaintext"))
_LISTS = frozenset(("ul", "ol", "dir", "menu", "dl"))
_CONTROLS = frozenset(("button", "label"))
# A list or table with such an element inside only serves for layout.
_LARGE = frozenset(("table", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "figure", "article", "section"))
_SPACES = re.compile(r"\s+")
_BREAK = "\n"
_MOST_HEADING = 300
_MOST_CELL = 1500
_MOST_FLAGS = 200
_MOST_DETAIL = 80
# Non-characters, which no text has: between them stands what a page shows otherwise than the text has it.
_BEGINS, _ENDS = "\ufdd0", "\ufdd1"
_SEAM = _BEGINS + _ENDS
_MARKS = re.compile(f"[{_SEAM}]")
_NEVER = dict.fromkeys(map(ord, _SEAM), "\ufffd")
_SEAM_AFTER_SPACE = re.compile(f"(?:^|(?<= ))([{_SEAM}]+) ")
_SEAM_AT_END = re.compile(f" ([{_SEAM}]+)$")
_REPLACED = frozenset(
    "img svg picture canvas video audio object embed iframe input select textarea meter progress math rt rp rtc button"
    " label".split()
)
"""Elements that a page shows inside a line, and that are no words of the text."""
_BOX = re.compile(r"display\s*:\s*(?:inline-)?(?:block|flex|grid|table)", re.IGNORECASE)
_MOST_SEAMS = 5000
_TOGGLES = ("data-toggle", "data-bs-toggle")
_LEAST_QUESTION = 3
"""Words of a button that unfolds a text: with fewer it is an order (Menu, Read more), not a question or heading."""


@dataclass(slots=True)
class _Group:
    """A list or table that is being read: its lines, each with whether it begins an item."""

    element: etree._Element
    lines: list[tuple[str, bool]] = field(default_factory=list)
    cells: list[str] | None = None


class Flow:
    """Collects a text element by element, with the positions of its headings and blocks."""

    def __init__(self, *, tells: bool = False) -> None:
        """``tells`` says whether what is left out is flagged, if sentences stand in it."""
        self._tells = tells
        self._parts: list[str] = []
        self._length = 0
        self._inline: list[str] = []
        self._group: _Group | None = None
        self._continues = False
        self.sections: list[Section] = []
        self.flags: list[Flag] = []
        self.anchors: dict[str, int] = {}
        """The length of the text where the element with this id began."""
        self.seams: list[Span] = []
        """Where a page shows more or other than the text has: pictures, buttons, hidden words, notes, formulas."""

    @property
    def text(self) -> str:
        """All text so far."""
        return "".join(self._parts)

    @property
    def length(self) -> int:
        """Characters so far."""
        return self._length

    def add(
        self, root: etree._Element, hidden: Mapping[etree._Element, bool], left_out: Collection[etree._Element]
    ) -> None:
        """Adds the content of ``root``, without hidden elements, which are flagged, and without left-out elements."""
        # A stack, not recursion: pages nest more deeply than Python's calls. Strings are text, False closes an element.
        stack: list[tuple[etree._Element | str, bool]] = [(root, True)]
        while stack:
            one, opens = stack.pop()
            if isinstance(one, str):
                self._words(one)
            elif not opens:
                self._close(one)
            elif not isinstance(one.tag, str) or name_of(one) in UNSEEN or one in left_out or one in hidden:
                self._pass_over(one, hidden, left_out)
            elif self._open(one, hidden, left_out):
                stack.append((one, False))
                for child in reversed(one):
                    if child.tail:
                        stack.append((child.tail, True))
                    stack.append((child, True))
                if one.text:
                    stack.append((one.text, True))
        self._end_paragraph()

    def _pass_over(
        self, element: etree._Element, hidden: Mapping[etree._Element, bool], left_out: Collection[etree._Element]
    ) -> None:
        """Flags what is not written: hidden text, and what is left out if sentences stand in it."""
        if name_of(element) and name_of(element) not in _BLOCKS:
            self._inline.append(_SEAM)
        elif element in left_out and len(self.seams) < _MOST_SEAMS:
            self.seams.append(Span(self._length, self._length))  # the page shows it between two paragraphs
        if name_of(element) in ("", *UNSEEN):
            return
        if element not in left_out:
            self._flag(element, disguised=hidden[element])
        elif self._tells and element not in hidden and len(self.flags) < _MOST_FLAGS and is_prose(element, hidden):
            words = _line("".join(text for text, _ in pieces(element, hidden)))
            self.flags.append(Flag(LEFT_OUT, self._length, self._length, shortened(words)))

    def _mark(self, element: etree._Element) -> None:
        if identity := attribute(element, "id"):
            self.anchors.setdefault(identity, self._length)

    def _words(self, text: str) -> None:
        self._inline.append(_SPACES.sub(" ", text.replace("\u00ad", "")).translate(_NEVER))

    def _open(
        self, element: etree._Element, hidden: Mapping[etree._Element, bool], left_out: Collection[etree._Element]
    ) -> bool:
        """Begins an element; returns False if the whole element is already done."""
        name = name_of(element)
        self._mark(element)
        if name == "br" or (name in _CONTROLS and not _is_heading_button(element)) or _is_permalink(element):
            self._inline.append(_BREAK if name == "br" else _SEAM)
            return False
        if _is_box(element):
            self._inline.append(_SEAM)
        level = _heading_level(element)
        if level and self._group is None:
            self._end_paragraph()
            self._heading(element, level, hidden, left_out)
            return False
        if name not in _BLOCKS:
            return not (is_whole(element) and self._whole(element, hidden, left_out))
        self._end_paragraph()
        if name in _CODE and self._group is None:
            self._code(element, hidden, left_out)
            return False
        if self._group is None and (_is_list(element) or _is_table(element)):
            self._group = _Group(element)
        elif self._group is not None and name == "tr":
            self._group.cells = []
        if name in ("dt", "dd", "li"):
            self._continues = name == "dd"
        return True

    def _whole(
        self, element: etree._Element, hidden: Mapping[etree._Element, bool], left_out: Collection[etree._Element]
    ) -> bool:
        """Adds an exponent, the reference to a note or a formula; returns False if the element has other text."""
        signs = {link for link in element.iter("a") if _is_permalink(link)}
        before = next((words for one in reversed(self._inline) if (words := _MARKS.sub("", one))), "")
        written = whole_text(element, {*hidden, *left_out, *signs}, before)
        if written is None:
            return False
        for inner in element.iterdescendants(etree.Element):
            self._mark(inner)
        self._inline.append(f"{_BEGINS}{written.translate(_NEVER)}{_ENDS}")
        return True

    def _close(self, element: etree._Element) -> None:
        name = name_of(element)
        if name not in _BLOCKS:
            self._inline.extend([_SEAM] if _is_box(element) else [])
            return
        group = self._group
        if group is not None and group.cells is not None:
            if name in ("td", "th"):
                group.cells.append(self._taken().replace(_BREAK, " "))
            elif name == "tr":
                group.cells.append(self._taken().replace(_BREAK, " "))
                line = "\t".join(cell for cell in group.cells if _MARKS.sub("", cell))
                group.cells = None
                if line:
                    group.lines.append((line, True))
            else:
                self._inline.append(" ")
            return
        start = self._length + (2 if self._parts else 0)
        self._end_paragraph()
        if name == "summary" and group is None and self._length > start and not _is_open(element):
            self.seams.append(Span(start, self._length))
        if group is not None and group.element is element:
            self._group = None
            self._end_group(group)

    def _taken(self) -> str:
        """Takes the words since the last block: white space normalised, but with the page's own line breaks."""
        lines = ("".join(self._inline)).split(_BREAK)
        self._inline = []
        return _BREAK.join(_seamed(" ".join(line.split())) for line in lines).strip()

    def _end_paragraph(self) -> None:
        if self._group is not None and self._group.cells is not None:
            self._inline.append(" ")
            return
        taken = self._taken()
        if not _MARKS.sub("", taken).strip():
            return
        if self._group is not None:
            self._group.lines.append((taken.replace(_BREAK, " "), not self._continues))
            return
        for paragraph in re.split(r"\n{2,}", taken):
            self._block(paragraph)

    def _end_group(self, group: _Group) -> None:
        if not group.lines:
            return
        start = self._write("\n".join(line for line, _ in group.lines))
        items: list[Span] = []
        at = start
        for line, begins in group.lines:
            end = at + len(_MARKS.sub("", line))
            if begins or not items:
                items.append(Span(at, end))
            else:
                items[-1] = Span(items[-1].start, end)
            at = end + 1
        self.sections.append(Section(Span(start, self._length), 0, items=tuple(items)))

    def _heading(
        self,
        element: etree._Element,
        level: int,
        hidden: Mapping[etree._Element, bool],
        left_out: Collection[etree._Element],
    ) -> None:
        for inner in element.iterdescendants(etree.Element):
            self._mark(inner)
        signs = {link for link in element.iter("a") if _is_permalink(link)}
        words = _line(inline_text(element, {*hidden, *left_out, *signs}))
        if not words:
            return
        start = self._write(words)
        is_heading = len(words) <= _MOST_HEADING
        self.sections.append(
            Section(Span(start, self._length), level if is_heading else 0, words if is_heading else "")
        )
        for inner in element.iterdescendants(etree.Element):
            if inner in hidden and inner not in left_out:
                self._flag(inner, disguised=hidden[inner])

    def _code(
        self, element: etree._Element, hidden: Mapping[etree._Element, bool], left_out: Collection[etree._Element]
    ) -> None:
        written = _code_of(element, {*hidden, *left_out})
        lines = [line.rstrip() for line in written.expandtabs(4).splitlines()]
        while lines and not lines[0]:
            del lines[0]
        while lines and not lines[-1]:
            del lines[-1]
        if not lines:
            return
        # The first line loses its indent, because a block has no white space around it.
        start = self._write("\n".join(lines).lstrip())
        spans = [Span(start + match.start(), start + match.end()) for match in re.finditer(r"\S.*", self._parts[-1])]
        self.sections.append(Section(Span(start, self._length), 0, items=tuple(spans)))

    def _block(self, text: str) -> None:
        if text:
            start = self._write(text)
            self.sections.append(Section(Span(start, self._length), 0))

    def _write(self, text: str) -> int:
        if self._parts:
            self._parts.append("\n\n")
            self._length += 2
        start = self._length
        words = self._without_seams(text) if _BEGINS in text else text
        self._parts.append(words)
        self._length += len(words)
        return start

    def _without_seams(self, text: str) -> str:
        """The text without the marks of seams, whose positions are kept."""
        begun: int | None = None
        at = self._length
        for piece in re.split(f"([{_SEAM}])", text):
            if piece == _BEGINS:
                begun = at
            elif piece != _ENDS:
                at += len(piece)
            elif begun is not None and len(self.seams) < _MOST_SEAMS and Span(begun, at) not in self.seams[-1:]:
                self.seams.append(Span(begun, at))
        return _MARKS.sub("", text)

    def _flag(self, element: etree._Element, *, disguised: bool) -> None:
        """Flags the hidden text here; if it is not disguised, a few words are only for screen readers.

        A formula that is hidden stands behind its picture: it is text.
        """
        formulas = list(element.iter("math"))
        if formulas:
            self._words(" ".join(map(linear, formulas)))
            return
        words = _line("".join(text for text, _ in pieces(element)))
        if len(self.flags) == _MOST_FLAGS or not (
            (disguised and any(map(str.isalnum, words))) or len(words.split()) >= 4
        ):
            return
        self.flags.append(Flag(HIDDEN, self._length, self._length, shortened(words)))


def shortened(words: str) -> str:
    """The beginning of these words, as flags tell it."""
    return words if len(words) <= _MOST_DETAIL else f"{words[:_MOST_DETAIL].rstrip()}…"


def _is_box(element: etree._Element) -> bool:
    """Whether a browser draws it as a box in the line, which no search for words crosses."""
    if name_of(element) in _REPLACED or _BOX.search(attribute(element, "style")):
        return name_of(element) not in _BLOCKS
    # An element with nothing in it is an icon that a style sheet draws.
    empty = not len(element) and not (element.text or "").strip()
    return empty and name_of(element) in ("i", "span", "em", "b") and "class" in element.attrib


def _is_open(summary: etree._Element) -> bool:
    """Whether what it sums up is shown. If not, a link opens it only if its first words are in there."""
    above = summary.getparent()
    return above is None or "open" in above.attrib


def _seamed(line: str) -> str:
    """The line with one blank where a seam stood between two."""
    return _SEAM_AT_END.sub(r"\1", _SEAM_AFTER_SPACE.sub(r"\1", line)) if _BEGINS in line else line


def _line(written: str) -> str:
    return " ".join(written.replace("\u00ad", "").split())


def _heading_level(element: etree._Element) -> int:
    name = name_of(element)
    if len(name) == 2 and name[0] == "h" and name[1] in "123456":
        return int(name[1])
    if attribute(element, "role").lower() == "heading":
        level = attribute(element, "aria-level")
        return int(level) if level in ("1", "2", "3", "4", "5", "6") else 2
    return 0


def _is_permalink(element: etree._Element) -> bool:
    """Whether it is a sign (¶, §, #, ↩) that links to the heading beside it, or back from a footnote."""
    if name_of(element) != "a" or "#" not in attribute(element, "href"):
        return False
    written = "".join(element.itertext())
    return bool(written.strip()) and not any(char.isalnum() for char in written)


def _is_heading_button(element: etree._Element) -> bool:
    """Whether a button is a question that unfolds its answer, or a label stands in running text."""
    toggles = "aria-expanded" in element.attrib or "accordion" in attribute(element, "class").lower()
    if toggles or "collapse" in (attribute(element, key) for key in _TOGGLES):
        return len("".join(element.itertext()).split()) >= _LEAST_QUESTION
    within = ("dt", "summary", "p", "li") if name_of(element) == "label" else ("dt", "summary")
    return any(name_of(above) in within or _heading_level(above) for above in element.iterancestors())


def _is_list(element: etree._Element) -> bool:
    """Whether it is a list whose items are lines, not one that lays out paragraphs, cards or tables."""
    if name_of(element) not in _LISTS:
        return False
    paragraphs: dict[etree._Element, int] = {}
    for inner in element.iter(etree.Element):
        name = name_of(inner)
        if name in _LARGE:
            return False
        if name == "p":
            above = inner.getparent()
            paragraphs[above] = paragraphs.get(above, 0) + 1
            if paragraphs[above] > 1:
                return False
    return True


def _is_table(element: etree._Element) -> bool:
    """Whether it is a table of data, not one that lays out the page."""
    if name_of(element) != "table" or attribute(element, "role").lower() in ("presentation", "none"):
        return False
    columns = 0
    for inner in element.iter(etree.Element):
        name = name_of(inner)
        if inner is not element and name in _LARGE - {"figure"}:
            return False
        if name == "tr":
            columns = max(columns, sum(name_of(cell) in ("td", "th") for cell in inner))
        elif name in ("td", "th") and sum(len(text) for text in inner.itertext()) > _MOST_CELL:
            return False
    return columns > 1


def _code_of(element: etree._Element, left_out: Collection[etree._Element]) -> str:
    return "".join(_code_pieces(element, left_out)).replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ")


def _code_pieces(element: etree._Element, left_out: Collection[etree._Element]) -> Iterator[str]:
    stack: list[etree._Element | str] = [element]
    while stack:
        one = stack.pop()
        if isinstance(one, str):
            yield one
            continue
        if not isinstance(one.tag, str) or one in left_out or name_of(one) in UNSEEN:
            continue
        if name_of(one) == "br":
            yield "\n"
        for child in reversed(one):
            if child.tail:
                stack.append(child.tail)
            stack.append(child)
        if one.text:
            stack.append(one.text)
