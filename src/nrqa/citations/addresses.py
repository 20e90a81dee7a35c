"""Documents by their addresses: the URL that a page names as its own, or the path of a file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote

from nrqa.records import Document

_KEYS = ("url", "source", "link", "canonical", "permalink", "doi", "identifier")
"""Metadata in which documents have addresses."""
ADDRESS = re.compile(r"(?:urn|doi):|[A-Za-z][A-Za-z0-9+.\-]*://")
_SCHEME = re.compile(r"(?:https?:)?//(?:www\.)?|doi:\s*")
_DOI = re.compile(r"(?:dx\.)?doi\.org/|(?=10\.\d{4,9}/)")


def bare(address: str) -> str:
    """An address without what does not change where it leads: scheme, www., fragment, last slash, letter case."""
    plain = unquote(address.strip().partition("#")[0]).casefold()
    return _DOI.sub("doi.org/", _SCHEME.sub("", plain, count=1), count=1).rstrip("/")


def addresses_of(document: Document) -> set[str]:
    """The addresses that a document's metadata gives it, bare."""
    values = (document.metadata.get(key) for key in _KEYS)
    written = [one for value in values if value for one in ([value] if isinstance(value, str) else value)]
    return {bare(one) for one in written if "/" in one}


def file_meant(address: str, names: Iterable[str]) -> str | None:
    """The document whose file an address on a disk leads to; None for other addresses."""
    if not address.casefold().startswith("file:"):
        return None
    path = unquote(address.partition("#")[0]).replace("\\", "/")
    return max((one for one in names if path.endswith(f"/{one}")), key=len, default=None)
