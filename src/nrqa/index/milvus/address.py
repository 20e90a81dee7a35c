"""Addresses of indexes that a server keeps: milvus://HOST:PORT/NAME, or milvus+https://HOST:PORT/NAME.

Everywhere else an index is a path. So an address travels as a path whose first part is its scheme, and is read back
here; two slashes that became one do no harm.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qsl, urlsplit

from nrqa.errors import IndexUnusableError

_SCHEME = re.compile(r"(?:^|/)(milvus(?:\+https)?):/+")
_NAME = re.compile(r"[A-Za-z0-9_]{1,64}", re.ASCII)
_PORT = 19530
Kind = Literal["FLAT", "HNSW", "IVF_FLAT", "DISKANN"]
_KINDS: tuple[Kind, ...] = ("FLAT", "HNSW", "IVF_FLAT", "DISKANN")
_MOST_SHARDS = 64


@dataclass(frozen=True, slots=True)
class Address:
    """Where an index is, and how its collections are laid out when they are made."""

    host: str
    port: int
    name: str
    secure: bool = False
    kind: Kind = "FLAT"
    """The engine's index of vectors: FLAT is exact."""
    shards: int = 1
    replicas: int = 1

    @property
    def uri(self) -> str:
        """What the client connects to."""
        return f"{'https' if self.secure else 'http'}://{self.host}:{self.port}"

    def __str__(self) -> str:
        return f"milvus{'+https' if self.secure else ''}://{self.host}:{self.port}/{self.name}"


def address_of(place: Path) -> Address:
    """The address that a path stands for. IndexUnusableError where it is none."""
    written = place.as_posix()
    found = _SCHEME.search(written)
    assert found is not None
    parts = urlsplit(f"http://{written[found.end() :]}")
    name = parts.path.strip("/")
    asked = dict(parse_qsl(parts.query))
    kind, shards, replicas = asked.pop("index", "FLAT").upper(), asked.pop("shards", "1"), asked.pop("replicas", "1")
    try:
        port = parts.port or _PORT
        numbers = int(shards), int(replicas)
    except ValueError:
        port, numbers = 0, (0, 0)
    right = parts.hostname and _NAME.fullmatch(name) and kind in _KINDS and not asked and not parts.username
    if not (right and port and all(1 <= one <= _MOST_SHARDS for one in numbers)):
        raise IndexUnusableError(
            f"'{found[1]}://{written[found.end() :]}' is no address of an index. Write milvus://HOST:PORT/NAME, with a "
            f"name of letters, digits and _; then perhaps ?index={'|'.join(_KINDS)}&shards=2&replicas=2. "
            "A token comes from the environment: NRQA_MILVUS_TOKEN"
        )
    assert parts.hostname is not None
    return Address(
        parts.hostname,
        port,
        name,
        found[1].endswith("https"),
        _KINDS[_KINDS.index(kind)],
        *numbers,
    )
