"""The line at the top of every page."""

from __future__ import annotations

from pathlib import Path

from nrqa.rendering.plain_text import counted
from nrqa.server.desk import ServerDesk


def holds(desk: ServerDesk) -> str:
    """What is searched, in a few words; not the whole path, which screenshots would show."""
    manifest = desk.snapshot.manifest
    roots = ", ".join(Path(one.path).name for one in manifest.corpus[:2])
    missing = len(manifest.unreadable)
    more = f", {missing:,} not searchable" if missing else ""
    return f"{roots}: {counted(manifest.documents, 'document')}{more}"
