"""`nrqa doctor`."""

from typing import Annotated

import typer

from nrqa.cli.frame import HERE, IndexOption, JsonOption, app, guarded
from nrqa.cli.output import print_json, print_rich


@app.command()
@guarded
def doctor(
    deep: Annotated[bool, typer.Option("--deep", help="Read every file of the index, however large it is.")] = False,
    index: IndexOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Say what is wrong with an index, its corpus and its encoder, and print the commands that mend it.

    Exit status 0: all is well; 1: there is something to mend; 2: a check could not be done.
    """
    from nrqa.service import verbs

    found = verbs.doctor(index, deep=deep)
    if as_json:
        print_json(found.to_dict())
    else:
        from nrqa.rendering.diagnosis import render_diagnosis

        print_rich(render_diagnosis(found.record))
    if found.record.failed:
        raise typer.Exit(2)
    if not found.record.well:
        raise typer.Exit(1)
