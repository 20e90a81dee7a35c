"""Large XML parts of workbooks, element by element, so that a sheet of a million cells is never in memory as a tree."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from lxml import etree

from nrqa.corpus.readers.shared.xml import ENTITIES, reason_of
from nrqa.errors import UnreadableError

Element = Any
"""An element of lxml; lxml's classes have no type annotations."""


def elements(data: bytes, part: str, *names: str) -> Iterator[Element]:
    """Yields each element with one of these names (without namespace) when it is complete, and empties it afterwards.

    Elements inside such an element are still in it when it is yielded, unless they have one of these names too. Raises
    UnreadableError if the part is not XML or defines entities.
    """
    if b"<!DOCTYPE" in data[:4096] or b"<!ENTITY" in data[:4096]:
        raise UnreadableError(f"{part} {ENTITIES}")
    try:
        for _, element in etree.iterparse(
            io.BytesIO(data),
            events=("end",),
            tag=[f"{{*}}{name}" for name in names],
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        ):
            yield element
            element.clear()
            parent = element.getparent()
            while parent is not None and element.getprevious() is not None:
                del parent[0]
    except etree.XMLSyntaxError as error:
        raise UnreadableError(reason_of(error, part)) from error


def attribute(element: Element, name: str) -> str | None:
    """The value of an attribute whose name without namespace is this one; None where there is none."""
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), None)
