"""The citations of a paragraph, each with its place in the paragraph's text."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace

from nrqa.checking.citing.meaning import Cited, Meant, Standing
from nrqa.checking.citing.names import Named, Names
from nrqa.checking.citing.places import places_in, places_right_after
from nrqa.checking.citing.repeating import IN_TEXT, SAME, again_in
from nrqa.checking.prose import Prose, Reference
from nrqa.records import Span
from nrqa.text.quotation_marks import Quoted

BRACKETED = re.compile(r"\(([^()]{2,300}(?:\([^()]{0,100}\)[^()]{0,100})?)\)|\[([^\[\]]{1,300})\]")
NARROW_BRACKETS = str.maketrans("（）［］【】〔〕", "()[][][]")
"""The brackets of East Asia mean the same."""
_LETTER = re.compile(r"[^\W\d_]")


def citations_in(prose: Prose, quoted: Sequence[Quoted], names: Names, draft: str) -> list[Standing]:
    """The citations in a paragraph by where they end; ``quoted`` are its quotations, ``draft`` is the whole text."""
    text = blanked(prose.text.translate(NARROW_BRACKETS), [one.inner for one in quoted])
    text = blanked(text, _code_in(prose))
    commands = [*_CITE.finditer(text)]
    text = blanked(text, [Span(*one.span()) for one in commands])
    brackets = [one for one in BRACKETED.finditer(text) if _quotations_in(one, quoted) < _SEVERAL]
    found = [one for command in commands for one in _commanded(prose, command, names)]
    found += _referred(prose, _outside(brackets, quoted), names, draft)
    taken = {one.end for one in found if one.shape == "bracket"}
    for named, end in _narrated(text, brackets, names):
        taken.add(end)
        found.append(_running(prose, text, named, end))
    for bracket in brackets:
        if bracket.end() not in taken:
            found += _bracketed(prose, bracket, names)
    text = blanked(text, [Span(*one.span()) for one in brackets])
    found += [_running(prose, text, one) for one in names.files_in(text)]
    found += [
        _running(prose, text, one) for one in names.keys_in(text) if names.works.bibliography or _known(one.meant)
    ]
    found += [
        _running(prose, text, Named(Span(*one.span()), Meant((), again=again_in(one.group()) or SAME)))
        for one in IN_TEXT.finditer(text)
    ]
    for one in quoted:
        words = prose.text[one.inner.start : one.inner.end]
        meant = names.titled(words) or (None if " " in words else names.file_named(words))
        if meant:
            cited = Cited(prose.original(one.inner.start, one.inner.end), words, meant)
            found.append(Standing(one.whole.start, one.whole.end, "title", cited))
    return sorted(found, key=lambda one: (one.end, one.start))


def _code_in(prose: Prose) -> list[Span]:
    """The words in code, which are references themselves."""
    found: list[Span] = []
    for one in prose.references:
        if one.kind == "code" and one.begins < one.at and (not found or one.begins >= found[-1].end):
            found.append(Span(one.begins, one.at))
    return found


def blanked(text: str, spans: Sequence[Span]) -> str:
    """The text with blanks where the spans are, which are in order and apart."""
    parts, at = [], 0
    for span in spans:
        parts += [text[at : span.start], " " * (span.end - span.start)]
        at = span.end
    return "".join([*parts, text[at:]])


_SEVERAL = 2
"""Brackets around so many quotations are no single citation: there may be one for each."""


def _quotations_in(bracket: re.Match[str], quoted: Sequence[Quoted]) -> int:
    first = bisect_left(quoted, bracket.start(), key=lambda one: one.whole.start)
    return bisect_left(quoted, bracket.end(), key=lambda one: one.whole.start) - first


def _outside(brackets: Sequence[re.Match[str]], quoted: Sequence[Quoted]) -> list[re.Match[str]]:
    """The brackets with no quotation in them."""
    return [one for one in brackets if not _quotations_in(one, quoted)]


def _referred(prose: Prose, brackets: Sequence[re.Match[str]], names: Names, draft: str) -> Iterator[Standing]:
    """The links, footnotes and code that cite something; in brackets, they stand where the brackets do."""
    for reference in prose.references:
        meanings, remark = _meanings(reference, names)
        start, end, shape = reference.begins, reference.at, reference.kind
        at = bisect_left(brackets, end, key=lambda one: one.end())
        around = brackets[at] if at < len(brackets) and brackets[at].start() < start else None
        written = draft[reference.span.start : reference.span.end]
        for meant in meanings:
            places, last = places_right_after(prose.text, end) if shape == "link" else ((), end)
            cited = Cited(reference.span, written, replace(meant, places=(*meant.places, *places)))
            if around:
                yield Standing(*around.span(), "bracket", cited)
            else:
                yield Standing(start, last, shape, cited, remark=remark)


def _meanings(reference: Reference, names: Names) -> tuple[Sequence[Meant], bool]:
    """What a reference cites, and whether it is a remark."""
    several = [found for text in reference.texts if (found := names.meanings(text))]
    found = next((one for one in several if any(meant.documents for meant in one)), several[0] if several else ())
    if reference.kind == "code":
        return [one for one in found if one.documents], False
    return found or (Meant(()),), not found and reference.kind == "note"


def _bracketed(prose: Prose, bracket: re.Match[str], names: Names) -> Iterator[Standing]:
    group = 1 if bracket[1] is not None else 2
    if group == 1 and not _LETTER.search(bracket[1]):
        return  # (2) and (1949) are no citations, [2] is
    span = Span(*bracket.span(group))
    cited = prose.original(span.start, span.end)
    for meant in names.meanings(bracket[group]):
        yield Standing(*bracket.span(), "bracket", Cited(cited, prose.text[span.start : span.end], meant))


def _commanded(prose: Prose, command: re.Match[str], names: Names) -> Iterator[Standing]:
    """What the command ``cite`` of LaTeX cites in another draft, as Markdown allows."""
    place = command["second"] or command["first"] or ""
    place = f", p. {place}" if place[:1].isdigit() else f", {place}"
    cited = prose.original(*command.span())
    for key in command["keys"].split(",")[:_MOST_KEYS]:
        for meant in names.meanings(f"@{{{key.strip()}}}{place}"):
            yield Standing(*command.span(), "bracket", Cited(cited, command.group(), meant))


_CITE = re.compile(
    r"\\[A-Za-z]{0,20}cite[A-Za-z]{0,20}\*?(?:\[(?P<first>[^\[\]]{0,200})\])?(?:\[(?P<second>[^\[\]]{0,200})\])?"
    r"\{(?P<keys>[^{}]{1,1000})\}"
)
_MOST_KEYS = 50


def _narrated(text: str, brackets: Sequence[re.Match[str]], names: Names) -> Iterator[tuple[Named, int]]:
    """Authors in running text with the year behind them, perhaps in brackets: "García Márquez (2018, p. 3)".

    With each comes the position at which its brackets end.
    """
    for start, end, meant in names.works.authored(text):
        at = bisect_left(brackets, end, key=lambda one: one.end())
        bracket = brackets[at] if at < len(brackets) and brackets[at].start() < end else None
        if bracket is None or start < bracket.start():
            last = bracket.end() if bracket else end
            places = places_in(text[end : last - 1]) if bracket else ()
            yield Named(Span(start, last), replace(meant, places=places)), last


def _known(meant: Meant) -> bool:
    return bool(meant.documents or meant.candidates)


def _running(prose: Prose, text: str, named: Named, at: int = 0) -> Standing:
    """A name in running text with the places right behind it."""
    places, end = places_right_after(text, at or named.span.end)
    meant = replace(named.meant, places=(*named.meant.places, *places))
    span = prose.original(named.span.start, end)
    return Standing(named.span.start, end, "name", Cited(span, prose.text[named.span.start : end], meant))
