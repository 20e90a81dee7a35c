"""`nrqa calibrate`."""

from pathlib import Path
from typing import Annotated

import typer

from nrqa.cli.frame import HERE, IndexOption, JsonOption, app, guarded
from nrqa.cli.output import print_json, print_rich
from nrqa.cli.progress import progress_bar


@app.command()
@guarded
def calibrate(
    questions: Annotated[
        Path | None,
        typer.Argument(
            metavar="[QUESTIONS]",
            help="JSONL file of questions with quotes [default: made of the corpus's own headings and sentences]",
            show_default=False,
        ),
    ] = None,
    forget: Annotated[bool, typer.Option("--forget", help="Go back to the confidence that nrqa came with.")] = False,
    index: IndexOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Say which errors to expect; with questions, also fit the confidence to this corpus and keep it with the index."""
    from nrqa.service import verbs

    if forget:
        gone = verbs.forget_calibration(index)
        if as_json:
            print_json(gone.to_dict())
        else:
            typer.echo("Forgotten." if gone.record else "There was no calibration.")
        return
    with progress_bar(quiet=as_json) as (announce, progress):
        found = verbs.calibrate(index, questions, announce=announce, progress=progress)
    if as_json:
        print_json(found.to_dict())
        return
    from nrqa.rendering.calibration import render_calibration

    print_rich(render_calibration(found.record))
