"""What nrqa says of a finding in its own words: those that the command line says, as lines of text."""

from __future__ import annotations

from rich.console import Console, RenderableType

_UNBROKEN = 1_000_000
"""A width that no line reaches: the browser breaks them."""


def told(renderable: RenderableType) -> str:
    """The lines, without colours."""
    console = Console(width=_UNBROKEN, color_system=None, highlight=False, emoji=False, markup=False)
    with console.capture() as captured:
        console.print(renderable, soft_wrap=True)
    return "\n".join(line.rstrip() for line in captured.get().splitlines()).strip("\n")
