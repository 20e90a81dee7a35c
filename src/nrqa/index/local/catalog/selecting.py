"""Translates a condition on metadata into SQL."""

from __future__ import annotations

from typing import Any

from nrqa.index.conditions import Bound, Condition, Value


def matching(key: str, condition: Condition) -> tuple[str, tuple[Any, ...]]:
    """The terms of a WHERE clause over the table ``metadata``, and the values for their placeholders."""
    terms, values = ["key = ?"], [key]
    if condition.alternatives:
        either = [_equality(one) for one in condition.alternatives]
        terms.append(" OR ".join(term for term, _ in either))
        values += [value for _, its in either for value in its]
    for bound in condition.bounds:
        term, its = _comparison(bound)
        terms.append(term)
        values += its
    return " AND ".join(f"({term})" for term in terms), tuple(values)


def _equality(wanted: Value) -> tuple[str, list[Any]]:
    """Matches a value with the same text; for a date also every date that lies within it."""
    if wanted.period is None:
        return "value = ?", [wanted.text]
    return "value = ? OR (first >= ? AND last <= ?)", [wanted.text, *wanted.period]


def _comparison(bound: Bound) -> tuple[str, list[Any]]:
    """Compares as dates where both values are dates, else as numbers. All days of a period must be within the bound.

    A value that is written like the bound itself meets it too.
    """
    terms: list[str] = ["value = ?"]
    values: list[Any] = [bound.written]
    if bound.value.period:
        column, end = {">=": ("first", 0), ">": ("first", 1), "<=": ("last", 1), "<": ("last", 0)}[bound.operator]
        terms.append(f"{column} {bound.operator} ?")
        values.append(bound.value.period[end])
    if bound.value.number is not None:
        number = f"number {bound.operator} ?"
        terms.append(f"first IS NULL AND {number}" if bound.value.period else number)
        values.append(bound.value.number)
    return " OR ".join(f"({term})" for term in terms), values
