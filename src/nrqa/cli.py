"""The command line: the only floor that prints.

Exit status: 0 done (for ``query``: answered or weak), 1 nothing in the corpus answers, 2 any error.
"""

from __future__ import annotations

import functools
import io
import json
import os
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from nrqa.errors import NrqaError, QuestionError, QuestionSetError
from nrqa.settings import DEFAULT_INDEX, VERSION

if TYPE_CHECKING:
    from rich.console import RenderableType

app = typer.Typer(
    name="nrqa",
    help="Ranked, cited passages from your own documents. It never writes a sentence of its own.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

IndexOption = Annotated[Path, typer.Option("--index", envvar="NRQA_INDEX", metavar="DIR", help="Folder of the index.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
OfflineOption = Annotated[
    bool,
    typer.Option("--offline", help="Make any attempt to reach the network an error (or NRQA_OFFLINE=1)."),
]
_HERE = Path(DEFAULT_INDEX)
_STOPPED = 130


def main() -> None:
    """Run the command and leave with its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # Texts hold characters that a pipe's or terminal's encoding may lack. A terminal keeps its encoding.
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")
    app()


def _guarded(command: Callable[..., None]) -> Callable[..., None]:
    """The command with every error told in one message on stderr and exit status 2."""

    @functools.wraps(command)
    def run(*args: Any, **options: Any) -> None:
        try:
            command(*args, **options)
        except (NrqaError, OSError) as error:
            if isinstance(error, BrokenPipeError):
                # Whoever read our output (head, less) has left. Python would complain again at exit.
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
                sys.exit(0)
            _fail(error, as_json=bool(options.get("as_json")))
        except KeyboardInterrupt:
            _say("Stopped. The published index is as it was; what was embedded is kept for the next run.")
            sys.exit(_STOPPED)
        except typer.Exit:
            raise
        except SystemExit:
            raise
        except BaseException:  # noqa: BLE001 - a bug's own status is 1, which here means "nothing answers"
            traceback.print_exc()  # (a panic in Rust is no Exception)
            sys.exit(2)

    return run


@app.callback(invoke_without_command=True)
def nrqa(*, version: Annotated[bool, typer.Option("--version", help="Print the version and leave.")] = False) -> None:
    """Ranked, cited passages from your own documents. It never writes a sentence of its own."""
    if version:
        typer.echo(f"nrqa {VERSION}")
        raise typer.Exit


@app.command()
@_guarded
def index(
    corpus: Annotated[
        Path | None,
        typer.Argument(help="Folder of documents [default: the index's own, else ./corpus]", show_default=False),
    ] = None,
    index: IndexOption = _HERE,
    model: Annotated[
        str | None,
        typer.Option(help="sentence-transformers name or folder [default: all-MiniLM-L6-v2]", show_default=False),
    ] = None,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Start from nothing.")] = False,
    allow_empty: Annotated[
        bool, typer.Option("--allow-empty", help="An empty corpus is meant: empty the index too.")
    ] = False,
    offline: OfflineOption = False,
    as_json: JsonOption = False,
) -> None:
    """Build the index of a corpus, or bring it up to date; only new text is embedded."""
    from nrqa.indexing import reindex
    from nrqa.inspecting import corpus_of_index

    with _progress(quiet=as_json) as (announce, progress):
        report = reindex(
            corpus or corpus_of_index(index) or Path("corpus"),
            index,
            model=model,
            rebuild=rebuild,
            allow_empty=allow_empty,
            offline=offline,
            announce=announce,
            progress=progress,
        )
    if as_json:
        _print_json(report.to_dict())
        return
    from nrqa.render import render_report

    if not sys.stderr.isatty():
        for notice in report.notices:
            typer.echo(notice, err=True)
    _print(render_report(report))


@app.command()
@_guarded
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
    index: IndexOption = _HERE,
    offline: OfflineOption = False,
    as_json: JsonOption = False,
) -> None:
    """Answer a question with ranked, cited passages. Exit status 1: nothing in the corpus answers."""
    if offline:
        os.environ["NRQA_OFFLINE"] = "1"
    from nrqa.answering import Index

    asked = Index.open(index, announce=None if as_json else _say, one_shot=True)
    answer = asked.ask(" ".join(question), k=k, where=_conditions(where or []), only=only, explain=explain)
    if as_json:
        _print_json(answer.to_dict())
    else:
        from nrqa.render import render_answer

        _print(render_answer(answer))
    if answer.verdict not in ("answered", "weak"):
        raise typer.Exit(1)


@app.command()
@_guarded
def show(
    citation: Annotated[str, typer.Argument(help="As printed: FILE:LINE, FILE:FIRST-LAST, or FILE@START-END.")],
    around: Annotated[int, typer.Option("--around", "-n", min=0, help="Lines to show before and after.")] = 2,
    index: IndexOption = _HERE,
    as_json: JsonOption = False,
) -> None:
    """Show a cited passage in its surroundings, from the text that was indexed."""
    from nrqa import inspecting, render

    shown = inspecting.show(render.parse_place(citation), index, around=around)
    if as_json:
        _print_json(shown.to_dict())
    else:
        _print(render.render_shown(shown))


@app.command()
@_guarded
def status(
    verify: Annotated[bool, typer.Option("--verify", help="Read every file of the index and check it.")] = False,
    index: IndexOption = _HERE,
    as_json: JsonOption = False,
) -> None:
    """Say what the index holds, what it could not read, and what has changed since."""
    from nrqa import inspecting

    found = inspecting.status(index, verify=verify)
    if as_json:
        _print_json(found.to_dict())
    else:
        from nrqa.render import render_status

        _print(render_status(found))
    if found.damaged:
        raise typer.Exit(2)


@app.command("eval")
@_guarded
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
    from nrqa import evaluation

    if save is not None and (save.is_dir() or not os.access(save.resolve().parent, os.W_OK)):
        # Told now, and not when all has been asked.
        raise QuestionSetError(f"The run cannot be saved as '{save}'. Name a file in a folder that may be written to")
    with _progress(quiet=as_json) as (announce, progress):
        found = evaluation.evaluate(
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
        save.write_text(_json(found.to_dict()), "utf-8")
    if as_json:
        _print_json(found.to_dict())
        return
    from nrqa.render_evaluation import render_evaluation

    _print(render_evaluation(found))


def _conditions(where: list[str]) -> dict[str, list[str]]:
    conditions: dict[str, list[str]] = {}
    for condition in where:
        key, equals, value = condition.partition("=")
        if not equals or not key.strip():
            raise QuestionError(f"'{condition}' is no condition. Write KEY=VALUE, such as --where nations=Russie")
        conditions.setdefault(key.strip().lower(), []).append(value.strip())
    return conditions


def _print(renderable: RenderableType) -> None:
    """To a terminal as wide as it is; to a pipe or file without colours and without breaking lines."""
    from rich.console import Console

    console = Console(highlight=False, emoji=False, markup=False)
    if console.is_terminal:
        console.print(renderable)
    else:
        unbroken = Console(highlight=False, emoji=False, markup=False, width=_UNBROKEN)
        with unbroken.capture() as captured:
            unbroken.print(renderable, soft_wrap=True)
        sys.stdout.writelines(f"{line.rstrip()}\n" for line in captured.get().splitlines())


_UNBROKEN = 1_000_000
"""A width that no paragraph reaches."""


def _print_json(value: dict[str, Any]) -> None:
    sys.stdout.write(_json(value))


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _say(message: str) -> None:
    """A notice, on stderr, and only where somebody is watching."""
    if sys.stderr.isatty():
        typer.echo(message, err=True)


def _fail(error: Exception, *, as_json: bool) -> NoReturn:
    if as_json:
        _print_json({"error": {"type": type(error).__name__, "message": str(error)}})
    typer.echo(f"nrqa: {error}", err=True)
    sys.exit(2)


@contextmanager
def _progress(*, quiet: bool) -> Iterator[tuple[Callable[[str], None], Callable[[str, int, int], None]]]:
    """What indexing reports to: a bar on stderr where that is a terminal, else nothing."""
    if quiet or not sys.stderr.isatty():
        yield _say if not quiet else (lambda _: None), lambda *_: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True, highlight=False, emoji=False, markup=False)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        tasks: dict[str, Any] = {}

        def progress(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage)
            bar.update(tasks[stage], completed=done, total=total, visible=total > 0)

        yield console.print, progress
