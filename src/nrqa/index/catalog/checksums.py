"""Checksums of a catalog's rows: bytes that have changed on the disk are noticed before they are shown.

SQLite notices damage to its own structure, not to what a row holds. So each row that is shown holds the checksum of all
that is shown with it: that of a passage covers its headings and its text, which stand in other places, and so also says
that they are the right ones. CRC-32 finds changes that happen by accident; it is no protection against a forger, who
can compute it as well.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable

_BETWEEN = "\x1f"


def checksum(values: Iterable[object], content: bytes = b"") -> int:
    """The checksum of values as SQLite gives them back (numbers, texts, bytes, None) and of bytes that go with them."""
    return zlib.crc32(content, zlib.crc32(_BETWEEN.join(map(str, values)).encode("utf-8", "surrogatepass")))
