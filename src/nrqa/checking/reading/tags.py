"""The tags, texts and character references of HTML with their places, in time that grows with its length."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Piece:
    """A tag that opens or closes, or a text; ``text`` is what a text or a reference stands for, or the tag's name."""

    kind: Literal["open", "close", "text", "entity"]
    text: str
    start: int
    end: int
    attributes: Mapping[str, str] = field(default_factory=dict)


def pieces_of(text: str, start: int, end: int) -> Iterator[Piece]:
    """The pieces of ``text[start:end]`` in order, without comments and what no browser shows as text."""
    at = start
    ends = _Ends(text, end)
    while at < end:
        sign = text.find("<", at, end)
        if sign != at:
            last = sign if sign >= 0 else end
            yield from _texts(text, at, last)
            at = last
            continue
        if text.startswith("<!--", at):
            at = ends.after("-->", at + 4)
        elif text.startswith(("<!", "<?"), at):
            at = ends.after(">", at)
        elif (tag := _TAG.match(text, at, end)) is not None:
            name = tag["name"].lower()
            closing = _closing(text, tag.end(), end)
            if closing is None:
                yield Piece("text", "<", at, at + 1)
                at += 1
                continue
            at = closing
            if tag["slash"]:
                yield Piece("close", name, tag.start(), at)
            elif name in _UNSEEN:
                at = ends.after_element(name, at)
            else:
                yield Piece("open", name, tag.start(), at, _attributes(text[tag.end() : at - 1]))
        else:
            yield Piece("text", "<", at, at + 1)
            at += 1


_TAG = re.compile(r"<(?P<slash>/?)(?P<name>[A-Za-z][A-Za-z0-9:-]{0,40})(?=[\s/>])")
_UNSEEN = frozenset(("script", "style", "template", "textarea", "select", "title", "svg", "iframe", "noframes"))
_REFERENCE = re.compile(r"&(?:[a-zA-Z][a-zA-Z0-9]{1,30}|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});?")
_ATTRIBUTE = re.compile(
    r"(?P<name>[^\s\"'<>/=]{1,60})(?:\s{0,9}=\s{0,9}(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s\"'>]+)))?"
)
_LONGEST_TAG = 5_000


class _Ends:
    """Finds what ends comments and elements; what is not there is looked for once."""

    def __init__(self, text: str, end: int) -> None:
        self._text = text
        self._end = end
        self._missing: set[str] = set()

    def after(self, sign: str, at: int) -> int:
        """The place after the next such sign; the end of the text where there is none."""
        found = -1 if sign in self._missing else self._text.find(sign, at, self._end)
        if found < 0:
            self._missing.add(sign)
            return self._end
        return found + len(sign)

    def after_element(self, name: str, at: int) -> int:
        """The place after the element's closing tag."""
        if name in self._missing:
            return at
        closing = re.compile(rf"</{name}\s{{0,9}}>", re.IGNORECASE).search(self._text, at, self._end)
        if closing is None:
            self._missing.add(name)
            return at
        return closing.end()


def _closing(text: str, at: int, end: int) -> int | None:
    """The place after the sign > that closes a tag, and does not stand in an attribute's quotation marks."""
    mark = ""
    for place in range(at, min(end, at + _LONGEST_TAG)):
        char = text[place]
        if mark:
            mark = "" if char == mark else mark
        elif char in "\"'" and text[place - 1] in "= ":
            mark = char
        elif char == ">":
            return place + 1
        elif char == "<":
            return None
    return None


def _attributes(written: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in _ATTRIBUTE.finditer(written):
        found.setdefault(one["name"].lower(), html.unescape(one["double"] or one["single"] or one["bare"] or ""))
    return found


def _texts(text: str, start: int, end: int) -> Iterator[Piece]:
    at = start
    for found in _REFERENCE.finditer(text, start, end):
        meant = html.unescape(found.group())
        if meant == found.group():
            continue
        if found.start() > at:
            yield Piece("text", text[at : found.start()], at, found.start())
        yield Piece("entity", meant, found.start(), found.end())
        at = found.end()
    if at < end:
        yield Piece("text", text[at:end], at, end)
