"""The facts of CSL-JSON's schema: which variables an item may have, and of which type.

From schemas/input/csl-data.json of https://github.com/citation-style-language/schema at 00412663 (MIT). An item has no
others ("additionalProperties": false there).
"""

from __future__ import annotations

from typing import Any

TYPES = """
    article article-journal article-magazine article-newspaper bill book broadcast chapter classic collection dataset
    document entry entry-dictionary entry-encyclopedia figure graphic hearing interview legal_case legislation
    manuscript map motion_picture musical_score pamphlet paper-conference patent performance periodical
    personal_communication post post-weblog regulation report review review-book software song speech standard thesis
    treaty webpage
""".split()
NAMES = """
    author chair collection-editor compiler composer container-author contributor curator director editor
    editorial-director executive-producer interviewer illustrator organizer original-author performer producer recipient
    reviewed-author translator
""".split()
DATES = "accessed available-date container event-date issued original-date submitted".split()
NUMBERS = """
    chapter-number citation-number collection-number edition first-reference-note-number issue locator number
    number-of-pages number-of-volumes page page-first part printing supplement volume
""".split()
TEXTS = """
    language journalAbbreviation shortTitle abstract annote archive archive_collection archive_location archive-place
    authority call-number citation-label collection-title container-title container-title-short dimensions division DOI
    event event-place genre ISAN ISBN ISCI ISMN ISRC ISSN ISWC jurisdiction keyword medium note original-publisher
    original-publisher-place original-title part-title PMCID PMID publisher publisher-place references reviewed-title
    scale section source status title title-short translated-title translated-title-short URL version year-suffix
""".split()

_TEXT: dict[str, Any] = {"type": "string"}
_NUMBER: dict[str, Any] = {"type": ["string", "number"]}
_ANY: dict[str, Any] = {"type": ["string", "number", "boolean"]}
_PARTICLES = "family given dropping-particle non-dropping-particle suffix literal".split()
_NAME = {
    "type": "object",
    "properties": {
        **dict.fromkeys(_PARTICLES, _TEXT),
        **dict.fromkeys(["comma-suffix", "static-ordering", "parse-names"], _ANY),
    },
    "additionalProperties": False,
}
_DATE = {
    "type": "object",
    "properties": {
        "date-parts": {
            "type": "array",
            "items": {"type": "array", "items": _NUMBER, "minItems": 1, "maxItems": 3},
            "minItems": 1,
            "maxItems": 2,
        },
        "season": _NUMBER,
        "circa": _ANY,
        "literal": _TEXT,
        "raw": _TEXT,
    },
    "additionalProperties": False,
}
SCHEMA: dict[str, Any] = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "id": _NUMBER,
            "type": {"type": "string", "enum": TYPES},
            "categories": {"type": "array", "items": _TEXT},
            "custom": {"type": "object"},
            **{name: {"type": "array", "items": _NAME} for name in NAMES},
            **dict.fromkeys(DATES, _DATE),
            **dict.fromkeys(NUMBERS, _NUMBER),
            **dict.fromkeys(TEXTS, _TEXT),
        },
        "required": ["type", "id"],
        "additionalProperties": False,
    },
}
