"""What several pages have in common: the line of a citation, what to beware of, notices, and files passed over."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from rich.style import Style
from rich.text import Text

from nrqa.records import Citation, Flag, Skipped
from nrqa.rendering.places import page_in_file, place_of
from nrqa.rendering.plain_text import counted, one_line

LABEL = "dim"
PLACE = "bold cyan"
HEADING = "magenta"
EMPHASIS = "bold"
_FLAGGED = 3
"""How many flags of a passage are told before the rest are counted."""
LEFT_OUT = "left out"
"""The kind of flag that warns of nothing in a hit: running heads and page numbers, which `show` and `status` tell."""
_LISTED = 10
"""How many skipped files are named before the rest are counted."""


def place_line(citation: Citation, link: str | None = None) -> Text:
    """Where a citation stands: file and place, title and headings; the page as viewers count where that differs.

    ``link`` is the address that the place leads to, on terminals that can follow one.
    """
    line = Text(one_line(place_of(citation)), PLACE)
    if link:
        line.stylize(Style(link=link))
    if in_file := page_in_file(citation):
        line.append(f"  {in_file} of the file", LABEL)
    if citation.title and citation.title != PurePosixPath(citation.document).stem:
        line.append(f"  {one_line(citation.title)}", "italic")
    if citation.heading:
        line.append("  § " + one_line(" › ".join(citation.heading)), HEADING)
    return line


def flag_line(flags: Sequence[Flag]) -> Text:
    """What a reader should know of the passage, on one line."""
    told = [f"{one_line(one.kind)}: {one_line(one.detail)}" if one.detail else one_line(one.kind) for one in flags]
    more = [f"and {len(told) - _FLAGGED:,} more"] if len(told) > _FLAGGED else []
    return Text.assemble(("beware  ", "bold yellow"), ("; ".join([*told[:_FLAGGED], *more]), "yellow"))


def source_notice(citation: Citation) -> str:
    """The notice that the document opens with, on one line; "" where it has none."""
    notice = citation.metadata.get("source_notice", "")
    return one_line(notice if isinstance(notice, str) else " ".join(notice))


def skipped_lines(label: str, skipped: Sequence[Skipped], *, lister: str = "") -> list[Text]:
    """How many files were passed over, and which, with the command that lists the rest; nothing for none."""
    if not skipped:
        return []
    lines = [Text(f"{label}: {counted(len(skipped), 'file')}", "yellow")]
    for one in skipped[:_LISTED]:
        lines.append(Text.assemble("  ", one_line(one.document), (f"  {one_line(one.reason)}", LABEL)))
    if len(skipped) > _LISTED:
        lines.append(Text(f"  and {len(skipped) - _LISTED} more{f' ({lister} lists them)' if lister else ''}", LABEL))
    return lines


def skipped_count(label: str, skipped: Sequence[Skipped], *, lister: str = "") -> list[Text]:
    """How many files were passed over, on one line, and the command that lists them; nothing where there are none."""
    if not skipped:
        return []
    return [Text(f"{label}: {counted(len(skipped), 'file')}{f' ({lister} lists them)' if lister else ''}", "yellow")]
