"""Filters as they are written on the command line."""

from __future__ import annotations

from nrqa.given import written_conditions


def conditions(where: list[str]) -> dict[str, list[str]]:
    """What `--where KEY=VALUE`, given several times, asks for."""
    return written_conditions(where)
