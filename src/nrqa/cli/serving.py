"""`nrqa serve`."""

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nrqa.cli.frame import HERE, IndexOption, OfflineOption, app, guarded

if TYPE_CHECKING:
    from nrqa.server.settings import Serving


@app.command()
@guarded
def serve(
    port: Annotated[int, typer.Option("--port", "-p", min=0, max=65535, help="0 takes one that is free.")] = 8765,
    host: Annotated[
        str,
        typer.Option("--host", metavar="ADDRESS", help="Another address than this machine's own, with --token-file."),
    ] = "127.0.0.1",
    socket: Annotated[
        Path | None, typer.Option("--socket", metavar="PATH", help="Listen at a socket that only you can open.")
    ] = None,
    workers: Annotated[int, typer.Option("--workers", min=1, help="Processes; they share the index in memory.")] = 1,
    token_file: Annotated[
        Path | None,
        typer.Option("--token-file", metavar="FILE", help="The token of programs; made where it is not there."),
    ] = None,
    allow_host: Annotated[
        list[str] | None,
        typer.Option("--allow-host", metavar="NAME", help="Also answer under this name, as NAME or NAME:PORT."),
    ] = None,
    allow_origin: Annotated[
        list[str] | None,
        typer.Option("--allow-origin", metavar="ORIGIN", help="Let pages from there use the API: https://example.org"),
    ] = None,
    allow_standing: Annotated[
        bool, typer.Option("--allow-standing", help="Let the page accept answers of standing questions.")
    ] = False,
    log: Annotated[bool, typer.Option("--log", help="Tell every request: its route, status and time.")] = False,
    index: IndexOption = HERE,
    offline: OfflineOption = False,
) -> None:
    """Serve the index as a page in the browser, and as JSON for programs.

    It listens on this machine alone, and prints an address to open once. It needs an extra, serve, and says how to
    install it.
    """
    if offline:
        os.environ["NRQA_OFFLINE"] = "1"
    from nrqa.server.needed import refuse_without

    refuse_without()
    from nrqa.server.running import Wanted, prepared, run

    wanted = Wanted(
        index=index,
        host=host,
        port=port,
        socket=socket,
        workers=workers,
        token_file=token_file,
        allowed_hosts=tuple(allow_host or ()),
        allowed_origins=tuple(allow_origin or ()),
        accepting=allow_standing,
    )
    with prepared(wanted) as (serving, listening):
        run(serving, listening, workers=workers, log=log, started=lambda: _welcome(serving, socket, token_file))


def _welcome(serving: "Serving", socket: Path | None, token_file: Path | None) -> None:
    """Tell where the server is, and give a new address for each line that is typed."""
    from threading import Thread

    from nrqa.server.running import address
    from nrqa.server.settings import PORT

    if socket:
        from nrqa.server.security.invitations import invite

        typer.echo(f"nrqa serves {serving.index} at the socket {socket}")
        typer.echo(
            f"From a browser: ssh -L {PORT}:{socket.absolute()} MACHINE, and once in your browser: "
            f"http://localhost:{PORT}/enter?token={invite(serving.invitations)}"
        )
    else:
        # The address that lets a browser in is the first one, and alone on its line: people open what they see first.
        typer.echo(f"nrqa serves {serving.index}. Open this once in your browser:")
        typer.echo(f"  {_entrance(serving)}")
    token = f"the token in {token_file}" if token_file else f"Authorization: Bearer {serving.bearer}"
    typer.echo(f"Programs send {token}" + ("" if socket else f" to {address(serving, '/')}"))
    if not socket and sys.stdin.isatty():
        typer.echo("Press Enter for another such address, Ctrl-C to stop.")
        Thread(target=_invite_again, args=(serving,), daemon=True).start()


def _entrance(serving: "Serving") -> str:
    from nrqa.server.running import address
    from nrqa.server.security.invitations import invite

    return address(serving, f"/enter?token={invite(serving.invitations)}")


def _invite_again(serving: "Serving") -> None:
    import signal

    with suppress(OSError, ValueError):
        # A process in the background that reads from its terminal would be stopped, but for this.
        if hasattr(signal, "pthread_sigmask"):
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTIN})
        for _ in sys.stdin:
            typer.echo(f"  {_entrance(serving)}")
