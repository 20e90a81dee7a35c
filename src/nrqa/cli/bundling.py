"""`nrqa pack` and `nrqa unpack`."""

import shlex
from pathlib import Path
from typing import Annotated

import typer

from nrqa.cli.frame import JsonOption, app, guarded, meant
from nrqa.cli.output import print_json, say, tell


@app.command()
@guarded
def pack(
    index: Annotated[Path, typer.Argument(help="Folder of the index, or its name in nrqa.toml.", callback=meant)],
    file: Annotated[Path, typer.Argument(help="The file to write, such as reports.nrqa.")],
    sources: Annotated[
        bool, typer.Option("--sources", help="Pack the source files, too: those that are as they were indexed.")
    ] = False,
    encoder: Annotated[
        bool, typer.Option("--encoder", help="Pack the encoder, too, for machines without PyTorch.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Pack an index into one file, which any machine can ask.

    Exit status 0: packed; 1: packed, but without some of the source files; 2: not packed.
    """
    from nrqa.bundles.packing import pack as packed
    from nrqa.rendering.plain_text import counted

    found = packed(index, file, sources=sources, encoder=encoder)
    if as_json:
        print_json(found.to_dict())
    else:
        what = [f"generation {found.generation}"]
        what += ["the calibration"] if found.calibration else []
        what += ["the encoder"] if found.encoder else []
        what += [counted(found.sources, "source file")] if sources else []
        typer.echo(f"{found.file}: {', '.join(what)}; {found.bytes / 1e6:,.1f} MB, root {found.root[:16]}")
        for one in found.left_out:
            tell(f"Not packed: {one.document}: {one.reason}")
        for notice in found.notices:
            say(notice)
    if found.left_out:
        raise typer.Exit(1)


@app.command()
@guarded
def unpack(
    file: Annotated[Path, typer.Argument(help="The file that nrqa pack has written.")],
    folder: Annotated[Path, typer.Argument(help="A new folder for the index.")],
    sources: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="A new folder for the source files in it.", show_default=False),
    ] = None,
    encoder: Annotated[
        bool, typer.Option("--encoder", help="Put its encoder into your cache. Only if you trust whoever packed it.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Make a folder again of an index in one file: one that can be continued."""
    from nrqa.bundles.unpacking import unpack as unpacked
    from nrqa.rendering.plain_text import counted

    found = unpacked(file, folder, sources=sources, encoder=encoder)
    if as_json:
        print_json(found.to_dict())
        return
    typer.echo(f"{found.index}: generation {found.generation}, every byte as it was packed")
    here = shlex.quote(found.index)
    if found.sources is not None:
        typer.echo(f"{found.sources}: {counted(found.packed_sources, 'source file')}")
        typer.echo(f"To continue it: nrqa index {shlex.quote(found.sources)} --replace --index {here}")
    elif found.packed_sources:
        typer.echo(f"It also has {counted(found.packed_sources, 'source file')}: nrqa unpack … --sources FOLDER")
    if encoder:
        typer.echo("The encoder is in your cache" if found.encoder else "You have an encoder of that model already")
    elif found.packed_encoder:
        typer.echo("It also has the encoder. If you trust whoever packed it, make it your own: nrqa unpack … --encoder")
