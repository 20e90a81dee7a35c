"""Finds the date of a document, in ISO 8601, and its language, and adds them to its metadata."""

from __future__ import annotations

from collections.abc import Mapping

from nrqa.text.dates import read_date
from nrqa.text.sentences import detected_language

Value = str | list[str]

DATE, WRITTEN, LANGUAGE = "date", "date as written", "language"
# The names that documents use for their date of publication, the most reliable first.
_DATES = (
    "date", "published", "issued", "publication date", "datum", "fecha", "data", "year", "jahr", "année", "año",
    "created", "updated", "modified",
)  # fmt: skip
_LANGUAGES = ("language", "lang", "langue", "sprache", "idioma", "lingua")


def with_facts(metadata: Mapping[str, Value], text: str) -> dict[str, Value]:
    """The metadata with ``date`` in ISO 8601, no more precise than it is written, and ``language`` as a language code.

    If the original value of ``date`` differs, it is kept under ``date as written``. A language that the document itself
    names is not changed; a language that the text does not show clearly is left out.
    """
    facts = dict(metadata)
    for key in _DATES:
        written = _first(facts.get(key))
        period = read_date(written)
        if period is None:
            continue
        if key == DATE and written != str(period):
            facts[WRITTEN] = written
        facts[DATE] = str(period)
        break
    if not any(_first(facts.get(key)) for key in _LANGUAGES):
        language = detected_language(text)
        if language:
            facts[LANGUAGE] = language
    return facts


def _first(value: Value | None) -> str:
    """The value, or the first of several; "" where there is none."""
    if isinstance(value, list):
        return value[0] if value else ""
    return value or ""
