"""Generations: immutable numbered folders, each published by one rename under one writer lock.

    index/  LOCK   000006/   000007/ (the highest number is the index)   tmp-... (a build under way)

A generation is complete before it gets its number: its files and its manifest are written and flushed in a
``tmp-`` folder, which is then renamed. A process that dies before that leaves a ``tmp-`` folder, which nobody reads and
the next writer deletes. This module knows nothing of what a generation holds besides its manifest.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nrqa.errors import IndexBusyError, IndexDamagedError, IndexUnusableError

MANIFEST = "manifest.json"
LOCK = "LOCK"
STANDING, CALIBRATION = "standing", "calibration.json"
"""What users put beside the generations (see modules standing and calibration): no writer touches it."""
_NUMBER = re.compile(r"\d{6,}")
_DRAFT = "tmp-"
_KEPT = 2
"""Generations kept after a publish: the new one, and the one that readers may still be opening."""


def newest(index: Path) -> int | None:
    """The number of the current generation, or None where there is none."""
    return max(_numbers(index), default=None)


def folder_of(index: Path, number: int) -> Path:
    """The folder of a generation."""
    return index / f"{number:06d}"


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a published generation, after checking that each of its files is there and has the right size.

    Raises FileNotFoundError where the whole generation is gone (a writer has deleted it: look for a newer one), and
    IndexDamagedError where it is there but not complete.
    """
    file = folder / MANIFEST
    try:
        manifest = json.loads(file.read_bytes())
        files = manifest["files"]
    except FileNotFoundError:
        if not folder.exists():
            raise
        raise _damaged(file, "is missing") from None
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged(file, "cannot be read") from error
    for name, facts in files.items():
        try:
            size = (folder / name).stat().st_size
        except FileNotFoundError:
            if not folder.exists():
                raise
            raise _damaged(folder / name, "is missing") from None
        if size != facts["size"]:
            raise _damaged(folder / name, f"has {size} bytes instead of {facts['size']}")
    return dict(manifest)


def damaged_files(folder: Path) -> Iterator[tuple[str, str]]:
    """Each file of a generation that differs from what was published, and what is wrong with it."""
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        files, checksum = manifest["files"], manifest.pop("checksum")
    except (OSError, ValueError, KeyError, TypeError):
        yield MANIFEST, "is missing or cannot be read"
        return
    if checksum != _checksum(manifest):
        yield MANIFEST, "has other contents than were written"
    for name, facts in files.items():
        file = folder / name
        if not file.exists():
            yield name, "is missing"
        elif file.stat().st_size != facts["size"]:
            yield name, f"has {file.stat().st_size} bytes instead of {facts['size']}"
        elif _sha256(file) != facts["sha256"]:
            yield name, "has other contents than were written"


@contextmanager
def writing(index: Path) -> Iterator[None]:
    """Hold the writer lock; what dead writers left behind is deleted first.

    Raises IndexBusyError if another process holds the lock, and DiskFullError in place of any error that a full disk
    causes.
    """
    from filelock import FileLock, Timeout

    from nrqa.index.disk_space import reported_if_full

    with reported_if_full(index):
        _prepare(index)
        lock = FileLock(index / LOCK, timeout=0)
        try:
            lock.acquire()
        except Timeout:
            raise IndexBusyError(
                f"Another process is writing to the index '{index}'. Questions are still answered; "
                "try again when it has finished."
            ) from None
        try:
            for draft in index.glob(f"{_DRAFT}*"):
                if draft.is_dir():
                    shutil.rmtree(draft, ignore_errors=True)
            yield
        finally:
            lock.release()


def begin(index: Path) -> Path:
    """A new empty folder to build a generation in, on the same file system as the published ones."""
    draft = Path(tempfile.mkdtemp(prefix=_DRAFT, dir=index))
    draft.chmod(0o777 & ~_umask())
    return draft


def reuse(file: Path, place: Path) -> None:
    """Put a file of the previous generation into a draft: as a hard link, or as a copy where links are not possible."""
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(file, place)
    except OSError:
        shutil.copy2(file, place)


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
    for file in sorted(path for path in draft.rglob("*") if path.is_file()):
        if leave_out(file.name):
            continue
        name = file.relative_to(draft).as_posix()
        status = file.stat()
        is_linked = name in linked and status.st_nlink > 1 and status.st_size == linked[name]["size"]
        if not is_linked:
            file.chmod(0o666 & ~_umask())
            _flush(file)
        sha256 = linked[name]["sha256"] if is_linked else _sha256(file)
        files[name] = {"size": status.st_size, "sha256": sha256}
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
    try:
        place = Path(tempfile.mkdtemp(prefix=_DRAFT, dir=index))
    except OSError:
        return  # the disk is full; the new generation is published anyway, and the next publish tries again
    try:
        folder_of(index, number).rename(place / "swept")
    except OSError:
        return  # a reader has it open (on Windows); as above
    finally:
        shutil.rmtree(place, ignore_errors=True)


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
    return [int(name) for name in names if _NUMBER.fullmatch(name)]


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
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _umask() -> int:
    """The process's umask, which can only be read by setting it."""
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
