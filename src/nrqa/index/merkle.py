"""A fingerprint of a corpus: the root of a Merkle tree over the hashes of its documents.

The tree is that of RFC 6962, section 2.1: leaves and inner nodes are hashed with different first bytes, so that one
cannot be mistaken for the other. A leaf is a document's name and the SHA-256 of its source file. Leaves are sorted by
name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

_LEAF, _NODE = b"\x00", b"\x01"


def root(documents: Iterable[tuple[str, str]]) -> str:
    """The root, in hexadecimal, over pairs of name and SHA-256; the same for the same pairs in any order."""
    level = [
        hashlib.sha256(_LEAF + name.encode("utf-8", "surrogatepass") + b"\x00" + sha256.encode()).digest()
        for name, sha256 in sorted(documents)
    ]
    if not level:
        return hashlib.sha256(b"").hexdigest()
    while len(level) > 1:
        # A node without a partner moves up unchanged, which gives the same root as splitting at the largest power of 2.
        pairs = [hashlib.sha256(_NODE + level[at] + level[at + 1]).digest() for at in range(0, len(level) - 1, 2)]
        level = pairs + level[len(level) & ~1 :]
    return level[0].hex()
