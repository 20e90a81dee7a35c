"""Filters as they are written on the command line."""

from __future__ import annotations


def conditions(where: list[str]) -> dict[str, list[str]]:
    """What `--where KEY=VALUE`, given several times, asks for."""
    from nrqa.given import written_conditions  # not for `nrqa --help`

    return written_conditions(where, "--where nations=Russie")
