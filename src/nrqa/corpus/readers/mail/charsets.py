"""Decodes the bytes of a message to text, with the charset that the message names if that is right."""

from __future__ import annotations

import codecs

from nrqa.errors import UnreadableError
from nrqa.text.decoding import decode

# Text sent under these names is mostly Windows-1252; for the rest, Windows-1252 gives the same characters.
_LATIN = frozenset(("iso8859-1", "ascii", "cp1252"))


def decoded(data: bytes, charset: str) -> str:
    """The text in the named charset; if none is named or it cannot be right, in the encoding the bytes look like."""
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
