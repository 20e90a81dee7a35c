"""`nrqa eval`."""

import os
from pathlib import Path
from typing import Annotated

import typer

from nrqa.cli.frame import JsonOption, OfflineOption, app, guarded
from nrqa.cli.output import print_json, print_rich
from nrqa.cli.progress import progress_bar
from nrqa.errors import QuestionSetError


@app.command("eval")
@guarded
def evaluate(
    source: Annotated[
        Path, typer.Argument(metavar="PATH", help="Folder of a question set, or JSONL file of questions with quotes.")
    ],
    index: Annotated[
        Path | None,
        typer.Option(
            "--index",
            metavar="DIR",
            help="Index that questions with quotes are asked of [default: NRQA_INDEX, else index]",
            show_default=False,
        ),
    ] = None,
    k: Annotated[int, typer.Option("-k", "--k", help="Hits that count for recall, precision and IoU of spans.")] = 5,
    sample: Annotated[
        int | None, typer.Option(metavar="N", help="Ask only N questions of each kind, the same ones every time.")
    ] = None,
    work: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Keep a set's corpus and index there [default: a temporary folder]"),
    ] = None,
    documents: Annotated[
        str | None, typer.Option(metavar="FILE", help="File of documents in PATH [default: corpus.jsonl]")
    ] = None,
    spans: Annotated[
        str | None, typer.Option(metavar="FILE", help="File of spans in PATH [default: spans.tsv, if it is there]")
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(help="sentence-transformers name or folder [default: all-MiniLM-L6-v2]", show_default=False),
    ] = None,
    save: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the run to a file, to compare others with it.")
    ] = None,
    compare: Annotated[Path | None, typer.Option(metavar="FILE", help="An earlier run that was saved.")] = None,
    offline: OfflineOption = False,
    as_json: JsonOption = False,
) -> None:
    """Measure how well a set of questions is answered; docs/evaluation.md tells what is measured."""
    if offline:
        os.environ["NRQA_OFFLINE"] = "1"
    from nrqa.evaluation import evaluating

    if save is not None and (save.is_dir() or not os.access(save.resolve().parent, os.W_OK)):
        # Told now, and not when all has been asked.
        raise QuestionSetError(f"The run cannot be saved as '{save}'. Name a file in a folder that may be written to")
    with progress_bar(quiet=as_json) as (announce, progress):
        found = evaluating.evaluate(
            source,
            index,
            k=k,
            sample=sample,
            work=work,
            documents=documents,
            spans=spans,
            model=model,
            offline=offline,
            compare_with=compare,
            announce=announce,
            progress=progress,
        )
    if save is not None:
        from nrqa.text.control_characters import json_text

        save.write_text(json_text(found.to_dict()), "utf-8")
    if as_json:
        print_json(found.to_dict())
        return
    from nrqa.rendering.evaluation import render_evaluation

    print_rich(render_evaluation(found))
