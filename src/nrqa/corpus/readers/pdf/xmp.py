"""What publishers write into a PDF for reference managers (PRISM): journal, volume, pages, DOI, date of publication."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

_BEGIN, _END = b"<x:xmpmeta", b"</x:xmpmeta>"
_MOST = 1024 * 1024
"""Bytes of a packet, at most; real ones have some thousands."""
_MOST_PACKETS = 20
"""Packets that are looked at, from the end: pictures in the file have some of their own."""
_MOST_VALUE = 500
_KEYS = {
    "publicationName": "journal", "volume": "volume", "number": "issue", "issn": "issn", "isbn": "isbn", "doi": "doi",
    "pageRange": "pages", "startingPage": "first page", "endingPage": "last page", "publicationDate": "published",
    "coverDate": "published",
}  # fmt: skip


def publication_of(data: bytes) -> dict[str, str]:
    """The facts in the last packet of XMP that has any, by the names that front matter has for them.

    Packets lie in a file as they are; one that is compressed or encrypted is not read.
    """
    end = len(data)
    for _ in range(_MOST_PACKETS):
        begin = data.rfind(_BEGIN, 0, end)
        if begin < 0:
            break
        closed = data.find(_END, begin, begin + _MOST)
        packet = data[begin : closed + len(_END)] if closed >= 0 else b""
        if b"prism" in packet and (found := dict(_facts(packet))):
            return found
        end = begin
    return {}


def _facts(packet: bytes) -> Iterator[tuple[str, str]]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True)
    try:
        root = etree.fromstring(packet, parser)
    except (etree.XMLSyntaxError, ValueError):
        return
    for element in root.iter(etree.Element) if root is not None else ():
        named = [(str(name), str(value)) for name, value in element.attrib.items()]
        for name, value in [*named, (str(element.tag), "".join(map(str, element.itertext())))]:
            space, _, key = name.rpartition("}")
            words = " ".join(value.split())
            if "prism" in space and key in _KEYS and 0 < len(words) <= _MOST_VALUE:
                yield _KEYS[key], words
