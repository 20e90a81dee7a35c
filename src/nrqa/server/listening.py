"""The socket at which the server listens: at an address of the network, or at a path that only its owner can open."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from nrqa.errors import ServerError

BACKLOG = 512
"""Connections that wait to be accepted."""
_KNOCKING = 2.0
"""Seconds to find out whether somebody answers at a socket that is there already."""


def at_address(host: str, port: int) -> socket.socket:
    """A socket of the network that listens. Raises ServerError where it cannot."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sends at once (TCP_NODELAY) only where a socket says its protocol: else each answer waits 40 ms.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(BACKLOG)
    except (OSError, UnicodeError) as error:
        listening.close()
        raise ServerError(
            f"The server cannot listen at {host}, port {port}: {_why(error)}. Name another port: "
            "nrqa serve --port N (0 takes any that is free)"
        ) from error
    return listening


@contextmanager
def at_path(path: Path) -> Iterator[socket.socket]:
    """A socket in the file system that listens, and that only its owner can open; it is removed in the end.

    One that a killed server left behind is replaced. Raises ServerError where another server answers there, or where
    something else lies at the path.
    """
    if not hasattr(socket, "AF_UNIX"):
        raise ServerError("This system has no sockets in its file system. Name a port instead: nrqa serve --port N")
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    with closing(listening):
        try:
            _remove_what_was_left(path)
            before = os.umask(0o177)
            try:
                listening.bind(os.fspath(path))
            finally:
                os.umask(before)
            listening.listen(BACKLOG)
            mine = _identity(path)
        except OSError as error:
            raise ServerError(
                f"The server cannot listen at '{path}': {_why(error)}. Name another place: nrqa serve --socket PATH"
            ) from error
        try:
            yield listening
        finally:
            with suppress(OSError):
                if _identity(path) == mine:  # another server may have taken the place since
                    path.unlink()


def _remove_what_was_left(path: Path) -> None:
    """Remove a socket at which nobody answers; a file of any other kind stays, and binding fails."""
    if not path.is_socket():
        return
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)) as knocking:
        knocking.settimeout(_KNOCKING)
        try:
            knocking.connect(os.fspath(path))
        except ConnectionRefusedError:
            path.unlink()
            return
        except TimeoutError:
            pass  # somebody listens, and is busy
    raise ServerError(f"Another server answers at '{path}'. End it, or name another place: nrqa serve --socket PATH")


def _identity(path: Path) -> tuple[int, int]:
    found = path.lstat()
    return found.st_dev, found.st_ino


def _why(error: OSError | UnicodeError) -> str:
    return (getattr(error, "strerror", None) or str(error)).lower()
