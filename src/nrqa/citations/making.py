"""Passages with the citations that can be kept and verified: the one-line form, and the W3C annotation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nrqa.citations.annotation import annotation
from nrqa.citations.line import cite_line
from nrqa.index.snapshot import Snapshot
from nrqa.records import Passage


def cite_lines(passages: Iterable[Passage]) -> list[str]:
    """The one-line citation of each passage, ready to be pasted."""
    return [cite_line(one) for one in passages]


def citations_of(passages: Iterable[Passage], snapshot: Snapshot) -> list[dict[str, Any]]:
    """For each passage its ``cite`` line and its ``annotation``, made from the text that was indexed."""
    texts: dict[str, str] = {}
    found = []
    for one in passages:
        name = one.citation.document
        if name not in texts:
            document = snapshot.document_named(name)
            texts[name] = document[0] if document else ""
        found.append({"cite": cite_line(one), "annotation": annotation(one, texts[name])})
    return found
