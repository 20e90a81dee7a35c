"""Parses XML from untrusted files: resolves no entities, fetches nothing, and limits the depth."""

from __future__ import annotations

from typing import Any

from lxml import etree

from nrqa.errors import UnreadableError

Element = Any
"""An element of lxml; lxml's classes have no type annotations."""
ENTITIES = "in it defines entities, as no office program does; they are not resolved"


def parse(data: bytes, name: str) -> Element:
    """The root of an XML document; error messages use ``name`` to say which file of the archive it is.

    Raises UnreadableError with the reason if it is not XML or defines entities.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise UnreadableError(reason_of(error, name)) from error
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and any(True for _ in declared.iterentities()):
        raise UnreadableError(f"{name} {ENTITIES}")
    return root


def reason_of(error: etree.XMLSyntaxError, name: str) -> str:
    """Why a file of an archive could not be parsed."""
    said = str(error.msg or "").strip()
    if "depth" in said:
        return f"{name} in it is nested too deeply"
    if "entity amplification" in said:
        return f"{name} {ENTITIES}"
    return f"damaged: {name} in it is not XML ({said[:120]})"


def children(element: Element) -> list[Element]:
    """The elements right below one."""
    return [child for child in element if isinstance(child.tag, str)]


def local(element: Element) -> str:
    """An element's name without its namespace; "" for a node that is not an element, such as a comment."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
