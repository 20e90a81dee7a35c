"""`nrqa query` and `nrqa show`."""

import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO, Literal

import typer

from nrqa.cli.filters import conditions
from nrqa.cli.frame import HERE, HERE_ALONE, IndexesOption, IndexOption, JsonOption, OfflineOption, app, guarded
from nrqa.cli.output import print_json, print_json_line, print_rich, print_text, say
from nrqa.errors import QuestionError
from nrqa.rendering.formats import Format

if TYPE_CHECKING:
    from nrqa.answering.asking import Index
    from nrqa.index.snapshot import Snapshot
    from nrqa.records import Answer, Passage

CiteOption = Annotated[
    bool,
    typer.Option("--cite", help="Print citations alone, one a line, to be pasted; with --json, also as annotations."),
]


@app.command()
@guarded
def query(
    question: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[QUESTION]...", help="The question, quoted or not; without one, a prompt.", show_default=False
        ),
    ] = None,
    k: Annotated[int, typer.Option("-k", "--k", help="Show at most so many passages.")] = 5,
    where: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KEY=VALUE",
            help="Only documents with this metadata, also KEY>=VALUE, KEY<VALUE, KEY=A..B for dates and numbers; "
            "the same key again: either value, within all bounds.",
        ),
    ] = None,
    only: Annotated[list[str] | None, typer.Option(metavar="GLOB", help="Only documents with such names.")] = None,
    first: Annotated[
        Literal["newer", "older"] | None,
        typer.Option("--first", help="Where scores agree to two decimals, newer or older documents first."),
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say of every hit what placed it: signals, weights, ranks, words.")
    ] = False,
    rerank: Annotated[
        str | None,
        typer.Option(
            "--rerank",
            metavar="NAME",
            help="A cross-encoder on this machine that reads the first 20 hits; see docs/models.md.",
        ),
    ] = None,
    form: Annotated[
        Format | None,
        typer.Option("--format", help="How to write the answer; see docs/formats.md.", show_default="text"),
    ] = None,
    receipt: Annotated[
        Path | None, typer.Option("--receipt", metavar="FILE", help="Write a receipt for `nrqa replay` to a new file.")
    ] = None,
    certificate: Annotated[
        bool, typer.Option("--certificate", help="Say in full what was searched, and what came near.")
    ] = False,
    full: Annotated[
        bool, typer.Option("--full", help="Show passages whole, where a terminal would get the answering sentences.")
    ] = False,
    cite: CiteOption = False,
    batch: Annotated[
        str | None,
        typer.Option(
            "--batch",
            metavar="FILE",
            help="Ask every line of a file (- is stdin), plain or JSON; answers are JSON Lines; see docs/reference.md.",
        ),
    ] = None,
    indexes: IndexesOption = HERE_ALONE,
    offline: OfflineOption = False,
    as_json: JsonOption = False,
) -> None:
    """Answer a question with ranked, cited passages. Exit status 1: the verdict is absent or unknown; 2: an error."""
    if offline:
        os.environ["NRQA_OFFLINE"] = "1"
    kept = conditions(where or [])
    options: dict[str, Any] = {
        "k": k,
        "where": kept,
        "only": only,
        "explain": explain,
        "first": first,
        "rerank": rerank,
    }
    if batch is not None:
        if question or receipt or certificate or cite or len(indexes) > 1 or form not in (None, Format.JSON):
            raise QuestionError(
                "--batch asks what stands in its file of one index, and answers in JSON Lines. "
                "Leave out the question, --receipt, --certificate, --cite, --format and other indexes."
            )
        _answer_batch(batch, indexes[0], options)
        return
    form = _form(form, as_json=as_json)
    if cite and form not in (Format.TEXT, Format.JSON):
        raise QuestionError(f"--cite and --format {form} contradict each other. Give one of them.")
    _check_receipt(receipt, first)
    alone = len(indexes) == 1 or _refuse_for_several(
        receipt=receipt, certificate=certificate, cite=cite, first=first, format=form not in (Format.TEXT, Format.JSON)
    )
    if not question:
        _prompt(form, indexes, options, full=full)
        return
    asked = " ".join(question)
    if alone:
        answers = _answer(asked, indexes[0], options, form, receipt, cite=cite, certificate=certificate, full=full)
    else:
        from nrqa.cli.several import answer_together

        answers = answer_together(asked, indexes, options, as_json=form is Format.JSON, full=full or explain)
    if not answers:
        raise typer.Exit(1)


def _answer(
    question: str,
    index: Path,
    options: dict[str, Any],
    form: Format,
    receipt: Path | None,
    *,
    cite: bool,
    certificate: bool,
    full: bool,
) -> bool:
    """Ask one index, print what it says, and return whether it answers."""
    from nrqa.answering import asking
    from nrqa.service import verbs

    asked = asking.Index.open(index, announce=say if form is Format.TEXT else None, one_shot=True)
    found = verbs.search(asked, question, cite=cite, **options)
    answer = found.record
    if receipt is not None:
        from nrqa.auditing.replaying import keep

        keep(asked, answer, receipt, k=options["k"])
    if form is Format.JSON:
        print_json(found.to_dict())
    elif cite:
        _put_citations(one.passage for one in answer.hits if answer.answers)
    else:
        _put_answer(answer, form, asked, certificate=certificate, full=full)
    return answer.answers


def _prompt(form: Format, indexes: Sequence[Path], options: dict[str, Any], *, full: bool) -> None:
    """Ask what somebody types, if somebody is there to type."""
    if form is not Format.TEXT or not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise QuestionError("There is no question. Ask one: nrqa query QUESTION, or many: nrqa query --batch FILE")
    from nrqa.cli.prompting import ask_again

    ask_again(indexes, options, full=full)


def _refuse_for_several(**given: Any) -> bool:
    """False: there is more than one index. Raises QuestionError for what can only be had of one."""
    for name, value in given.items():
        if value:
            raise QuestionError(f"--{name} is of one index. Ask each by itself: --index DIR once")
    return False


def _put(answer: "Answer", snapshot: "Snapshot", index: Path, *, certificate: bool, full: bool) -> None:
    """For a person: whole in a pipe, short on a terminal unless all of it is asked for."""
    from nrqa.answering.missing_words import words_perhaps_misspelled

    if not words_perhaps_misspelled(answer.question, answer.searched.nowhere) and not sys.stdout.isatty():
        from nrqa.rendering.answer import render_answer

        print_rich(render_answer(answer, certificate=certificate))
        return
    from nrqa.cli.answers import put_answer

    put_answer(answer, snapshot, index, certificate=certificate, full=full)


def _check_receipt(receipt: Path | None, first: str | None) -> None:
    """Before asking: whether a receipt can be written."""
    if receipt is None:
        return
    if first:
        raise QuestionError("A receipt is of an answer in the order of its scores. Leave --first or --receipt out.")
    from nrqa.auditing.receipts.files import refuse_existing

    refuse_existing(receipt)


def _answer_batch(file: str, index: Path, options: dict[str, Any]) -> None:
    """Answer every line; the exit status is that of the worst: 2 an error, 1 nothing in the corpus answers."""
    from nrqa.answering import asking
    from nrqa.service.batching import answer_lines

    status = 0
    with _lines_of(file) as lines:
        for found in answer_lines(asking.Index.open(index, announce=say), lines, **options):
            print_json_line(found)
            status = max(status, 2 if "error" in found else int(found["verdict"] in ("absent", "unknown")))
    if status:
        raise typer.Exit(status)


def _lines_of(file: str) -> BinaryIO:
    try:
        return sys.stdin.buffer if file == "-" else Path(file).open("rb")
    except OSError as error:
        raise QuestionError(f"The questions in '{file}' cannot be read: {error.strerror}.") from error


@app.command()
@guarded
def show(
    citation: Annotated[
        list[str],
        typer.Argument(
            metavar="CITATION",
            help="As printed: FILE:LINE, FILE p. 7, FILE par. 23, FILE row 12; or FILE@START-END, or FILE alone: its "
            "beginning.",
        ),
    ],
    around: Annotated[int, typer.Option("--around", "-n", min=0, help="Lines before and after, or of FILE alone.")] = 2,
    cite: CiteOption = False,
    png: Annotated[
        Path | None, typer.Option("--png", metavar="FILE", help="Write its page, of a PDF, with the passage marked.")
    ] = None,
    index: IndexOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Show a cited passage in its surroundings, from the text that was indexed."""
    from nrqa.service import verbs

    found = verbs.show(index, " ".join(citation), around=around, cite=cite)
    shown = found.record
    if png is not None:
        _write_picture(shown.passages, index, png)
    if as_json:
        print_json(found.to_dict())
    elif cite:
        _put_citations(shown.passages)
    else:
        from nrqa.rendering.shown_passage import render_shown

        print_rich(render_shown(shown))


def _write_picture(passages: Sequence["Passage"], index: Path, file: Path) -> None:
    from nrqa.answering.picturing import picture

    drawn = picture(passages, index)
    try:
        file.write_bytes(drawn)
    except OSError as error:
        raise QuestionError(f"'{file}' cannot be written: {error.strerror}.") from error


def _put_citations(passages: Iterable["Passage"]) -> None:
    from nrqa.citations.making import cite_lines

    print_text("".join(f"{line}\n" for line in cite_lines(passages)))


def _put_answer(answer: "Answer", form: Format, asked: "Index", *, certificate: bool, full: bool) -> None:
    if form is Format.TEXT:
        _put(answer, asked.snapshot_at(answer.generation), asked.folder, certificate=certificate, full=full)
        return
    from nrqa.cli.answers import editor_named
    from nrqa.service import verbs

    print_text(verbs.export(asked, answer, form, editor=editor_named(default="vscode") or ""))


def _form(form: Format | None, *, as_json: bool) -> Format:
    if as_json and form not in (None, Format.JSON):
        raise QuestionError(f"--json and --format {form} contradict each other. Give one of them.")
    return Format.JSON if as_json else form or Format.TEXT
