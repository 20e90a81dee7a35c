"""What commands print: for people, as JSON, and as notices on stderr."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

import typer

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

_SHOWN = 0.1
"""Seconds a bar stays as it is: rich takes 35 µs for each change, and there may be a hundred thousand files."""


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


@contextmanager
def progress_bar(*, quiet: bool) -> Iterator[tuple[Callable[[str], None], Callable[[str, int, int], None]]]:
    """What indexing reports to: a bar on stderr where that is a terminal, else nothing."""
    if quiet or not sys.stderr.isatty():
        yield say if not quiet else (lambda _: None), lambda *_: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True, highlight=False, emoji=False, markup=False)
    rate = TextColumn("{task.fields[rate]}")
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), rate, TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        tasks: dict[str, Any] = {}
        shown = 0.0

        def progress(stage: str, done: int, total: int) -> None:
            nonlocal shown
            if stage in tasks and done < total and time.monotonic() < shown + _SHOWN:
                return
            shown = time.monotonic()
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, rate="")
            speed = bar.tasks[tasks[stage]].speed
            rate = f"{speed:,.0f}/s" if speed else ""
            bar.update(tasks[stage], completed=done, total=total, visible=total > 0, rate=rate)

        yield console.print, progress


def tell(message: str) -> None:
    """A message, on stderr."""
    from nrqa.text.control_characters import visible

    typer.echo(visible(message), err=True)
