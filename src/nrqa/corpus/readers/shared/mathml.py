"""Formulas in MathML, as web pages, books and OpenDocument files have them, on one line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

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

_MOST_DEPTH = 200
"""A formula that is nested more deeply is written as its characters."""
_LEFT_OUT = frozenset(("annotation", "annotation-xml", "mphantom", "maligngroup", "malignmark"))
_LEAVES = frozenset(("mi", "mn", "mo", "mtext", "ms"))
_LARGE = frozenset("∑∏∐⋃⋂⋁⋀⨁⨂∫∬∭∮")


def linear(formula: Element) -> str:
    """The formula on one line."""
    return " ".join(_written(formula, 0).split())


def _written(element: Element, depth: int) -> str:
    name = local(element)
    if name in _LEFT_OUT:
        return ""
    if name in _LEAVES:
        return said("".join(str(text) for text in element.itertext()))
    if depth > _MOST_DEPTH:
        return "".join(str(text).strip() for text in element.itertext())
    parts = [_written(one, depth + 1) for one in children(element) if local(one) != "mprescripts"]
    if name == "semantics":
        return next((part for part in parts if part), "")
    way = _WAYS.get(name)
    if way is not None:
        return way(element, parts)
    return in_row(_with_bare_texts(element, parts))


def _with_bare_texts(element: Element, parts: Sequence[str]) -> Iterator[str]:
    """The parts, with what some programs write between the elements."""
    yield said(element.text)
    inside = [one for one in children(element) if local(one) != "mprescripts"]
    for one, part in zip(inside, parts, strict=True):
        yield part
        yield said(one.tail)


def _script(element: Element, parts: Sequence[str]) -> str:
    base, one, two = (*parts, "", "", "")[:3]
    name = local(element)
    if name in ("mover", "munder") and _is_accent(one, base):
        return marked(base, _COMBINING.get(one, "") if name == "mover" else "")
    low, high = ("", one) if name in ("msup", "mover") else (one, two)
    return with_scripts(base, low, high)


def _is_accent(mark: str, base: str) -> bool:
    return len(mark) == 1 and not mark.isalnum() and base not in _LARGE


_COMBINING = {"^": "\u0302", "ˆ": "\u0302", "~": "\u0303", "˜": "\u0303", "¯": "\u0304", "‾": "\u0304", "→": "\u20d7",
              "⃗": "\u20d7", ".": "\u0307", "˙": "\u0307", "¨": "\u0308", "ˇ": "\u030c"}  # fmt: skip


def _fraction(element: Element, parts: Sequence[str]) -> str:
    upper, lower = (*parts, "", "")[:2]
    thickness = element.get("linethickness", "").rstrip("ptxem% ")
    return stacked(upper, lower) if thickness in ("0", "0.0") else fraction(upper, lower)


def _fenced(element: Element, parts: Sequence[str]) -> str:
    between = element.get("separators", ",").strip()[:1]
    return fenced(element.get("open", "("), parts, f"{between} " if between else "", element.get("close", ")"))


def _rows(element: Element, _: Sequence[str]) -> str:
    return in_rows(
        [_written(cell, 0) for cell in children(row) if local(cell) == "mtd"]
        for row in children(element)
        if local(row) in ("mtr", "mlabeledtr")
    )


def _before_and_after(element: Element, parts: Sequence[str]) -> str:
    """A base with scripts after it and, past the mark ``mprescripts``, before it."""
    names = [local(one) for one in children(element)]
    cut = names.index("mprescripts") if "mprescripts" in names else len(parts)
    base, *after = parts[:cut] or [""]
    first = with_scripts("", "".join(parts[cut::2]), "".join(parts[cut + 1 :: 2]))
    return first + with_scripts(base, "".join(after[::2]), "".join(after[1::2]))


_WAYS: dict[str, Callable[[Element, Sequence[str]], str]] = {
    **dict.fromkeys(("msup", "msub", "msubsup", "mover", "munder", "munderover"), _script),
    "mfrac": _fraction,
    "msqrt": lambda _, parts: root(in_row(parts)),
    "mroot": lambda _, parts: root(*(*parts, "", "")[:2]),
    "mfenced": _fenced,
    "mtable": _rows,
    "mmultiscripts": _before_and_after,
    "mspace": lambda *_: "",
}
