"""`nrqa replay` and `nrqa standing`."""

import os
from pathlib import Path
from typing import Annotated

import typer

from nrqa.cli.filters import conditions
from nrqa.cli.frame import HERE, IndexOption, JsonOption, OfflineOption, app, guarded
from nrqa.cli.output import print_json, print_rich, print_text, say
from nrqa.errors import QuestionError

standing = typer.Typer(rich_markup_mode=None)
app.add_typer(standing, name="standing")

FolderOption = Annotated[
    Path | None,
    typer.Option("--folder", metavar="DIR", help="Where the questions are kept [default: standing/ in the index]"),
]


@app.command()
@guarded
def replay(
    receipt: Annotated[Path, typer.Argument(metavar="FILE", help="A receipt: nrqa query … --receipt FILE")],
    rerank: Annotated[
        str | None,
        typer.Option("--rerank", metavar="NAME", help="The cross-encoder to rerank with, as the receipt's answer was."),
    ] = None,
    index: IndexOption = HERE,
    offline: OfflineOption = False,
    as_json: JsonOption = False,
) -> None:
    """Ask again what a receipt says was asked, and explain each change.

    Exit status 0: the answer is identical; 1: it is not; 2: an error.
    """
    if offline:
        os.environ["NRQA_OFFLINE"] = "1"
    from nrqa.service import verbs

    found = verbs.replay(index, receipt, rerank=rerank, announce=None if as_json else say)
    if as_json:
        print_json(found.to_dict())
    else:
        from nrqa.rendering.replay import render_replay

        print_rich(render_replay(found.record))
    if found.record.result != "identical":
        raise typer.Exit(1)


@standing.callback(invoke_without_command=True)
@guarded
def report(
    context: typer.Context,
    accept: Annotated[
        bool, typer.Option("--accept", help="Take the answers of now as those to compare with from now on.")
    ] = False,
    folder: FolderOption = None,
    index: IndexOption = HERE,
    offline: OfflineOption = False,
    as_json: JsonOption = False,
) -> None:
    """Ask the standing questions again: which answers changed since they were accepted, and why.

    Run it after each `nrqa index`. Exit status 0: no answer changed; 1: some did; 2: an error. The same passages in
    other lines, with other scores, or in another order after the first, are no change.
    """
    if context.invoked_subcommand is not None:
        for name in context.params:
            source = context.get_parameter_source(name)
            if source is not None and source.name == "COMMANDLINE":
                raise QuestionError(
                    f"Write options behind the word: nrqa standing {context.invoked_subcommand} … --{name}"
                )
        return
    if offline:
        os.environ["NRQA_OFFLINE"] = "1"
    from nrqa.service import verbs

    found = verbs.standing(index, folder=folder, accept=accept, announce=None if as_json else say)
    if as_json:
        print_json(found.to_dict())
    else:
        from nrqa.rendering.replay import render_standing

        print_rich(render_standing(found.record))
    if found.record.changed:
        raise typer.Exit(1)


@standing.command()
@guarded
def add(
    question: Annotated[list[str], typer.Argument(help="The question, quoted or not.")],
    k: Annotated[int, typer.Option("-k", "--k", help="Most passages of the answer.")] = 5,
    where: Annotated[
        list[str] | None, typer.Option(metavar="KEY=VALUE", help="Only documents with this metadata, as for query.")
    ] = None,
    only: Annotated[list[str] | None, typer.Option(metavar="GLOB", help="Only documents with such names.")] = None,
    folder: FolderOption = None,
    index: IndexOption = HERE,
    offline: OfflineOption = False,
    as_json: JsonOption = False,
) -> None:
    """Ask a question now, and again whenever `nrqa standing` is called.

    Exit status 0: it stands, now or already, whatever the answer; 2: an error.
    """
    if offline:
        os.environ["NRQA_OFFLINE"] = "1"
    from nrqa.service import verbs

    found = verbs.add_standing(
        index,
        " ".join(question),
        k=k,
        where=conditions(where or []),
        only=only,
        folder=folder,
        announce=None if as_json else say,
    )
    if as_json:
        print_json(found.to_dict())
        return
    from nrqa.rendering.replay import render_standing_question

    one, is_new = found.record
    if not is_new:
        typer.echo("nrqa: that question stands already", err=True)
    print_rich(render_standing_question(one))


@standing.command("list")
@guarded
def list_(folder: FolderOption = None, index: IndexOption = HERE, as_json: JsonOption = False) -> None:
    """The standing questions by number, with the verdict that was accepted last."""
    from nrqa.service import verbs

    found = verbs.list_standing(index, folder=folder)
    if as_json:
        print_json(found.to_dict())
    else:
        from nrqa.rendering.replay import render_listed

        print_rich(render_listed(found.record))


@standing.command()
@guarded
def remove(
    number: Annotated[int, typer.Argument(metavar="N", help="Its number, as `nrqa standing list` shows it.")],
    folder: FolderOption = None,
    index: IndexOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Forget a standing question."""
    from nrqa.service import verbs

    found = verbs.remove_standing(index, number, folder=folder)
    if as_json:
        print_json(found.to_dict())
    else:
        print_text(f"Removed: standing question {number}\n")
