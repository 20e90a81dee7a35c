"""Decodes bytes to text: UTF-8, UTF-16, UTF-32 or Windows-1252, with a reason where it is none of them."""

from __future__ import annotations

import codecs
import unicodedata
from collections import Counter

from nrqa.errors import EMPTY_FILE, UnreadableError

# The longer marks first: UTF-32's begins with UTF-16's.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_OF_TEXT = "\t\n\r\f\v\x85\x1a\x1b\b"
"""Control characters that texts have: of lines and pages, the end of old files, and colours and bold in logs."""
_SAMPLE = 64 * 1024
_MOST_CONTROL = 0.02
"""Share of control characters above which a file is taken for binary; text has none, or a single one."""
_MOST_HIGH = 0.30
"""Share of non-ASCII letters above which a text is not Windows-1252: German has 2%, French 4%, Icelandic 12%,
while Cyrillic or Greek in another 8-bit encoding has 80% and more if it is read so."""


def decode(data: bytes) -> tuple[str, str]:
    """The text and the name of its encoding; a byte order mark is not part of the text.

    Raises UnreadableError with the reason: empty, no text in it, binary, or an unknown encoding.
    """
    if not data:
        raise UnreadableError(EMPTY_FILE)
    text, encoding = _decode(data)
    if _control_share(text) > _MOST_CONTROL:
        raise UnreadableError("binary data, not text")
    if not any(char.isalnum() for char in text):
        raise UnreadableError("no text in it")
    return text, encoding


def _decode(data: bytes) -> tuple[str, str]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(encoding), encoding
            except UnicodeDecodeError as error:
                raise UnreadableError(f"says it is {encoding} but byte {error.start} is not") from error
    wide = _unmarked_utf16(data)
    if wide:
        return wide
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        return _not_utf8(data, error)


def _unmarked_utf16(data: bytes) -> tuple[str, str] | None:
    """Decode UTF-16 without a mark, recognised by NUL bytes nearly all at odd or all at even positions; else None."""
    if len(data) % 2 or b"\0" not in data[:_SAMPLE]:
        return None
    sample = data[:_SAMPLE]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    encoding = "utf-16-le" if odd > even else "utf-16-be"
    if min(even, odd) * 20 > max(even, odd):
        return None
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    narrow = data.decode("utf-8", "replace")
    return (text, encoding) if _control_share(text) < _control_share(narrow) else None


def _not_utf8(data: bytes, error: UnicodeDecodeError) -> tuple[str, str]:
    mended = data.decode("utf-8", "replace")
    damaged = mended.count("�")
    proper = sum(char > "\x7f" for char in mended) - damaged
    if proper > 4 * damaged:
        # UTF-8 with a few broken bytes, as downloads have; reading it as Windows-1252 would garble the rest.
        return mended, f"utf-8 ({damaged} damaged)"
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        text = ""
    letters = [char for char in text[:_SAMPLE] if char.isalpha()]
    if not letters or sum(char > "\x7f" for char in letters) > _MOST_HIGH * len(letters):
        if _control_share(mended) > _MOST_CONTROL:
            raise UnreadableError("binary data, not text") from error
        raise UnreadableError(
            f"neither UTF-8, UTF-16 nor Windows-1252 (byte {error.start}); save it as UTF-8"
        ) from error
    return text, "windows-1252"


def _control_share(text: str) -> float:
    sample = text[:_SAMPLE]
    control = sum(
        count
        for char, count in Counter(sample).items()
        if unicodedata.category(char) in ("Cc", "Cn", "Co") and char not in _OF_TEXT
    )
    return control / len(sample) if sample else 0.0
