"""How an index looks to a person: what a run did to it, and what it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from nrqa.encoder.protocol import USUAL
from nrqa.records import IndexReport
from nrqa.rendering.plain_text import harmless
from nrqa.rendering.shared_lines import LABEL, skipped_lines

if TYPE_CHECKING:
    from nrqa.answering.inspecting import Status


def render_report(report: IndexReport) -> RenderableType:
    """What indexing did, in a line or two, and what it could not read."""
    changes = [
        f"{count} {word}"
        for count, word in (
            (report.documents_added, "added"),
            (report.documents_changed, "changed"),
            (report.documents_removed, "removed"),
            (report.documents_unchanged, "unchanged"),
        )
        if count
    ]
    first = Text.assemble(
        ("Documents: ", LABEL),
        ", ".join(changes) or "none",
        ("  Passages: ", LABEL),
        f"{report.passages_total:,}, {report.passages_embedded:,} embedded",
        f" by {report.encoded_by}" if report.encoded_by not in ("", USUAL) else "",
        ("  Generation: ", LABEL),
        f"{report.generation}",
        (f"  ({report.seconds:.1f} s)", LABEL),
    )
    return Group(first, *skipped_lines("Not searchable", report.unreadable))


def render_status(status: Status) -> RenderableType:
    """What the index holds, and how it stands to its corpus."""
    if status.damaged:
        lines = [Text.assemble(("damaged  ", "bold red"), f"{harmless(name)} {what}") for name, what in status.damaged]
        return Group(*lines, Text("Build it again: nrqa index --rebuild", LABEL))
    rows = [
        ("index", status.index),
        ("generation", f"{status.generation}, of {status.created}"),
        ("corpus", status.corpus or "not found; questions are answered all the same"),
        ("documents", f"{status.documents:,}"),
        ("passages", f"{status.passages:,}"),
        ("encoder", f"{status.model}{', its vectors centred' if status.centred else ''}"),
        ("size", f"{status.bytes / 1e6:,.1f} MB"),
    ]
    if status.damaged is not None:
        rows.append(("files", "all as they were written"))
    lines = [Text.assemble((f"{name:<11}", LABEL), harmless(value)) for name, value in rows]
    if status.unread:
        lines.append(Text(harmless(status.unread), "yellow"))
    lines += skipped_lines("Not searchable", status.unreadable)
    lines += skipped_lines("No part of the corpus", status.excluded)
    lines += skipped_lines("Changed since (run `nrqa index`)", status.stale)
    return Group(*lines)
