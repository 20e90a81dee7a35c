"""`nrqa check`."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nrqa.cli.frame import HERE, IndexOption, JsonOption, OfflineOption, app, guarded
from nrqa.cli.output import print_json, print_lines, print_rich
from nrqa.cli.progress import progress_bar
from nrqa.cli.reports import Report, ReportOption
from nrqa.errors import DraftError

if TYPE_CHECKING:
    from nrqa.checking.reading.formats import Format
    from nrqa.checking.results import Checked


@app.command()
@guarded
def check(
    drafts: Annotated[
        list[Path],
        typer.Argument(
            metavar="DRAFT...", help="The finished text: .md, .txt, .html, .tex, .docx, .odt, or - for standard input."
        ),
    ],
    words: Annotated[
        int, typer.Option(metavar="N", min=1, help="Look up quotations of at least N words; others are listed.")
    ] = 3,
    annotate: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write a copy of the draft with a footnote on everything that was checked."),
    ] = None,
    form: Annotated[
        str | None,
        typer.Option("--as", metavar="FORMAT", help="What the draft is: md, txt, html, tex, docx or odt."),
    ] = None,
    bibliography: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="BibTeX or CSL-JSON whose keys the draft cites (@key); may be repeated."),
    ] = None,
    index: IndexOption = HERE,
    offline: OfflineOption = False,
    report: ReportOption = Report.TEXT,
    as_json: JsonOption = False,
) -> None:
    """Check drafts: every quotation against the corpus, and support for every sentence without a citation.

    Exit status 1: a quotation is misquoted, wrongly elided, in another document than cited, or not in the corpus.
    """
    if offline:
        os.environ["NRQA_OFFLINE"] = "1"
    if annotate is not None or as_json:
        _refuse_several(drafts)
    if annotate is not None:
        _refuse_to_lose(annotate, drafts[0])
    from nrqa.answering.opened import opened
    from nrqa.service import verbs

    asked = opened(index)
    fine = True
    for draft in drafts:
        data = sys.stdin.buffer.read() if str(draft) == "-" else None
        with progress_bar(quiet=as_json) as (_, progress):
            found = verbs.check(
                asked,
                draft,
                words=words,
                form=_format(form),
                data=data,
                bibliography=bibliography or (),
                progress=progress,
            )
        if annotate is not None:
            from nrqa.rendering.checked_draft import annotated

            annotate.write_text(annotated(found.record), "utf-8", newline="")
        if as_json:
            print_json(found.to_dict())
        else:
            _tell(found.record, report)
        fine = fine and found.record.fine
    if not fine:
        raise typer.Exit(1)


def _tell(checked: "Checked", report: Report) -> None:
    if report is Report.GITHUB:
        from nrqa.rendering.workflow_commands import commands_of_draft

        print_lines(commands_of_draft(checked))
    else:
        from nrqa.rendering.checked_draft import render_checked

        print_rich(render_checked(checked))


def _format(written: str | None) -> "Format | None":
    if written is None:
        return None
    from nrqa.checking.reading.formats import FORMATS

    for form in FORMATS:
        if written.lower().lstrip(".") == form:
            return form
    raise DraftError(f"'{written}' is no format of drafts. Write one of these: --as {'|'.join(FORMATS)}")


def _refuse_several(drafts: list[Path]) -> None:
    if len(drafts) > 1:
        raise DraftError(f"--json and --annotate are for one draft, and {len(drafts)} are named. Check each by itself")


def _refuse_to_lose(annotate: Path, draft: Path) -> None:
    if annotate.exists() and draft.exists() and annotate.samefile(draft):
        raise DraftError(f"'{annotate}' is the draft itself. Name another file for the annotated copy")
    if annotate.is_dir() or not os.access(annotate.resolve().parent, os.W_OK):
        raise DraftError(f"The annotated copy cannot be written to '{annotate}'. Name a file in a folder that is there")
