"""What a check finds, and the index that it examines."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from nrqa.corpus.files.roots import Corpus
from nrqa.index.freshness import corpus_of
from nrqa.index.opening import told
from nrqa.index.rows import Listed
from nrqa.index.snapshot import Snapshot
from nrqa.settings import DEFAULT_INDEX

Level = Literal["error", "warning", "note"]
"""``error``: answers are wrong or fail. ``warning``: something is missing. ``note``: good to know."""


_WRITING = ("index", "calibrate", "standing")
"""Verbs that change an index, which no packed one lets."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a check found: what, why it matters, where (documents, files), and the command that mends it.

    ``command`` is "" where no command can mend it.
    """

    check: str
    level: Level
    what: str
    why: str
    where: tuple[str, ...] = ()
    command: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The finding as a JSON object."""
        return {
            "check": self.check,
            "level": self.level,
            "what": self.what,
            "why": self.why,
            "where": list(self.where),
            "command": self.command,
        }


@dataclass(frozen=True)
class Examined:
    """The index that is examined, which can be opened; ``deep`` asks for checks that read everything."""

    index: Path
    snapshot: Snapshot
    deep: bool
    packed: Path | None = None
    """The file that the index is packed into, if it is."""

    @cached_property
    def corpus(self) -> Corpus | None:
        """The corpus of the index, as far as it is there."""
        return corpus_of(self.snapshot.manifest, self.index)

    @cached_property
    def documents(self) -> tuple[Listed, ...]:
        """The documents of the index, in order of name."""
        return tuple(sorted(self.snapshot.listed(), key=lambda one: one.name))

    def command(self, verb: str, *words: str) -> str:
        """The nrqa command for this index, ready to be pasted."""
        if self.packed is not None and verb in _WRITING:
            return shlex.join(["nrqa", "unpack", str(self.packed), "FOLDER"])
        return command(self.packed or self.index, verb, *words)


Check = Callable[[Examined], Iterator[Finding]]


def command(index: Path, verb: str, *words: str) -> str:
    """The nrqa command for an index, ready to be pasted."""
    place = () if str(index) == DEFAULT_INDEX else ("--index", told(index))
    return shlex.join(["nrqa", verb, *words, *place])


def counted(number: int, noun: str, plural: str = "") -> str:
    """The number and the noun, which is plural unless the number is one."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def names(documents: Sequence[Listed]) -> tuple[str, ...]:
    """The names of the documents."""
    return tuple(one.name for one in documents)
