"""XML from files of unknown makers: nothing is resolved, nothing is fetched, and the depth is bounded."""

from __future__ import annotations

from typing import Any

from lxml import etree

from nrqa.errors import UnreadableError

Element = Any
"""An element of lxml, whose classes have no types."""


def parse(data: bytes, name: str) -> Element:
    """The root of an XML document; ``name`` says in a reason which file of the archive it was."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        said = str(error.msg or "")
        if "depth" in said:
            raise UnreadableError(f"{name} in it is nested too deeply") from error
        raise UnreadableError(f"damaged: {name} in it is not XML ({said.strip()[:120]})") from error
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and any(True for _ in declared.iterentities()):
        raise UnreadableError(f"{name} in it defines entities, as no word processor does; they are not resolved")
    return root


def children(element: Element) -> list[Element]:
    """The elements right below one."""
    return [child for child in element if isinstance(child.tag, str)]
