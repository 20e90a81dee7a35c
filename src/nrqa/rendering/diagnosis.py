"""How a diagnosis looks to a person: the worst first, each with the command that mends it."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from nrqa.health.examining import Diagnosis
from nrqa.health.findings import Finding
from nrqa.rendering.plain_text import counted, one_line

_LABEL = "dim"
_MARKS = {"error": ("✗ ", "bold red"), "warning": ("! ", "bold yellow"), "note": ("· ", "cyan")}
_LISTED = 5
"""Places of one finding that are named before the rest are counted."""


def render_diagnosis(diagnosis: Diagnosis) -> RenderableType:
    """Every finding with its places and its command, and whether all is well."""
    parts: list[RenderableType] = []
    for one in diagnosis.findings:
        parts += [*_finding(one), Text()]
    for name, problem in diagnosis.failed:
        parts.append(Text.assemble(("? ", "bold red"), f"The check of {name} failed: {one_line(problem)}"))
    parts.append(_summary(diagnosis))
    return Group(*parts)


def _finding(one: Finding) -> Iterator[RenderableType]:
    yield Text.assemble(_MARKS[one.level], (one_line(one.what), "bold" if one.level != "note" else ""))
    yield Padding(Text(one_line(one.why), _LABEL), (0, 0, 0, 2), expand=False)
    for where in one.where[:_LISTED]:
        yield Padding(Text(one_line(where)), (0, 0, 0, 4), expand=False)
    if len(one.where) > _LISTED:
        yield Padding(Text(f"and {len(one.where) - _LISTED:,} more", _LABEL), (0, 0, 0, 4), expand=False)
    if one.command:
        yield Padding(Text.assemble(("→ ", _LABEL), (one_line(one.command), "green")), (0, 0, 0, 2), expand=False)


def _summary(diagnosis: Diagnosis) -> Text:
    to_mend = sum(one.level != "note" for one in diagnosis.findings)
    notes = len(diagnosis.findings) - to_mend
    looked = f"{counted(len(diagnosis.checks), 'check')} of {counted(diagnosis.documents, 'document')}, "
    looked += f"{counted(diagnosis.passages, 'passage')} ({diagnosis.seconds:.1f} s)"
    told = f"{counted(to_mend, 'thing')} to mend" if to_mend else "All is well"
    also = f", {counted(notes, 'note')}" if notes else ""
    return Text.assemble((told, "bold red" if to_mend else "bold green"), also, (f"  {looked}", _LABEL))
