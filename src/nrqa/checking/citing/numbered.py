"""Notes that a draft numbers by hand: ”¹, ”[1] or ”1 in the text, and "¹ study.html" or a list under "Notes" elsewhere.

Their marks are taken out of the text and become references, as those of Markdown's footnotes are.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import replace

from nrqa.checking.prose import Prose, Reference
from nrqa.records import Span


def with_numbered_notes(proses: Sequence[Prose], draft: str) -> list[Prose]:
    """The paragraphs of a draft, the marks of its numbered notes as references; a number without a note stays."""
    notes = _notes(proses, draft)
    return [_marked(one, notes) for one in proses] if notes else [*proses]


_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_HEADING = re.compile(
    r"\W*(?:\d+\W+)?(?:(?:foot|end)?notes|references|sources|bibliography|works cited|anmerkungen|fu(?:ß|ss)noten"
    r"|endnoten|quellen(?:verzeichnis)?|literatur(?:verzeichnis)?|einzelnachweise|belege|notas|fuentes|referencias|bibliografía"
    r"|références|note|fonti|riferimenti|przypisy|źródła|noten|bronnen|referências|примечания|источники|сноски)\W*",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"^[ \t>]*(?:(?P<raised>[⁰¹²³⁴-⁹]{1,3})|\[(?P<square>\d{1,3})\]:?|(?P<listed>\d{1,3})[.)]?(?=[ \t]))[ \t]*"
    r"(?P<text>\S[^\r\n]*)",
    re.MULTILINE,
)
_NUMBERS = r"\d{1,3}(?:\s?[,;]\s?\d{1,3}){0,9}"
_MARK = re.compile(
    r"(?<=[”“„»«’‘'\")\]….,;:!?]|[^\W\d_])(?P<raised>[⁰¹²³⁴-⁹]{1,3}(?:[,⁻ ⁾]{1,2}[⁰¹²³⁴-⁹]{1,3}){0,9})"
    rf"|\[(?P<square>{_NUMBERS})(?P<place>,\s?[^\W\d_]{{1,5}}\.\s?[^\[\]]{{1,40}})?\]"
    r"|(?:(?<=[^\s(\[][”“»«’'\"])|(?<=[^\s(\[][”“»«’'\"][.,;:]))(?P<plain>\d{1,3})(?![\w.,]?\d)(?!\w)"
    r"|\^(?P<caret>\d{1,3})\^"
)


def _notes(proses: Sequence[Prose], draft: str) -> dict[str, str]:
    """The notes by their numbers; one under no heading like "Notes" begins with a raised number or one in brackets."""
    notes: dict[str, str] = {}
    listed = False
    for prose in proses:
        if prose.kind == "heading":
            listed = _HEADING.fullmatch(prose.text) is not None
        if not prose.starts or prose.kind not in ("text", "note", "heading"):
            continue
        begin = draft.rfind("\n", max(0, prose.starts[0] - _LONGEST_MARKER), prose.starts[0]) + 1
        for found in _NOTE.finditer(draft, begin or max(0, prose.starts[0] - _LONGEST_MARKER), prose.ends[-1]):
            number = (found["raised"] or "").translate(_DIGITS) or found["square"] or (listed and found["listed"])
            if number:
                notes.setdefault(number, found["text"])
    return notes


_LONGEST_MARKER = 20


def _marked(prose: Prose, notes: Mapping[str, str]) -> Prose:
    marks = []
    for found in _MARK.finditer(prose.text):
        written = found["raised"] or found["square"] or found["plain"] or found["caret"]
        numbers = re.findall(r"\d+", written.translate(_DIGITS))
        known = [notes[number] for number in numbers if number in notes]
        if found.start() and len(known) == len(numbers):
            marks.append((Span(*found.span()), "; ".join(known) + (found["place"] or "")))
    if not marks:
        return prose
    kept = _kept([one for one, _ in marks], len(prose.text))
    gone = [one.end for one, _ in marks]
    sizes = [0]
    for one, _ in marks:
        sizes.append(sizes[-1] + one.end - one.start)

    def moved(at: int) -> int:
        return at - sizes[bisect_left(gone, at + 1)]

    references = [replace(one, begins=moved(one.begins), at=moved(one.at)) for one in prose.references]
    for span, text in marks:
        at = moved(span.end)
        references.append(Reference(prose.original(span.start, span.end), at, at, "note", (text,)))
    return replace(
        prose,
        text="".join(prose.text[one.start : one.end] for one in kept),
        starts=tuple(at for one in kept for at in prose.starts[one.start : one.end]),
        ends=tuple(at for one in kept for at in prose.ends[one.start : one.end]),
        references=tuple(sorted(references, key=lambda one: one.span.start)),
    )


def _kept(away: Sequence[Span], length: int) -> list[Span]:
    bounds = [0, *(at for one in away for at in (one.start, one.end)), length]
    return [Span(start, end) for start, end in zip(bounds[::2], bounds[1::2], strict=True)]
