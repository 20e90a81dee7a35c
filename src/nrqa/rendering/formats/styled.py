"""Titles with emphasis, raised and lowered signs in them: ``The <i>Odyssey</i>``, ``*Moby-Dick* and the sea``."""

from __future__ import annotations

import re
from collections.abc import Mapping

_TAG = re.compile(r"<(?P<end>/?)(?P<name>i|em|b|strong|sup|sub)>", re.IGNORECASE)
_EMPHASIS = re.compile(
    r"(?<![\w*])\*(?=[^\s*])([^*]{1,200}?)(?<=\S)\*(?![\w*])|(?<![\w_])_(?=[^\s_])([^_]{1,200}?)(?<=\S)_(?![\w_])"
)
_NAMES = {"em": "i", "strong": "b"}


def styled(title: str, *, markdown: bool = False) -> list[tuple[str, str]]:
    """The title in pieces, each with its style (``i``, ``b``, ``sup``, ``sub``, or "" for plain).

    One piece where its tags are not closed in order: then they are words.
    """
    text = _EMPHASIS.sub(lambda found: f"<i>{found[1] or found[2]}</i>", title) if markdown else title
    pieces: list[tuple[str, str]] = []
    style, at = "", 0
    for tag in _TAG.finditer(text):
        name = tag["name"].lower()
        name = _NAMES.get(name, name)
        if (tag["end"] and style != name) or (not tag["end"] and style):
            return [("", title)]
        pieces.append((style, text[at : tag.start()]))
        style, at = "" if tag["end"] else name, tag.end()
    if style:
        return [("", title)]
    return [piece for piece in (*pieces, ("", text[at:])) if piece[1]]


def in_words(pieces: list[tuple[str, str]], forms: Mapping[str, str]) -> str:
    """The pieces joined; ``forms`` say how a style is written, with ``{}`` for the words."""
    return "".join(forms.get(style, "{}").replace("{}", words, 1) for style, words in pieces)
