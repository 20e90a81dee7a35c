"""Reads the header fields of messages, including those that break the rules.

The newer interface of the standard library (``email.policy.default``) raises errors for fields that break the rules,
and every large mailbox has some. The older interface returns them as they are.
"""

from __future__ import annotations

import re
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

from nrqa.corpus.readers.mail.charsets import decoded

_ADDRESS = re.compile(r"[^\s<>@]+@[^\s<>@]+")
# White space between two encoded words does not count.
_BETWEEN = re.compile(r"(=\?[^?\s]+\?[bBqQ]\?[^?]*\?=)[ \t\r\n]+(?==\?)")
_ENCODED = re.compile(r"=\?[^?\s]+\?[bBqQ]\?[^?]*\?=")


def words_of(message: Message, name: str) -> str:
    """The words of a field, decoded, on one line; empty where there is none."""
    raw = _raw(message, name)
    return "" if raw is None else decoded_words(raw)


def date_of(message: Message) -> str:
    """The date in ISO 8601 with its UTC offset; as it is written if it is not a valid date; "" if there is none."""
    written = words_of(message, "date")
    try:
        return parsedate_to_datetime(written).isoformat() if written else ""
    except (ValueError, TypeError, IndexError, OverflowError):
        return written


def people_of(message: Message, name: str) -> list[str]:
    """The people in a field, each as ``Name <address>``, or only the name or the address if the other is missing."""
    raw = _raw(message, name)
    if raw is None:
        return []
    try:
        # Encoded names may contain commas, so the names are decoded only after they are separated.
        pairs = [(decoded_words(person), decoded_words(address)) for person, address in getaddresses([_unfolded(raw)])]
    except (ValueError, IndexError, TypeError):
        pairs = []
    people = [
        f"{person} <{address}>" if person and address and person != address else address or person
        for person, address in pairs
    ]
    found = [one for one in people if one]
    return found if found and (any("@" in one for one in found) or "@" not in raw) else [decoded_words(raw)]


def name_of(person: str) -> str:
    """The person's name, or the address if there is no name."""
    name, bracket, _ = person.partition(" <")
    return name if bracket else person


def decoded_words(raw: str) -> str:
    """The text of a field with its encoded words decoded, on one line."""
    raw = _BETWEEN.sub(r"\1", _unfolded(raw))
    return " ".join(_ENCODED.sub(lambda found: _decoded_word(found[0]), raw).split())


def _raw(message: Message, name: str) -> str | None:
    for key, value in message.raw_items():
        if key.lower() == name:
            text = str(value)
            if any("\udc80" <= char <= "\udcff" for char in text):
                text = decoded(text.encode("utf-8", "surrogateescape"), "")
            return text
    return None


def _unfolded(raw: str) -> str:
    return " ".join(raw.split())


def _decoded_word(word: str) -> str:
    try:
        return "".join(
            decoded(part, charset or "") if isinstance(part, bytes) else part for part, charset in decode_header(word)
        )
    except (HeaderParseError, ValueError):
        return word
