"""Which files a corpus has: every one is either a source or listed with its reason."""

from __future__ import annotations

import errno
import os
import stat
import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from nrqa.corpus.files.ignoring import (
    IGNORE_FILE,
    Rules,
    holds_index,
    left_behind,
    left_out_by,
    page_beside,
    read_rules,
)
from nrqa.corpus.files.roots import Corpus, Root
from nrqa.corpus.readers.kinds import BARE, kind_of
from nrqa.errors import CorpusError, UnreadableError
from nrqa.records import Skipped, Stamp

if TYPE_CHECKING:
    from nrqa.corpus.files.patterns import Patterns

HIDDEN = "hidden"
"""The reason of names that begin with a dot."""
_MOST_TOLD = 20
"""Most files to list by name if they are in one folder and left out for one reason; of more, only the number."""
_MIB = 1024 * 1024
_GROWTH, _MORE = 4, 10_000
"""A corpus may have grown to so many times what it held, and by so many files, before a question stops counting."""
_QUICK, _LONGEST = 0.5, 15.0
"""Seconds: no look at a corpus is given up before the first, and none of a question's lasts longer than the second."""
_OFTEN = 256
_NONBLOCK: int = getattr(os, "O_NONBLOCK", 0)
_NO_FOLLOW: int = getattr(os, "O_NOFOLLOW", 0)
_BECAME_LINK = "a link has taken its place while the corpus was being read"
_DELETED = " (deleted)"
"""What Linux adds to the path of an open file that was replaced or removed meanwhile."""


class Source(NamedTuple):
    """A file to read.

    Its name inside the corpus (with forward slashes), its path, its stamp, and the most bytes to read from it.
    """

    name: str
    place: str
    stamp: Stamp
    most: int

    @property
    def path(self) -> Path:
        """The file's path, created only on demand: most files of a large corpus never need it."""
        return Path(self.place)


@dataclass(frozen=True, slots=True)
class Listing:
    """All files found in a corpus, each list sorted by name.

    The files in ``excluded`` do not belong to the corpus: names that begin with a dot, the index, what programs leave
    behind, and what the user left out.
    """

    sources: tuple[Source, ...]
    unreadable: tuple[Skipped, ...]
    excluded: tuple[Skipped, ...]
    looked_at: int = 0
    """How many files and folders there were, those included that are left out together."""


def list_corpus(corpus: Corpus, *, index: Path | None = None, expected: int | None = None) -> Listing:
    """Lists the files of the corpus. Reads only names, stamps and the rules in ``.nrqaignore`` files.

    Raises CorpusError if a folder or file that the user named is missing or may not be read. With ``expected``, a
    number of files and folders, also if there are far more, or listing them takes too long: the folders are then those
    that an index names, which may be somebody else's, and they may be all that there is on this machine.
    """
    check_corpus(corpus)
    patience = _Patience(expected)
    chosen = corpus.selection
    own = corpus.folder.name if corpus.folder else ""
    include, exclude = (_patterns(globs, own) for globs in (chosen.include, chosen.exclude))
    walk = _Walk(corpus, index.resolve() if index else None, include, exclude)
    sources: list[Source] = []
    unreadable: list[Skipped] = []
    excluded: list[Skipped] = []
    left_out: list[_LeftOut] = []
    # A stack instead of recursion: folders may be nested more deeply than Python allows calls to be.
    pending = [_Folder(root.path, root.name, ()) for root in corpus.roots if not root.is_file]
    found_all: list[Iterable[Found]] = [walk.named(root) for root in corpus.roots if root.is_file]
    while pending or found_all:
        for found in found_all.pop() if found_all else walk.folder(pending.pop()):
            patience.one_more()
            match found:
                case Source():
                    sources.append(found)
                case _Folder():
                    pending.append(found)
                case _LeftOut():
                    left_out.append(found)
                case ("excluded", skipped):
                    excluded.append(skipped)
                case ("unreadable", skipped):
                    unreadable.append(skipped)
    excluded.extend(_told(left_out))
    return Listing(
        tuple(sorted(sources, key=lambda source: source.name)),
        tuple(sorted(unreadable, key=lambda one: one.document)),
        tuple(sorted(excluded, key=lambda one: one.document)),
        patience.seen,
    )


class _Patience:
    """Counts what is listed, and gives up where that is far more than was expected."""

    def __init__(self, expected: int | None) -> None:
        self.seen = 0
        self._most = None if expected is None else _GROWTH * expected + _MORE
        self._began = time.monotonic()

    def one_more(self) -> None:
        self.seen += 1
        if self._most is None or self.seen % _OFTEN:
            return
        took = time.monotonic() - self._began
        if self.seen > self._most and took > _QUICK:
            raise CorpusError(f"it holds more than {self.seen:,} files and folders, far more than were indexed")
        if took > _LONGEST:
            raise CorpusError(f"listing it takes longer than {_LONGEST:.0f} s")


def check_corpus(corpus: Corpus) -> None:
    """Raises CorpusError if a folder or file that the user named is missing or may not be read."""
    for root in corpus.roots:
        path, kind, rights = (
            root.path,
            "file" if root.is_file else "folder",
            os.R_OK if root.is_file else os.R_OK | os.X_OK,
        )
        try:
            exists = path.exists()
        except OSError as error:
            raise CorpusError(f"The corpus {kind} '{path}' cannot be looked at: {reason_of(error)}") from error
        if not exists:
            missing = (
                "does not exist" if len(corpus.roots) == 1 else "is not there, so nothing was taken out of the index"
            )
            raise CorpusError(
                f"The corpus {kind} '{path}' {missing}. Mount or restore it, or name what is there: nrqa index FOLDER"
            )
        if not os.access(path, rights):
            raise CorpusError(f"The corpus {kind} '{path}' may not be read. Mend its permissions: chmod u+rx")


def read_source(source: Source) -> tuple[bytes, Stamp]:
    """The file's bytes, and its stamp when they were read. Raises UnreadableError with the reason if that fails.

    No link is followed: the listing has followed those that lead to a file of the corpus, and one that has taken the
    place of a file or folder since then may lead anywhere.
    """
    try:
        # O_NONBLOCK: if a pipe has replaced the file since the listing, the run must not hang on it.
        handle = os.open(source.place, os.O_RDONLY | _NONBLOCK | _NO_FOLLOW | getattr(os, "O_BINARY", 0))
    except OSError as error:
        raise UnreadableError(_BECAME_LINK if error.errno == errno.ELOOP else reason_of(error)) from error
    with os.fdopen(handle, "rb") as file:
        try:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise UnreadableError("not a regular file")
            if place_of_open(file.fileno(), source.place) != source.place:
                raise UnreadableError(_BECAME_LINK)
            if kind_of(source.name) is BARE and (reason := _reason_against(file.fileno())):
                raise UnreadableError(reason)  # before all of a large program is read
            data = file.read(source.most + 1)
        except OSError as error:
            raise UnreadableError(reason_of(error)) from error
    if len(data) > source.most:
        raise UnreadableError(_too_large(max(status.st_size, len(data)), source.most))
    return data, _stamp(status)


def place_of_open(handle: int, place: str) -> str:
    """Where an open file really is. Linux knows that of the handle; elsewhere the path is looked up once more."""
    try:
        return str(Path(f"/proc/self/fd/{handle}").readlink()).removesuffix(_DELETED)
    except OSError:
        return os.path.realpath(place)


def _reason_against(handle: int) -> str | None:
    """Why a file without an extension is no text, by its first bytes; None where it is one."""
    from nrqa.corpus.readers.sniffing import HEAD, reason_against  # as for other kinds: a question mostly needs none

    return reason_against(os.pread(handle, HEAD, 0))


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
    rules: tuple[Rules, ...]


@dataclass(frozen=True, slots=True)
class _LeftOut:
    """A file that the user left out."""

    name: str
    reason: str


Found = Source | _Folder | _LeftOut | tuple[str, Skipped]


@dataclass(frozen=True, slots=True)
class _Walk:
    corpus: Corpus
    index: Path | None
    include: Patterns | None
    exclude: Patterns | None

    def named(self, root: Root) -> Iterator[Found]:
        """A file that the user named."""
        reason = self._deselected(root.name)
        try:
            place = root.path.resolve()
            yield _LeftOut(root.name, reason) if reason else self._file(str(place), root.name, place.stat())
        except OSError as error:
            yield "unreadable", Skipped(root.name, reason_of(error))

    def folder(self, folder: _Folder) -> Iterator[Found]:
        """What lies directly in the folder."""
        try:
            entries = sorted(os.scandir(folder.path), key=lambda entry: entry.name)
        except OSError as error:
            yield "unreadable", Skipped(folder.name, f"folder not read: {reason_of(error)}")
            return
        rules = folder.rules
        names = {entry.name for entry in entries}
        if folder.name and holds_index(folder.path, names):
            yield "excluded", Skipped(folder.name, "another index of nrqa's")
            return
        if IGNORE_FILE in names:
            rules = (*rules, read_rules(folder.path / IGNORE_FILE, folder.name))
        for entry in entries:
            inner = f"{folder.name}/{entry.name}" if folder.name else entry.name
            if entry.name == IGNORE_FILE:
                yield "excluded", Skipped(inner, _rules_told(rules[-1]))
            else:
                yield self._entry(entry, inner, rules, names)

    def _entry(self, entry: os.DirEntry[str], name: str, rules: tuple[Rules, ...], names: Collection[str]) -> Found:
        try:
            name.encode()
        except UnicodeEncodeError:
            shown = os.fsencode(name).decode("utf-8", "backslashreplace")
            return "unreadable", Skipped(shown, "its name is not valid UTF-8; rename it")
        reason = left_behind(entry.name) or (HIDDEN if entry.name.startswith(".") else None)
        if reason:
            return "excluded", Skipped(name, reason)
        try:
            return self._looked_at(entry, name, rules, names)
        except OSError as error:
            return "unreadable", Skipped(name, reason_of(error))

    def _looked_at(self, entry: os.DirEntry[str], name: str, rules: tuple[Rules, ...], names: Collection[str]) -> Found:
        is_folder = entry.is_dir(follow_symlinks=False)
        page = page_beside(entry.name, names) if is_folder else None
        reason = left_out_by(rules, name, folder=is_folder) or self._deselected(name, folder=is_folder)
        if page:
            return "excluded", Skipped(name, f"what the saved page {page} is made of; rename it to have it read")
        if reason:
            return ("excluded", Skipped(name, reason)) if is_folder else _LeftOut(name, reason)
        if not is_folder:
            linked = entry.is_symlink()
            return self._link(Path(entry.path), name) if linked else self._file(entry.path, name, entry.stat())
        if self.index is not None and Path(entry.path).resolve() == self.index:
            return "excluded", Skipped(name, "the index itself")
        return _Folder(Path(entry.path), name, rules)

    def _deselected(self, name: str, *, folder: bool = False) -> str | None:
        """The reason why a glob of the user leaves a name out; None if it stays in.

        A name that no ``--include`` glob matches is left out only if it is a file: a folder may hold files that match.
        """
        out = self.exclude.decide(name, folder=folder) if self.exclude else None
        if out and out[0]:
            return f"left out by --exclude {out[2]}"
        if folder or not self.include:
            return None
        inside = self.include.decide(name)
        if inside and inside[0]:
            return None
        return f"not among --include {' '.join(glob for _, glob in self.include.lines)}"

    def _link(self, path: Path, name: str) -> Found:
        try:
            target = path.resolve(strict=True)
        except (OSError, RuntimeError):
            return "unreadable", Skipped(name, "a link that leads nowhere")
        if not any(target.is_relative_to(root.path) for root in self.corpus.roots):
            return "unreadable", Skipped(name, "a link that leaves the corpus; copy the file or index its folder")
        if target.is_dir():
            return "excluded", Skipped(name, "a link to a folder of this corpus, whose files have their own names")
        return self._file(str(target), name, target.stat())

    def _file(self, place: str, name: str, status: os.stat_result) -> Found:
        most = self.corpus.selection.max_file_size
        if not stat.S_ISREG(status.st_mode):
            return "unreadable", Skipped(name, "not a regular file")
        if kind_of(name) is None:
            from nrqa.corpus.files.textless import unsupported_reason  # a question mostly needs none

            return "unreadable", Skipped(name, unsupported_reason(name))
        if status.st_size > most:
            return "unreadable", Skipped(name, _too_large(status.st_size, most))
        return Source(name, place, _stamp(status), most)


def _patterns(globs: Sequence[str], own: str) -> Patterns | None:
    """The globs, which may begin with the name of the folder that is the corpus."""
    if not globs:
        return None
    from nrqa.corpus.files.choosing import within
    from nrqa.corpus.files.patterns import Patterns

    return Patterns.of(within(globs, own))


def _told(left_out: Iterable[_LeftOut]) -> Iterator[Skipped]:
    """Lists the files that were left out by name; where a folder has too many with one reason, gives their number."""
    alike: dict[tuple[str, str], list[str]] = {}
    for one in left_out:
        alike.setdefault((PurePosixPath(one.name).parent.as_posix(), one.reason), []).append(one.name)
    for (folder, reason), names in alike.items():
        if len(names) <= _MOST_TOLD:
            yield from (Skipped(name, reason) for name in names)
        else:
            kinds = Counter(PurePosixPath(name).suffix.lower() or "no extension" for name in names).most_common(3)
            such = ", ".join(f"{count:,} {suffix}" for suffix, count in kinds)
            yield Skipped(f"{folder}/*", f"{len(names):,} files ({such}) {reason}")


def _rules_told(rules: Rules) -> str:
    bad = "".join(f"; line {number} is no pattern ({problem})" for number, problem in rules.patterns.bad)
    return f"says which files to leave out{bad}"


def _stamp(status: os.stat_result) -> Stamp:
    return Stamp(status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def _too_large(size: int, most: int) -> str:
    needed = -(-size // _MIB)
    return f"too large: {_in_mib(size)}, the limit is {_in_mib(most)}; raise it with --max-file-size {needed}MiB"


def _in_mib(size: int) -> str:
    return (
        f"{size:,} bytes"
        if size < _MIB
        else f"{size / _MIB:.3g} MiB"
        if size < 10 * _MIB
        else f"{size / _MIB:,.0f} MiB"
    )
