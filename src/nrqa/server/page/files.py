"""Answers and passages as files: the formats of reference managers and spreadsheets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nrqa.server.page import addresses

EXPORTS = (
    ("Markdown", "markdown"), ("CSV", "csv"), ("BibTeX", "bibtex"), ("RIS", "ris"), ("CSL-JSON", "csl-json"),
    ("JSON Lines", "jsonl"), ("receipt", "receipt"),
)  # fmt: skip
"""The formats of an answer, by name: the first five make an entry of each document."""


def files_of_passage(cited: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The files of one passage: an entry of a bibliography, and its citation as an annotation."""
    place = [("document", cited["document"]), ("at", f"{cited['start']}-{cited['end']}")]
    forms = (*EXPORTS[2:5], ("Web Annotation", "annotation"))
    return [(name, addresses.with_parameters("/export", [*place, ("format", form)])) for name, form in forms]
