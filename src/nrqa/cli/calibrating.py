"""`nrqa calibrate`."""

from pathlib import Path
from typing import Annotated

import typer

from nrqa.cli.frame import HERE, IndexOption, JsonOption, app, guarded
from nrqa.cli.output import print_json, print_rich, progress_bar


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
    if forget:
        from nrqa.answering.calibration import forget as forgotten

        gone = forgotten(index)
        if as_json:
            print_json({"forgotten": gone})
        else:
            typer.echo("Forgotten." if gone else "There was no calibration.")
        return
    from nrqa.evaluation.calibrating import calibrate as fit

    with progress_bar(quiet=as_json) as (announce, progress):
        found = fit(index, questions, announce=announce, progress=progress)
    if as_json:
        print_json(found.to_dict())
        return
    from nrqa.rendering.calibration import render_calibration

    print_rich(render_calibration(found))
