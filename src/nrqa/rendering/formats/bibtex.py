"""BibTeX, for BibTeX and for biblatex: an entry for each document, of a type that both know."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nrqa.records import Answer
from nrqa.rendering.formats.dates import Date
from nrqa.rendering.formats.item import Entry, Item, entries_of
from nrqa.rendering.formats.names import Name
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


_TYPES = {
    "article-journal": "article", "article-magazine": "article", "article-newspaper": "article", "review": "article",
    "book": "book", "chapter": "incollection", "entry-encyclopedia": "incollection", "entry-dictionary": "incollection",
    "paper-conference": "inproceedings", "report": "techreport", "manuscript": "unpublished",
}  # fmt: skip
"""The types of BibTeX that have the fields of an entry of CSL; ``@misc`` for all others."""


def write(answer: Answer, items: Sequence[Item]) -> str:
    """The verdict in lines that BibTeX passes over, and an entry for each document; none where nothing answers."""
    head = "".join(f"% {_comment(line)}\n" for line in _head(answer))
    return head + ("".join(f"\n{_entry(answer, entry)}" for entry in entries_of(items)) if answer.answers else "")


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


def _entry(answer: Answer, entry: Entry) -> str:
    """The passages are the ``annote``, which no common style prints; their places the ``note``, which all print."""
    item, facts = entry.first, entry.first.facts
    kind = _type(facts.kind, facts.genre)
    fields = {
        "title": f"{{{_title(item)}}}",  # braces keep its capitals
        "author": " and ".join(map(_author, item.authors)),
        "editor": " and ".join(map(_author, item.editors)),
        "journal" if kind == "article" else "booktitle" if kind in _IN_BOOKS else "howpublished": escaped(
            facts.container
        ),
        "series": escaped(facts.series),
        "volume": escaped(facts.volume),
        "number": escaped(facts.issue or facts.number),
        "pages": escaped(facts.pages).replace("-", "--"),
        **_date(facts.issued),
        _PUBLISHER.get(kind, "publisher"): escaped(facts.publisher),
        "address": escaped(facts.place),
        "edition": escaped(facts.edition),
        "type": escaped(facts.genre),
        "isbn": escaped(facts.isbn),
        "issn": escaped(facts.issn),
        "url": _verbatim(item.url or ""),
        "urldate": facts.accessed.iso if facts.accessed else "",
        "doi": _verbatim(item.doi),
        "language": escaped(item.language),
        "keywords": ", ".join(map(escaped, item.keywords)),
        "note": "; ".join(dict.fromkeys(map(_note, entry.items))),
        "addendum": escaped(item.notice),
        "annote": r" \par ".join(escaped(one.hit.passage.text) for one in entry.items),
        "nrqa": escaped(
            f"{answer.verdict}, confidence {answer.confidence:.2f}, "
            + "; ".join(f"rank {one.hit.rank}, sha256 {one.citation.sha256}, {one.cite}" for one in entry.items)
        ),
    }
    lines = [f"  {name} = {{{value}}},\n" for name, value in fields.items() if value and value != "{}"]
    return f"@{kind}{{{entry.id},\n{''.join(lines)}}}\n"


_IN_BOOKS = ("incollection", "inproceedings")
_PUBLISHER = {"techreport": "institution", "phdthesis": "school", "mastersthesis": "school"}
"""What BibTeX calls who published an entry of these types."""


_STYLES = {
    "i": r"\emph{{}}",
    "b": r"\textbf{{}}",
    "sup": r"\textsuperscript{{}}",
    "sub": r"\textsubscript{{}}",
}


def _title(item: Item) -> str:
    pieces = [(style, escaped(f".{words}.")[1:-1]) for style, words in item.styled_title]
    return "".join(_STYLES.get(style, "{}").replace("{}", words, 1) for style, words in pieces)


def _type(kind: str, genre: str) -> str:
    if kind == "thesis":
        return "mastersthesis" if "master" in genre.lower() else "phdthesis"
    return _TYPES.get(kind, "misc")


def _author(name: Name) -> str:
    """The name; what is not divided stands in braces, or BibTeX would divide it."""
    parts = (name.family, name.suffix, name.given) if name.given else (name.family,)
    return ", ".join(f"{{{escaped(one)}}}" for one in parts if one)


def _date(date: Date | None) -> dict[str, str]:
    """``date`` is biblatex's (EDTF), ``year`` BibTeX's."""
    if date is None:
        return {}
    if date.parts:
        return {"date": date.iso, "year": str(date.parts[0])}
    if date.years is None or date.years[0] < 0:
        return {"year": escaped(date.written)}
    first, last = date.years
    if date.season:
        return {"date": f"{first:04d}-{20 + date.season}", "year": str(first)}
    if date.circa:
        return {"date": f"{first:04d}~", "year": escaped(date.written)}
    return {"date": f"{first:04d}/{last:04d}", "year": f"{first}--{last}"}


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
