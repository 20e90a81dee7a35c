"""Haystack's filters as conditions of nrqa's: what both can say is translated, the rest is an error.

``{"field": "meta.date", "operator": ">=", "value": "2021-10"}``, alone or in lists under ``"AND"``, with the operators
``==``, ``in``, ``>``, ``>=``, ``<`` and ``<=``. Conditions of ``where`` (values by key) are taken as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from nrqa.errors import QuestionError
from nrqa.given import shown

_BOUNDS = (">", ">=", "<", "<=")
_KNOWN = ("==", "in", *_BOUNDS)


def conditions(filters: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The conditions that the filters make, for ``where``; None where there are none.

    Raises QuestionError for what nrqa cannot filter by.
    """
    if not filters:
        return None
    if "operator" not in filters:
        return dict(filters)
    wanted: dict[str, list[Any]] = {}
    chosen: set[str] = set()
    for key, operator, value in _comparisons(filters):
        values = wanted.setdefault(key, [])
        if operator in _BOUNDS:
            values.append(f"{operator}{value}")
            continue
        if key in chosen:
            raise QuestionError(f"The filters compare {key!r} twice. Name all its values in one: operator 'in'.")
        chosen.add(key)
        values += value if isinstance(value, (list, tuple, set)) else [value]
    return wanted


def _comparisons(one: Any) -> Iterator[tuple[str, str, Any]]:
    operator = one.get("operator") if isinstance(one, Mapping) else None
    if operator == "AND" and isinstance(one.get("conditions"), list):
        for part in one["conditions"]:
            yield from _comparisons(part)
    elif operator in _KNOWN and isinstance(one.get("field"), str) and "value" in one:
        yield one["field"].removeprefix("meta."), operator, one["value"]
    else:
        raise QuestionError(
            f"nrqa does not know the filter {shown(one)}. It knows the operators {', '.join(_KNOWN)}, joined by AND; "
            "any of several values is 'in'."
        )
