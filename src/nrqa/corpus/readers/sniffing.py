"""What a file without an extension is by its first bytes: text, or something else that has a name."""

from __future__ import annotations

import codecs
import re

HEAD = 8 * 1024
"""Bytes that are looked at: no more of a large program is ever read."""
_RENAME = "give it that extension to have it read"
_TEXTLESS = {
    "a program, no text": (b"\x7fELF", b"MZ", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xfe\xed\xfa", b"\0asm"),
    "a picture, no text": (b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"BM", b"II*\0", b"MM\0*"),
    "sound or film, no text": (b"RIFF", b"ID3", b"OggS", b"fLaC", b"\x1aE\xdf\xa3"),
    "an archive: not opened": (b"\x1f\x8b", b"BZh", b"7z\xbc\xaf", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd", b"Rar!"),
    "a font, no text": (b"\0\1\0\0\0", b"OTTO", b"wOFF", b"wOF2"),
}
_NAMED = {
    f"a PDF by its content (.pdf); {_RENAME}": (b"%PDF-",),
    f"RTF by its content (.rtf); {_RENAME}": (b"{\\rtf",),
    f"a zip archive or an office document by its content (.docx, .zip, …); {_RENAME}": (b"PK\3\4",),
    f"an old office document or a mail by its content (.doc, .msg, …); {_RENAME}": (b"\xd0\xcf\x11\xe0",),
    "a database, not a text": (b"SQLite format 3\0",),
}
_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!doctype\s+html|<html[\s>])", re.IGNORECASE)
_MAILBOX = re.compile(rb"From [^\r\n]{1,200}\r?\n[!-9;-~]{1,60}:[ \t]")
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_BINARY = "binary data, no text"
TEXTLESS = frozenset([*_TEXTLESS, _BINARY])
"""The reasons of files that hold no text."""


def reason_against(head: bytes) -> str | None:
    """Why a file that begins so is not read as text; None if it is text by all that these bytes show."""
    for reason, marks in (_NAMED | _TEXTLESS).items():
        if head.startswith(marks):
            return reason if not head.startswith(b"BM") or b"\0" in head else None
    if is_page(head):
        return f"a web page by its content (.html); {_RENAME}"
    if _MAILBOX.match(head):
        return f"a mailbox by its content (.mbox); {_RENAME}"
    if b"\0" in head and not head.startswith(_WIDE) and not _is_wide(head):
        return _BINARY
    return None


def is_page(head: bytes) -> bool:
    """Whether a file that begins so is a web page."""
    return bool(_PAGE.match(head))


def _is_wide(head: bytes) -> bool:
    """Whether it may be UTF-16 without a mark: NULs nearly all at odd or all at even positions."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    return min(even, odd) * 20 <= max(even, odd) and max(even, odd) * 4 > len(head[::2])
