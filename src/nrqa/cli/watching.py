"""`nrqa index --watch`: follows a corpus, and tells of each run."""

import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nrqa.cli.output import print_json_line, print_rich, tell
from nrqa.cli.progress import progress_bar
from nrqa.records import IndexReport


def follow(corpus: list[Path], index: Path, *, poll: float | None, as_json: bool, **options: Any) -> None:
    """Tell of each run until Ctrl-C or SIGTERM, which is how following ends."""
    from nrqa.indexing.watching import watch

    def failed(error: Exception) -> None:
        if as_json:
            from nrqa.service.objects import error_object

            print_json_line(error_object(error))
        else:
            tell(f"{_clock()}  {str(error) or type(error).__name__}")

    def announce(notice: str) -> None:
        if as_json:
            print_json_line({"notice": notice})
        else:
            tell(notice)

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with progress_bar(quiet=as_json) as (_, progress):
        reports = watch(corpus, index, poll=poll, failed=failed, announce=announce, progress=progress, **options)
        first = next(reports)
    try:
        _tell_all(first, reports, as_json=as_json)
    except KeyboardInterrupt:
        reports.close()
        if not as_json:
            tell("Stopped following. The published index is whole.")


def _tell_all(first: IndexReport, reports: Iterator[IndexReport], *, as_json: bool) -> None:
    if as_json:
        print_json_line(first.to_dict())
        for report in reports:
            print_json_line(report.to_dict())
        return
    from nrqa.rendering.index_state import render_report

    print_rich(render_report(first))
    sys.stdout.flush()
    tell("Following the corpus. Ctrl-C ends it.")
    before = first
    for report in reports:
        tell(_line(report))
        for notice in set(report.notices) - set(before.notices):
            tell(f"          {notice}")
        for one in sorted(set(report.unreadable) - set(before.unreadable), key=lambda one: one.document):
            tell(f"          not searchable: {one.document}: {one.reason}")
        before = report


def _line(report: IndexReport) -> str:
    changes = f"+{report.documents_added} ~{report.documents_changed} -{report.documents_removed}"
    return f"{_clock()}  {changes}  generation {report.generation}  {report.seconds:.1f} s"


def _clock() -> str:
    return time.strftime("%H:%M:%S")
