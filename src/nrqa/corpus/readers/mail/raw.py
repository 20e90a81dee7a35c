"""Makes the bytes of a message such that the standard library can parse them: broken header lines, wide encodings."""

from __future__ import annotations

import codecs
import re

_MARKS = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_HEAD = 4096
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_FIELD = re.compile(rb"[!-9;-~]+[ \t]*:")
_KNOWN = re.compile(
    rb"(?:From|To|Cc|Bcc|Subject|Date|Sender|Reply-To|Return-Path|Received|Delivered-To|Message-ID|In-Reply-To|References"
    rb"|MIME-Version|Content-[\w-]+|X-[\w-]+|List-[\w-]+|DKIM-Signature|Authentication-Results)[ \t]*:",
    re.IGNORECASE,
)
_WIDE_CHARSET = re.compile(rb"(charset\s*=\s*[\"']?)utf-?16(?:[-_]?[lb]e)?", re.IGNORECASE)
_MOST_LINES = 2000


def narrowed(data: bytes) -> bytes:
    """The bytes in UTF-8 if they are UTF-16, as programs that save "Unicode text" write whole messages."""
    encoding = next((name for mark, name in _MARKS.items() if data.startswith(mark)), "")
    if not encoding:
        even, odd = data[:_HEAD:2].count(0), data[1:_HEAD:2].count(0)
        if max(even, odd) * 3 < len(data[:_HEAD]) or min(even, odd) * 20 > max(even, odd):
            return data
        encoding = "utf-16-le" if odd > even else "utf-16-be"
    text = data.decode(encoding, "replace").lstrip("\ufeff")
    return _WIDE_CHARSET.sub(rb"\1utf-8", text.encode("utf-8", "replace"))


def with_whole_header(data: bytes) -> bytes:
    """The message with lines that break its header joined to the field before them.

    The standard library ends the header at such a line, and sender and subject below it would become text. A line
    breaks the header if it is no field and fields that messages have come below it, before the first empty line.
    """
    lines: list[bytes] = []
    at = 0
    while at < len(data) and len(lines) < _MOST_LINES:
        line = _LINE.match(data, at)
        assert line is not None
        if not line[0].strip():
            break
        lines.append(line[0])
        at = line.end()
    last = max((number for number, line in enumerate(lines) if _KNOWN.match(line)), default=-1)
    broken = [
        number
        for number, line in enumerate(lines[:last])
        if number and line[:1] not in b" \t" and not _FIELD.match(line)
    ]
    for number in broken:
        lines[number] = b" " + lines[number]
    return b"".join(lines) + data[at:] if broken else data
