"""What long work is doing, on stderr: a bar on a terminal; for a first index also a few plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from nrqa.cli.output import say, tell

Announce = Callable[[str], None]
Progress = Callable[[str, int, int], None]
"""Called with a stage, how many are done, and how many there are: 1 where nothing can be counted."""

_SHOWN = 0.1
"""Seconds a bar stays as it is: rich takes 35 µs for each change, and there may be a hundred thousand files."""
_LINES = 15.0
"""Seconds between two plain lines of one stage: few, since they stay."""
_COUNTED = {"reading": "files", "encoding": "passages", "encoding shards": "shards"}


@contextmanager
def progress_bar(*, quiet: bool, lines: bool = False) -> Iterator[tuple[Announce, Progress]]:
    """What long work reports to: a bar on stderr where that is a terminal, else nothing, or ``lines``."""
    if quiet:
        yield lambda _: None, lambda *_: None
    elif not sys.stderr.isatty():
        yield (tell, _Lines().progress) if lines else (say, lambda *_: None)
    else:
        with _bar() as (announce, progress):
            yield announce, progress


class _Lines:
    """Tells of each stage once as it begins, and of a long one again and again, with its rate and what is left."""

    def __init__(self) -> None:
        self._stage = ""
        self._began = self._told = 0.0

    def progress(self, stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        if not total or (stage == self._stage and (done >= total or now < self._told + _LINES)):
            return
        counted = f"{total:,} {_COUNTED.get(stage, '')}".rstrip() if total > 1 else ""
        if stage != self._stage:
            if done < total or stage not in _COUNTED:
                tell(f"nrqa: {stage} {counted}".rstrip())
            self._stage, self._began = stage, now
        else:
            rate = done / (now - self._began)
            left = f", {rate:,.0f}/s, {_time((total - done) / rate)} left" if rate else ""
            tell(f"nrqa: {stage} {done:,} of {counted}{left}")
        self._told = now


def _time(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"  # noqa: PLR2004 - from there on minutes


@contextmanager
def _bar() -> Iterator[tuple[Announce, Progress]]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True, highlight=False, emoji=False, markup=False)
    facts = TextColumn("{task.fields[facts]}")
    columns = (TextColumn("{task.description}"), BarColumn(), facts, TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        tasks: dict[str, Any] = {}
        shown = 0.0

        def progress(stage: str, done: int, total: int) -> None:
            nonlocal shown
            if stage in tasks and done < total and time.monotonic() < shown + _SHOWN:
                return
            shown = time.monotonic()
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=None, facts="")
            task = bar.tasks[tasks[stage]]
            if total == 1:  # nothing to count: the bar only moves while it lasts
                bar.update(task.id, visible=done < total)
                return
            rate = f"  {task.speed:,.0f}/s" if task.speed else ""
            bar.update(task.id, completed=done, total=total, visible=total > 0, facts=f"{done:,}/{total:,}{rate}")

        yield console.print, progress
