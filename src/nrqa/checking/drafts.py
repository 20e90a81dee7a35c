"""Reads what a check needs from a draft: its quotations, its sentences, and the citations that each of them carries."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from nrqa.checking.attribution import Meant, Names
from nrqa.checking.prose import Prose, read_prose
from nrqa.checking.quoting.editorial_signs import pieces_of
from nrqa.records import Span
from nrqa.text.quotation_marks import Quoted, quoted_in
from nrqa.text.sentences import language_of, sentence_spans, stripped
from nrqa.text.written_words import WORD, word_count


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation as the draft has it, and what it means."""

    span: Span
    text: str
    meant: Meant


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quotation: ``span`` includes its quotation marks; ``text`` has its words without these and without Markdown.

    ``marks`` are the two quotation marks, or ">" for a block quote. ``end`` is where a note on it may be put.
    """

    span: Span
    end: int
    text: str
    marks: str
    citations: tuple[Cited, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with its citations; ``quotations`` are the numbers of the quotations in it.

    ``own`` counts its words outside of quotations; ``end`` is where a note on it may be put.
    """

    span: Span
    end: int
    text: str
    citations: tuple[Cited, ...]
    quotations: tuple[int, ...]
    own: int


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that looked like a quotation or sentence and is not checked, and why."""

    span: Span
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft and its quotations and sentences to check, each in order."""

    text: str
    language: str
    quotations: tuple[Quotation, ...]
    sentences: tuple[Sentence, ...]
    left_out: tuple[LeftOut, ...]


def read_draft(text: str, names: Names, *, markdown: bool, least_words: int) -> Draft:
    """The draft's quotations of at least ``least_words`` words, its sentences, and what is left out."""
    proses = read_prose(text, markdown=markdown)
    language = language_of(" ".join(one.text for one in proses if one.kind == "text"))
    reading = _Reading(text, names, language, least_words)
    at = 0
    while at < len(proses):
        group = [proses[at]]
        while proses[at].kind == "quote" and at + 1 < len(proses) and proses[at + 1].group == proses[at].group:
            at += 1
            group.append(proses[at])
        at += 1
        if group[0].kind != "quote":
            reading.add_running(group[0], proses[at] if at < len(proses) else None)
        elif _ALERT.match(group[0].text):
            for one in group:
                reading.add_running(replace(one, kind="text"), None)
        else:
            reading.add_block_quote(group, proses[at] if at < len(proses) else None)
    left_out = sorted(reading.left_out, key=lambda one: one.span.start)
    return Draft(text, language, tuple(reading.quotations), tuple(reading.sentences), tuple(left_out))


_LETTER = re.compile(r"[^\W\d_]")
_ALERT = re.compile(r"\[!(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]", re.IGNORECASE)
_BRACKETED = re.compile(r"\(([^()]{2,300}(?:\([^()]{0,100}\)[^()]{0,100})?)\)|\[([^\[\]]{1,300})\]")
_NARROW_BRACKETS = str.maketrans("（）［］【】〔〕", "()[][][]")
"""The brackets of East Asia mean the same."""
_FILE_WORD = re.compile(r"\.[a-z]\w{0,7}(?::\d+(?:[-–]\d+)?)?(?!\w)", re.IGNORECASE)
_ATTRIBUTION = re.compile(r"^\s*(?:[-–—]{1,3}|―)\s*\S")
_LEAST_SENTENCE = 3
"""A sentence with fewer words says nothing that a passage could support."""


class _Reading:
    """What has been read of a draft so far, in lists that still grow."""

    def __init__(self, text: str, names: Names, language: str, least_words: int) -> None:
        self._text = text
        self._names = names
        self._language = language
        self._least_words = least_words
        self.quotations: list[Quotation] = []
        self.sentences: list[Sentence] = []
        self.left_out: list[LeftOut] = []
        self._introduction: tuple[Cited, ...] = ()

    def add_running(self, prose: Prose, following: Prose | None) -> None:
        """Add a paragraph, heading, or footnote: its quotations, and the sentences if it is a paragraph."""
        quoted, unclosed = quoted_in(prose.text)
        quoted = self._with_open_ones(prose, quoted, unclosed, following)
        references = self._references(prose, quoted)
        sentences = _sentences(prose, quoted, references, self._language)
        for sentence in sentences:
            cited = [one for one in references if sentence.start < one[0] <= sentence.end]
            inside = [one for one in quoted if sentence.start <= one.whole.start < sentence.end]
            numbers = []
            for one in inside:
                number = self._add_quotation(prose, one, _carried(one, inside, cited))
                if number is not None:
                    numbers.append(number)
            citations = tuple(one for _, one in cited)
            self._introduction = citations if sentence is sentences[-1] else ()
            if prose.kind == "text":
                self._add_sentence(prose, sentence, citations, numbers, inside)

    def add_block_quote(self, group: Sequence[Prose], following: Prose | None) -> None:
        """Add a block quote: each paragraph is a quotation; its citation is in the last line, or before or after it."""
        introduction, self._introduction = self._introduction, ()
        bodies: list[tuple[Prose, int, int]] = []
        citations: list[Cited] = []
        for prose in group:
            references = self._references(prose, [])
            end = len(prose.text)
            attribution = _ATTRIBUTION.match(prose.text) and len(bodies) > 0
            if attribution and (references or word_count(prose.text) <= _MOST_ATTRIBUTION):
                found = self._names.meant(prose.text)
                cited = [one for _, one in references]
                if not cited and found:
                    cited = [self._cited(prose, 0, len(prose.text), found)]
                citations += cited
                continue
            tail = _TAIL.search(prose.text.translate(_NARROW_BRACKETS))
            if tail and (meant := self._names.meant(tail["words"])):
                end = tail.start()
                citations.append(self._cited(prose, tail.start("words"), tail.end("words"), meant))
            elif references and references[-1][0] >= len(prose.text.rstrip()):
                citations.append(references[-1][1])
            first = len(prose.text) - len(prose.text.lstrip())
            bodies.append((prose, first, len(prose.text[:end].rstrip())))
        carried = tuple(citations) or introduction or self._leading(following)
        for prose, first, last in bodies:
            quoted, _ = quoted_in(prose.text[first:last])
            whole = quoted and quoted[0].whole == Span(0, last - first)
            inner = quoted[0].inner if whole else Span(0, last - first)
            body = Quoted(Span(first, last), Span(first + inner.start, first + inner.end), ">")
            if body.inner.end > body.inner.start:
                self._add_quotation(prose, body, carried)

    def _leading(self, following: Prose | None) -> tuple[Cited, ...]:
        """The citation that the paragraph after a block quote begins with."""
        if following is None or following.kind != "text":
            return ()
        references = self._references(following, [])
        begins = _BRACKETED.match(following.text) or _ATTRIBUTION.match(following.text)
        return tuple(one for at, one in references if begins and at <= begins.end() + 1)[:1]

    def _with_open_ones(
        self, prose: Prose, quoted: list[Quoted], unclosed: list[int], following: Prose | None
    ) -> list[Quoted]:
        """The quotations, with one that continues in the next paragraph, if that begins with the same mark.

        Every other mark that is not closed is listed as left out.
        """
        for start in unclosed:
            mark = prose.text[start]
            goes_on = following is not None and following.kind == prose.kind and following.text.startswith(mark)
            if goes_on and start == unclosed[-1]:
                end = len(prose.text.rstrip())
                return [*quoted, Quoted(Span(start, end), Span(start + 1, end), mark)]
            span = prose.original(start, start + 1)
            shown = prose.text[start : start + _SHOWN]
            self.left_out.append(LeftOut(span, shown, f"the mark {mark} is not closed in its paragraph"))
        return quoted

    def _references(self, prose: Prose, quoted: Sequence[Quoted]) -> list[tuple[int, Cited]]:
        """The citations in a paragraph, each with the position in its text that the citation follows."""
        found: list[tuple[int, Cited]] = []
        for reference in prose.references:
            meanings = [meant for text in reference.texts if (meant := self._names.meant(text))]
            meant = next((one for one in meanings if one.documents), meanings[0] if meanings else None)
            if meant is None and reference.kind != "code":
                meant = Meant(())
            if meant and (meant.documents or reference.kind != "code"):
                written = self._text[reference.span.start : reference.span.end]
                found.append((max(1, reference.at), Cited(reference.span, written, meant)))
        text = _without(prose.text.translate(_NARROW_BRACKETS), [one.inner for one in quoted])
        for bracket in _BRACKETED.finditer(text):
            group = 1 if bracket[1] is not None else 2
            numbered = group == 1 and not _LETTER.search(bracket[1])  # (2) and (1949) are no citations, [2] is
            bracketed = None if numbered else self._names.meant(bracket[group])
            if bracketed and not any(bracket.start() < at <= bracket.end() for at, _ in found):
                found.append((bracket.end(), self._cited(prose, bracket.start(group), bracket.end(group), bracketed)))
        text = _without(text, [Span(*one.span()) for one in _BRACKETED.finditer(text)])
        for word in _FILE_WORD.finditer(text):
            start = max(text.rfind(" ", 0, word.start()) + 1, 0)
            named = self._names.file_in(text[start : word.end()])
            if named:
                found.append((word.end(), self._cited(prose, start, word.end(), named)))
        for one in quoted:
            words = prose.text[one.inner.start : one.inner.end]
            titled = self._names.titled(words) or (None if " " in words else self._names.file_in(words))
            if titled:
                found.append((one.whole.end, self._cited(prose, one.inner.start, one.inner.end, titled)))
        return sorted(found, key=lambda one: one[0])

    @staticmethod
    def _cited(prose: Prose, start: int, end: int, meant: Meant) -> Cited:
        return Cited(prose.original(start, end), prose.text[start:end], meant)

    def _add_quotation(self, prose: Prose, one: Quoted, citations: tuple[Cited, ...]) -> int | None:
        """Add the quotation, and return its number; None where it is too short."""
        text = prose.text[one.inner.start : one.inner.end]
        span = prose.original(one.whole.start, one.whole.end)
        words = word_count(" ".join(pieces_of(text)))
        if words < self._least_words:
            if WORD.search(text):
                outside = " outside of brackets" if "[" in text else ""
                reason = f"fewer than {self._least_words} words{outside}"
                self.left_out.append(LeftOut(span, text, reason))
            return None
        self.quotations.append(Quotation(span, _note_at(prose, span), text, one.marks, citations))
        return len(self.quotations) - 1

    def _add_sentence(
        self,
        prose: Prose,
        sentence: Span,
        citations: tuple[Cited, ...],
        numbers: Sequence[int],
        quoted: Sequence[Quoted],
    ) -> None:
        text = prose.text[sentence.start : sentence.end]
        span = prose.original(sentence.start, sentence.end)
        if word_count(text) < _LEAST_SENTENCE:
            return
        own = _without(prose.text, [one.whole for one in quoted])[sentence.start : sentence.end]
        self.sentences.append(Sentence(span, _note_at(prose, span), text, citations, tuple(numbers), word_count(own)))


_SHOWN = 60
_MOST_ATTRIBUTION = 20
"""Words, at most, of a line like "— Title, page 3" below a quotation."""
_TAIL = re.compile(r"[\s–—-]*[(\[](?P<words>[^()\[\]]{2,300})[)\]][.\s]*$")


def _sentences(
    prose: Prose, quoted: Sequence[Quoted], references: Sequence[tuple[int, Cited]], language: str
) -> list[Span]:
    """The sentences; none ends inside a quotation.

    A citation in brackets after a full stop belongs to the sentence before it.
    """
    text = prose.text
    whole: list[Span] = []
    for one in sentence_spans(text, 0, len(text), language):
        if whole and any(quote.whole.start < one.start < quote.whole.end for quote in quoted):
            whole[-1] = Span(whole[-1].start, one.end)
        else:
            whole.append(one)
    found: list[Span] = []
    for one in whole:
        stops = [_STOP_AFTER_QUOTATION.match(text, quote.whole.end, one.end) for quote in quoted]
        stops += [_STOP_AFTER_QUOTATION.match(text, at, one.end) for at, _ in references]
        cuts = {stop.end("stop") for stop in stops if stop and one.start < stop.start()}
        cuts |= {
            at for at, _ in references if one.start < at < one.end and _ends_sentence(text, one.start, at, one.end)
        }
        for start, end in pairwise([one.start, *sorted(cuts), one.end]):
            piece = stripped(text, start, end)
            if found and _is_citation(text, piece, references):
                found[-1] = Span(found[-1].start, piece.end)
            elif piece.end > piece.start:
                found.append(piece)
    return found


_CITATION_AFTER_STOP = re.compile(r"(?:^|[.!?…][\"'”’“‘»«]*\s*)(?:\([^()]*(?:\([^()]*\)[^()]*)?\)|\[[^\[\]]*\])$")


# The language's rules may not know the mark that closes a quotation or citation, as in: »so«. Und
_STOP_AFTER_QUOTATION = re.compile(r"(?P<stop>[.!?…])\s+(?=[^\W\d_a-zß-öø-ÿ]|[„“«»‚‘‹›\"'¿¡])")


def _ends_sentence(text: str, start: int, at: int, end: int) -> bool:
    """Whether a bracketed citation that follows a full stop ends at ``at``, and a new sentence begins there."""
    following = text[at:end].lstrip()
    return bool(_CITATION_AFTER_STOP.search(text[start:at])) and following[:1].isupper()


def _is_citation(text: str, one: Span, references: Sequence[tuple[int, Cited]]) -> bool:
    """Whether the stretch is nothing but a citation in brackets."""
    bracket = _BRACKETED.match(text.translate(_NARROW_BRACKETS), one.start)
    if not bracket or text[bracket.end() : one.end].strip(" .;,。；，、"):
        return False
    return any(at == bracket.end() for at, _ in references)


def _carried(one: Quoted, quoted: Sequence[Quoted], cited: Sequence[tuple[int, Cited]]) -> tuple[Cited, ...]:
    """The citations of a quotation among those of its sentence: the next after it, else the last before it."""
    own = [(at, citation) for at, citation in cited if not one.whole.start < at <= one.whole.end]
    after = [(at, citation) for at, citation in own if at > one.whole.end]
    if after:
        # All citations that stand together, as in (a.txt:3; b.txt:5) with two links.
        later = [other.whole.start for other in quoted if other.whole.start > after[0][0]]
        last = min(later, default=after[-1][0])
        return tuple(citation for at, citation in after if at <= last)
    return tuple(citation for _, citation in own[-1:])


def _note_at(prose: Prose, span: Span) -> int:
    """Where a note on the span may be put: at its end, or at the end of the link that it ends in."""
    ends = (one.span.end for one in prose.references if one.span.start < span.end < one.span.end)
    return max(ends, default=span.end)


def _without(text: str, spans: Sequence[Span]) -> str:
    """The text with blanks where the spans are."""
    for span in spans:
        text = text[: span.start] + " " * (span.end - span.start) + text[span.end :]
    return text
