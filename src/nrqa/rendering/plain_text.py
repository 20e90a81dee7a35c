"""Text for people: safe on a terminal, on one line where it must be; counts with their nouns; what rich draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nrqa.text.control_characters import visible

if TYPE_CHECKING:
    from rich.console import RenderableType

_UNBROKEN = 1_000_000
"""A width that no paragraph reaches."""


def harmless(text: str) -> str:
    """The text with every character that could steer a terminal replaced by a visible one."""
    return visible(text.replace("\r\n", "\n"))


def one_line(text: str) -> str:
    """Harmless, and on one line: a name or title cannot pose as a line of ours."""
    return " ".join(harmless(text).split())


def counted(number: int, noun: str) -> str:
    """The number and the noun, in the plural where it is not one."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def text_of(renderable: RenderableType) -> str:
    """What is drawn, without colours, broken lines and blanks at their ends; each line ends with a line feed."""
    from rich.console import Console

    console = Console(highlight=False, emoji=False, markup=False, width=_UNBROKEN, color_system=None)
    with console.capture() as captured:
        console.print(renderable, soft_wrap=True)
    return "".join(f"{line.rstrip()}\n" for line in captured.get().splitlines())
