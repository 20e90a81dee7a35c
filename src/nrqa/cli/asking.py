"""`nrqa query` and `nrqa show`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from nrqa.cli.frame import HERE, IndexOption, JsonOption, OfflineOption, app, guarded
from nrqa.cli.output import print_json, put, say
from nrqa.errors import QuestionError


@app.command()
@guarded
def query(
    question: Annotated[list[str], typer.Argument(help="The question, quoted or not.")],
    k: Annotated[int, typer.Option("-k", "--k", help="Most passages to show.")] = 5,
    where: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY=VALUE", help="Only documents with this metadata; the same key again: either value."),
    ] = None,
    only: Annotated[list[str] | None, typer.Option(metavar="GLOB", help="Only documents with such names.")] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say of every hit what placed it: signals, weights, ranks, words.")
    ] = False,
    receipt: Annotated[
        Path | None, typer.Option("--receipt", metavar="FILE", help="Write a receipt for `nrqa replay` to a new file.")
    ] = None,
    index: IndexOption = HERE,
    offline: OfflineOption = False,
    as_json: JsonOption = False,
) -> None:
    """Answer a question with ranked, cited passages. Exit status 1: nothing in the corpus answers."""
    if offline:
        os.environ["NRQA_OFFLINE"] = "1"
    if receipt is not None:
        from nrqa.receipts import refuse_existing

        refuse_existing(receipt)
    from nrqa.answering import Index

    asked = Index.open(index, announce=None if as_json else say, one_shot=True)
    answer = asked.ask(" ".join(question), k=k, where=_conditions(where or []), only=only, explain=explain)
    if receipt is not None:
        from nrqa.replaying import keep

        keep(asked, answer, receipt, k=k, where=conditions(where or []), only=only)
    if as_json:
        print_json(answer.to_dict())
    else:
        from nrqa.render import render_answer

        put(render_answer(answer))
    if answer.verdict not in ("answered", "weak"):
        raise typer.Exit(1)


@app.command()
@guarded
def show(
    citation: Annotated[str, typer.Argument(help="As printed: FILE:LINE, FILE:FIRST-LAST, or FILE@START-END.")],
    around: Annotated[int, typer.Option("--around", "-n", min=0, help="Lines to show before and after.")] = 2,
    index: IndexOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Show a cited passage in its surroundings, from the text that was indexed."""
    from nrqa import inspecting, render

    shown = inspecting.show(render.parse_place(citation), index, around=around)
    if as_json:
        print_json(shown.to_dict())
    else:
        put(render.render_shown(shown))


def _conditions(where: list[str]) -> dict[str, list[str]]:
    conditions: dict[str, list[str]] = {}
    for condition in where:
        key, equals, value = condition.partition("=")
        if not equals or not key.strip():
            raise QuestionError(f"'{condition}' is no condition. Write KEY=VALUE, such as --where nations=Russie")
        conditions.setdefault(key.strip().lower(), []).append(value.strip())
    return conditions
