"""Real files damaged in the ways of accidents and attackers, and what must hold for whatever is read of them."""

from __future__ import annotations

import io
import math
import random
import re
import zipfile
import zlib
from collections.abc import Callable, Sequence
from functools import lru_cache

from nrqa.corpus.passages.word_boxes import words_of
from nrqa.records import Block, Document

_NUMBER = re.compile(rb"\d{1,9}")
_TAG = re.compile(rb"<[A-Za-z][^<>]{0,300}>")
_STREAM = re.compile(rb"stream\r?\n(?P<packed>.*?)\r?\nendstream", re.DOTALL)
_DOCTYPE = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d SYSTEM "file:///etc/passwd">]>'
)
_NUMBERS = (b"0", b"1", b"-1", b"99999", b"2147483648", b"4294967295", b"1e308", b"999999999999999999999", b"")
_WORDS = (b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff", b"\xff\xff\xff\x7f", b"\1\0\0\0")

Mutation = Callable[[bytes, bytes, random.Random], bytes]


def mutated(data: bytes, other: bytes, chance: random.Random) -> bytes:
    """The file damaged once to four times; an archive mostly inside its members. ``other`` is to splice with."""
    if data.startswith(b"PK\x03\x04") and chance.random() < 0.75:
        return _in_archive(data, other, chance)
    if data.startswith(b"%PDF") and chance.random() < 0.5:
        return _in_stream(data, other, chance)
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        data = _mutation(data, chance)(data, other, chance)
    return data


def broken_rules(document: Document, blocks: Sequence[Block]) -> list[str]:
    """What is wrong with a document that a reader gave; it should be nothing."""
    size = len(document.text)
    wrong = []
    if not blocks or not document.title:
        wrong.append("no blocks or no title")
    at = 0
    for block in blocks:
        inside = [block.start, *(edge for item in block.items for edge in (item.start, item.end)), block.end]
        if not at <= block.start < block.end <= size or inside != sorted(inside):
            wrong.append(f"block {block.start}-{block.end} is out of order or outside the text of {size}")
            break
        at = block.end
    last: dict[str, int] = {}
    for place in document.places:
        if not last.get(place.kind, 0) <= place.start <= place.end <= size:
            wrong.append(f"place {place} is out of order or outside the text of {size}")
            break
        last[place.kind] = place.end
    for page in document.pages:
        words = list(words_of(page))
        if not 0 <= page.start <= page.end <= size or any(
            not page.start <= one.start < one.end <= page.end for one in words
        ):
            wrong.append(f"words of page {page.page} are outside it")
        if not all(math.isfinite(edge) for one in words for edge in (one.x0, one.y0, one.x1, one.y1)):
            wrong.append(f"a word of page {page.page} stands nowhere")
    wrong += [f"{flag} is outside the text" for flag in document.flags if not 0 <= flag.start <= flag.end <= size]
    written = [document.text, document.title, *map(str, document.metadata.values()), *map(str, document.metadata)]
    written += [str(one.heading) for one in blocks] + [one.label for one in document.places]
    written += [one.detail for one in document.flags]
    try:
        "".join(written).encode()
    except UnicodeEncodeError:
        wrong.append("half a character, which cannot be stored")
    return wrong


def _mutation(data: bytes, chance: random.Random) -> Mutation:
    found = list(_OF_BYTES)
    if b"<" in data[:2000]:
        found += _OF_MARKUP
    return chance.choice(found)


def _in_archive(data: bytes, other: bytes, chance: random.Random) -> bytes:
    members = dict(_members(data))
    if not members:
        return _flipped(data, other, chance)
    others = dict(_members(other)) or members
    names = list(members)
    texts = [name for name in names if name.endswith((".xml", ".rels", ".xhtml", ".html", ".opf", ".ncx"))] or names
    for _ in range(chance.choice((1, 1, 2))):
        name = chance.choice(texts if chance.random() < 0.9 else names)
        what = chance.random()
        if what < 0.06:
            members.pop(name, None)
        elif what < 0.12:
            members[name] = others.get(name, chance.choice(list(others.values())))
        elif name in members:
            members[name] = _mutation(members[name], chance)(members[name], others.get(name, b""), chance)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def _in_stream(data: bytes, other: bytes, chance: random.Random) -> bytes:
    """A PDF with one of its packed streams damaged inside, as long as it was where that is possible."""
    for match in chance.sample(found := list(_STREAM.finditer(data)), len(found)):
        try:
            inner = zlib.decompress(match["packed"])
        except zlib.error:
            continue
        packed = zlib.compress(chance.choice(_OF_BYTES)(inner, other, chance))
        return data[: match.start("packed")] + packed.ljust(len(match["packed"]), b"\0") + data[match.end("packed") :]
    return _flipped(data, other, chance)


@lru_cache(maxsize=64)
def _members(data: bytes) -> tuple[tuple[str, bytes], ...]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return tuple((name, archive.read(name)) for name in archive.namelist())
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, ValueError, OSError, EOFError):
        return ()


def _span(data: bytes, chance: random.Random, most: int = 2000) -> tuple[int, int]:
    start = chance.randrange(len(data) + 1)
    return start, min(len(data), start + chance.choice((1, 2, 4, 16, 100, most)))


def _flipped(data: bytes, _: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _time in range(chance.choice((1, 1, 4, 32))):
        if changed:
            changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _removed(data: bytes, _: bytes, chance: random.Random) -> bytes:
    start, end = _span(data, chance)
    return data[:start] + data[end:]


def _inserted(data: bytes, _: bytes, chance: random.Random) -> bytes:
    start, _end = _span(data, chance)
    return data[:start] + chance.randbytes(chance.choice((1, 4, 50))) + data[start:]


def _repeated(data: bytes, _: bytes, chance: random.Random) -> bytes:
    start, end = _span(data, chance)
    return data[:end] + data[start:end] * chance.choice((1, 2, 50)) + data[end:]


def _cut(data: bytes, _: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _spliced(data: bytes, other: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)] + other[chance.randrange(len(other) + 1) :]


def _swapped(data: bytes, _: bytes, chance: random.Random) -> bytes:
    a, b = sorted(_span(data, chance) for _time in range(2))
    return (
        data[: a[0]] + data[b[0] : b[1]] + data[a[1] : b[0]] + data[a[0] : a[1]] + data[b[1] :]
        if a[1] <= b[0]
        else data
    )


def _renumbered(data: bytes, _: bytes, chance: random.Random) -> bytes:
    found = list(_NUMBER.finditer(data))
    for match in reversed(chance.sample(found, min(len(found), chance.choice((1, 1, 3, 20))))):
        data = data[: match.start()] + chance.choice(_NUMBERS) + data[match.end() :]
    return data


def _relengthened(data: bytes, _: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data) + 1)
    return data[:start] + chance.choice(_WORDS) + data[start + 4 :]


def _nested(data: bytes, _: bytes, chance: random.Random) -> bytes:
    match = _a_tag(data, chance)
    return (
        data
        if match is None
        else data[: match.end()] + match.group() * chance.choice((3, 200, 3000)) + data[match.end() :]
    )


def _untagged(data: bytes, _: bytes, chance: random.Random) -> bytes:
    match = _a_tag(data, chance)
    return data if match is None else data[: match.start()] + data[match.end() :]


def _attributed(data: bytes, _: bytes, chance: random.Random) -> bytes:
    match = _a_tag(data, chance)
    if match is None:
        return data
    size = chance.choice((10, 1000, 200_000))
    more = chance.choice((b' x="' + b"a" * size + b'"', b' colspan="%d"' % size, b' style="display:none"', b" hidden"))
    end = match.end() - (2 if match.group().endswith(b"/>") else 1)
    return data[:end] + more + data[end:]


def _declared(data: bytes, _: bytes, chance: random.Random) -> bytes:
    start = data.find(b"?>") + 2 if data.startswith(b"<?xml") else 0
    match = _a_tag(data[start:], chance)
    at = start + match.end() if match else len(data)
    return data[:start] + _DOCTYPE + data[start:at] + b"&c;&d;&#0;&#xD800;" + data[at:]


def _a_tag(data: bytes, chance: random.Random) -> re.Match[bytes] | None:
    return _TAG.search(data, chance.randrange(len(data) + 1)) or _TAG.search(data)


_OF_BYTES: Sequence[Mutation] = (
    _flipped, _removed, _inserted, _repeated, _cut, _spliced, _swapped, _renumbered, _relengthened,
)  # fmt: skip
_OF_MARKUP: Sequence[Mutation] = (_nested, _untagged, _attributed, _declared, _untagged, _attributed)
