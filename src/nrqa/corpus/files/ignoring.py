"""Decides which files a corpus leaves out: those that ``.nrqaignore`` excludes, and the leftovers of programs."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nrqa.errors import CorpusError

if TYPE_CHECKING:
    from nrqa.corpus.files.patterns import Patterns

IGNORE_FILE = ".nrqaignore"
_MOST_BYTES = 1024 * 1024
_DIGITS = 6
"""Digits that the name of a generation has at least (see module index.generation)."""
_OF_MANIFEST = (b'"format"', b'"corpus_root"', b'"codebook_passages"')
"""Keys that stand together in no other program's manifest."""
_LEFT = {
    "thumbs.db": "Windows' thumbnails",
    "desktop.ini": "Windows' view of the folder",
    ".ds_store": "macOS's view of the folder",
}
_PAGES = (".html", ".htm", ".xhtml")
_BESIDE_PAGES = ("_files", ".files", "-dateien", "_fichiers", "_archivos", "_bestanden", "-filer")
"""Endings of the folder that browsers save beside a page, in some of the browsers' languages."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What the ``.nrqaignore`` of one folder says; ``folder`` is the name of that folder, "" for the top."""

    folder: str
    patterns: Patterns

    @property
    def file(self) -> str:
        """The file's name inside the corpus."""
        return f"{self.folder}/{IGNORE_FILE}" if self.folder else IGNORE_FILE

    def decide(self, name: str, *, folder: bool) -> tuple[bool, str] | None:
        """Whether these rules leave a name out, and the rule that decides it; None if no rule applies to the name."""
        found = self.patterns.decide_entry(name[len(self.folder) + 1 if self.folder else 0 :], folder=folder)
        return (found[0], f"left out by {self.file}, line {found[1]}: {found[2]}") if found else None


def read_rules(path: Path, folder: str) -> Rules:
    """The rules in a folder's ``.nrqaignore``.

    Raises CorpusError if the file cannot be read: without its rules, files that the user excluded would get in.
    """
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0))
        with os.fdopen(handle, "rb") as file:
            data = file.read(_MOST_BYTES + 1)
        if len(data) <= _MOST_BYTES:
            from nrqa.corpus.files.patterns import Patterns

            return Rules(folder, Patterns.of(data.decode("utf-8-sig").split("\n")))
        problem = "it is larger than 1 MiB"
    except UnicodeDecodeError:
        problem = "it is not UTF-8"
    except OSError as error:
        problem = "it is a link" if path.is_symlink() else (error.strerror or str(error)).lower()
    raise CorpusError(f"'{path}' says what to leave out, and cannot be read: {problem}. Mend it, or remove it")


def left_out_by(rules: Sequence[Rules], name: str, *, folder: bool) -> str | None:
    """The reason why the rules leave a name out; None if it stays in. Pass the rules of the outermost folder first."""
    for one in reversed(rules):
        found = one.decide(name, folder=folder)
        if found:
            return found[1] if found[0] else None
    return None


def left_behind(name: str) -> str | None:
    """What a file is if its name shows that a program left it behind; None for a file that a person wrote."""
    if name.startswith("~$") or (name.startswith(".~lock.") and name.endswith("#")):
        return "says that an office program has the document open"
    if name.endswith("~") or (name.startswith("#") and name.endswith("#")):
        return "an editor's copy of a document"
    left = _LEFT.get(name.lower())
    return f"{left}, no document" if left else None


def holds_index(folder: Path, names: Collection[str]) -> bool:
    """Whether a folder with these names in it is an index of nrqa's: a generation in it has a manifest like ours."""
    for name in names:
        if len(name) >= _DIGITS and name.isdigit():
            with suppress(OSError), (folder / name / "manifest.json").open("rb") as file:
                content = file.read(_MOST_BYTES)
                if all(key in content for key in _OF_MANIFEST):
                    return True
    return False


def page_beside(folder: str, names: Collection[str]) -> str | None:
    """The saved web page whose pictures and styles this folder holds, found by the names; None for other folders.

    ``names`` are the names of the files beside the folder.
    """
    for ending in _BESIDE_PAGES:
        if folder.lower().endswith(ending):
            stem = folder[: -len(ending)]
            return next((f"{stem}{suffix}" for suffix in _PAGES if f"{stem}{suffix}" in names), None)
    return None
