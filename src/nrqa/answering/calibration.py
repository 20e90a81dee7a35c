"""The calibration of the confidence for one index: one small file, kept beside the generations.

Two numbers are learnt, the slope and the intercept of the log odds (Platt, 1999). They are enough to correct a
confidence that is too high or too low in a corpus, and too few to overfit the questions.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from nrqa.answering.verdict import sigmoid
from nrqa.errors import IndexDamagedError
from nrqa.index import CALIBRATION
from nrqa.index.opening import beside
from nrqa.saving import save

FILE = CALIBRATION
_FORMAT = 1
_DRIFT = 0.2
"""A calibration is reported as out of date when this share of passages is new, or is gone."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """How the log odds of the confidence are scaled and shifted for one index, and which errors to expect then.

    ``source`` says what it was fitted to. ``passages`` and ``next_row`` are those of the index at that time, ``model``
    is the fingerprint of its encoder. ``errors`` has, for each threshold, the share of answerable questions below it
    ("refused"), and the share of other questions at or above it ("believed").
    """

    slope: float
    intercept: float
    source: str
    questions: int
    passages: int
    next_row: int
    model: str
    corpus: str
    created: str
    errors: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    def applied(self, log_odds: float) -> float:
        """The calibrated confidence for these log odds."""
        return sigmoid(self.slope * log_odds + self.intercept)

    def to_dict(self) -> dict[str, Any]:
        """The file's content."""
        return {"format": _FORMAT, **asdict(self)}


def read(index: Path) -> Calibration | None:
    """The calibration of an index, or None where there is none."""
    try:
        content = json.loads((beside(index) / FILE).read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError) as error:
        raise _unreadable(index, error) from error
    try:
        if content.pop("format") != _FORMAT:
            return None
        return _sound(Calibration(**content))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise _unreadable(index, error) from error


def _sound(found: Calibration) -> Calibration:
    """The calibration; TypeError or ValueError where its numbers are none."""
    if not all(math.isfinite(one) for one in (found.slope, found.intercept)):
        raise ValueError("its numbers are none")
    if not all(type(one) is int and one >= 0 for one in (found.passages, found.next_row)):
        raise ValueError("its numbers are none")
    return found


def write(index: Path, calibration: Calibration) -> None:
    """Write the calibration over an earlier one; the file is written whole or not at all."""
    save(calibration.to_dict(), beside(index) / FILE, instead=True)


def forget(index: Path) -> bool:
    """Delete the calibration, and return whether there was one."""
    try:
        (beside(index) / FILE).unlink()
    except FileNotFoundError:
        return False
    return True


def drifted(calibration: Calibration, passages: int, next_row: int) -> float | None:
    """The share of passages that are new, or that are gone, since the calibration; None below a fifth."""
    share = (next_row - calibration.next_row) / max(1, passages)
    gone = (calibration.passages + next_row - calibration.next_row - passages) / max(1, calibration.passages)
    worst = min(1.0, max(share, gone))
    return worst if worst >= _DRIFT else None


def _unreadable(index: Path, error: Exception) -> IndexDamagedError:
    return IndexDamagedError(
        f"The calibration '{index / FILE}' cannot be read ({error}). Make it again: nrqa calibrate --index '{index}', "
        "or delete the file"
    )
