"""BibTeX, for BibTeX and for biblatex: an ``@misc`` for each hit, which both know."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nrqa.records import Answer
from nrqa.rendering.formats.item import Item, Name
from nrqa.rendering.plain_text import counted, one_line

_SPECIAL = {
    "\\": r"\textbackslash{}",
    # BibTeX counts braces before TeX sees the backslash: \{ would leave one open.
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "`": r"\textasciigrave{}",
    **{sign: f"\\{sign}" for sign in "$&#%_"},
}
_NOT_VERBATIM = re.compile(r"[{}\\]")
_SPECIALS = re.compile("-(?=-)|" + "|".join(re.escape(sign) for sign in _SPECIAL))


def write(answer: Answer, items: Sequence[Item]) -> str:
    """The verdict in lines that BibTeX passes over, and an entry for each hit; no entry where nothing answers."""
    head = "".join(f"% {_comment(line)}\n" for line in _head(answer))
    return head + ("".join(f"\n{_entry(answer, item)}" for item in items) if answer.answers else "")


def escaped(text: str) -> str:
    """The text on one line, so that TeX prints it as it is."""
    # Two hyphens would become a dash.
    return _SPECIALS.sub(lambda found: _SPECIAL.get(found.group(), "-{}"), one_line(text))


def _head(answer: Answer) -> list[str]:
    searched = answer.searched
    lines = [
        f"nrqa: {answer.verdict}, confidence {answer.confidence:.2f}",
        f"question: {one_line(answer.question)}",
        (
            f"searched {counted(searched.documents, 'document')}, {counted(searched.passages, 'passage')}; "
            f"{len(searched.unreadable)} not searchable, {len(searched.stale)} changed since; "
            f"generation {answer.generation}"
        ),
    ]
    if not answer.answers:
        lines.append("Nothing here answers the question, so there is no entry.")
    return lines


def _comment(line: str) -> str:
    """A line outside entries. An at sign would begin an entry there."""
    return line.replace("@", "(at)")


def _entry(answer: Answer, item: Item) -> str:
    """The passage is the ``annote``, which no common style prints; its place is the ``note``, which all print."""
    fields = {
        "title": f"{{{escaped(item.title)}}}",  # braces keep its capitals
        "author": " and ".join(map(_author, item.authors)),
        **_date(item),
        "publisher": escaped(item.publisher),
        "url": _verbatim(item.url or ""),
        "doi": _verbatim(item.doi),
        "language": escaped(item.language),
        "keywords": ", ".join(map(escaped, item.keywords)),
        "note": _note(item),
        "addendum": escaped(item.notice),
        "annote": escaped(item.hit.passage.text),
        "nrqa": escaped(
            f"{answer.verdict}, confidence {answer.confidence:.2f}, rank {item.hit.rank}, "
            f"sha256 {item.citation.sha256}, {item.cite}"
        ),
    }
    lines = [f"  {name} = {{{value}}},\n" for name, value in fields.items() if value]
    return f"@misc{{{item.id},\n{''.join(lines)}}}\n"


def _author(name: Name) -> str:
    """The name; what is not divided stands in braces, or BibTeX would divide it."""
    if name.given:
        return f"{{{escaped(name.family)}}}, {{{escaped(name.given)}}}"
    return f"{{{escaped(name.family)}}}"


def _date(item: Item) -> dict[str, str]:
    if item.issued is None:
        return {}
    if not item.issued.parts:
        return {"year": escaped(item.issued.written)}
    return {"date": item.issued.iso, "year": str(item.issued.parts[0])}


def _verbatim(address: str) -> str:
    """The address as it is, for biblatex and the url package read it verbatim; only braces would end the field."""
    return _NOT_VERBATIM.sub(lambda found: f"%{ord(found.group()):02X}", address)


def _note(item: Item) -> str:
    label, place = item.locator
    several = "-" in place
    words = {"page": "pp." if several else "p.", "section": ""}.get(label, f"{label}s" if several else label)
    # What a section is called may hold anything; the others are numbers, and a dash between two.
    where = escaped(place) if label == "section" else f"{words} {place.replace('-', '--')}"
    return f"{where}, \\S~{escaped(item.section)}" if item.section else where
