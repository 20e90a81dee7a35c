"""A bundle unpacked: into a folder that appears whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from nrqa.errors import DiskFullError, IndexDamagedError, IndexUnusableError
from nrqa.index.local.disk_space import is_disk_full
from nrqa.index.packed.listing import INDEX, LISTING, SOURCES, TIME, Member
from nrqa.index.packed.listing import written as written_list
from nrqa.index.packed.reading import root_at, unpack

_SPARE = 16 * 1024 * 1024
"""Bytes that stay free on the disk."""
_MOST_NAMES = 4096
"""Bytes that a file takes at least on the disk."""


def unpacked(file: Path) -> Path:
    """The folder in the user's cache with what is in the bundle; it is unpacked there if it is not yet.

    Two processes may do this at once: one unpacks, the other waits for its lock, and the folder appears by one rename.
    """
    root = root_at(file)
    place = bundles() / root
    if (place / LISTING).exists():
        return place
    from filelock import FileLock

    with told(file, place.parent, "Name another folder for the cache: NRQA_CACHE=FOLDER"):
        place.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(place.parent / f"{root}.lock"):
            if not (place / LISTING).exists():
                _unpack_beside(file, place, root)
    return place


def unpacked_before(file: Path) -> Path | None:
    """The index folder of a bundle in the user's cache; None where it was not unpacked yet."""
    place = bundles() / root_at(file)
    return place / INDEX if (place / LISTING).exists() else None


def bundles() -> Path:
    """The folder of the user's cache with what was unpacked. It may be deleted at any time."""
    from nrqa.encoder.converted.files import cache_folder

    return cache_folder() / "bundles"


def _unpack_beside(file: Path, place: Path, root: str) -> None:
    draft = place.with_name(f"tmp-{root}")
    shutil.rmtree(draft, ignore_errors=True)  # of a process that died; whoever holds the lock is alone
    try:
        found = unpack_into(file, draft, lambda _: True)
        if found != root:
            raise IndexUnusableError(f"'{file}' was replaced while it was unpacked. Try again")
        draft.rename(place)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def unpack_into(file: Path, folder: Path, wanted: Callable[[Member], bool]) -> str:
    """Unpack those members into a new folder, with the list of members, which is written last; return the root."""
    folder.mkdir(parents=True)
    known: list[Member] = []

    def room_for(members: Sequence[Member]) -> None:
        known.extend(members)
        needed = sum(one.size + _MOST_NAMES for one in members if wanted(one)) + _SPARE
        free = shutil.disk_usage(folder).free
        if free < needed:
            raise DiskFullError(
                f"'{file}' needs {needed / 1e6:,.0f} MB to be unpacked, and the disk of '{folder.parent}' has "
                f"{free / 1e6:,.0f} MB left. Make room, or name another folder for the cache: NRQA_CACHE=FOLDER"
            )

    @contextmanager
    def place_for(member: Member) -> Iterator[BinaryIO]:
        target = folder / member.name if wanted(member) else Path(os.devnull)
        if not wanted(member):
            with target.open("wb") as nowhere:
                yield nowhere
            return
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            stream = target.open("xb")
        except (FileExistsError, NotADirectoryError) as error:
            raise IndexDamagedError(
                f"'{file}' holds '{member.name}' beside another member of that name (large and small letters may be "
                "the same on this disk), so it is not unpacked"
            ) from error
        with stream:
            yield stream
            if not member.name.startswith(SOURCES):  # a source is compared with its hash when it is used
                stream.flush()
                os.fsync(stream.fileno())
        os.utime(target, (TIME, TIME))

    root = unpack(file, place_for, room_for)
    (folder / LISTING).write_bytes(written_list(known))
    return root


@contextmanager
def told(file: Path, place: Path, remedy: str) -> Iterator[None]:
    """Tell an error of the system as what it means for unpacking."""
    try:
        yield
    except OSError as error:
        if is_disk_full(error):
            raise DiskFullError(f"The disk of '{place}' is full, so '{file}' was not unpacked. Make room") from error
        raise IndexUnusableError(
            f"'{file}' cannot be unpacked into '{place}': {(error.strerror or str(error)).lower()}. {remedy}"
        ) from error
