"""Reads one message: its sender, recipients and date, the texts of its parts, and what of it is not read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import Message

from nrqa.corpus.readers.mail.charsets import decoded
from nrqa.corpus.readers.mail.flowed import unflowed
from nrqa.corpus.readers.mail.headers import date_of, decoded_words, people_of, words_of
from nrqa.corpus.readers.mail.raw import with_whole_header

ENCRYPTED = "encrypted (S/MIME or PGP)"
_MOST_PARTS = 1000
_MOST_DEPTH = 50
_TRIVIAL = 200
"""A plain text beside HTML with fewer characters may only be a note that the mail is in HTML."""


@dataclass(frozen=True, slots=True)
class Part:
    """A text of a message: its number as mail programs count parts (1, 1.2), and whether it is HTML.

    ``inside`` is the attached message to which the text belongs, if it belongs to one.
    """

    number: str
    text: str
    html: bool
    inside: Letter | None = None


@dataclass(slots=True)
class Letter:
    """A message; ``lost`` lists, in words for flags, what of it is not in the texts of its parts."""

    subject: str
    sender: list[str]
    to: list[str]
    date: str
    written_date: str
    is_reply: bool
    parts: list[Part] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    @property
    def is_message(self) -> bool:
        """Whether it has any of the fields that messages have: a sender, a date, a subject or a recipient."""
        return bool(self.subject or self.sender or self.to or self.date)


def letter_of(data: bytes) -> Letter:
    """Reads a message from its bytes. Raises RecursionError if it is nested too deeply."""
    message = message_from_bytes(with_whole_header(data), policy=policy.compat32)
    return _letter(message, "", 0)


def _letter(message: Message, number: str, depth: int) -> Letter:
    if depth > _MOST_DEPTH:
        raise RecursionError
    letter = Letter(
        subject=words_of(message, "subject"),
        sender=people_of(message, "from") or people_of(message, "sender"),
        to=people_of(message, "to"),
        date=date_of(message),
        written_date=words_of(message, "date"),
        is_reply=bool(words_of(message, "in-reply-to") or words_of(message, "references")),
    )
    for part in _parts(message, number, letter, depth):
        if len(letter.parts) >= _MOST_PARTS:
            letter.lost.append(f"more than {_MOST_PARTS} parts")
            break
        letter.parts.append(part)
    return letter


def _parts(message: Message, number: str, letter: Letter, depth: int) -> Iterator[Part]:
    """The texts to read in a message or in one of its parts; adds what is not read to ``letter.lost``."""
    if depth > _MOST_DEPTH:
        raise RecursionError
    kind = message.get_content_type()
    name = _file_name(message)
    if kind == "multipart/encrypted" or (kind in _SMIME and not _is_signature(message, name)):
        letter.lost.append(ENCRYPTED)
    elif message.is_multipart() and kind == "message/rfc822":
        yield from _attached(message, number, letter, depth)
    elif message.is_multipart():
        yield from _several(message, kind, number, letter, depth)
    elif kind in ("text/plain", "text/html") and not _is_attached(message, name):
        text = _text(message)
        if "-----BEGIN PGP MESSAGE-----" in text:
            letter.lost.append(ENCRYPTED)
        elif text.strip():
            yield Part(number or "1", text, kind == "text/html")
    elif not (kind in _SIGNATURES or (kind.startswith("image/") and "inline" in _disposition(message))):
        letter.lost.append(f"attachment not read: {name or 'without a name'} ({kind})")


def _attached(message: Message, number: str, letter: Letter, depth: int) -> Iterator[Part]:
    """The texts of a message that is attached to another."""
    attached = message.get_payload(0)
    assert isinstance(attached, Message)
    inner = _letter(attached, number, depth + 1)
    letter.lost.extend(inner.lost)
    for part in inner.parts:
        yield Part(part.number, part.text, part.html, part.inside or inner)


def _several(message: Message, kind: str, number: str, letter: Letter, depth: int) -> Iterator[Part]:
    inner = message.get_payload()
    numbered = [(one, f"{number}.{at}" if number else str(at)) for at, one in enumerate(inner, 1)]
    if kind == "multipart/alternative":
        lost = len(letter.lost)
        ways = [list(_parts(one, its, letter, depth + 1)) for one, its in numbered]
        ways = [way for way in ways if way]
        if ways and not any(ENCRYPTED in one for one in letter.lost[lost:]):
            del letter.lost[lost:]  # another form of the same content, such as an invitation, is not a loss
        yield from _best(ways)
        return
    for one, its in numbered:
        yield from _parts(one, its, letter, depth + 1)


def _best(ways: list[list[Part]]) -> list[Part]:
    """Of several forms of the same content, the plain text, unless it says almost nothing."""
    plain = next((way for way in ways if not any(part.html for part in way)), None)
    rich = next((way for way in ways if any(part.html for part in way)), None)
    if plain and rich:
        said = sum(len(part.text) for part in plain)
        full = sum(len(part.text) for part in rich)
        return rich if said < _TRIVIAL and full > 20 * said else plain
    return plain or rich or []


def _text(message: Message) -> str:
    payload = message.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    text = decoded(data, _parameter(message, "charset")).replace("\r\n", "\n").replace("\r", "\n")
    if message.get_content_type() == "text/plain" and _parameter(message, "format").lower() == "flowed":
        return unflowed(text, delete_space=_parameter(message, "delsp").lower() == "yes")
    return text


def _parameter(message: Message, name: str) -> str:
    try:
        found: object = message.get_param(name, "")
    except (ValueError, IndexError, AttributeError, TypeError):
        return ""
    # A tuple as in RFC 2231: charset, language, value.
    return str(found[2] if isinstance(found, tuple) else found)


def _file_name(message: Message) -> str:
    try:
        name = message.get_filename("") or ""
    except (ValueError, IndexError, AttributeError, TypeError, LookupError):
        name = "without a readable name"
    return decoded_words(name)[:120]


def _disposition(message: Message) -> str:
    return str(message.get("content-disposition", "")).lower()


def _is_attached(message: Message, name: str) -> bool:
    return _disposition(message).strip().startswith("attachment") or bool(
        name and "inline" not in _disposition(message)
    )


def _is_signature(message: Message, name: str) -> bool:
    """Whether an S/MIME part is only the signature of the text beside it, so that nothing is encrypted."""
    return "signature" in message.get_content_type() or name.lower().endswith(".p7s")


_SMIME = ("application/pkcs7-mime", "application/x-pkcs7-mime")
_SIGNATURES = ("application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature")
