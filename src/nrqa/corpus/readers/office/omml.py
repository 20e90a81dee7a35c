"""Formulas of Word and PowerPoint (Office Math) on one line."""

from __future__ import annotations

from collections.abc import Callable

from nrqa.corpus.readers.shared.formulas import (
    fenced,
    fraction,
    in_row,
    in_rows,
    marked,
    root,
    said,
    stacked,
    with_scripts,
)
from nrqa.corpus.readers.shared.xml import Element, children, local

MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MOST_DEPTH = 200
"""A formula that is nested more deeply is written as its characters."""
_LEFT_OUT = frozenset(("del", "moveFrom", "rPr", "ctrlPr"))


def linear(formula: Element) -> str:
    """The formula on one line; what tracked changes deleted is not part of it."""
    return " ".join(_written(formula, 0).split())


def _written(element: Element, depth: int) -> str:
    name = local(element)
    if name in _LEFT_OUT or name.endswith("Pr"):
        return ""
    if name == "t":
        return said(element.text)
    if depth > _MOST_DEPTH:
        return "".join(one.text or "" for one in element.iter() if local(one) == "t")
    way = _WAYS.get(name)
    if way is not None and element.tag == MATH + name:
        return way(element, depth + 1)
    return in_row(_written(one, depth + 1) for one in children(element))


def _parts(element: Element, name: str, depth: int) -> list[str]:
    return [_written(one, depth) for one in children(element) if local(one) == name]


def _part(element: Element, name: str, depth: int) -> str:
    return in_row(_parts(element, name, depth))


def _said(element: Element, name: str, usual: str) -> str:
    """A property of the element, such as the sign of its brackets."""
    found = element.find(f"{MATH}{local(element)}Pr/{MATH}{name}")
    value = None if found is None else found.get(MATH + "val")
    return usual if value is None else str(value)


def _with_scripts(element: Element, depth: int) -> str:
    return with_scripts(_part(element, "e", depth), _part(element, "sub", depth), _part(element, "sup", depth))


def _with_scripts_before(element: Element, depth: int) -> str:
    scripts = with_scripts("", _part(element, "sub", depth), _part(element, "sup", depth))
    return scripts + _part(element, "e", depth)


def _fraction(element: Element, depth: int) -> str:
    upper, lower = _part(element, "num", depth), _part(element, "den", depth)
    return stacked(upper, lower) if _said(element, "type", "bar") == "noBar" else fraction(upper, lower)


def _sum(element: Element, depth: int) -> str:
    sign = _said(element, "chr", "∫")
    return (
        f"{with_scripts(sign, _part(element, 'sub', depth), _part(element, 'sup', depth))} {_part(element, 'e', depth)}"
    )


def _brackets(element: Element, depth: int) -> str:
    opening, between, closing = (
        _said(element, name, usual) for name, usual in (("begChr", "("), ("sepChr", "|"), ("endChr", ")"))
    )
    return fenced(opening, _parts(element, "e", depth), between, closing)


def _rows(element: Element, depth: int) -> str:
    return in_rows(_parts(row, "e", depth) for row in children(element) if local(row) == "mr")


_WAYS: dict[str, Callable[[Element, int], str]] = {
    **dict.fromkeys(("sSup", "sSub", "sSubSup"), _with_scripts),
    "sPre": _with_scripts_before,
    "f": _fraction,
    "rad": lambda one, depth: root(_part(one, "e", depth), _part(one, "deg", depth)),
    "nary": _sum,
    "d": _brackets,
    "m": _rows,
    "eqArr": lambda one, depth: in_rows([part] for part in _parts(one, "e", depth)),
    "limLow": lambda one, depth: with_scripts(_part(one, "e", depth), _part(one, "lim", depth)),
    "limUpp": lambda one, depth: with_scripts(_part(one, "e", depth), high=_part(one, "lim", depth)),
    "func": lambda one, depth: " ".join((_part(one, "fName", depth), _part(one, "e", depth))),
    "acc": lambda one, depth: marked(_part(one, "e", depth), _said(one, "chr", "\u0302")),
    "phant": lambda one, depth: "" if _said(one, "show", "1") in ("0", "off", "false") else _part(one, "e", depth),
}
