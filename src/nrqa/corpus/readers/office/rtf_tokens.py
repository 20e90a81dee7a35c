"""RTF as a stream of tokens: groups, control words, and bytes of text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

_TOKEN = re.compile(
    rb"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})?[ ]?"
    rb"|\\'(?P<hex>[0-9a-fA-F]{2})"
    rb"|\\(?P<symbol>[^a-zA-Z])"
    rb"|(?P<brace>[{}])"
    rb"|(?P<text>[^\\{}\r\n]+)"
    rb"|[\r\n]+|\\",
)


class Token(NamedTuple):
    """A token; ``value`` is a control word, a control symbol, or text, in which each byte is one character."""

    kind: Literal["open", "close", "word", "symbol", "hex", "text"]
    value: str = ""
    number: int | None = None


def tokens(data: bytes) -> Iterator[Token]:
    """The tokens of a file; bytes that a control word announces as binary are left out."""
    at = 0
    while match := _TOKEN.match(data, at):
        at = match.end()
        kind = match.lastgroup
        if kind in ("word", "number"):
            number = None if match["number"] is None else int(match["number"])
            if match["word"] == b"bin":
                at += max(0, number or 0)
            yield Token("word", match["word"].decode("ascii"), number)
        elif kind == "brace":
            yield Token("open" if match["brace"] == b"{" else "close")
        elif kind == "hex":
            yield Token("hex", chr(int(match["hex"], 16)))
        elif kind in ("text", "symbol"):
            yield Token("text" if kind == "text" else "symbol", match[kind].decode("latin-1"))
