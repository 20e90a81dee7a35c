"""Checks of the system: what it can refuse to the process that reads files."""

from __future__ import annotations

from collections.abc import Iterator

from nrqa.cage.entering import lacking
from nrqa.health.findings import Examined, Finding


def isolation(_: Examined) -> Iterator[Finding]:
    """Whether the kernel shuts in the process that reads files."""
    found = lacking()
    if found:
        yield Finding(
            "isolation",
            "note",
            f"This system cannot refuse {' and '.join(found)} to the process that reads files.",
            "A file made to take that process over could use them with your rights. Read strangers' files on Linux "
            "5.13 or later (64-bit x86 or ARM), where it cannot.",
        )
