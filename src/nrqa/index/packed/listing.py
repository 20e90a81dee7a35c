"""The list of a bundle's members, and the names that they may have.

    bundle.json            the list: name, size and SHA-256 of each member below; first in the file
    index/000007/…         the generation, byte for byte · index/calibration.json, if there is one
    encoder/…              the converted encoder, if it was packed
    licences/…             of nrqa, of the encoder
    sources/NAME           the file that the document NAME was read from, if sources were packed

The root of the hash tree over names and hashes (RFC 6962, see merkle) is the bundle's identity, and stands at the very
end of the file as the comment of the archive.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from nrqa.encoder.converted.files import PORTABLE, RECORD
from nrqa.errors import IndexIncompatibleError
from nrqa.index import CALIBRATION, merkle
from nrqa.index.snapshot import PACKED

LISTING = PACKED
INDEX, ENCODER, LICENCES, SOURCES = "index", "encoder", "licences", "sources"
SUFFIX = ".nrqa"
FORMAT = 1
TIME = 315_532_800
"""Seconds: 1980 begins. What is unpacked has this time, which the record of a packed encoder says of its files, so that
they are believed and not read again for each question (``encoder.converted.files``). Every file system can keep it."""
_MARK = b"nrqa bundle "
COMMENT_SIZE = len(_MARK) + len(f"{FORMAT} ") + 64
_COMMENT = re.compile(rb"nrqa bundle (\d) ([0-9a-f]{64})")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_INDEX_FILE = re.compile(rf"{CALIBRATION}|\d{{6,19}}/(?:[\w-]+/)?(?=[\w.-])[\w-]*(?:\.[\w-]+)*", re.ASCII)
_LICENCE_FILE = re.compile(r"(?:[\w-]+/)?[\w-]+(?:\.[\w-]+)*", re.ASCII)
_REFUSED = re.compile(r"[\\:\0-\x1f\x7f]")
"""Signs of no source's name in a bundle: they are paths' or drives' on some system, or cannot be shown."""
_LONGEST = 1000


@dataclass(frozen=True, slots=True, order=True)
class Member:
    """A file in a bundle."""

    name: str
    size: int
    sha256: str


def root_of(members: Iterable[Member]) -> str:
    """The root of the hash tree over the members."""
    return merkle.root((one.name, one.sha256) for one in members)


def written(members: Iterable[Member]) -> bytes:
    """The list as it stands in the file: the same members give the same bytes."""
    lines = [json.dumps([one.name, one.size, one.sha256], ensure_ascii=False) for one in sorted(members)]
    return f'{{"format": {FORMAT}, "members": [\n'.encode() + ",\n".join(lines).encode() + b"\n]}\n"


def read(data: bytes) -> tuple[Member, ...]:
    """The members that a list names. ValueError where it is none, as nrqa writes them, or a name is not allowed."""
    try:
        content = json.loads(data)
        members = tuple(Member(*facts) for facts in content["members"] if _is_sound(*facts))
        sound = len(members) == len(content["members"]) and written(members) == data
    except (LookupError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("is no list") from error
    if not sound or len({one.name for one in members}) != len(members):
        raise ValueError("is not as nrqa writes it")
    if not all(is_name(one.name) for one in members):
        bad = next(one.name for one in members if not is_name(one.name))
        raise ValueError(f"names a member that no bundle has: {bad[:100]!a}")
    return members


def is_name(name: str) -> bool:
    """Whether a member may have that name, which also is its path below the folder that it is unpacked into."""
    area, _, rest = name.partition("/")
    if area == SOURCES:
        return is_source(rest)
    if area == ENCODER:
        return rest in PORTABLE or rest == RECORD
    allowed = {INDEX: _INDEX_FILE, LICENCES: _LICENCE_FILE}.get(area)
    return bool(allowed and len(name) <= _LONGEST and allowed.fullmatch(rest))


def is_source(name: str) -> bool:
    """Whether a source may have that name in a bundle: a path that leads down only, on every system."""
    try:
        length = len(name.encode())
    except UnicodeEncodeError:  # bytes of a name that is no UTF-8
        return False
    parts = name.split("/")
    return length <= _LONGEST and not _REFUSED.search(name) and not any(one in ("", ".", "..") for one in parts)


def comment_of(root: str) -> bytes:
    """The last bytes of a bundle."""
    return _MARK + f"{FORMAT} {root}".encode()


def root_in(comment: bytes) -> str | None:
    """The root that the last bytes of a file say; None where they are not those of a bundle."""
    found = _COMMENT.fullmatch(comment)
    if found is None:
        return None
    if int(found[1]) != FORMAT:
        raise IndexIncompatibleError(f"It is a bundle of format {int(found[1])}, this nrqa reads format {FORMAT}")
    return found[2].decode()


def _is_sound(name: Any, size: Any, sha256: Any) -> bool:
    numbers = type(size) is int and 0 <= size < 1 << 62
    return isinstance(name, str) and numbers and isinstance(sha256, str) and bool(_SHA256.fullmatch(sha256))
