"""What is made out about a document beside what it says of itself: its date in ISO 8601, and its language."""

from __future__ import annotations

from collections.abc import Mapping

from nrqa.text.dates import read_date
from nrqa.text.sentences import detected_language

Value = str | list[str]

DATE, WRITTEN, LANGUAGE = "date", "date as written", "language"
# What documents call the date of their publication, the surest first.
_DATES = ("date", "published", "issued", "publication date", "datum", "fecha", "data", "created", "updated", "modified")
_LANGUAGES = ("language", "lang", "langue", "sprache", "idioma", "lingua")


def with_facts(metadata: Mapping[str, Value], text: str) -> dict[str, Value]:
    """The metadata with ``date`` as ISO 8601, no more precise than it is written, and ``language`` as its code.

    What was written under ``date`` is kept under ``date as written`` where it differs. A language that the document
    names itself is left as it is; one that cannot be told from the text is left out.
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
