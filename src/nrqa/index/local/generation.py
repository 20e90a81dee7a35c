"""Generations: immutable numbered folders, each published by one rename under one writer lock.

    index/  LOCK   000006/   000007/ (the highest number is the index)   tmp-... (a build under way)

A generation is complete before it gets its number: its files and its manifest are written and flushed in a
``tmp-`` folder, which is then renamed. A process that dies before that leaves a ``tmp-`` folder, which nobody reads and
the next writer deletes. This module knows nothing of what a generation holds besides its manifest. Completion loads it
at each press of the TAB key: what only writing and comparing needs is imported there.
"""

from __future__ import annotations

import errno
import json
import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from io import BufferedReader
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nrqa.errors import IndexBusyError, IndexDamagedError, IndexUnusableError
from nrqa.index import CALIBRATION, STANDING

if TYPE_CHECKING:
    from filelock import BaseFileLock

MANIFEST = "manifest.json"
LOCK = "LOCK"
_NUMBER = re.compile(r"\d{6,}")
_RELEASED = 0.5
"""Seconds after which the lock of a writer that was killed is free: a program that it was starting may hold it."""
_DRAFT = "tmp-"
_ENCODED = "tmp-vectors-"
"""How the names begin of what a dead writer has encoded: the next one uses it (package indexing)."""
_FILE = re.compile(r"(?:[\w-]+/)?[\w-]*(?:\.[\w-]+)*", re.ASCII)
"""Names of files in a generation: a folder or none, and a name whose dots stand alone and lead nowhere."""
_LONGEST = 200
_UNREAD = "is missing or cannot be read"
COMPARED = 1024 * 1024
"""Bytes of files whose checksums are computed when a generation is opened, the smallest first: a millisecond or two."""
_KEPT = 2
"""Generations kept after a publish: the new one, and the one that readers may still be opening."""


def newest(index: Path) -> int | None:
    """The number of the current generation, or None where there is none."""
    return max(_numbers(index), default=None)


def folder_of(index: Path, number: int) -> Path:
    """The folder of a generation."""
    return index / f"{number:06d}"


def read_manifest(folder: Path, *, first: Callable[[Mapping[str, Any]], None] = lambda _: None) -> dict[str, Any]:
    """The manifest of a published generation, after checking it, and the files that it names.

    ``first`` is called with the content before it is checked; it raises an error where another version wrote it.

    The index may be somebody else's: nothing that the manifest says is believed. Each file must be a regular file in
    the generation's own folder, of the right size, and reached by no link. The contents of small files are compared
    with their checksums, as many as that takes a few milliseconds for; those of the others when they are read
    (package catalog), or by ``damaged_files``.

    Raises FileNotFoundError where the whole generation is gone (a writer has deleted it: look for a newer one), and
    IndexDamagedError where it is there but not as it was published.
    """
    try:
        manifest = _manifest(folder, first)
        _check_files(folder, manifest["files"])
    except FileNotFoundError as error:
        if not folder.exists():
            raise
        raise _damaged(Path(error.filename), "is missing") from None
    return manifest


def damaged_files(folder: Path) -> Iterator[tuple[str, str]]:
    """Each file of a generation that differs from what was published, and what is wrong with it."""
    try:
        files = _manifest(folder, lambda _: None)["files"]
    except FileNotFoundError:
        yield MANIFEST, _UNREAD
        return
    except IndexDamagedError as error:
        yield MANIFEST, "has other contents than were written" if "other contents" in str(error) else _UNREAD
        return
    for name, facts in files.items():
        try:
            size = _size(folder, name)
            if size != facts["size"]:
                yield name, f"has {size} bytes instead of {facts['size']}"
            elif _sha256(folder / name) != facts["sha256"]:
                yield name, "has other contents than were written"
        except FileNotFoundError:
            yield name, "is missing"
        except _NotOursError as error:
            yield name, str(error)


@contextmanager
def writing(index: Path) -> Iterator[None]:
    """Hold the writer lock; what dead writers left behind is deleted first.

    Raises IndexBusyError if another process holds the lock, and DiskFullError in place of any error that a full disk
    causes.
    """
    from filelock import Timeout

    from nrqa.index.local.disk_space import reported_if_full

    with reported_if_full(index):
        _prepare(index)
        lock = lock_of(index)
        try:
            lock.acquire(timeout=_RELEASED, poll_interval=0.02)
        except Timeout:
            raise IndexBusyError(
                f"Another process is writing to the index '{index}'. Questions are still answered; "
                "try again when it has finished."
            ) from None
        try:
            for draft in index.glob(f"{_DRAFT}*"):
                _clear_away(draft)
            yield
        finally:
            lock.release()


def lock_of(index: Path) -> BaseFileLock:
    """The writer lock of an index, not yet held; it does not wait.

    Raises IndexUnusableError where the lock is a link or no file: taking it would empty what the link leads to.
    """
    from filelock import FileLock

    with suppress(FileNotFoundError):
        if not stat.S_ISREG((index / LOCK).lstat().st_mode):
            raise IndexUnusableError(f"'{index / LOCK}' is no regular file, so it is not taken for a lock. Remove it.")
    return FileLock(index / LOCK, timeout=0)


def _clear_away(draft: Path) -> None:
    """Delete what a dead writer left, but for what it has encoded; a link is deleted, and nothing beyond it."""
    from shutil import rmtree

    mode = draft.lstat().st_mode
    if stat.S_ISDIR(mode):
        if not draft.name.startswith(_ENCODED):
            rmtree(draft, ignore_errors=True)
    elif not stat.S_ISREG(mode):
        draft.unlink()


def begin(index: Path) -> Path:
    """A new empty folder to build a generation in, on the same file system as the published ones."""
    from tempfile import mkdtemp  # not needed for a question

    draft = Path(mkdtemp(prefix=_DRAFT, dir=index))
    draft.chmod(0o777 & ~_umask())
    return draft


def reuse(folder: Path, name: str, draft: Path) -> None:
    """Put a file of the previous generation into a draft: as a hard link, or as a copy where links are not possible.

    No link is followed, no file is overwritten, and no mode is changed: the previous generation may be somebody else's.
    """
    try:
        _size(folder, name)
    except _NotOursError as error:
        raise _damaged(folder / name, str(error)) from None
    place = draft / name
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(folder / name, place, follow_symlinks=False)
    except FileExistsError:
        raise
    except OSError:
        from shutil import copyfileobj

        with _opened(folder / name) as file, place.open("xb") as copy:
            copyfileobj(file, copy)


def publish(
    index: Path,
    draft: Path,
    content: dict[str, Any],
    *,
    linked: Mapping[str, Mapping[str, Any]],
    leave_out: Callable[[str], bool],
) -> int:
    """Publish the draft as the current generation and return its number; all older generations but one are deleted.

    ``content`` becomes the manifest, with the size and sha256 of every file added. For files that were ``linked`` from
    the previous generation they are taken from its manifest. Files whose names ``leave_out`` accepts (locks) are in the
    folder but do not belong to the generation.
    """
    number = max(_numbers(index), default=0) + 1
    files = {}
    for file in sorted(path for path in draft.rglob("*") if not path.is_dir()):
        if leave_out(file.name):
            continue
        name = file.relative_to(draft).as_posix()
        status = file.lstat()
        is_linked = name in linked and status.st_nlink > 1 and status.st_size == linked[name]["size"]
        if not is_linked:
            file.chmod(0o666 & ~_umask())
            _flush(file)
        sha256 = linked[name]["sha256"] if is_linked else _sha256(file)
        files[name] = {"size": status.st_size, "sha256": sha256}
        if not _is_name(name):
            raise ValueError(f"no name for a file of a generation: {name}")
    manifest = draft / MANIFEST
    whole = {**content, "generation": number, "files": files}
    manifest.write_text(json.dumps({**whole, "checksum": _checksum(whole)}, indent=1), "utf-8")
    _flush(manifest)
    for folder in [*(path for path in draft.rglob("*") if path.is_dir()), draft]:
        _flush(folder)
    place = folder_of(index, number)
    if place.exists():
        # rename() would silently replace an empty folder, and only a writer may create a folder of that name.
        raise IndexUnusableError(f"'{place}' is in the way of the new generation. Remove it and run again.")
    draft.rename(place)
    _flush(index)
    for old in sorted(_numbers(index))[:-_KEPT]:
        _sweep(index, old)
    return number


def _sweep(index: Path, number: int) -> None:
    """Delete a generation; it is renamed first, so that a reader finds it complete or not at all."""
    from shutil import rmtree
    from tempfile import mkdtemp

    try:
        place = Path(mkdtemp(prefix=_DRAFT, dir=index))
    except OSError:
        return  # the disk is full; the new generation is published anyway, and the next publish tries again
    try:
        folder_of(index, number).rename(place / "swept")
    except OSError:
        return  # a reader has it open (on Windows); as above
    finally:
        rmtree(place, ignore_errors=True)


def identity(index: Path, number: int) -> tuple[int, int, int]:
    """A key that differs for a generation of the same number which was built after the index was deleted."""
    status = (folder_of(index, number) / MANIFEST).stat()
    return number, status.st_ino, status.st_mtime_ns


def _prepare(index: Path) -> None:
    """Create the index folder; IndexUnusableError where there is one that holds something else."""
    if index.exists() and not index.is_dir():
        raise IndexUnusableError(f"The index '{index}' is a file. Name a folder: --index FOLDER")
    try:
        index.mkdir(parents=True, exist_ok=True)
        others = [
            path.name
            for path in index.iterdir()
            if path.name not in (LOCK, STANDING, CALIBRATION)
            and not path.name.startswith((".", _DRAFT))
            and not _NUMBER.fullmatch(path.name)
            and path.name.lower() not in ("readme", "readme.md")
        ]
    except OSError as error:
        raise IndexUnusableError(f"The index folder '{index}' cannot be used: {error.strerror}") from error
    if others:
        raise IndexUnusableError(
            f"The folder '{index}' holds other things ({others[0]}), so it is not taken for an index. "
            "Name an empty or new folder: --index FOLDER"
        )
    if not os.access(index, os.W_OK):
        raise IndexUnusableError(f"The index folder '{index}' may not be written to. Name another: --index FOLDER")


def _numbers(index: Path) -> list[int]:
    try:
        names = [path.name for path in index.iterdir()]
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise IndexUnusableError(f"The index folder '{index}' cannot be read: {error.strerror}") from error
    return [int(name) for name in names if _NUMBER.fullmatch(name)]


class _NotOursError(Exception):
    """A file of a generation is none: a link, or reached by one, or no regular file."""


def _manifest(folder: Path, first: Callable[[Mapping[str, Any]], None]) -> dict[str, Any]:
    """The content of a manifest that is as it was written, and whose list of files is one."""
    file = folder / MANIFEST
    try:
        _size(folder, MANIFEST)
        with _opened(file) as opened:
            manifest = json.loads(opened.read())
        first(manifest)
        checksum, files = manifest.pop("checksum"), manifest["files"]
        sound = checksum == _checksum(manifest)
    except _NotOursError as error:
        raise _damaged(file, str(error)) from None
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise _damaged(file, "cannot be read") from error
    if not sound:
        raise _damaged(file, "has other contents than were written")
    if not isinstance(files, dict) or not all(_is_name(name) and _is_facts(facts) for name, facts in files.items()):
        raise _damaged(file, "names files that no generation has")
    return dict(manifest)


def _check_files(folder: Path, files: Mapping[str, Mapping[str, Any]]) -> None:
    """Raise IndexDamagedError where a file is not the one that was published, as far as a quick look tells."""
    left = COMPARED
    for name, facts in sorted(files.items(), key=lambda one: (one[1]["size"], one[0])):
        try:
            size = _size(folder, name)
        except _NotOursError as error:
            raise _damaged(folder / name, str(error)) from None
        if size != facts["size"]:
            raise _damaged(folder / name, f"has {size} bytes instead of {facts['size']}")
        left -= size
        if left >= 0 and _sha256(folder / name) != facts["sha256"]:
            raise _damaged(folder / name, "has other contents than were written")


def _size(folder: Path, name: str) -> int:
    """The size of a file; _NotOursError where a link leads to it, or it is no regular file."""
    parts = name.split("/")
    for at in range(len(parts)):
        inner = folder.joinpath(*parts[:at])
        if not stat.S_ISDIR(inner.lstat().st_mode):
            raise _NotOursError(f"lies in '{inner.name}', which is no folder of the index's own")
    status = (folder / name).lstat()
    if not stat.S_ISREG(status.st_mode):
        raise _NotOursError("is no regular file")
    return status.st_size


def _is_name(name: object) -> bool:
    """Whether a file of a generation may have that name, which also is its path: at most one folder, no dots alone."""
    return isinstance(name, str) and len(name) <= _LONGEST and bool(_FILE.fullmatch(name))


def _is_facts(facts: object) -> bool:
    return (
        isinstance(facts, dict)
        and type(facts.get("size")) is int
        and facts["size"] >= 0
        and isinstance(facts.get("sha256"), str)
    )


def _opened(file: Path) -> BufferedReader:
    """The file opened to be read; OSError where it is a link."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
    return os.fdopen(os.open(file, flags), "rb")


def _damaged(file: Path, what: str) -> IndexDamagedError:
    index = file.parent if _NUMBER.fullmatch(file.parent.name) else file.parents[1]
    return IndexDamagedError(f"The index is damaged: '{file}' {what}. Build it again: nrqa index --rebuild "
                             f"(index folder: '{index.parent}')")  # fmt: skip


def _flush(path: Path) -> None:
    """Make the system write a file or folder to the disk itself."""
    if path.is_dir() and os.name == "nt":
        return  # Windows cannot flush folders
    handle = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)  # Windows flushes writable files only
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # some network file systems cannot
            raise
    finally:
        os.close(handle)


def _checksum(content: dict[str, Any]) -> str:
    """sha256 of the content of a manifest, whatever its formatting."""
    from hashlib import sha256

    return sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _sha256(file: Path) -> str:
    from hashlib import file_digest

    with _opened(file) as stream:
        return file_digest(stream, "sha256").hexdigest()


def _umask() -> int:
    """The process's umask, which can only be read by setting it."""
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
