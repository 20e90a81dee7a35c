"""Checks of what users keep beside the generations: the calibration and the standing questions."""

from __future__ import annotations

from collections.abc import Iterator

from nrqa.answering import calibration
from nrqa.auditing import standing
from nrqa.errors import IndexDamagedError, ReceiptError
from nrqa.health.findings import Examined, Finding


def calibrated(examined: Examined) -> Iterator[Finding]:
    """Whether the calibration of the confidence can be read and is still valid."""
    try:
        found = calibration.read(examined.index)
    except IndexDamagedError as error:
        yield Finding(
            "calibration",
            "error",
            "The calibration cannot be read.",
            str(error).partition(". Make")[0],
            (calibration.FILE,),
            examined.command("calibrate", "--forget"),
        )
        return
    if found is None:
        return
    manifest = examined.snapshot.manifest
    if found.model != manifest.model.fingerprint:
        yield Finding(
            "calibration",
            "warning",
            "The confidence was calibrated with another model.",
            "The calibration is not used.",
            (calibration.FILE,),
            examined.command("calibrate"),
        )
        return
    new = calibration.drifted(found, manifest.passages, manifest.next_row)
    if new is not None:
        yield Finding(
            "calibration",
            "warning",
            f"The confidence was calibrated when the corpus was another: {new:.0%} has changed since.",
            "What it says of errors may not hold.",
            (calibration.FILE,),
            examined.command("calibrate"),
        )


def standing_questions(examined: Examined) -> Iterator[Finding]:
    """Whether every standing question can be read."""
    try:
        standing.listed(examined.index)
    except ReceiptError as error:
        what, _, remedy = str(error).partition("To go on without it: ")
        verb = remedy.removeprefix("nrqa ").split()
        yield Finding(
            "standing",
            "error",
            "A standing question cannot be read.",
            what.strip(),
            (),
            examined.command(*verb) if verb else "",
        )
