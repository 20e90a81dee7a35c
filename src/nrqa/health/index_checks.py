"""Checks of the index itself: whether it can be opened, is undamaged, and matches the corpus as it is now."""

from __future__ import annotations

import os
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from nrqa.errors import IndexDamagedError, IndexIncompatibleError, IndexUnusableError
from nrqa.health.findings import Examined, Finding, command, counted
from nrqa.index.freshness import place_of, stale_files
from nrqa.index.local import generation
from nrqa.index.opening import beside, generations_at, newest_at
from nrqa.index.recorded import recorded
from nrqa.index.snapshot import Snapshot

_READ = 256 * 1024 * 1024
"""Bytes. An index up to this size is always read completely, which takes a second."""
_LEAST_ROOM = 500_000_000


def opened(index: Path) -> Snapshot | Finding:
    """The published generation, or why there is none that can be opened."""
    known = recorded(generations_at(index).newest_content())
    there = known is not None and all(place_of(one, index) for one in known.corpus)
    corpus = () if there else ("CORPUS",)
    try:
        snapshot = newest_at(index)
        snapshot.known  # noqa: B018 - a damaged catalog shows when it is read
        return snapshot
    except IndexIncompatibleError as error:
        return Finding(
            "format",
            "error",
            "The index was made by another version of nrqa.",
            _without_remedy(error),
            (),
            command(index, "index", *corpus),
        )
    except IndexDamagedError as error:
        return Finding(
            "damage",
            "error",
            "The index is damaged and cannot be opened.",
            _without_remedy(error),
            _damaged(index),
            command(index, "index", *corpus, "--rebuild"),
        )
    except IndexUnusableError:
        return _missing(index)


def damage(examined: Examined) -> Iterator[Finding]:
    """Files of the published generation that are not as they were written."""
    size = examined.snapshot.size
    if size > _READ and not examined.deep:
        return  # opening the index has compared the size of every file
    damaged = _damaged(examined.index)
    if damaged:
        yield Finding(
            "damage",
            "error",
            f"{counted(len(damaged), 'file')} of the index {'is' if len(damaged) == 1 else 'are'} not as written.",
            "Answers may be wrong, or fail.",
            damaged,
            examined.command("index", "--rebuild"),
        )


def stale(examined: Examined) -> Iterator[Finding]:
    """What has happened to the corpus since the index was built."""
    if examined.corpus is None:
        return
    found = stale_files(examined.snapshot.manifest, examined.snapshot.known, examined.corpus, examined.index)
    kinds = Counter(one.reason.split()[0].replace("not", "unreadable").replace("left", "left out") for one in found)
    if found:
        told = ", ".join(f"{count:,} {kind}" for kind, count in kinds.items())
        yield Finding(
            "stale",
            "warning",
            f"The corpus has changed since the index was built: {told}.",
            "Answers are of the files as they were.",
            tuple(one.document for one in found),
            examined.command("index"),
        )


def corpus_there(examined: Examined) -> Iterator[Finding]:
    """Folders and files of the corpus that are not there."""
    gone = [one.path for one in examined.snapshot.manifest.corpus if place_of(one, examined.index) is None]
    if gone:
        yield Finding(
            "corpus",
            "warning",
            f"{counted(len(gone), 'part')} of the corpus {'is' if len(gone) == 1 else 'are'} not there.",
            "Questions are answered from what was read, but nobody can tell whether it is still so. Mount or "
            "restore it, or say where it is now.",
            tuple(gone),
            examined.command("index", "CORPUS"),
        )


def left_behind(examined: Examined) -> Iterator[Finding]:
    """What builds that were stopped have left in the index folder."""
    left = sorted(path.name for path in beside(examined.index).glob("tmp-*"))
    if not left or _is_written_to(beside(examined.index)):
        return
    saved = any(name.startswith("tmp-vectors-") for name in left)
    why = (
        "What it would have added is not in the index. What it had embedded is kept, and used by the next run."
        if saved
        else "It is in nobody's way, but takes room."
    )
    yield Finding(
        "left behind",
        "warning" if saved else "note",
        "A run of `nrqa index` was stopped.",
        why,
        tuple(left),
        examined.command("index"),
    )


def room(examined: Examined) -> Iterator[Finding]:
    """Whether the next build has room and may write."""
    size = examined.snapshot.size
    if beside(examined.index) != examined.index:
        return  # a server keeps it
    free = shutil.disk_usage(examined.index).free
    needed = max(2 * size, _LEAST_ROOM)
    if free < needed:
        yield Finding(
            "room",
            "warning",
            f"The disk of the index has {free / 1e9:.1f} GB left.",
            f"Building it anew may need {needed / 1e9:.1f} GB.",
            (str(examined.index),),
        )
    if not os.access(examined.index, os.W_OK):
        yield Finding(
            "room",
            "note",
            "The index folder may not be written to.",
            "Questions are answered; `nrqa index` fails.",
            (str(examined.index),),
        )


def _missing(index: Path) -> Finding:
    what, why = f"There is no index in '{index}'.", "Nothing can be asked."
    if _is_written_to(index):
        why = "One is being built now: wait for it to finish."
    elif any(index.glob("tmp-*")):
        why = "A run of `nrqa index` was stopped. What it had embedded is kept, and used by the next run."
    return Finding("missing", "error", what, why, (), command(index, "index", "CORPUS"))


def _without_remedy(error: Exception) -> str:
    """The message of an error without the command at its end: the finding has its own command."""
    return re.split(r"\. (?=Build it|`nrqa)", str(error))[0]


def _damaged(index: Path) -> tuple[str, ...]:
    number = generation.newest(index)
    if number is None:
        return ()
    folder = generation.folder_of(index, number)
    found = tuple(f"{folder.name}/{name} {what}" for name, what in generation.damaged_files(folder))
    return found if folder.exists() else ()


def _is_written_to(index: Path) -> bool:
    """Whether a build is running; True also where that cannot be known."""
    from filelock import Timeout

    if not (index / generation.LOCK).exists():
        return False
    try:
        with generation.lock_of(index):
            return False
    except (Timeout, OSError, IndexUnusableError):
        return True
