"""What a command that audits reports: to people, or to what shows it beside the lines of a file."""

from enum import StrEnum
from typing import Annotated

import typer


class Report(StrEnum):
    """Who reads what was found."""

    TEXT = "text"
    GITHUB = "github"


ReportOption = Annotated[
    Report,
    typer.Option("--format", help="text: for people; github: commands that show each finding in a pull request."),
]
