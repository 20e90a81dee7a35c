"""The names of the files in a generation, and the content of its manifest.

    000007/  manifest.json
             lexical/                      tantivy's files
             codebook.npy                  what decodes token codes (see late.coding): five arrays of float16
             token_counts.npy              shape (2, tokens): ids, ascending, and in how many passages each occurs
             part-000001/  part-000004/    each: catalog.sqlite, texts.zlib, rows.npy, documents.npy, vectors.faiss
                                           (an index of FAISS's, whose ids are the rows), tokens.u8 (codes, one
                                           after another), token_places.npy (for each row, where its codes begin
                                           and how many there are)

A part is written once and hard-linked into later generations. A row or document number is assigned once and
never reused; the rows of a part ascend. For each part, the manifest lists the documents that were removed or
replaced since it was written.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from nrqa.corpus.files.selecting import Selection, selection_of
from nrqa.encoder.protocol import Model
from nrqa.errors import IndexIncompatibleError
from nrqa.index.catalog.schema import CATALOG, TEXTS
from nrqa.index.generation import MANIFEST, folder_of, newest
from nrqa.records import Skipped, Stamp, skipped_to_list
from nrqa.settings import FORMAT, Settings

LEXICAL = "lexical"
_PART = "part-"
ROWS, DOCUMENTS = "rows.npy", "documents.npy"
VECTORS = "vectors.faiss"
CODEBOOK, TOKEN_COUNTS = "codebook.npy", "token_counts.npy"
TOKENS, TOKEN_PLACES = "tokens.u8", "token_places.npy"
FILES_OF_PART = frozenset({CATALOG, TEXTS, ROWS, DOCUMENTS, VECTORS, TOKENS, TOKEN_PLACES})
OTHER_FILES = frozenset({CODEBOOK, TOKEN_COUNTS})
"""All names of files in the folder of a part, and beside the parts. Others are not the index's."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a generation: how many rows it has, and which of its documents are gone."""

    name: str
    rows: int
    documents: int
    mark: int
    """A random number that its catalog has as well: catalogs of two parts cannot be mistaken for each other."""
    removed: tuple[int, ...] = ()


def part_name(present: Iterable[Part]) -> str:
    """A name for a new part that none of those present has."""
    return f"{_PART}{1 + max((int(part.name.removeprefix(_PART)) for part in present), default=0):06d}"


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


@dataclass(frozen=True, slots=True)
class Recorded:
    """What must stay readable in a damaged index: its corpus, and the model that it was built with."""

    corpus: tuple[RecordedRoot, ...]
    selection: Selection
    model: str
    fingerprint: str


def recorded(folder: Path) -> Recorded | None:
    """What a generation's manifest records, however damaged the rest is and in whatever format; None if unreadable."""
    try:
        content = json.loads((folder / MANIFEST).read_bytes())
        if "corpus_beside" in content:  # format 3 and older
            root = RecordedRoot("", str(content["corpus"]), str(content["corpus_beside"]))
            return Recorded((root,), Selection(), *_encoder_in(content))
        roots = tuple(RecordedRoot.of(root) for root in content["corpus"])
        return Recorded(roots, selection_of(content["selection"]), *_encoder_in(content))
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None


def _encoder_in(content: Mapping[str, Any]) -> tuple[str, str]:
    """Name and fingerprint of the encoder."""
    return str(content["encoder"]["name"]), str(content["encoder"]["fingerprint"])


def newest_recorded(index: Path) -> Recorded | None:
    """What the newest generation of an index records (see ``recorded``), or None where there is none."""
    number = newest(index)
    return recorded(folder_of(index, number)) if number is not None else None


def recorded_columns(index: Path) -> dict[str, list[str]]:
    """The columns of tables that the user named when the index was built, by role, however damaged the rest is."""
    found = _recorded_setting(index, "columns")
    try:
        return {str(role): [str(name) for name in names] for role, names in found.items()}
    except (TypeError, AttributeError):
        return {}


def recorded_ocr(index: Path) -> str:
    """The languages in which scans were recognised when the index was built, however damaged the rest is."""
    found = _recorded_setting(index, "ocr")
    return found if isinstance(found, str) else ""


def recorded_unreadable(index: Path) -> tuple[tuple[Skipped, ...], int]:
    """The files that could not be read when the index was built, and when that was; nothing where that is unknown."""
    content = _recorded_content(index)
    try:
        return tuple(Skipped(str(one["document"]), str(one["reason"])) for one in content["unreadable"]), int(
            content["read_ns"]
        )
    except (LookupError, TypeError, ValueError, AttributeError):
        return (), 0


def _recorded_setting(index: Path, name: str) -> Any:
    content = _recorded_content(index)
    try:
        return content["settings"][name]
    except (LookupError, TypeError):
        return None


def _recorded_content(index: Path) -> Any:
    """The manifest's JSON, or None where it cannot be read."""
    try:
        number = newest(index)
        return None if number is None else json.loads((folder_of(index, number) / MANIFEST).read_bytes())
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None
