"""What a generation records about itself, as JSON: the content of its manifest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePath, PurePosixPath
from typing import Any

from nrqa.corpus.files.selecting import Selection, selection_of
from nrqa.corpus.shaping import Settings
from nrqa.encoder.protocol import Model
from nrqa.errors import IndexIncompatibleError
from nrqa.records import Skipped, Stamp, skipped_to_list
from nrqa.settings import FORMAT


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a generation: how many rows it has, and which of its documents are gone."""

    name: str
    rows: int
    documents: int
    mark: int
    """A random number that its catalog has as well: catalogs of two parts cannot be mistaken for each other."""
    removed: tuple[int, ...] = ()


def is_inside(way: str) -> bool:
    """Whether a path leads from a folder to something in it."""
    path = PurePosixPath(way)
    return not path.is_absolute() and ".." not in path.parts


@dataclass(frozen=True, slots=True)
class RecordedRoot:
    """A root of the corpus: its name (see module roots), its absolute path, and its path relative to the index.

    ``mounts`` are the paths, relative to the root, of folders with documents that are on another file system than their
    parent folder.
    """

    name: str
    path: str
    beside: str
    is_file: bool = False
    mounts: tuple[str, ...] = ()

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> RecordedRoot:
        """Read a root from its entry in a manifest. Raises TypeError or ValueError where it is none."""
        root = cls(**{**content, "mounts": tuple(content.get("mounts", ()))})
        texts = (root.name, root.path, root.beside, *root.mounts)
        if "\0" in "".join(texts) or root.is_file not in (True, False):
            raise TypeError("a root of the corpus is none")
        if not all(is_inside(one) for one in root.mounts):
            raise ValueError("a mount lies outside its root")
        return root


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation records about itself.

    ``read_ns`` is when the corpus was listed, in nanoseconds since 1970.
    """

    corpus: tuple[RecordedRoot, ...]
    selection: Selection
    settings: Settings
    model: Model
    parts: tuple[Part, ...]
    documents: int
    passages: int
    next_row: int
    next_document: int
    unreadable: tuple[Skipped, ...]
    excluded: tuple[Skipped, ...]
    created: str
    read_ns: int
    lexical_dead: int
    """Passages removed from the lexical index since it was last rewritten: its statistics still count them."""
    stamps: Mapping[str, Stamp]
    """Stamps of documents (by number) whose files were touched, but not changed, since their part was written."""
    version: str
    fusion: Mapping[str, float]
    """The weights that questions are ranked by (see module fusion)."""
    codebook_passages: int
    """How many passages the codebook was trained on; 0 where it came with nrqa, or there is none."""
    looked_at: int
    """How many files and folders the corpus had, those included that do not belong to it."""
    corpus_root: str
    """The fingerprint of all documents in the index (see module merkle)."""
    unread: Mapping[str, int]
    """How many documents are in each script that the encoder does not read."""
    multilingual: bool
    """Whether the encoder reads many scripts (see module indexing.legibility)."""
    generation: int = 0
    files: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def own_folder(self) -> str:
        """The name of the folder that is the corpus; "" where that is several folders, or a file."""
        return PurePath(self.corpus[0].path).name if len(self.corpus) == 1 and not self.corpus[0].name else ""

    def to_dict(self) -> dict[str, Any]:
        """The manifest as JSON, without the generation's number and files, which are added when it is published."""
        return {
            "format": FORMAT,
            **{name: getattr(self, name) for name in _PLAIN},
            "corpus": [asdict(root) for root in self.corpus],
            "selection": self.selection.to_dict(),
            "settings": self.settings.to_dict(),
            "unread": dict(self.unread),
            "encoder": self.model.to_dict(),
            "parts": [asdict(part) for part in self.parts],
            "stamps": {number: list(stamp) for number, stamp in self.stamps.items()},
            "unreadable": skipped_to_list(self.unreadable),
            "excluded": skipped_to_list(self.excluded),
        }


_PLAIN = (
    "version", "created", "read_ns", "documents", "passages", "next_row",
    "lexical_dead", "next_document", "fusion", "codebook_passages", "corpus_root", "looked_at", "multilingual",
)  # fmt: skip


def refuse_other_format(content: Mapping[str, Any], folder: Path) -> None:
    """Raise IndexIncompatibleError where another format wrote the manifest."""
    if content.get("format") != FORMAT:
        raise IndexIncompatibleError(
            f"The index '{folder.parent}' has format {content.get('format')}, this nrqa reads format {FORMAT}. "
            "Build it again: nrqa index"
        )


def manifest_of(content: Mapping[str, Any], folder: Path) -> Manifest:
    """The manifest read from JSON; IndexIncompatibleError where another version of nrqa wrote it."""
    try:
        return Manifest(
            **{name: content[name] for name in _PLAIN},
            corpus=tuple(RecordedRoot.of(root) for root in content["corpus"]),
            selection=selection_of(content["selection"]),
            settings=Settings(**content["settings"]),
            unread={str(script): int(documents) for script, documents in content["unread"].items()},
            model=Model(**content["encoder"]),
            parts=tuple(Part(**{**part, "removed": tuple(part["removed"])}) for part in content["parts"]),
            stamps={number: Stamp(*stamp) for number, stamp in content["stamps"].items()},
            unreadable=tuple(Skipped(**one) for one in content["unreadable"]),
            excluded=tuple(Skipped(**one) for one in content["excluded"]),
            generation=content["generation"],
            files=content["files"],
        )
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise IndexIncompatibleError(
            f"The manifest of the index '{folder.parent}' was written by another version of nrqa ({error}). "
            "Build it again: nrqa index"
        ) from error
