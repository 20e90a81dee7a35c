"""Reads what a check needs from a draft: its quotations, its sentences, and the citations that each of them carries."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from nrqa.checking.citing.block_quotes import first_cited, read_block_quote, source_line
from nrqa.checking.citing.carrying import carried
from nrqa.checking.citing.finding import blanked, citations_in
from nrqa.checking.citing.meaning import Cited, Standing
from nrqa.checking.citing.names import Names
from nrqa.checking.citing.numbered import with_numbered_notes
from nrqa.checking.citing.repeating import Antecedents
from nrqa.checking.prose import Prose
from nrqa.checking.quoting.editorial_signs import without_signs
from nrqa.checking.reading.prose_like import reads_like_prose
from nrqa.checking.sentence_spans import by_sentence, sentences_in
from nrqa.records import Span
from nrqa.text.quotation_marks import Quoted, quoted_in
from nrqa.text.sentences import language_of
from nrqa.text.written_words import WORD, word_count


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quotation: ``span`` includes its quotation marks; ``text`` has its words without these and without Markdown.

    ``marks`` are the two quotation marks, or ">" for a block quote. ``end`` is where a note on it may be put. Of the
    text, the first ``lead`` characters may name the speaker, as in "Name: words".
    """

    span: Span
    end: int
    text: str
    marks: str
    citations: tuple[Cited, ...]
    lead: int = 0


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


def read_draft(text: str, proses: Sequence[Prose], names: Names, *, least_words: int) -> Draft:
    """The draft's quotations of at least ``least_words`` words, its sentences, and what is left out."""
    proses = with_numbered_notes(proses, text)
    language = language_of(" ".join(one.text for one in proses if one.kind == "text"))
    reading = _Reading(text, names, language, least_words)
    at = 0
    while at < len(proses):
        first = proses[at]
        last = at + 1
        while last < len(proses) and _together(first, proses[last]):
            last += 1
        group, at = proses[at:last], last
        following = proses[at] if at < len(proses) else None
        if first.kind in ("quote", "source"):
            reading.add_block_quote(group, following)
        elif first.kind == "indented":
            before = proses[at - len(group) - 1].text if at > len(group) else ""
            reading.add_indented(group, before, following)
        elif first.kind == "code":
            reading.add_code(first)
        elif first.kind == "cell":
            reading.add_row(group)
        else:
            reading.add_running(first, following)
    left_out = sorted(reading.left_out, key=lambda one: one.span.start)
    return Draft(text, language, tuple(reading.quotations), tuple(reading.sentences), tuple(left_out))


def _together(first: Prose, one: Prose) -> bool:
    """Whether both are paragraphs of one block quote, or cells of one row."""
    if first.kind == "cell":
        return first.row >= 0 and one.row == first.row
    return first.group >= 0 and one.group == first.group


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
        self._going_on: list[int] | None = None
        self._antecedents = Antecedents(names.works)

    def add_running(self, prose: Prose, following: Prose | None, beside: tuple[Cited, ...] = ()) -> None:
        """Add a paragraph, heading, or footnote: its quotations, and the sentences if it is a paragraph.

        Quotations without a citation in it carry those ``beside`` it.
        """
        quoted, goes_on = self._with_open_one(prose, following)
        standing = self._antecedents.resolved(citations_in(prose, quoted, self._names, self._text))
        titles = {one.start for one in standing if one.shape == "title"}
        quoted = [one for one in quoted if one.whole.start not in titles]
        sentences = sentences_in(prose.text, quoted, standing, self._language)
        cited = by_sentence(sentences, standing, lambda one: one.end - 1)
        inside = by_sentence(sentences, quoted, lambda one: one.whole.start)
        added: list[int | None] = []
        for sentence, of_sentence, quotations in zip(sentences, cited, inside, strict=True):
            carry = carried(prose.text, quotations, of_sentence)
            numbers = [
                self._add_quotation(prose, one, own or beside) for one, own in zip(quotations, carry, strict=True)
            ]
            added += numbers
            citations = tuple(one.cited for one in of_sentence)
            if prose.kind == "text":
                self._add_sentence(prose, sentence, citations, [one for one in numbers if one is not None], quotations)
            self._introduction = self._leading_on(prose, sentence, citations, carry)
        self._join_paragraphs(added, goes_on=goes_on)

    def add_row(self, cells: Sequence[Prose]) -> None:
        """Add the cells of a row: a quotation without a citation in its cell carries that of the next cell with one."""
        sources = [self._source_cell(one) for one in cells]
        before = [*accumulate([(), *sources], _latest)]
        behind = [*accumulate([(), *reversed(sources)], _latest)][::-1]
        for number, cell in enumerate(cells):
            self.add_running(cell, None, behind[number + 1] or before[number])

    def add_block_quote(self, group: Sequence[Prose], following: Prose | None) -> None:
        """Add a block quote: each paragraph is a quotation; its citation is in the last line, or before or after it."""
        introduction, self._introduction = self._introduction, ()
        bodies, citations = read_block_quote(group, self._read, self._names, self._text)
        self._list_code(group)
        behind = first_cited(following, self._peek, self._names) if following and following.kind == "text" else ()
        for one in bodies:
            first, last = one.span.start, one.span.end
            quoted, _ = quoted_in(_without_code(one.prose)[first:last])
            whole = quoted and quoted[0].whole == Span(0, last - first)
            inner = quoted[0].inner if whole else Span(0, last - first)
            body = Quoted(one.span, Span(first + inner.start, first + inner.end), ">")
            if body.inner.end > body.inner.start:
                self._add_quotation(one.prose, body, citations or behind or introduction, leading=True)

    def add_indented(self, group: Sequence[Prose], before: str, following: Prose | None) -> None:
        """Add what is indented: a block quote if it has a citation or a colon is ``before`` it, else running text."""
        like_prose = [one for one in group if reads_like_prose(one.text)]
        cited = bool(read_block_quote(group, self._peek, self._names, self._text)[1])
        introduced = before.rstrip().endswith((":", "：")) and not before.rstrip().endswith("::")
        if (like_prose and cited) or (introduced and 2 * len(like_prose) > len(group)):
            self.add_block_quote([replace(one, kind="quote") for one in group], following)
            return
        for one in group:
            self.add_running(replace(one, kind="text", group=-1), None)
        if like_prose:
            first = like_prose[0]
            span = first.original(0, len(first.text))
            self.left_out.append(
                LeftOut(span, first.text[:_SHOWN], "indented, but nothing shows that it is a quotation")
            )

    def _list_unopened(self, prose: Prose, quoted: Sequence[Quoted]) -> None:
        """List marks that can only close a quotation, and that nothing opens in their paragraph."""
        text = blanked(_without_code(prose), [one.whole for one in quoted])
        for found in _ONLY_CLOSING.finditer(text):
            at = found.end() - 1
            shown = prose.text[max(0, at + 1 - _SHOWN) : at + 1]
            reason = f"the mark {text[at]} is not opened in its paragraph"
            self.left_out.append(LeftOut(prose.original(at, at + 1), shown, reason))

    def add_code(self, block: Prose) -> None:
        """List a block of code that looks like a quotation, or holds one."""
        if reads_like_prose(block.text) and (first := _first_words(block)):
            reason = "a block of code, not a block quote, which has > before its lines"
            self.left_out.append(LeftOut(first, block.text.strip()[:_SHOWN], reason))
            return
        self._list_quoted(block, Span(0, len(block.text)), "in a block of code")

    def _list_code(self, proses: Sequence[Prose]) -> None:
        """List what looks like a quotation in code within paragraphs."""
        for prose in proses:
            for one in prose.references:
                if one.kind == "code" and one.at > one.begins:
                    code = Span(one.begins, one.at)
                    if reads_like_prose(prose.text[code.start : code.end]):
                        place = prose.original(code.start, code.end)
                        self.left_out.append(LeftOut(place, prose.text[code.start : code.end], "in code"))
                    else:
                        self._list_quoted(prose, code, "in code")

    def _list_quoted(self, prose: Prose, span: Span, reason: str) -> None:
        """List the first quotation in a stretch of code, and say how many more there are."""
        text = prose.text[span.start : span.end]
        words = [text[one.inner.start : one.inner.end] for one in quoted_in(text)[0]]
        places = [one.whole for one in quoted_in(text)[0]]
        long = [(one, at) for one, at in zip(words, places, strict=True) if word_count(one) >= self._least_words]
        if long:
            first, at = long[0]
            more = f", and {len(long) - 1} more" if len(long) > 1 else ""
            place = prose.original(span.start + at.start, span.start + at.end)
            self.left_out.append(LeftOut(place, first, f"{reason}{more}"))

    def _with_open_one(self, prose: Prose, following: Prose | None) -> tuple[list[Quoted], bool]:
        """The quotations, and whether the last one goes on in the next paragraph, which begins with the same mark.

        Every other mark that is not closed is listed as left out.
        """
        quoted, unclosed = quoted_in(_without_code(prose))
        self._list_code([prose])
        for start in unclosed:
            mark = prose.text[start]
            goes_on = following is not None and following.kind == prose.kind and following.text.startswith(mark)
            if goes_on and start == unclosed[-1]:
                end = len(prose.text.rstrip())
                return [*quoted, Quoted(Span(start, end), Span(start + 1, end), mark)], True
            span = prose.original(start, start + 1)
            shown = prose.text[start : start + _SHOWN]
            self.left_out.append(LeftOut(span, shown, f"the mark {mark} is not closed in its paragraph"))
        self._list_unopened(prose, quoted)
        return quoted, False

    def _join_paragraphs(self, added: Sequence[int | None], *, goes_on: bool) -> None:
        """Give all paragraphs of one quotation the same citation: that at its end, else that of its beginning."""
        if self._going_on is not None:
            self._going_on += [one for one in added[:1] if one is not None]
            if goes_on and len(added) == 1:
                return
            cited = [self.quotations[one].citations for one in self._going_on]
            shared = next((one for one in (cited[-1:] + cited) if one), ())
            for one in self._going_on:
                self.quotations[one] = replace(self.quotations[one], citations=shared)
        self._going_on = [one for one in added[-1:] if one is not None] if goes_on else None

    def _leading_on(
        self, prose: Prose, sentence: Span, citations: tuple[Cited, ...], carry: Sequence[tuple[Cited, ...]]
    ) -> tuple[Cited, ...]:
        """What a sentence cites for a block quote right after it."""
        text = prose.text[sentence.start : sentence.end]
        if not text.endswith(":") and prose.kind != "heading":
            used = {one for of_quotation in carry for one in of_quotation}
            return tuple(one for one in citations if one not in used)
        return citations or self._named(prose, sentence)

    def _read(self, prose: Prose) -> list[Standing]:
        """The citations of a paragraph without quotations in it."""
        return self._antecedents.resolved(citations_in(prose, [], self._names, self._text))

    def _peek(self, prose: Prose) -> list[Standing]:
        """The citations of a paragraph that will be read later."""
        return self._antecedents.resolved(citations_in(prose, [], self._names, self._text), peek=True)

    def _source_cell(self, cell: Prose) -> tuple[Cited, ...]:
        """What a cell cites that does nothing else."""
        if quoted_in(cell.text)[0]:
            return ()
        found = source_line(cell, self._peek, self._names)
        return self._named(cell, Span(0, len(cell.text))) if found is None else found

    def _named(self, prose: Prose, span: Span) -> tuple[Cited, ...]:
        """The documents that a short stretch of text names, without any sign of a citation."""
        text = prose.text[span.start : span.end]
        if not text.strip() or word_count(text) > _MOST_NAMING:
            return ()
        place = prose.original(span.start, span.end)
        return tuple(Cited(place, text, one) for one in self._names.meanings(text) if one.documents)

    def _add_quotation(
        self, prose: Prose, one: Quoted, citations: tuple[Cited, ...], *, leading: bool = False
    ) -> int | None:
        """Add the quotation, which may begin with a name (``leading``); its number, or None where it is too short."""
        text = prose.text[one.inner.start : one.inner.end]
        span = prose.original(one.whole.start, one.whole.end)
        words = word_count(without_signs(text))
        if words < self._least_words:
            if WORD.search(text):
                outside = " outside of brackets" if "[" in text else ""
                reason = f"fewer than {self._least_words} words{outside}"
                self.left_out.append(LeftOut(span, text, reason))
            return None
        lead = _LEAD.match(text) if leading else None
        found = Quotation(span, _note_at(prose, span), text, one.marks, citations, lead.end() if lead else 0)
        self.quotations.append(found)
        return len(self.quotations) - 1

    def _add_sentence(
        self,
        prose: Prose,
        sentence: Span,
        citations: tuple[Cited, ...],
        numbers: Sequence[int],
        quoted: Sequence[Quoted],
    ) -> None:
        text = prose.text[sentence.start : sentence.end].replace("\u00ad", "")
        span = prose.original(sentence.start, sentence.end)
        if word_count(text) < _LEAST_SENTENCE:
            return
        at = sentence.start
        written = prose.text[sentence.start : sentence.end]
        own = blanked(written, [Span(one.whole.start - at, min(one.whole.end, sentence.end) - at) for one in quoted])
        self.sentences.append(Sentence(span, _note_at(prose, span), text, citations, tuple(numbers), word_count(own)))


_SHOWN = 60
_ONLY_CLOSING = re.compile(r"(?<=[^\s\d])[”」』❞](?!\w)")
"""Not after a figure, where the mark may stand for inches."""
_LEAD = re.compile(r"[^\s:.!?“”\"][^:.!?“”\"]{0,60}\.?[^:.!?“”\"]{0,20}[:：]\s*(?=\S)")
"""A speaker's name before the words of a block quote."""


def _without_code(prose: Prose) -> str:
    """The text with letters for what is in code: quotation marks there begin and end no quotation."""
    parts, at = [], 0
    for one in prose.references:
        if one.kind == "code" and at <= one.begins < one.at:
            parts += [prose.text[at : one.begins], "x" * (one.at - one.begins)]
            at = one.at
    return "".join([*parts, prose.text[at:]])


def _first_words(block: Prose) -> Span | None:
    start = len(block.text) - len(block.text.lstrip())
    return block.original(start, len(block.text.rstrip())) if block.text.strip() else None


_MOST_NAMING = 25
"""Words, at most, of a cell or of a line before a block quote that name a document."""


def _latest(last: tuple[Cited, ...], one: tuple[Cited, ...]) -> tuple[Cited, ...]:
    return one or last


def _note_at(prose: Prose, span: Span) -> int:
    """Where a note on the span may be put: at its end, or at the end of the link that it ends in."""
    last = bisect_left(prose.references, span.end, key=lambda one: one.span.start)
    ends = (one.span.end for one in prose.references[max(0, last - _NESTED) : last] if one.span.end > span.end)
    return max(ends, default=span.end)


_NESTED = 4
"""A link with images or notes in it is among so many references before a place inside it."""
