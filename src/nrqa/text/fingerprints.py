"""The fingerprint of a passage: what tells it from any other, whatever its typography."""

from __future__ import annotations

import hashlib

from nrqa.text.typography import fold


def fingerprint(text: str) -> tuple[str, int]:
    """What tells a passage from any other, whatever its typography: the SHA-256 and the length of its folded text.

    Anybody can check it. The hash is of the text in UTF-8, with straight quotation marks, with hyphens instead of
    dashes, and with single spaces, but none beside Chinese and Japanese characters (``typography.fold``). The length
    (in code points) makes it possible to find a passage that was moved.
    """
    folded = fold(text.strip()).text
    return hash_of(folded), len(folded)


def hash_of(folded: str) -> str:
    """SHA-256, in hexadecimal, of a text that is folded already."""
    return hashlib.sha256(folded.encode("utf-8", "surrogatepass")).hexdigest()
