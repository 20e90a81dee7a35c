"""A citation on one line: ``nato-russia.txt:31 §Disputes over missile defense systems in Europe #a1b2c3d4e5+411``.

It has the document and the first line; the last line, where there are more; the page, for people, in formats that have
pages: ``(p. 7)``; the heading path; the first digits of the passage's fingerprint, and its length. Characters that
would make it end too early (spaces and colons in a name, an odd character in a heading) are percent-encoded as in a
URL: %20 for a space.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from nrqa.citations.cited import DIGITS, Cited, fingerprint
from nrqa.records import PAGE, PAGE_LABEL, Citation, Locator, Passage
from nrqa.text.typography import UNSPACED

BETWEEN_HEADINGS = " › "
# Control characters, and characters that are invisible or reorder text: pasted elsewhere they would be lost or do harm.
_UNSEEN = "\x00-\x1f\x7f-\xa0\xad\u200b-\u200f\u2028-\u202f\u205f-\u206f\ufeff"
NO_NAME = rf"{_UNSEEN}\s\"'“”„‟‘’‚‛«»‹›「」『』<>()\[\]{{}}|`*:;,=§#—–―（）［］【】〔〕《》〈〉：；，。、"
"""Characters that a document's name never has as written in a citation, as the inside of a character class."""
_PERCENT = r"%(?=[0-9A-Fa-f]{2})"
_IN_NAME = re.compile(rf"[{NO_NAME}]|{_PERCENT}")
# A heading keeps no white space but a single blank between two words.
# The other characters could be read as the fingerprint, or as a second citation.
_IN_HEADING = re.compile(
    rf"[{_UNSEEN}›|]|[^\S ]|^ | $|(?<= ) |^\\?#|(?<=[ >])\\?#|:(?=[0-9][0-9–:\-]*[ >]+§)|{_PERCENT}"
)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_ENCODED = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
# An underscore may end an emphasis, and Chinese text continues without a space.
_ENDS = rf"(?!_*[^\W_{UNSPACED}])"
_FINGERPRINT = rf"\\?#(?P<digits>[0-9A-Fa-f]{{6,64}})(?:\+(?P<length>[0-9]{{1,9}}))?{_ENDS}"
_PLACE = rf":(?P<first>[0-9]{{1,9}})(?:[-–](?P<last>[0-9]{{1,9}}))?(?::[0-9]{{1,9}})?{_ENDS}"
_IN_LABEL = re.compile(r"[^\w./-]")
_PAGE = r"\(pp?\.[ \xa0]?[\w./%-]{1,400}(?:–[\w./%-]{1,400})?\)"
# A name that a person typed may hold anything.
_LINE = re.compile(
    rf"(?P<name>.+?){_PLACE}(?:\s+{_PAGE})?(?:\s+§\s*(?P<heading>.*?))?(?:\s+{_FINGERPRINT})?", re.DOTALL
)
# In a running text only the fingerprint shows where the heading ends. A line break may be between any two words.
_GAP = r"(?:[ \t\xa0]+|[ \t]*\r?\n[ \t>]*)"
_NO_HEADING = r"\n[ \t>]*\r?\n|[ \t\xa0\n>]\\?#[0-9A-Fa-f]{6}|:[0-9][0-9–:\-]*[ \t\xa0\n>]+§"
IN_TEXT = re.compile(
    # Tried once for each word of the text, from its beginning.
    rf"(?<![^{NO_NAME}])(?P<name>[^{NO_NAME}]++){_PLACE}"
    rf"(?:{_GAP}{_PAGE}(?={_GAP}(?:§|\\?#[0-9A-Fa-f]{{6}})))?"
    rf"(?:{_GAP}§[ \t\xa0]?(?P<heading>(?:(?!{_NO_HEADING}).){{1,600}}?)(?={_GAP}\\?#[0-9A-Fa-f]{{6}}))?"
    rf"(?:{_GAP}{_FINGERPRINT})?",
    re.DOTALL,
)
"""A citation inside a text."""


def cite_line(passage: Passage) -> str:
    """The citation of a passage on one line."""
    digits, length = fingerprint(passage.text)
    return line_of(passage.citation, f"#{digits[:DIGITS]}+{length}")


def line_of(citation: Citation, ending: str) -> str:
    """Place and heading path on one line, with ``ending``: the fingerprint as it is to be written ('' for none)."""
    more = f"-{citation.line_end}" if citation.line_end > citation.line_start else ""
    words = [f"{_IN_NAME.sub(_encoded, citation.document)}:{citation.line_start}{more}"]
    words += [f"({_pages(one)})" for one in _printed_pages(citation.locators)]
    heading = BETWEEN_HEADINGS.join(_IN_HEADING.sub(_encoded, one) for one in citation.heading if one)
    words += [f"§{heading}"] if heading else []
    return " ".join([*words, ending] if ending else words)


def parse_line(text: str) -> Cited | None:
    """The citation on a line that holds nothing else; None where the line is no citation."""
    found = _LINE.fullmatch(text.strip())
    return cited_of(found) if found else None


def cited_of(found: re.Match[str]) -> Cited:
    """The citation in a match with groups ``name``, ``first``, ``last``, ``heading``, ``digits`` and ``length``."""
    first, heading = int(found["first"]), found["heading"] or ""
    # If the fingerprint's # has a backslash before it, all other marks were escaped as well.
    escaped = found["digits"] and found.string.endswith("\\#", 0, found.start("digits"))
    return Cited(
        decoded(unescaped(found["name"]) if escaped else found["name"]),
        heading=_path(unescaped(heading) if escaped else heading),
        lines=(first, max(first, int(found["last"] or first))),
        digits=(found["digits"] or "").lower(),
        length=int(found["length"] or 0),
    )


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


def _printed_pages(locators: Sequence[Locator]) -> list[Locator]:
    """The pages by what is printed on them, else by their number in the file."""
    labels = [one for one in locators if one.kind == PAGE_LABEL]
    return labels or [one for one in locators if one.kind == PAGE]


def _pages(pages: Locator) -> str:
    first, last = (_IN_LABEL.sub(_encoded, one) for one in (pages.first, pages.last))
    return f"p. {first}" if first == last else f"pp. {first}–{last}"


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
