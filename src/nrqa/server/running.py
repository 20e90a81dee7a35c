"""Starts the server: its secrets, its socket, one process or several."""

from __future__ import annotations

import os
import secrets
import socket
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from nrqa.errors import ServerError
from nrqa.index.opening import newest_at
from nrqa.server.settings import LOOPBACK, Serving, hosts_of

_TOKEN_BYTES = 32
_SHORTEST = 32
"""Characters of a token that a user chose: fewer could be guessed."""
_LONGEST_HEAD = 64 * 1024
"""Bytes of a request's line and headers: a question of 2,000 characters, each escaped, has 24,000."""
_KEEP_ALIVE = 15
"""Seconds that an idle connection stays open."""
_BACKLOG = 512
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
    listening = _bound(wanted)
    with listening, tempfile.TemporaryDirectory(prefix="nrqa-serve-") as folder:
        port = 0 if wanted.socket else listening.getsockname()[1]
        hosts = hosts_of(wanted.host, port, wanted.allowed_hosts)
        yield (
            Serving(
                index=wanted.index,
                host=wanted.host,
                port=port,
                hosts=hosts | {"localhost"} if wanted.socket else hosts,
                origins=frozenset(wanted.allowed_origins),
                bearer=bearer,
                session=secrets.token_urlsafe(_TOKEN_BYTES),
                invitations=Path(folder),
                accepting=wanted.accepting,
            ),
            listening,
        )


def run(serving: Serving, listening: socket.socket, *, workers: int, started: Callable[[], None]) -> None:
    """Serve until the process is told to end; ``started`` is called when connections are accepted."""
    import uvicorn

    from nrqa.server.application import application
    from nrqa.server.security.connections import Connection

    config = uvicorn.Config(
        partial(application, serving),
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
        h11_max_incomplete_event_size=_LONGEST_HEAD,
        backlog=_BACKLOG,
        workers=workers,
    )
    if workers > 1:
        from uvicorn.supervisors import Multiprocess

        several = Multiprocess(config, sockets=[listening])
        started()
        several.run()
        return
    server = uvicorn.Server(config)
    started()
    server.run(sockets=[listening])


def address(serving: Serving, path: str) -> str:
    """The address of a page of this server."""
    host = f"[{serving.host}]" if ":" in serving.host else serving.host
    return f"http://{host}:{serving.port}{path}"


def _bound(wanted: Wanted) -> socket.socket:
    if wanted.socket is not None:
        return _at_path(wanted.socket)
    family = socket.AF_INET6 if ":" in wanted.host else socket.AF_INET
    # asyncio sends at once (TCP_NODELAY) only where a socket says its protocol: else each answer waits 40 ms.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((wanted.host, wanted.port))
        listening.listen(_BACKLOG)
    except OSError as error:
        listening.close()
        why = (error.strerror or str(error)).lower()
        raise ServerError(
            f"The server cannot listen at {wanted.host}, port {wanted.port}: {why}. Name another port: "
            "nrqa serve --port N (0 takes any that is free)"
        ) from error
    return listening


def _at_path(path: Path) -> socket.socket:
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        if path.is_socket():
            path.unlink()  # left behind by a server that was killed; a file of any other kind is an error below
        before = os.umask(0o177)
        try:
            listening.bind(os.fspath(path))
        finally:
            os.umask(before)
        listening.listen(_BACKLOG)
    except OSError as error:
        listening.close()
        raise ServerError(
            f"The server cannot listen at '{path}': {(error.strerror or str(error)).lower()}. Name another place: "
            "nrqa serve --socket PATH"
        ) from error
    return listening


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
