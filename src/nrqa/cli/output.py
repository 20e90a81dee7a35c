"""What commands print: for people, as JSON, and as notices on stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, NoReturn

import typer

if TYPE_CHECKING:
    from rich.console import Console, RenderableType


def print_rich(renderable: RenderableType, *, short: Callable[[Console], RenderableType] | None = None) -> None:
    """To a terminal as wide as it is; to a pipe or file without colours and without breaking lines.

    ``short`` makes what a terminal shows instead.
    """
    from rich.console import Console

    console = Console(highlight=False, emoji=False, markup=False)
    if console.is_terminal:
        console.print(short(console) if short else renderable)
    else:
        from nrqa.rendering.plain_text import text_of

        sys.stdout.write(text_of(renderable))


def print_text(text: str) -> None:
    """A text made elsewhere, as it is."""
    sys.stdout.write(text)


def print_lines(lines: Iterable[str]) -> None:
    """Lines for another program, as they are."""
    sys.stdout.writelines(f"{line}\n" for line in lines)


def print_json(value: Mapping[str, Any]) -> None:
    """One JSON object to stdout."""
    from nrqa.text.control_characters import json_text

    sys.stdout.write(json_text(value))


def print_json_line(value: Mapping[str, Any]) -> None:
    """One JSON object on a line of its own, at once: whoever reads along need not wait for the last."""
    from nrqa.text.control_characters import json_line

    sys.stdout.write(json_line(value))
    sys.stdout.flush()


def say(message: str) -> None:
    """A notice, on stderr, and only where somebody is watching."""
    if sys.stderr.isatty():
        tell(message)


def fail(error: Exception, *, as_json: bool) -> NoReturn:
    """Tell the error, and leave with status 2."""
    if as_json:
        from nrqa.service.objects import error_object

        print_json(error_object(error))
    tell(f"nrqa: {error}")
    sys.exit(2)


def tell(message: str) -> None:
    """A message, on stderr."""
    from nrqa.text.control_characters import visible

    typer.echo(visible(message), err=True)
