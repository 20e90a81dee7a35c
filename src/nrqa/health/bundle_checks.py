"""Checks of a packed index: of what was unpacked, and what of it there is to know; nobody builds or continues it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

from nrqa.errors import IndexDamagedError, NrqaError
from nrqa.health import document_checks, encoder_checks, index_checks, user_file_checks
from nrqa.health.findings import Check, Examined, Finding, counted
from nrqa.index.freshness import changed_since
from nrqa.index.opening import generations_at, newest_at
from nrqa.index.packed.reading import compare
from nrqa.index.snapshot import Snapshot


def is_bundle(place: Path) -> bool:
    """Whether there is a file, so that it is none of the folders that the other checks are for."""
    return place.is_file()


def opened(file: Path) -> Snapshot | Finding:
    """The generation in the file, unpacked if it is not yet; or why it cannot be opened."""
    try:
        return newest_at(file)
    except NrqaError as error:
        why, found, remedy = str(error).partition(": rm -r ")
        mended = f"rm -r {remedy}" if found else ""
        return Finding("damage", "error", "The packed index cannot be opened.", f"{why}.", (), mended)


def damage(examined: Examined) -> Iterator[Finding]:
    """The bundle where it is not as it was packed, and files in the cache that are not as they were unpacked."""
    assert examined.packed is not None
    try:
        compare(examined.packed)
    except IndexDamagedError as error:
        told, where = "The bundle is not as it was packed.", (examined.packed.name,)
        yield Finding("damage", "error", told, f"{error}.", where, "")
    for one in index_checks.damage(examined):
        kept = examined.index.parent
        yield Finding(
            "damage",
            "error",
            f"What was unpacked into the cache is not as it was: {counted(len(one.where), 'file')}.",
            "Answers may be wrong, or fail. Delete it: the next question unpacks it again.",
            one.where,
            f"rm -r {shlex.quote(str(kept))}",
        )


def sources(examined: Examined) -> Iterator[Finding]:
    """Documents whose files were not packed."""
    gone = changed_since(examined.snapshot.manifest, examined.snapshot.known, examined.index)
    if gone:
        yield Finding(
            "sources",
            "note",
            "The source files were not packed." if examined.corpus is None else "Some source files were not packed.",
            "Questions are answered from what was read; citations cannot be verified without the sources.",
            tuple(one.document for one in gone),
        )


def conversion(examined: Examined) -> Iterator[Finding]:
    """Whether a converted encoder is there: the user's own, or the one that was packed."""
    assert examined.packed is not None
    if generations_at(examined.packed).encoder is None:
        yield from encoder_checks.conversion(examined)


CHECKS: tuple[tuple[str, Check], ...] = (
    ("files of the index", damage),
    ("sources", sources),
    ("converted encoder", conversion),
    ("documents that the encoder does not read", encoder_checks.unread),
    ("lost text", document_checks.lost_text),
    ("hidden text", document_checks.hidden),
    ("documents that are there twice", document_checks.twice),
    ("encodings", document_checks.encodings),
    ("passages", document_checks.passages),
    ("calibration", user_file_checks.calibrated),
)
