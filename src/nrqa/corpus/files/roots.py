"""The location of a corpus: one folder, or several folders and files. Only this module maps document names to paths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from nrqa.corpus.files.selecting import Selection


@dataclass(frozen=True, slots=True)
class Root:
    """A folder or file that the user named, with its absolute path.

    For a folder, ``name`` is the beginning of its documents' names; it is "" if the folder is the whole corpus. For a
    file, ``name`` is the document's name.
    """

    name: str
    path: Path
    is_file: bool = False

    def inner(self, document: str) -> str | None:
        """The path of a document relative to this root, "" for the root itself; None if it is not in this root."""
        if document == self.name:
            return ""
        if self.is_file:
            return None
        if not self.name:
            return document
        return document[len(self.name) + 1 :] if document.startswith(f"{self.name}/") else None


@dataclass(frozen=True, slots=True)
class Corpus:
    """The roots of a corpus, none of them within another, and which of the files in them belong to it."""

    roots: tuple[Root, ...]
    selection: Selection = field(default_factory=Selection)

    def path_of(self, document: str) -> Path | None:
        """Where the source of a document is, or would be; None for a name that lies in no root."""
        for root in self.roots:
            inner = root.inner(document)
            if inner is not None:
                return root.path / inner if inner else root.path
        return None

    @property
    def folder(self) -> Path | None:
        """The folder that is the whole corpus; None if there are several roots, or if the only root is a file."""
        return self.roots[0].path if len(self.roots) == 1 and not self.roots[0].is_file else None

    @property
    def paths(self) -> str:
        """The paths of all roots, as one line for a report."""
        return ", ".join(str(root.path) for root in self.roots)

    def __str__(self) -> str:
        return quoted_list([root.path for root in self.roots])


def corpus_at(paths: Sequence[Path], selection: Selection | None = None) -> Corpus:
    """The corpus of these folders and files, in their order; one that lies in another is part of that one."""
    places = list(dict.fromkeys(_placed(path) for path in paths))
    places = [one for one in places if not any(one != other and one.is_relative_to(other) for other in places)]
    files = [_is_file(place) for place in places]
    if len(places) == 1 and not files[0]:
        roots = [Root("", places[0])]
    else:
        names = _names(places)
        roots = [Root(name, place, file) for name, place, file in zip(names, places, files, strict=True)]
    return Corpus(tuple(roots), selection or Selection())


def quoted_list(paths: Sequence[Path | str]) -> str:
    """The paths in quotation marks, joined so that they fit into a sentence."""
    quoted = [f"'{path}'" for path in paths]
    return " and ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)


def _placed(path: Path) -> Path:
    """The absolute path. A link to a file keeps its own name: perhaps only that name shows the kind of file."""
    resolved = path.resolve()
    return path.parent.resolve() / path.name if path.is_symlink() and _is_file(resolved) else resolved


def _is_file(path: Path) -> bool:
    try:
        return path.exists() and not path.is_dir()
    except OSError:  # the permissions of a folder above it do not let us look
        return False


def _names(places: Sequence[Path]) -> list[str]:
    """The shortest end of each path that is unique: no name equals another one or is the folder of another one."""
    parts = [_parts(place) for place in places]
    taken = [1] * len(places)
    while True:
        names = ["/".join(one[-count:]) for one, count in zip(parts, taken, strict=True)]
        unclear = {
            at
            for at, name in enumerate(names)
            for other, beside in enumerate(names)
            if at != other and (name == beside or name.startswith(f"{beside}/") or beside.startswith(f"{name}/"))
        }
        longer = [at for at in unclear if taken[at] < len(parts[at])]
        if not longer:
            return names
        for at in longer:
            taken[at] += 1


def _parts(place: Path) -> list[str]:
    """The names that a path consists of, including the drive."""
    return [part for one in place.parts if (part := one.strip("/\\").replace(":", "").replace("\\", "/"))]
