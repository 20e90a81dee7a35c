"""What a shell offers behind `nrqa`: names of documents and metadata for a word that was begun.

The shell knows commands and options by itself (see module shells); it asks here only for what depends on the index.
Neither typer nor numpy is loaded: each press of the TAB key starts a process, and somebody waits for it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

DOCUMENT, CONDITION, INDEX = "document", "condition", "index"
_MOST = 10_000
_FEW = 60
"""Names that a shell may list; of more, only their folders are offered."""


def main(kind: str, begun: str, words: Sequence[str]) -> None:
    """Print what may stand in the place of a begun word, one a line; ``words`` are those of the whole line."""
    try:
        found = offered(kind, begun, words)
    except Exception:  # noqa: BLE001 - a TAB key that prints errors into what is being typed helps nobody
        found = []
    # A name cannot pose as two, nor steer the terminal.
    sys.stdout.write("".join(f"{one}\n" for one in found if one.isprintable()))


def offered(kind: str, begun: str, words: Sequence[str]) -> list[str]:
    """What may stand in the place of a begun word of this kind."""
    if kind == INDEX:
        from nrqa.cli.finding import project

        return [name for name in sorted(project().indexes) if name.startswith(begun)]
    from nrqa.index.local import names

    index = _folder(index_of(words))
    if index is None:
        return []
    if kind == DOCUMENT:
        return by_folder(names.document_names(index, begun, _MOST), begun)
    key, equals, value = begun.partition("=")
    if not equals:
        return [f"{one}=" for one in names.metadata_keys(index) if one.startswith(key.lower())]
    return [f"{key}={one}" for one in names.metadata_values(index, key.lower(), value.casefold(), _FEW)]


def _folder(index: Path) -> Path | None:
    """The folder of an index; of a bundle, where it was unpacked to, since a TAB key waits for no unpacking."""
    if not index.is_file():
        return index
    from nrqa.index.packed.unpacked import unpacked_before

    return unpacked_before(index)


def by_folder(names: Sequence[str], begun: str) -> list[str]:
    """The names; of many, as far as the next slash behind what was begun."""
    if len(names) <= _FEW:
        return list(names)
    ends = (name.find("/", len(begun)) if name.startswith(begun) else -1 for name in names)
    return list(dict.fromkeys(name[: end + 1] if end >= 0 else name for name, end in zip(names, ends, strict=True)))


def index_of(words: Sequence[str]) -> Path:
    """The index that a line is about, as the command itself will find it."""
    from nrqa.cli.finding import index_above, named_index, project
    from nrqa.settings import DEFAULT_INDEX

    for at, word in enumerate(words):
        if word == "--index" and at + 1 < len(words):
            return named_index(Path(words[at + 1]))
        if word.startswith("--index="):
            return named_index(Path(word.removeprefix("--index=")))
    said = os.environ.get("NRQA_INDEX")
    if said:
        return named_index(Path(said))
    command = words[1] if len(words) > 1 else ""
    written = project().options_of(command).get("index")
    if isinstance(written, str):
        return Path(written)
    return index_above(Path.cwd()) or Path(DEFAULT_INDEX)
