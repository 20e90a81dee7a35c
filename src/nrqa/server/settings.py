"""What a server is started with: one frozen record that every process of it gets."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

LOOPBACK = ("127.0.0.1", "::1", "localhost")
"""The names of this machine that no other one reaches."""
PORT = 8765
_NAMES = tuple(f"[{one}]" if ":" in one else one for one in LOOPBACK)
_PORT = re.compile(r":\d{1,5}\Z")


@dataclass(frozen=True, slots=True)
class Serving:
    """How the server is reached, by whom, and what it serves.

    ``hosts`` are the values of the header Host that are answered, in small letters; ``origins`` are pages of others
    that may read the API. ``bearer`` is the token of programs, ``session`` the cookie of browsers that showed a
    one-time token; ``invitations`` is the private folder in which these tokens lie, by their hash. ``accepting`` lets
    the page accept the answers of standing questions, the only thing that it can write. ``at_path``: it listens at a
    socket in the file system, which browsers reach through a tunnel, whose port is not known here.
    """

    index: Path
    host: str
    port: int
    hosts: frozenset[str]
    origins: frozenset[str]
    bearer: str
    session: str
    invitations: Path
    accepting: bool = False
    at_path: bool = False

    def answers_to(self, host: str) -> bool:
        """Whether the server is asked under this name, as the header Host has it."""
        written = host.lower()
        # No other name leads to the end of a tunnel: whoever makes their own name lead there is told apart by it.
        return written in self.hosts or (self.at_path and _PORT.sub("", written) in _NAMES)

    @property
    def cookie(self) -> str:
        """The cookie's name: browsers do not tell the ports of a machine apart, so the name does."""
        return f"nrqa-{self.port}"


def hosts_of(host: str, port: int, more: tuple[str, ...] = ()) -> frozenset[str]:
    """The values of Host under which a server that listens there is asked: the name with its port, never another one.

    ``more`` are names that the user allows; one without a port is allowed with any that the user would have to name.
    """
    names = {*LOOPBACK, host} if host in LOOPBACK else {host}
    named = {f"[{one}]" if ":" in one else one for one in names}
    own = {f"{one}:{port}" for one in named} | (named if port == 80 else set())
    return frozenset(one.lower() for one in (*own, *more))
