"""The command line: the only floor that prints.

Exit status: 0 done (for ``query``: answered or weak), 1 nothing in the corpus answers, 2 any error.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typer import Typer

_MODULES = {
    "index": "indexing",
    "status": "indexing",
    "doctor": "doctor",
    "query": "asking",
    "show": "asking",
    "serve": "serving",
    "mcp": "agents",
    "why-not": "whynot",
    "replay": "replaying",
    "standing": "replaying",
    "verify": "verifying",
    "check": "checking",
    "eval": "evaluating",
    "calibrate": "calibrating",
    "pack": "bundling",
    "unpack": "bundling",
    "completion": "shells",
    "man": "manual",
}
"""Which module has a command, in the order that ``nrqa --help`` lists them."""


def main() -> None:
    """Run the command that the process was started with, and leave with its exit status."""
    if sys.argv[1:2] == ["--complete"]:
        from nrqa.cli.completing import main as complete  # which a shell asks for at each press of the TAB key

        kind, begun = [*sys.argv[2:4], "", ""][:2]
        complete(kind, begun, sys.argv[4:])
        return
    application(sys.argv[1:])
    from nrqa.cli.frame import run

    run()


def application(words: Sequence[str] = ()) -> Typer:
    """The application with the command that the words begin with; with all of them where they begin with none."""
    wanted = {_MODULES[words[0]]} if words and words[0] in _MODULES else dict.fromkeys(_MODULES.values())
    for module in wanted:
        import_module(f"nrqa.cli.{module}")  # which adds its commands
    from nrqa.cli.frame import app

    return app
