"""`nrqa mcp`."""

import os
from typing import Annotated

import typer

from nrqa.cli.frame import HERE, IndexOption, OfflineOption, app, guarded


@app.command()
@guarded
def mcp(
    index: IndexOption = HERE,
    structured: Annotated[
        bool,
        typer.Option("--structured", help="Give JSON with a schema, for agents that call tools in programs."),
    ] = False,
    offline: OfflineOption = False,
) -> None:
    """Serve the index to an agent (Model Context Protocol) at standard input and output. It only reads.

    Clients start it; docs/agents.md says how. It needs an extra, mcp, and says how to install it.
    """
    if offline:
        os.environ["NRQA_OFFLINE"] = "1"
    from nrqa.agents.running import refuse_without, run
    from nrqa.service.desk import Desk

    refuse_without()
    run(Desk(index), structured=structured)
