"""Filters as they are written on the command line."""

from __future__ import annotations

import re

from nrqa.errors import QuestionError

_CONDITION = re.compile(r"(?P<key>[^=<>]*[^=<>\s][^=<>]*)(?P<operator>>=|<=|=|>|<)(?P<value>.*)", re.DOTALL)


def conditions(where: list[str]) -> dict[str, list[str]]:
    """What `--where KEY=VALUE`, given several times, asks for."""
    conditions: dict[str, list[str]] = {}
    for condition in where:
        match = _CONDITION.fullmatch(condition)
        if not match:
            raise QuestionError(
                f"'{condition}' is no condition. Write KEY=VALUE or KEY>=VALUE, such as --where nations=Russie"
            )
        operator = match["operator"].removeprefix("=")
        conditions.setdefault(match["key"].strip().lower(), []).append(f"{operator}{match['value'].strip()}")
    return conditions
