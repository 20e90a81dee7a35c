"""Decodes the bytes of a web page to text, even if the page declares no encoding or a wrong one."""

from __future__ import annotations

import codecs
import re

from nrqa.errors import UnreadableError
from nrqa.text.decoding import decode

_HEAD = 4096
_DECLARED = re.compile(rb"""<meta[^>]{0,200}?\bcharset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_XML = re.compile(rb"""\A\s*<\?xml[^>]{0,100}?\bencoding\s*=\s*["']([\w.:-]{2,40})["']""", re.IGNORECASE)
# The encodings that browsers use for these names (WHATWG Encoding): larger ones, which pages really use.
_READ_AS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def page_text(data: bytes, declared: str | None = None) -> str:
    """The text of a page; ``declared`` is the encoding in a header that came with the page.

    A byte order mark decides first. Bytes that are valid UTF-8 and not only ASCII are UTF-8, whatever is declared: text
    in another encoding is not valid UTF-8 by chance. Raises UnreadableError if the bytes are not text.
    """
    if data.startswith(_MARKS) or b"\0" in data[:_HEAD] or _is_proper_utf8(data):
        return decode(data)[0]
    for name in (declared, _found(_XML, data), _found(_DECLARED, data)):
        # UTF-8 was tried above: a page that declares it wrongly has another encoding, or is broken.
        text = _decoded(data, name) if name and not name.lower().startswith("utf") else None
        if text is not None:
            return text
    try:
        return decode(data)[0]
    except UnreadableError:
        # Browsers show a page even if a few of its bytes are broken.
        mended = _decoded(data, "utf-8")
        if mended is None or "�" not in mended:
            raise
        return mended


def _found(pattern: re.Pattern[bytes], data: bytes) -> str | None:
    match = pattern.search(data[:_HEAD])
    return match[1].decode("ascii", "ignore") if match else None


def _is_proper_utf8(data: bytes) -> bool:
    try:
        return not data.decode("utf-8").isascii()
    except UnicodeDecodeError:
        return False


def _decoded(data: bytes, name: str) -> str | None:
    """The text in the encoding with this name, broken bytes as "�"; None if that is unknown or clearly wrong."""
    try:
        known = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    known = _READ_AS.get(known, known)
    try:
        text = data.decode(known, "replace")
    except (LookupError, UnicodeError, ValueError):
        return None
    if text.count("�") * 100 > len(text):
        return None
    if not any(char.isalnum() for char in text):
        raise UnreadableError("no text in it")
    return text
