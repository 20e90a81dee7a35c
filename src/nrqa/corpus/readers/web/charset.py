"""Decodes the bytes of a web page to text, even if the page declares no encoding or a wrong one."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from nrqa.errors import UnreadableError
from nrqa.text.decoding import decode

_HEAD = 4096
_TAG = re.compile(rb"<(!--|script\b|style\b|title\b|textarea\b|meta\b)", re.IGNORECASE)
_ENDS = {b"!--": re.compile(b"-->")} | {
    name: re.compile(b"</" + name, re.IGNORECASE) for name in (b"script", b"style", b"title", b"textarea")
}
_MOST_TAG = 400
_LANGUAGE = re.compile(rb"""<html[^>]{0,200}?\slang\s*=\s*["']?([a-z]{2}(?:-(?:tw|hk|hant))?)\b""", re.IGNORECASE)
_OF_LANGUAGE = {
    **dict.fromkeys(("ru", "uk", "be", "bg", "sr", "mk"), ("cp1251", "koi8_u")),
    **dict.fromkeys(("pl", "cs", "sk", "hu", "ro", "hr", "sl"), ("cp1250",)),
    **dict.fromkeys(("ar", "fa", "ur"), ("cp1256",)),
    **dict.fromkeys(("lt", "lv", "et"), ("cp1257",)),
    "el": ("cp1253",), "he": ("cp1255",), "tr": ("cp1254",), "th": ("cp874",), "ko": ("cp949",),
    "ja": ("cp932", "euc_jp"), "zh": ("gb18030",),
    **dict.fromkeys(("zh-tw", "zh-hk", "zh-hant"), ("big5hkscs",)),
}  # fmt: skip
_SAMPLE = 64 * 1024
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
    in another encoding is not valid UTF-8 by chance. Then a declaration counts wherever it stands: browsers read a page
    again if it comes late. Without one, the encoding is the usual one of the page's language. Raises UnreadableError if
    the bytes are not text.
    """
    if data.startswith(_MARKS) or b"\0" in data[:_HEAD] or _is_proper_utf8(data):
        return decode(data)[0]
    for name in (declared, _found(_XML, data[:_HEAD]), _found(_DECLARED, b"".join(_meta_tags(data)))):
        # UTF-8 was tried above: a page that declares it wrongly has another encoding, or is broken.
        text = _decoded(data, name) if name and not name.lower().startswith("utf") else None
        if text is not None:
            return text
    text = _of_language(data)
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
    match = pattern.search(data)
    return match[1].decode("ascii", "ignore") if match else None


def _of_language(data: bytes) -> str | None:
    """The text in the encoding that pages of its language usually have; None if none is known."""
    match = _LANGUAGE.search(data[:_HEAD])
    codecs_of = _OF_LANGUAGE.get(match[1].decode("ascii").lower(), ()) if match else ()
    texts = []
    for name in codecs_of:
        try:
            texts.append(data.decode(name))
        except UnicodeDecodeError:
            continue
    return max(texts, key=_plausibility, default=None)


def _plausibility(text: str) -> int:
    """KOI8 has small letters where Windows-1251 has capitals, Shift JIS small katakana where EUC has any letters."""
    return sum(char.islower() - 2 * ("\uff61" <= char <= "\uff9f") for char in text[:_SAMPLE])


def _meta_tags(data: bytes) -> Iterator[bytes]:
    """The ``meta`` tags of a page; not what looks like one in a script, a style or a comment."""
    at = 0
    while match := _TAG.search(data, at):
        end = _ENDS.get(match[1].lower())
        if end is None:
            at = match.end()
            yield data[match.start() : match.start() + _MOST_TAG].partition(b">")[0] + b">"
            continue
        found = end.search(data, match.end())
        if found is None:
            return
        at = found.end()


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
