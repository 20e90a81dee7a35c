"""What a worker must know to encode a shard, as JSON and bytes: the same for all shards of one build."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from nrqa.corpus.files.listing import Source
from nrqa.corpus.shaping import Settings
from nrqa.errors import EncoderError
from nrqa.indexing.pieces import PIECE_FORMAT
from nrqa.indexing.shards.cutting import Shard
from nrqa.records import Stamp
from nrqa.settings import FORMAT, VERSION


@dataclass(frozen=True, slots=True)
class Task:
    """How documents are read and split, and with what their passages are encoded.

    ``model`` is the encoder's name, ``trusted`` whether the user named it, ``fingerprint`` what it must turn out to be.
    ``index`` and ``generation`` are where vectors of unchanged text are; "" and 0 where all is encoded anew.
    ``codebook`` is the file of the codebook, empty for an encoder without token vectors, and where it ``comes_along``
    with nrqa: a megabyte that need not travel to every worker.
    """

    settings: Mapping[str, Any]
    model: str
    trusted: bool
    fingerprint: str
    index: str
    generation: int
    offline: bool
    codebook: bytes
    comes_along: bool = False
    version: str = VERSION
    format: int = FORMAT

    def to_dict(self) -> dict[str, Any]:
        """All but the codebook, as JSON."""
        content = asdict(self)
        del content["codebook"]
        return content

    def settings_read(self) -> Settings:
        """The settings, from JSON."""
        return Settings(**self.settings)

    def named(self, shard: Shard) -> str:
        """The name of a shard's piece: it is finished where a piece of this name is.

        It says all that the piece depends on: versions, settings, model, codebook, which vectors are there already, and
        names and stamps of the files. A file that is written to makes it another shard.
        """
        content = self.to_dict()
        for name in ("index", "model", "trusted", "offline"):  # where things are, and not what they are
            del content[name]
        content["codebook"] = hashlib.sha256(self.codebook).hexdigest()
        content["piece"] = PIECE_FORMAT
        content["sources"] = [(one.name, *one.stamp) for one in shard]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:32]


def task_of(content: Mapping[str, Any], codebook: bytes) -> Task:
    """The task that was sent to a worker. EncoderError where another version of nrqa sent it."""
    refuse_others(content.get("version"), content.get("format"))
    return Task(**content, codebook=codebook)


def refuse_others(version: object, form: object) -> None:
    """Raise EncoderError where a task is of another version or format than what is here."""
    if (version, form) != (VERSION, FORMAT):
        raise EncoderError(f"A worker has nrqa {VERSION}, and the build is of {version}. Install the same version.")


def written(shard: Shard) -> list[Any]:
    """A shard as JSON."""
    return [[one.name, one.place, list(one.stamp), one.most] for one in shard]


def shard_of(content: list[Any]) -> Shard:
    """The shard that was sent to a worker."""
    return tuple(Source(name, place, Stamp(*stamp), most) for name, place, stamp, most in content)
