"""Bytes of a message to text, by the encoding it names where that holds."""

from __future__ import annotations

import codecs

from nrqa.errors import UnreadableError
from nrqa.text.decoding import decode

# What is sent under these names is Windows-1252 more often than not, and the same where it is not.
_LATIN = frozenset(("iso8859-1", "ascii", "cp1252"))


def decoded(data: bytes, charset: str) -> str:
    """The text, in the encoding that is named; where none is, or it cannot be right, in what the bytes look like."""
    try:
        name = codecs.lookup(charset.strip()).name if charset.strip() else ""
    except (LookupError, ValueError):
        name = ""
    if name and name not in _LATIN:
        try:
            return data.decode(name)
        except (UnicodeError, LookupError, ValueError):
            pass
    try:
        return decode(data)[0]
    except UnreadableError:
        return data.decode("cp1252" if name in _LATIN else "utf-8", "replace")
