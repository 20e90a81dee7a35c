"""How a calibration looks to a person: which errors to expect at which confidence."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from nrqa.answering.calibration import Calibration
from nrqa.answering.verdict import ABSENT, ANSWERED

_NAMES = {f"{ABSENT:g}": "absent below this", f"{ANSWERED:g}": "answered from here"}


def render_calibration(found: Calibration) -> RenderableType:
    """What was learnt and from what, and the errors expected at each threshold."""
    table = Table(
        "confidence", "", "answerable below", "others from here", box=None, pad_edge=False, header_style="dim"
    )
    for column in (table.columns[2], table.columns[3]):
        column.justify = "right"
    for threshold, errors in found.errors.items():
        named = Text(_NAMES.get(threshold, ""), "dim")
        table.add_row(threshold, named, f"{errors['refused']:.0%}", f"{errors['believed']:.0%}")
    only_measured = (found.slope, found.intercept) == (1.0, 0.0)
    first = Text.assemble(
        ("Measured on " if only_measured else "Calibrated on ", "dim"),
        f"{found.questions:,} questions",
        (" from ", "dim"),
        found.source,
    )
    if only_measured:
        learnt = "The confidence stays as it came: made questions tell its errors, but are no measure for people's."
    else:
        learnt = f"Log odds times {found.slope:.2f}, {found.intercept:+.2f}, from now on."
    return Group(first, Text(learnt), Text("Errors to expect, on questions that were left out:", "dim"), table)
