"""Starts the server: its secrets, its socket, one process or several."""

from __future__ import annotations

import logging
import os
import secrets
import signal
import socket
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NoReturn

from nrqa.errors import ServerError
from nrqa.index.opening import newest_at
from nrqa.server.listening import BACKLOG, at_address, at_path
from nrqa.server.settings import LOOPBACK, Serving, hosts_of

_TOKEN_BYTES = 32
_SHORTEST = 32
"""Characters of a token that a user chose: fewer could be guessed."""
_LONGEST_HEAD = 64 * 1024
"""Bytes of a request's line and headers: a question of 2,000 characters, each escaped, has 24,000."""
_KEEP_ALIVE = 15
"""Seconds that an idle connection stays open."""
_LEAVING = 5
"""Seconds for answers under way when the server is stopped."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """How the user wants the server: where it listens, what it lets in, and in how many processes it runs."""

    index: Path
    host: str
    port: int
    socket: Path | None = None
    workers: int = 1
    token_file: Path | None = None
    allowed_hosts: tuple[str, ...] = ()
    allowed_origins: tuple[str, ...] = ()
    accepting: bool = False


@contextmanager
def prepared(wanted: Wanted) -> Iterator[tuple[Serving, socket.socket]]:
    """The settings of a server, and the socket it will listen on. Raises ServerError where it cannot be as wanted."""
    if wanted.host not in LOOPBACK and wanted.socket is None and wanted.token_file is None:
        raise ServerError(
            f"Others could reach '{wanted.host}'. Name a file with a token that they must send: "
            "nrqa serve --host ADDRESS --token-file FILE"
        )
    newest_at(wanted.index).close()  # an index that is not there or cannot be opened is told now
    bearer = _token_in(wanted.token_file) if wanted.token_file else secrets.token_urlsafe(_TOKEN_BYTES)
    opened = at_path(wanted.socket) if wanted.socket else closing(at_address(wanted.host, wanted.port))
    with opened as listening, tempfile.TemporaryDirectory(prefix="nrqa-serve-") as folder:
        port = 0 if wanted.socket else listening.getsockname()[1]
        yield (
            Serving(
                index=wanted.index,
                host=wanted.host,
                port=port,
                hosts=hosts_of(wanted.host, port, wanted.allowed_hosts),
                origins=frozenset(wanted.allowed_origins),
                bearer=bearer,
                session=secrets.token_urlsafe(_TOKEN_BYTES),
                invitations=Path(folder),
                accepting=wanted.accepting,
                at_path=wanted.socket is not None,
            ),
            listening,
        )


def run(serving: Serving, listening: socket.socket, *, workers: int, log: bool, started: Callable[[], None]) -> None:
    """Serve until the process is told to end; ``started`` is called when connections are accepted.

    With ``log``, every request has a line on standard error.
    """
    import uvicorn

    from nrqa.server.security.connections import Connection
    from nrqa.server.workers import HEALTHY, Workers, in_worker

    _log(requests=log)
    config = uvicorn.Config(
        partial(in_worker, partial(_application, serving), partial(_log, requests=log)),
        factory=True,
        http=Connection,
        ws="none",
        loop="asyncio",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=True,
        proxy_headers=False,
        timeout_keep_alive=_KEEP_ALIVE,
        timeout_graceful_shutdown=_LEAVING,
        timeout_worker_healthcheck=HEALTHY,
        h11_max_incomplete_event_size=_LONGEST_HEAD,
        backlog=BACKLOG,
        workers=workers,
    )
    with _ending_well():
        if workers > 1:
            several = Workers(config, sockets=[listening])
            started()
            several.run()
        else:
            server = uvicorn.Server(config)
            started()
            server.run(sockets=[listening])


def address(serving: Serving, path: str) -> str:
    """The address of a page of this server."""
    host = f"[{serving.host}]" if ":" in serving.host else serving.host
    return f"http://{host}:{serving.port}{path}"


def _application(serving: Serving) -> object:
    from nrqa.server.application import application

    return application(serving)


def _log(*, requests: bool) -> None:
    """What is logged, in this process: errors, and where it is wanted, requests."""
    logging.basicConfig(format="%(asctime)s %(message)s", datefmt="%H:%M:%S", stream=sys.stderr)
    logging.getLogger("nrqa.server").setLevel(logging.INFO if requests else logging.ERROR)
    logging.getLogger("uvicorn").setLevel(logging.ERROR)


@contextmanager
def _ending_well() -> Iterator[None]:
    """Come back from a signal that ends the server: it has served, and what it made is yet to be removed."""
    from nrqa.server.workers import end_with_terminal

    signal.signal(signal.SIGTERM, _interrupt)
    end_with_terminal()
    with suppress(KeyboardInterrupt):  # uvicorn ends the answers under way, and then raises the signal again
        yield


def _interrupt(_: int, __: object) -> NoReturn:
    raise KeyboardInterrupt


def _token_in(file: Path) -> str:
    """The token in a file that only its owner can read; a new one is written where there is no such file."""
    try:
        if not file.exists():
            token = secrets.token_urlsafe(_TOKEN_BYTES)
            with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as written:
                written.write(f"{token}\n")
            return token
        if os.name == "posix" and stat.S_IMODE(file.stat().st_mode) & 0o077:
            raise ServerError(f"Others can read the token in '{file}'. Keep them out: chmod 600 '{file}'")
        token = file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ServerError(f"The token in '{file}' cannot be read or written: {error}. Name another file") from error
    if len(token) < _SHORTEST or not token.isascii() or not token.isprintable() or " " in token:
        raise ServerError(
            f"The token in '{file}' could be guessed or not be sent: it needs {_SHORTEST} letters, digits or signs "
            "without a blank. Delete the file, and a new one is written"
        )
    return token
