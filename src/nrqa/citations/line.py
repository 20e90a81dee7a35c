"""A citation on one line: ``nato-russia.txt:31 §Disputes over missile defense systems in Europe #a1b2c3d4e5+411``.

It has the document and the place: of a file with lines the first line, and the last one where there are more; of
another format what that counts itself (``report.pdf pp. iv–v``, ``page.html ¶23``, ``budget.xlsx sheet Spending row
12``). Then follow the heading path, the first digits of the passage's fingerprint, and its length. Characters that
would make it end too early (spaces and colons in a name, an odd character in a heading) are percent-encoded as in a
URL: %20 for a space.

Until 0.1 every document was cited by line, with the page behind it (``report.pdf:12 (p. 7)``): that is still read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from nrqa.citations.cited import DIGITS, Cited, fingerprint
from nrqa.corpus.readers.kinds import KINDS
from nrqa.records import PAGE, Citation, Locator, Passage, cited_places, written_places
from nrqa.text.typography import UNSPACED

BETWEEN_HEADINGS = " › "
# Control characters, and characters that are invisible or reorder text: pasted elsewhere they would be lost or do harm.
_UNSEEN = "\x00-\x1f\x7f-\xa0\xad\u200b-\u200f\u2028-\u202f\u205f-\u206f\ufeff"
NO_NAME = rf"{_UNSEEN}\s\"'“”„‟‘’‚‛«»‹›「」『』<>()\[\]{{}}|`*:;,=§¶#—–―（）［］【】〔〕《》〈〉：；，。、"
"""Characters that a document's name never has as written in a citation, as the inside of a character class."""
_PERCENT = r"%(?=[0-9A-Fa-f]{2})"
_IN_NAME = re.compile(rf"[{NO_NAME}]|{_PERCENT}")
# A heading keeps no white space but a single blank between two words.
# The other characters could be read as the fingerprint, or as a second citation.
_IN_HEADING = re.compile(
    rf"[{_UNSEEN}›|]|[^\S ]|^ | $|(?<= ) |^\\?#|(?<=[ >])\\?#|:(?=[0-9][0-9–:\-]*[ >]+§)|{_PERCENT}"
)
_IN_LABEL = re.compile(r"[^\w./+-]|^[./+-]|[./+-]$")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_ENCODED = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
# An underscore may end an emphasis, and Chinese text continues without a space.
_ENDS = rf"(?!_*[^\W_{UNSPACED}])"
_FINGERPRINT = rf"\\?#(?P<digits>[0-9A-Fa-f]{{6,64}})(?:\+(?P<length>[0-9]{{1,9}}))?{_ENDS}"
_LINES = r":(?P<first>[0-9]{1,9})(?:[-–](?P<last>[0-9]{1,9}))?(?::[0-9]{1,9})?"
_PLACE = _LINES + _ENDS
# In a running text only the fingerprint shows where the heading ends. A line break may be between any two words.
_GAP = r"(?:[ \t\xa0]+|[ \t]*\r?\n[ \t>]*)"
_KINDS = {
    PAGE: r"pp?\.|pages?|pgs?\.?",
    "paragraph": r"¶{1,2}|paras?\.?|pars?\.?|paragraphs?",
    "slide": "slides?",
    "notes": "notes",
    "note": "note",
    "row": "rows?",
    "cell": "cells?",
    "sheet": "sheets?",
    "chapter": r"ch\.|chs\.|chap\.|chapters?",
    "message": "messages?",
    "part": "parts?",
}
"""How a kind of place is written: as nrqa writes it, and as people do who have no such sign on their keyboard."""
_KIND = "|".join(_KINDS.values())
_LABEL = r"[\w%](?:[\w./+%-]{0,200}[\w%])?"
_UNIT = rf"(?i:{_KIND})(?:{_GAP}|(?<=[.¶]))(?:{_LABEL})(?:–{_LABEL})?"
_ONE_UNIT = re.compile(rf"(?P<kind>(?i:{_KIND}))(?:{_GAP}|(?<=[.¶]))(?P<label>{_LABEL}(?:–{_LABEL})?)")
# Formats whose lines no editor shows: only their names have a place of their own after them.
_NO_LINES = "|".join(rf"(?<={re.escape(suffix)})" for kind in KINDS if not kind.lines for suffix in kind.suffixes)
_OWN_PLACE = rf"(?i:{_NO_LINES})(?P<units>(?:(?:{_GAP}|(?=¶)){_UNIT})+){_ENDS}"
_PAGE = r"\(pp?\.[ \xa0]?[\w./%-]{1,400}(?:–[\w./%-]{1,400})?\)"
_NO_HEADING = r"\n[ \t>]*\r?\n|[ \t\xa0\n>]\\?#[0-9A-Fa-f]{6}|:[0-9][0-9–:\-]*[ \t\xa0\n>]+§"
IN_TEXT = re.compile(
    # Tried once for each word of the text, from its beginning.
    rf"(?<![^{NO_NAME}])(?P<name>[^{NO_NAME}]++)"
    rf"(?:{_PLACE}(?:{_GAP}{_PAGE}(?={_GAP}(?:§|\\?#[0-9A-Fa-f]{{6}})))?|{_OWN_PLACE})"
    rf"(?:{_GAP}§[ \t\xa0]?(?P<heading>(?:(?!{_NO_HEADING}).){{1,600}}?)(?={_GAP}\\?#[0-9A-Fa-f]{{6}}))?"
    rf"(?:{_GAP}{_FINGERPRINT})?",
    re.DOTALL,
)
"""A citation inside a text."""
# A line that holds nothing else is taken apart from its end; a name and a label that a person typed may hold anything.
_FINGERPRINT_AT_END = re.compile(rf"{_FINGERPRINT}\Z")
_ID = re.compile(rf"(?P<name>\S[^\n]*) #(?P<digits>[0-9a-f]{{{DIGITS}}})\+[0-9]{{1,9}}")
_LINES_THERE = re.compile(rf"{_PLACE}(?=\s|\Z)")
_PAGE_AND_HEADING = re.compile(rf"(?:\s+{_PAGE})?(?:\s+§\s*(?P<heading>.*))?\Z", re.DOTALL)
_UNITS_THERE = re.compile(rf"(?i:{_NO_LINES})(?=\s*¶|\s+(?i:{_KIND})(?:\s|(?<=\.)))")
_HEADING_THERE = re.compile(r"\s+§\s*")
_UNIT_BEGINS = re.compile(rf"(?:\A|(?<=\s)|(?=¶))(?P<kind>(?i:{_KIND}))(?:\s+|(?<=[.¶]))")
_NUMBERED = re.compile(r"\S{0,20}?\d|[ivxlcdm]{1,15}\b", re.IGNORECASE)
_RANGE = re.compile(r"(?P<first>.+?)\s*–\s*(?P<last>.+)|(?P<from>\w+)-(?P<to>\w+)", re.DOTALL)
_ROMAN = re.compile(r"[ivxlcdm]+", re.IGNORECASE)


def cite_line(passage: Passage) -> str:
    """The citation of a passage on one line."""
    digits, length = fingerprint(passage.text)
    return line_of(passage.citation, f"#{digits[:DIGITS]}+{length}")


def passage_id(passage: Passage) -> str:
    """What names a passage for good: its document and its fingerprint, without the lines, which may move."""
    digits, length = fingerprint(passage.text)
    return f"{_IN_NAME.sub(_encoded, passage.citation.document)} #{digits[:DIGITS]}+{length}"


def parse_id(text: str) -> tuple[str, str] | None:
    """The document and the fingerprint's digits in what ``passage_id`` gives; None for anything else."""
    found = _ID.fullmatch(text)
    return (decoded(found["name"]), found["digits"]) if found else None


def line_of(citation: Citation, ending: str) -> str:
    """Place and heading path on one line, with ``ending``: the fingerprint as it is to be written ('' for none)."""
    place = written_place(_IN_NAME.sub(_encoded, citation.document), citation, lambda one: _IN_LABEL.sub(_encoded, one))
    heading = BETWEEN_HEADINGS.join(_IN_HEADING.sub(_encoded, one) for one in citation.heading if one)
    return " ".join([place, *([f"§{heading}"] if heading else []), *([ending] if ending else [])])


def written_place(name: str, citation: Citation, spelled: Callable[[str], str] = str) -> str:
    """The document's name and the place, as a citation has them; ``spelled`` writes the labels of places."""
    own = written_places(cited_places(citation.locators), spelled)
    if own:
        return f"{name} {own}"
    more = f"-{citation.line_end}" if citation.line_end > citation.line_start else ""
    return f"{name}:{citation.line_start}{more}"


def parse_line(text: str) -> Cited | None:
    """The citation on a line that holds nothing else; None where the line is no citation."""
    line, digits, length, escaped = text.strip(), "", 0, False
    at = line.rfind("#")
    ending = _FINGERPRINT_AT_END.match(line, max(0, at - 1)) or _FINGERPRINT_AT_END.match(line, max(0, at))
    if ending and ending.start() and line[ending.start() - 1].isspace():
        digits, length = ending["digits"].lower(), int(ending["length"] or 0)
        escaped = ending.group().startswith("\\")
        line = line[: ending.start()].rstrip()
    if escaped:
        line = unescaped(line)
    for found in _LINES_THERE.finditer(line):
        rest = _PAGE_AND_HEADING.match(line, found.end())
        if rest and found.start():
            first = int(found["first"])
            lines = (first, max(first, int(found["last"] or first)))
            name = decoded(line[: found.start()])
            return Cited(name, heading=_path(rest["heading"] or ""), lines=lines, digits=digits, length=length)
    own = _UNITS_THERE.search(line)
    if own is None or not own.start():
        return None
    words, _, heading = _cut(line[own.end() :].strip())
    places = tuple(_typed_units(words))
    if not places:
        return None
    name = decoded(line[: own.end()])
    return Cited(name, heading=_path(heading), places=places, digits=digits, length=length)


def cited_of(found: re.Match[str]) -> Cited:
    """The citation in a match of ``IN_TEXT``."""
    heading = found["heading"] or ""
    # If the fingerprint's # has a backslash before it, all other marks were escaped as well.
    escaped = found["digits"] and found.string.endswith("\\#", 0, found.start("digits"))
    first = int(found["first"] or 0)
    return Cited(
        decoded(unescaped(found["name"]) if escaped else found["name"]),
        heading=_path(unescaped(heading) if escaped else heading),
        lines=(first, max(first, int(found["last"] or first))) if found["first"] else None,
        places=tuple(_units(unescaped(found["units"]) if escaped else found["units"])) if found["units"] else (),
        digits=(found["digits"] or "").lower(),
        length=int(found["length"] or 0),
    )


def is_counted(cited: Cited) -> bool:
    """Whether a place is named by a number: "sheet shows" in a running text is none."""
    labels = [one.first for one in cited.places]
    return any(any(map(str.isdigit, one)) or _ROMAN.fullmatch(one) for one in labels)


def place_in(cited: Cited) -> str:
    """The document and the place that were cited, as a citation has them."""
    if cited.places:
        return f"{cited.document} {written_places(cited.places)}"
    if cited.lines:
        more = f"-{cited.lines[1]}" if cited.lines[1] > cited.lines[0] else ""
        return f"{cited.document}:{cited.lines[0]}{more}"
    return f"{cited.document}@{cited.span.start}-{cited.span.end}" if cited.span else cited.document


def unescaped(text: str) -> str:
    """The text without the backslashes that Markdown puts before its marks."""
    return _ESCAPE.sub(r"\1", text)


def escaped_as(line: str, written: str) -> str:
    """The line with a backslash before every mark that has one in ``written``, except the marks of a place."""
    marks = {found[1] for found in _ESCAPE.finditer(written)} - set(":-+")
    return "".join(f"\\{one}" if one in marks else one for one in line)


def decoded(name: str) -> str:
    """The name with %20 and the like decoded; what would not be UTF-8 then stays as it is."""
    return _ENCODED.sub(_decoded, name)


def _units(written: str) -> Iterator[Locator]:
    """The places in the words of a running text."""
    for found in _ONE_UNIT.finditer(written):
        yield _locator(found["kind"], found["label"])


def _typed_units(words: str) -> Iterator[Locator]:
    """The places in words that are nothing else: a label may have blanks, as in "chapter Part one, par. 3"."""
    begins: list[re.Match[str]] = []
    for one in _UNIT_BEGINS.finditer(words):
        if not begins or (one.start() > begins[-1].end() and _NUMBERED.match(words, one.end())):
            begins.append(one)
    if not begins or begins[0].start():
        return
    for one, following in zip(begins, [*begins[1:], None], strict=True):
        label = words[one.end() : following.start() if following else len(words)].strip(" \t\n,")
        if label:
            yield _locator(one["kind"], label)


def _locator(word: str, label: str) -> Locator:
    kind = next(kind for kind, words in _KINDS.items() if re.fullmatch(words, word, re.IGNORECASE))
    found = _RANGE.fullmatch(label)
    ends = (found["first"] or found["from"], found["last"] or found["to"]) if found else (label, label)
    if found and found["from"] and not all(one.isdigit() or _ROMAN.fullmatch(one) for one in ends):
        ends = (label, label)  # A-3 is one label, 3-5 are two
    return Locator(kind, decoded(ends[0]), decoded(ends[1]))


def _cut(line: str) -> tuple[str, str, str]:
    found = _HEADING_THERE.search(line)
    return (line[: found.start()], found.group(), line[found.end() :]) if found else (line, "", "")


def _path(written: str) -> tuple[str, ...]:
    # If a paragraph was wrapped again, the heading may have line breaks; in a block quote, each is followed by marks.
    whole = re.sub(r"\s*\n[ \t>]*", " ", written).strip(" ")
    return tuple(decoded(one) for one in whole.split(BETWEEN_HEADINGS)) if whole else ()


def _encoded(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found.group().encode("utf-8", "surrogatepass"))


def _decoded(found: re.Match[str]) -> str:
    try:
        return bytes.fromhex(found.group().replace("%", "")).decode("utf-8")
    except UnicodeDecodeError:
        return found.group()
