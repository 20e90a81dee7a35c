"""Reads the metadata in the properties of an office file, without values that only a program wrote."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from nrqa.corpus.readers.office.package import Package
from nrqa.corpus.readers.shared.xml import Element

# The titles that programs and their templates give to a document if nobody named it.
_NO_TITLE = re.compile(
    r"""
    (?:(?:word|pdf|text|new|blank|unnamed|untitled)\s+)?
    (?:document|dokument|documento|document\s+sans\s+nom|presentation|präsentation|présentation|presentación|
       presentazione|untitled|unbenannt|sans\s+titre|sin\s+título|senza\s+titolo|ohne\s+titel|title|titel|titre|título|
       titolo|slide|folie|diapositive|diapositiva|template|vorlage|modèle|plantilla)
    [\s_-]*\d*
  | (?:microsoft\s+)?power\s?point[\s-]+(?:presentation|präsentation|praesentation)
  | présentation\s+power\s?point | presentación\s+de\s+power\s?point
  | presentazione\s+(?:standard\s+di\s+)?power\s?point
  | microsoft\s+(?:word|powerpoint)\s+-\s.*
  | .*\.(?:dotx?|dotm|potx?|potm|ott|otp|docx?|docm|rtf|odt|pptx?|odp)
  | \[.*\] | <.*> | click\s.* | normal
    """,
    re.IGNORECASE | re.VERBOSE,
)
_DC = "{http://purl.org/dc/elements/1.1/}"
_TERMS = "{http://purl.org/dc/terms/}"
_CORE = "{http://schemas.openxmlformats.org/package/2006/metadata/core-properties}"
_EXTENDED = "{http://schemas.openxmlformats.org/officeDocument/2006/extended-properties}"
_NO_AUTHOR = frozenset(
    "python-docx|un-named|unknown|microsoft office user|user|admin|administrator|author|autor|auteur|owner".split("|")
)


def core_properties(package: Package) -> tuple[dict[str, str | list[str]], str | None, str | None]:
    """The metadata of an Office Open XML package, its title, and the name of its template."""
    core = package.part(package.related("", "core-properties"))
    extended = package.part(package.related("", "extended-properties"))
    metadata = described(
        authors=_texts(core, _DC + "creator"),
        keywords=_texts(core, _CORE + "keywords"),
        created=_text(core, _TERMS + "created"),
        modified=_text(core, _TERMS + "modified"),
        others={
            "language": _text(core, _DC + "language"),
            "subject": _text(core, _DC + "subject"),
            "publisher": _text(core, _DC + "publisher"),
        },
    )
    return metadata, _text(core, _DC + "title") or None, _text(extended, _EXTENDED + "Template") or None


def believable_title(title: str | None, template: str | None = None) -> str | None:
    """The title, unless a program or a template gave it."""
    words = " ".join((title or "").split())
    is_template = template is not None and words.lower() == re.sub(r"\.\w+$", "", template).strip().lower()
    return None if not words or is_template or _NO_TITLE.fullmatch(words) else words


def described(
    *, authors: Iterable[str], keywords: Iterable[str], created: str, modified: str, others: Mapping[str, str]
) -> dict[str, str | list[str]]:
    """The metadata from these properties, without empty ones; ``date`` is the last change, or else the creation."""
    found: dict[str, str | list[str]] = {}
    for key, values in (
        ("author", [one for one in _each(authors, ";") if one.lower() not in _NO_AUTHOR]),
        ("keywords", _each(keywords, ",;")),
    ):
        if values:
            found[key] = values[0] if len(values) == 1 else values
    single = {"date": modified or created, "created": created, "modified": modified, **others}
    for key, value in single.items():
        if words := " ".join(value.split()):
            found[key] = words
    return found


def _each(values: Iterable[str], between: str) -> list[str]:
    parts = [" ".join(part.split()) for value in values for part in re.split(f"[{between}]", value)]
    return list(dict.fromkeys(part for part in parts if part))


def _texts(root: Element | None, name: str) -> list[str]:
    return [] if root is None else ["".join(one.itertext()) for one in root.iter(name)]


def _text(root: Element | None, name: str) -> str:
    return next(iter(_texts(root, name)), "").strip()
