"""`nrqa index` and `nrqa status`."""

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

import typer

from nrqa.cli.frame import HERE, IndexOption, JsonOption, OfflineOption, app, guarded
from nrqa.cli.output import print_json, print_rich
from nrqa.cli.progress import progress_bar

_NICE = 10
"""How far an index run steps back for those who ask meanwhile: a tenth of the processor where there is not enough."""


@app.command()
@guarded
def index(
    corpus: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Folders of documents, and single files [default: the index's own, else ./corpus]", show_default=False
        ),
    ] = None,
    index: IndexOption = HERE,
    model: Annotated[
        str | None,
        typer.Option(help="sentence-transformers name or folder [default: all-MiniLM-L6-v2]", show_default=False),
    ] = None,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Start from nothing.")] = False,
    allow_empty: Annotated[
        bool, typer.Option("--allow-empty", help="An empty corpus is meant: empty the index too.")
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Let this corpus take the place of the one that the index is of.")
    ] = False,
    include: Annotated[
        list[str] | None,
        typer.Option(
            metavar="GLOB",
            help="Only such files, in the syntax of .gitignore. Repeatable; kept in the index until others, or 'none', "
            "take its place.",
            show_default=False,
        ),
    ] = None,
    exclude: Annotated[
        list[str] | None,
        typer.Option(metavar="GLOB", help="No such files; as --include, and see .nrqaignore.", show_default=False),
    ] = None,
    max_file_size: Annotated[
        str | None,
        typer.Option(
            metavar="SIZE",
            help="No larger files, such as 20MB; kept in the index until 'none' takes it back [default: 64MiB]",
            show_default=False,
        ),
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ROLE=HEADER",
            help="What a column of tables holds: text, title, date or url, as in text=body. Repeatable; kept in the "
            "index until 'none' takes it back.",
            show_default=False,
        ),
    ] = None,
    ocr: Annotated[
        str | None,
        typer.Option(
            metavar="LANGUAGES",
            help="Recognise the text of scanned PDFs with the system's tesseract, such as eng or eng+deu; kept in the "
            "index until 'none' takes it back.",
            show_default=False,
        ),
    ] = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Then follow the corpus, and index what changes, until Ctrl-C.")
    ] = False,
    poll: Annotated[
        float | None,
        typer.Option(
            metavar="SECONDS",
            min=0.1,
            help="Watch by looking so often, where the system tells of no changes: network folders.",
            show_default=False,
        ),
    ] = None,
    processes: Annotated[
        int | None,
        typer.Option(
            metavar="N", min=1, help="Read and encode new documents in N processes of this machine.", show_default=False
        ),
    ] = None,
    ray: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="Read and encode new documents on a Ray cluster (extra: ray); 'auto': the one of this machine.",
            show_default=False,
        ),
    ] = None,
    offline: OfflineOption = False,
    as_json: JsonOption = False,
) -> None:
    """Build the index of a corpus, or bring it up to date; only new text is embedded."""
    from nrqa.answering.inspecting import corpus_of_index
    from nrqa.corpus.readers.tables.columns import written_columns
    from nrqa.index.local import generation
    from nrqa.index.opening import refuse_packed
    from nrqa.indexing.process_tuning import collect_rarely, multiply_in_one_thread, return_large_blocks
    from nrqa.indexing.reindexing import reindex

    index = _above(index) if not corpus else index
    refuse_packed(index, "Nothing is indexed")
    recorded = None if corpus else corpus_of_index(index)
    paths = corpus or ([root.path for root in recorded.roots] if recorded else [Path("corpus")])
    options: dict[str, Any] = {
        "model": model,
        "rebuild": rebuild,
        "allow_empty": allow_empty,
        "offline": offline,
        "columns": written_columns(column or ()),
        "ocr": ocr,
        "include": include or None,
        "exclude": exclude or None,
        "max_file_size": max_file_size,
        "replace": replace,
        "processes": processes,
        "ray": ray,
    }
    return_large_blocks()
    collect_rarely()
    multiply_in_one_thread()
    if watch or poll is not None:
        from nrqa.cli.watching import follow

        follow(paths, index, poll=poll, as_json=as_json, **options)
        return
    _step_back(index)
    first = generation.newest(index) is None  # which takes long: whoever set it up sees what it is doing
    with progress_bar(quiet=as_json, lines=first) as (announce, progress):
        report = reindex(paths, index, announce=announce, progress=progress, **options)
    if as_json:
        print_json(report.to_dict())
        return
    from nrqa.rendering.index_state import render_report

    if not sys.stderr.isatty() and not first:
        for notice in report.notices:
            typer.echo(notice, err=True)
    print_rich(render_report(report))


@app.command()
@guarded
def status(
    verify: Annotated[bool, typer.Option("--verify", help="Read every file of the index and check it.")] = False,
    documents: Annotated[bool, typer.Option("--documents", help="List the documents that are in.")] = False,
    facets: Annotated[
        bool, typer.Option("--facets", help="List what --where can filter by: metadata, values, how many.")
    ] = False,
    index: IndexOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Say what the index holds, what it could not read, and what has changed since."""
    if documents or facets:
        _contents(index, documents=documents, facets=facets, as_json=as_json)
        return
    from nrqa.service import verbs

    found = verbs.status(index, verify=verify)
    if as_json:
        print_json(found.to_dict())
    else:
        from nrqa.rendering.index_state import render_status

        print_rich(render_status(found.record))
    if found.record.damaged:
        raise typer.Exit(2)


def _above(index: Path) -> Path:
    """The index in a folder above, as for questions, where there is neither an index nor a corpus here."""
    if index != HERE or index.exists() or Path("corpus").exists():
        return index
    from nrqa.cli.finding import index_above

    return index_above(Path.cwd()) or index


def _step_back(index: Path) -> None:
    """Leave the processor to questions, where there is an index that they may be asked of."""
    from nrqa.index.local import generation

    if generation.newest(index) is not None and hasattr(os, "nice"):
        with suppress(OSError):
            os.nice(_NICE)


def _contents(index: Path, *, documents: bool, facets: bool, as_json: bool) -> None:
    from nrqa.rendering.contents import render_documents, render_facets
    from nrqa.service import verbs

    found = verbs.contents(index, documents=documents, facets=facets)
    if as_json:
        print_json(found.to_dict())
        return
    if documents:
        print_rich(render_documents(found.record))
    if facets:
        print_rich(render_facets(found.record))
