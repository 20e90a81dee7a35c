"""`nrqa why-not`."""

import os
from typing import Annotated

import typer

from nrqa.cli.filters import conditions
from nrqa.cli.frame import HERE, IndexOption, JsonOption, OfflineOption, app, guarded
from nrqa.cli.output import print_json, print_rich, say


@app.command("why-not")
@guarded
def why_not(
    question: Annotated[list[str], typer.Argument(help="The question, quoted or not.")],
    document: Annotated[
        str,
        typer.Option(
            "--document",
            "-d",
            metavar="FILE[:LINE]",
            help="The passage: FILE (its best one), FILE:LINE, 'FILE p. 7', or 'FILE:\"some of its words\"'.",
        ),
    ],
    k: Annotated[int, typer.Option("-k", "--k", help="Hits asked for, as in `nrqa query`.")] = 5,
    where: Annotated[
        list[str] | None, typer.Option(metavar="KEY=VALUE", help="The filter that was asked with, as in `nrqa query`.")
    ] = None,
    only: Annotated[list[str] | None, typer.Option(metavar="GLOB", help="The same.")] = None,
    index: IndexOption = HERE,
    offline: OfflineOption = False,
    as_json: JsonOption = False,
) -> None:
    """Say why a passage is not among the hits, and the smallest change that would bring it up.

    Exit status 0: it is a hit; 1: it is not; 2: an error.
    """
    if offline:
        os.environ["NRQA_OFFLINE"] = "1"
    from nrqa.service import verbs

    found = verbs.why_not(
        index,
        " ".join(question),
        document,
        k=k,
        where=conditions(where or []),
        only=only,
        announce=None if as_json else say,
    )
    if as_json:
        print_json(found.to_dict())
    else:
        from nrqa.rendering.whynot import render_whynot

        print_rich(render_whynot(found.record))
    if found.record.outcome != "hit":
        raise typer.Exit(1)
