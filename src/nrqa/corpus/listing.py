"""Which files a corpus has: every one is either a source or listed with its reason."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nrqa.corpus.kinds import KINDS, kind_of
from nrqa.errors import CorpusError, UnreadableError
from nrqa.records import Skipped
from nrqa.settings import MAX_FILE_BYTES


@dataclass(frozen=True, slots=True)
class Stamp:
    """What the file system says of a file; equal stamps mean that nobody wrote to it.

    ``changed_ns`` (ctime) moves with every write and, unlike the modification time, cannot be set back.
    """

    size: int
    modified_ns: int
    changed_ns: int


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read: its name inside the corpus (forward slashes), its path, and its stamp."""

    name: str
    path: Path
    stamp: Stamp


@dataclass(frozen=True, slots=True)
class Listing:
    """All that lies in a corpus folder, each list in order of name.

    ``excluded`` are no part of a corpus by definition: names that begin with a dot, and the index.
    """

    sources: tuple[Source, ...]
    unreadable: tuple[Skipped, ...]
    excluded: tuple[Skipped, ...]


def list_corpus(corpus: Path, *, index: Path | None = None) -> Listing:
    """What lies in the folder, found by looking at names and stamps only.

    Raises CorpusError where the folder itself is missing, is no folder or may not be read.
    """
    check_corpus(corpus)
    root = corpus.resolve()
    walk = _Walk(root, index.resolve() if index else None)
    sources: list[Source] = []
    unreadable: list[Skipped] = []
    excluded: list[Skipped] = []
    # A stack and not recursion: folders may be nested deeper than Python's calls.
    pending = [_Folder(corpus, "")]
    while pending:
        for found in walk.folder(pending.pop()):
            match found:
                case Source():
                    sources.append(found)
                case _Folder():
                    pending.append(found)
                case ("excluded", skipped):
                    excluded.append(skipped)
                case ("unreadable", skipped):
                    unreadable.append(skipped)
    return Listing(
        tuple(sorted(sources, key=lambda source: source.name)),
        tuple(sorted(unreadable, key=lambda one: one.document)),
        tuple(sorted(excluded, key=lambda one: one.document)),
    )


def check_corpus(corpus: Path) -> None:
    """CorpusError where the folder is missing, is no folder, or may not be read."""
    try:
        exists, is_folder = corpus.exists(), corpus.is_dir()
    except OSError as error:
        raise CorpusError(f"The corpus folder '{corpus}' cannot be looked at: {reason_of(error)}") from error
    if not exists:
        raise CorpusError(f"The corpus folder '{corpus}' does not exist. Name an existing one: nrqa index FOLDER")
    if not is_folder:
        raise CorpusError(f"'{corpus}' is a file, not a folder. Name the folder that holds it: nrqa index FOLDER")
    if not os.access(corpus, os.R_OK | os.X_OK):
        raise CorpusError(f"The corpus folder '{corpus}' may not be read. Mend its permissions: chmod u+rx")


def read_source(source: Source) -> tuple[bytes, Stamp]:
    """The file's bytes and the stamp they were read under; UnreadableError with the reason otherwise."""
    try:
        # O_NONBLOCK: a pipe put in the file's place since it was listed must not hang the run.
        handle = os.open(source.path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except OSError as error:
        raise UnreadableError(reason_of(error)) from error
    with os.fdopen(handle, "rb") as file:
        try:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise UnreadableError("not a regular file")
            data = file.read(MAX_FILE_BYTES + 1)
        except OSError as error:
            raise UnreadableError(reason_of(error)) from error
    if len(data) > MAX_FILE_BYTES:
        raise UnreadableError(_too_large(len(data)))
    return data, _stamp(status)


def reason_of(error: OSError) -> str:
    """The operating system's reason, in words."""
    if isinstance(error, PermissionError):
        return "no permission to read it"
    if isinstance(error, FileNotFoundError):
        return "it vanished while the corpus was being read"
    return (error.strerror or str(error)).lower()


@dataclass(frozen=True, slots=True)
class _Folder:
    path: Path
    name: str


Found = Source | _Folder | tuple[str, Skipped]


@dataclass(frozen=True, slots=True)
class _Walk:
    root: Path
    index: Path | None

    def folder(self, folder: _Folder) -> Iterator[Found]:
        """What lies directly in the folder."""
        name = folder.name
        try:
            entries = sorted(os.scandir(folder.path), key=lambda entry: entry.name)
        except OSError as error:
            yield "unreadable", Skipped(name, f"folder not read: {reason_of(error)}")
            return
        for entry in entries:
            inner = f"{name}/{entry.name}" if name else entry.name
            yield from self._entry(entry, inner)

    def _entry(self, entry: os.DirEntry[str], name: str) -> Iterator[Found]:
        try:
            name.encode()
        except UnicodeEncodeError:
            shown = os.fsencode(name).decode("utf-8", "backslashreplace")
            yield "unreadable", Skipped(shown, "its name is not valid UTF-8; rename it")
            return
        if entry.name.startswith("."):
            yield "excluded", Skipped(name, "hidden")
            return
        try:
            yield from self._readable_entry(entry, name)
        except OSError as error:
            yield "unreadable", Skipped(name, reason_of(error))

    def _readable_entry(self, entry: os.DirEntry[str], name: str) -> Iterator[Found]:
        path = Path(entry.path)
        if entry.is_symlink():
            yield from self._link(path, name)
        elif entry.is_dir():
            if self.index is not None and path.resolve() == self.index:
                yield "excluded", Skipped(name, "the index itself")
            else:
                yield _Folder(path, name)
        else:
            yield _file(path, name, entry.stat())

    def _link(self, path: Path, name: str) -> Iterator[Found]:
        try:
            target = path.resolve(strict=True)
        except (OSError, RuntimeError):
            yield "unreadable", Skipped(name, "a link that leads nowhere")
            return
        if not target.is_relative_to(self.root):
            yield (
                "unreadable",
                Skipped(name, "a link that leaves the corpus; copy the file or index its folder"),
            )
        elif target.is_dir():
            yield (
                "excluded",
                Skipped(name, "a link to a folder of this corpus, whose files have their own names"),
            )
        else:
            yield _file(path, name, target.stat())


def _file(path: Path, name: str, status: os.stat_result) -> Found:
    if not stat.S_ISREG(status.st_mode):
        return "unreadable", Skipped(name, "not a regular file")
    if kind_of(name) is None:
        suffix = Path(name).suffix.lower()
        problem = f"{suffix} files are not supported" if suffix else "no file extension"
        return "unreadable", Skipped(name, f"{problem}; nrqa reads {_READ}")
    if status.st_size > MAX_FILE_BYTES:
        return "unreadable", Skipped(name, _too_large(status.st_size))
    return Source(name, path, _stamp(status))


_READ = ", ".join(kind.name for kind in KINDS)


def _stamp(status: os.stat_result) -> Stamp:
    return Stamp(status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def _too_large(size: int) -> str:
    mebibyte = 1024 * 1024
    return f"too large: {size / mebibyte:.0f} MiB, the limit is {MAX_FILE_BYTES // mebibyte} MiB; split it"
