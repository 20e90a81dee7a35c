"""How the verification of citations looks to a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from nrqa.citations.verifying import Verification, Verified
from nrqa.rendering.places import place_of
from nrqa.rendering.plain_text import counted, harmless, one_line
from nrqa.rendering.shared_lines import skipped_lines
from nrqa.text.word_changes import Change

_LABEL = "dim"
_STYLES = {
    "intact": "green",
    "moved": "bold yellow",
    "edited": "bold red",
    "gone": "bold red",
    "ambiguous": "bold magenta",
    "unchecked": "bold magenta",
}
_WIDTH = 10
_AROUND = 60
"""Characters of what stayed that are shown on either side of a change."""
_LISTED = 5


def render_verification(found: Verification) -> RenderableType:
    """File by file a line for each citation, with what changed below it; then how many there are of each kind."""
    lines: list[RenderableType] = []
    for file, citations in found.files:
        lines.append(Text(one_line(file), "bold"))
        if not citations:
            lines.append(Text("  no citation", _LABEL))
        for one in citations:
            lines += _citation(one)
        lines.append(Text())
    counts = ", ".join(f"{count:,} {status}" for status, count in found.counts.items() if count)
    total = sum(found.counts.values())
    summary = Text.assemble((counted(total, "citation"), "bold"), f": {counts}" if counts else "")
    summary.append(f"  in {counted(found.documents, 'document')} of {one_line(found.corpus)}", _LABEL)
    lines += [summary, *skipped_lines("Not searchable", found.unreadable)]
    return Group(*lines)


def render_word_changes(changes: Sequence[Change]) -> Text:
    """The words that went in [-...-] and the ones that came in {+...+}, with a little of what stayed around them."""
    line = Text()
    for at, change in enumerate(changes):
        if change.kind == "removed":
            line.append("[-" + one_line(change.before) + "-]", "red")
        elif change.kind == "added":
            line.append("{+" + one_line(change.after) + "+}", "green")
        else:
            line.append(_shortened(change.after, opening=at == 0, closing=at == len(changes) - 1))
            continue
        line.append(" ")
    return line


def _citation(one: Verified) -> Iterator[RenderableType]:
    found = one.judgment
    line = Text.assemble(f"  {one.line:>5}  ", (f"{found.status:<{_WIDTH}}", _STYLES[found.status]))
    line.append(_short(one.written), "cyan")
    if found.passage and found.status in ("moved", "edited"):
        line.append("  now ", _LABEL)
        line.append(one_line(place_of(found.passage.citation)), "bold cyan")
        heading = found.passage.citation.heading
        if heading and found.status == "moved":
            line.append("  § " + one_line(" › ".join(heading)), "magenta")
    if one.updated:
        line.append("  updated", "green")
    if found.notes:
        line.append(f"  {one_line('; '.join(found.notes))}", "italic dim")
    yield line
    below = (0, 0, 0, 9 + _WIDTH)
    if found.changes:
        yield Padding(render_word_changes(found.changes), below, expand=False)
    if found.others and found.status != "intact":
        places = [one_line(place_of(passage.citation)) for passage in found.others[:_LISTED]]
        more = f" and {len(found.others) - _LISTED} more" if len(found.others) > _LISTED else ""
        yield Padding(Text.assemble(("as cited in: ", _LABEL), (", ".join(places) + more, "cyan")), below, expand=False)


def _short(written: str) -> str:
    """The place of a citation: its heading and fingerprint are for machines."""
    return one_line(written.partition(" §")[0].partition(" #")[0])


def _shortened(text: str, *, opening: bool, closing: bool) -> str:
    """What stayed, with its middle left out, or what lies before the first and after the last change."""
    shown = harmless(text).replace("\n", " ")
    if len(shown) <= 2 * _AROUND:
        return shown
    head = "" if opening else shown[:_AROUND].rpartition(" ")[0] + " "
    tail = "" if closing else " " + shown[-_AROUND:].partition(" ")[2]
    return f"{head}…{tail}"
