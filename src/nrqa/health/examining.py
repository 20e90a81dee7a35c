"""The verb ``doctor``: does every check; a check that fails does not stop the others."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nrqa.health import (
    bundle_checks,
    corpus_checks,
    document_checks,
    encoder_checks,
    index_checks,
    system_checks,
    user_file_checks,
)
from nrqa.health.findings import Check, Examined, Finding, Level
from nrqa.settings import DEFAULT_INDEX

_ORDER: tuple[Level, ...] = ("error", "warning", "note")
_CHECKS: tuple[tuple[str, Check], ...] = (
    ("files of the index", index_checks.damage),
    ("corpus", index_checks.corpus_there),
    ("changes in the corpus", index_checks.stale),
    ("unreadable files", corpus_checks.unreadable),
    ("rules in .nrqaignore", corpus_checks.rules),
    ("model", encoder_checks.model),
    ("converted encoder", encoder_checks.conversion),
    ("documents that the encoder does not read", encoder_checks.unread),
    ("lost text", document_checks.lost_text),
    ("hidden text", document_checks.hidden),
    ("documents that are there twice", document_checks.twice),
    ("encodings", document_checks.encodings),
    ("passages", document_checks.passages),
    ("calibration", user_file_checks.calibrated),
    ("standing questions", user_file_checks.standing_questions),
    ("stopped runs", index_checks.left_behind),
    ("isolation", system_checks.isolation),
    ("room on the disk", index_checks.room),
)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What was found, the worst first; ``checks`` are the checks that were done, ``failed`` those that failed."""

    index: str
    documents: int
    passages: int
    checks: tuple[str, ...]
    findings: tuple[Finding, ...]
    failed: tuple[tuple[str, str], ...]
    seconds: float

    @property
    def well(self) -> bool:
        """Whether there is nothing to mend; notes do not count."""
        return not any(one.level != "note" for one in self.findings)

    def to_dict(self) -> dict[str, Any]:
        """The JSON object that ``nrqa doctor --json`` prints."""
        return {
            "index": self.index,
            "well": self.well,
            "documents": self.documents,
            "passages": self.passages,
            "findings": [one.to_dict() for one in self.findings],
            "checks": list(self.checks),
            "failed": [{"check": name, "problem": problem} for name, problem in self.failed],
            "seconds": round(self.seconds, 3),
        }


def doctor(index: str | os.PathLike[str] = DEFAULT_INDEX, *, deep: bool = False) -> Diagnosis:
    """What is wrong with an index and all that it needs. Writes nothing.

    ``deep`` reads every file of an index however large it is. Raises nothing: a check that fails is in ``failed``.
    """
    began = time.monotonic()
    place = Path(index)
    packed = bundle_checks.is_bundle(place)
    found = bundle_checks.opened(place) if packed else index_checks.opened(place)
    findings = [found] if isinstance(found, Finding) else []
    examined = None if isinstance(found, Finding) else Examined(found.beside, found, deep, place if packed else None)
    checks: list[tuple[str, Callable[[], Iterator[Finding]]]] = [("cache", lambda: encoder_checks.cache(place))]
    if examined is not None:
        wanted = bundle_checks.CHECKS if packed else _CHECKS
        checks += [(name, lambda check=check: check(examined)) for name, check in wanted]  # type: ignore[misc]
    failed = []
    for name, check in checks:
        try:
            findings += list(check())
        except Exception as error:  # noqa: BLE001 - whatever fails in one check, the others are still done
            failed.append((name, f"{type(error).__name__}: {error}"))
    manifest = examined.snapshot.manifest if examined else None
    return Diagnosis(
        index=str(place),
        documents=manifest.documents if manifest else 0,
        passages=manifest.passages if manifest else 0,
        checks=("index", *(name for name, _ in checks)),
        findings=tuple(sorted(findings, key=lambda one: _ORDER.index(one.level))),
        failed=tuple(failed),
        seconds=time.monotonic() - began,
    )
