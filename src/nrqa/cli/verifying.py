"""`nrqa verify`."""

from pathlib import Path
from typing import Annotated

import typer

from nrqa.cli.frame import HERE, IndexOption, JsonOption, app, guarded
from nrqa.cli.output import print_json, print_lines, print_rich
from nrqa.cli.reports import Report, ReportOption


@app.command()
@guarded
def verify(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE...", help="Text, Markdown or JSON with citations; - is stdin.")
    ],
    corpus: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="DIR",
            help="Folder or file of the sources as they are now, repeatable [default: the index's own, else ./corpus]",
            show_default=False,
        ),
    ] = None,
    update: Annotated[
        bool, typer.Option("--update", help="Write the citations anew whose passages have moved; nothing else changes.")
    ] = False,
    allow_none: Annotated[
        bool, typer.Option("--allow-none", help="Files without a citation are no error, as for a hook that gets all.")
    ] = False,
    index: IndexOption = HERE,
    report: ReportOption = Report.TEXT,
    as_json: JsonOption = False,
) -> None:
    """Say of every citation in a file whether its words still stand there: intact, moved, edited, gone or ambiguous.

    Exit status 0: all intact, or moved and updated; 1: some are not; 2: an error. No index is needed.
    """
    from nrqa.service import verbs

    found = verbs.verify(index, files, corpus=corpus or None, update=update, allow_none=allow_none)
    if as_json:
        print_json(found.to_dict())
    elif report is Report.GITHUB:
        from nrqa.rendering.workflow_commands import commands_of_verification

        print_lines(commands_of_verification(found.record))
    else:
        from nrqa.rendering.verification import render_verification

        print_rich(render_verification(found.record))
    if not found.record.good:
        raise typer.Exit(1)
