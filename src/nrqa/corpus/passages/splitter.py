"""From blocks to passages: whole sentences, under one heading, no larger than the encoder can read.

Where a passage ends depends only on the text near it, never on how much text came before: inserting a
paragraph at the top of a file moves the passages below it but leaves their text, and so their vectors, as
they were. Long runs are therefore cut where the text itself says so (a checksum of the next sentence, as in
content-defined chunking: Muthitacharoen et al., "A Low-bandwidth Network File System", 2001).
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from nrqa.records import Block, Span
from nrqa.settings import Settings
from nrqa.text.sentences import cut_near, language_of, sentence_spans, stripped

CountTokens = Callable[[Sequence[str]], list[int]]
"""Token counts of texts, by the encoder's own tokenizer, without its special tokens."""

_CONTEXT_SHARE = 4
"""Title and headings may take a quarter of what the encoder can read."""
_CUT_ODDS = 3
"""One sentence in three is a place to cut at once a passage is half full."""
_WORD_CUT_ODDS = 16
"""One word in sixteen, where a sentence is longer than a passage: there are many more words."""
_PROSE = 4
"""Characters a token of prose in a language the encoder knows. Where it needs more tokens than that, as an English
one does for German, a passage would be too short for a reader: its size is told by its characters instead."""
_MOST_CHARACTERS = 20
"""Characters that count as a token at least: some tokenizers make one token of a word of any length, and a
passage must stay readable."""
SEAM = 2
"""Tokens to keep free where two texts meet, context and text or two sentences: some tokenizers need more for both as
one than for each."""
_BYTES = 4
"""Tokens that a character may take at most: one for each of its bytes."""
# A word, or a clause in scripts that put no space after a comma.
_WORD = re.compile(r"[^\s，、；：]+[，、；：]*|[，、；：]+")


@dataclass(frozen=True, slots=True)
class Draft:
    """A passage to be: its span, its sentences (spans of the document), and its heading path.

    ``context`` is what the encoder reads before the text; ``markup`` says that the text is Markdown.
    """

    start: int
    end: int
    heading: tuple[str, ...]
    sentences: tuple[Span, ...]
    context: str
    markup: bool


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence, list item, table row or line of code; never cut further.

    ``tokens`` is what the encoder reads of it, ``size`` what it counts as in a passage: see ``_Packer._size_of``.
    """

    start: int
    end: int
    tokens: int
    size: int


@dataclass(frozen=True, slots=True)
class _Piece:
    """Consecutive units of one block."""

    units: tuple[_Unit, ...]

    @property
    def tokens(self) -> int:
        return sum(unit.tokens for unit in self.units)

    @property
    def size(self) -> int:
        return sum(unit.size for unit in self.units)


def split(
    text: str,
    blocks: Sequence[Block],
    *,
    title: str,
    count_tokens: CountTokens,
    most_tokens: int,
    settings: Settings,
) -> list[Draft]:
    """The passages of a document in reading order; every word of every block is in at least one.

    ``title`` is empty where the document has none of its own. ``most_tokens`` is what the encoder reads at
    once, special tokens not counted: context and text of every passage together stay within it.
    """
    language = language_of(" ".join(text[block.start : min(block.end, block.start + 1000)] for block in blocks[:20]))
    drafts: list[Draft] = []
    for section in _sections(blocks):
        context = _context(title, section[0].heading, count_tokens, most_tokens // _CONTEXT_SHARE)
        room = max(1, most_tokens - (count_tokens([context])[0] if context else 0))
        limit = min(settings.passage_tokens, room)
        packer = _Packer(text, language, count_tokens, limit, room, settings)
        for group in packer.groups(section):
            draft = _draft(group, section[0], context)
            if drafts and drafts[-1].start == draft.start:
                drafts.pop()  # nothing but the sentence that is repeated here
            drafts.append(draft)
    return drafts


def _sections(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    section: list[Block] = []
    for block in blocks:
        if section and (block.heading != section[0].heading or block.alone or section[-1].alone):
            yield section
            section = []
        section.append(block)
    if section:
        yield section


def _context(title: str, heading: tuple[str, ...], count_tokens: CountTokens, most: int) -> str:
    """Title and heading path in one line, the outermost left out first where there is no room for all."""
    parts = [" ".join(part.split()) for part in (title, *heading) if part]
    while parts:
        context = " / ".join(parts)
        if count_tokens([context])[0] <= most:
            return context
        if len(parts) == 1:
            words = context.split()
            parts = [" ".join(words[: len(words) // 2])] if len(words) > 1 else []
        else:
            parts = parts[1:]
    return ""


def _draft(units: Sequence[_Unit], block: Block, context: str) -> Draft:
    return Draft(
        start=units[0].start,
        end=units[-1].end,
        heading=block.heading,
        sentences=tuple(Span(unit.start, unit.end) for unit in units),
        context=context,
        markup=block.markup,
    )


@dataclass(frozen=True, slots=True)
class _Packer:
    text: str
    language: str
    count_tokens: CountTokens
    limit: int
    """The size a passage should have at most; see ``_size_of``."""
    room: int
    """Tokens the encoder can read at most; small pieces may fill a passage up to here."""
    settings: Settings

    def groups(self, section: Sequence[Block]) -> Iterator[tuple[_Unit, ...]]:
        """The units of each passage of a section; where a block was cut, one short sentence overlaps."""
        least = min(self.settings.least_tokens, self.limit // 2)
        held: list[_Piece] = []
        for packed in self._packed(section, least):
            if held and _size(packed) < least and self._fit(held, packed) and self._adjoin(held[-1], packed[0]):
                held += packed  # no tiny tail
                continue
            if held:
                yield from self._joined(held)
            held = packed
        yield from self._joined(held)

    def _packed(self, section: Sequence[Block], least: int) -> Iterator[list[_Piece]]:
        """Neighbouring pieces put together while they are small."""
        pending: list[_Piece] = []
        size = 0
        for piece in (piece for block in section for piece in self._pieces(self._units(block))):
            small = piece.size < least or size < least
            full = size >= least and (piece.size >= least or self._cuts_before(piece.units[0], _CUT_ODDS))
            over = not self._fit(pending, [piece]) if small else size + piece.size > self.limit
            if pending and (full or over or not self._adjoin(pending[-1], piece)):
                yield pending
                pending, size = [], 0
            pending.append(piece)
            size += piece.size
        yield pending

    def _fit(self, held: Sequence[_Piece], packed: Sequence[_Piece]) -> bool:
        """Whether the encoder can read both at once."""
        return sum(piece.tokens for piece in (*held, *packed)) <= self.room

    def _adjoin(self, before: _Piece, after: _Piece) -> bool:
        """Whether only white space lies between: what a reader of the format left out is no passage's text."""
        return not self.text[before.units[-1].end : after.units[0].start].strip()

    def _joined(self, pieces: Sequence[_Piece]) -> Iterator[tuple[_Unit, ...]]:
        units = list(dict.fromkeys(unit for piece in pieces for unit in piece.units))
        # Counted once more as one text where it is close: some tokenizers need a token more at the seams.
        if len(units) == 1 or self._surely_fit(units) or self._count(units[0].start, units[-1].end) <= self.room:
            yield tuple(units)
        else:
            half = len(units) // 2
            yield from self._joined([_Piece(tuple(units[:half]))])
            yield from self._joined([_Piece(tuple(units[half:]))])

    def _surely_fit(self, units: Sequence[_Unit]) -> bool:
        """Whether the encoder can read neighbouring units at once, whatever their seams and what lies between take."""
        between = units[-1].end - units[0].start - sum(unit.end - unit.start for unit in units)
        return sum(unit.tokens + SEAM for unit in units) + _BYTES * max(0, between) <= self.room

    def _units(self, block: Block) -> list[_Unit]:
        spans = block.items or tuple(sentence_spans(self.text, block.start, block.end, self.language))
        covering = _covering(self.text, spans, block)
        units: list[_Unit] = []
        for unit in self._measured(covering):
            if unit.size <= self.limit:
                units.append(unit)
            elif block.items:
                units.extend(self._units(Block(unit.start, unit.end)))
            else:
                units.extend(self._clauses(unit))
        return units

    def _pieces(self, units: list[_Unit]) -> list[_Piece]:
        """The block whole where it fits, else cut at sentence ends that the text itself picks."""
        runs = self._runs(units, _CUT_ODDS)
        return [_Piece((*self._overlap(runs[at - 1], run), *run) if at else tuple(run)) for at, run in enumerate(runs)]

    def _runs(self, units: list[_Unit], odds: int) -> list[list[_Unit]]:
        """The units in runs within the limit, cut once half full before those whose own text says so."""
        if sum(unit.size for unit in units) <= self.limit:
            return [units]
        runs: list[list[_Unit]] = [[]]
        size = 0
        for unit in units:
            picked = size >= self.limit // 2 and self._cuts_before(unit, odds)
            if runs[-1] and (picked or size + unit.size > self.limit):
                runs.append([])
                size = 0
            runs[-1].append(unit)
            size += unit.size
        if len(runs) > 1 and sum(unit.size for unit in runs[-1]) < self.limit // 3:
            # No tiny tail: the last two runs are shared out evenly.
            runs[-2:] = _evened(runs[-2] + runs[-1], self.limit) or runs[-2:]
        return runs

    def _overlap(self, before: list[_Unit], run: list[_Unit]) -> list[_Unit]:
        last = before[-1]
        fits = last.tokens + sum(unit.tokens for unit in run) <= self.room
        return [last] if last.size <= self.settings.overlap_tokens and fits else []

    def _cuts_before(self, unit: _Unit, odds: int) -> bool:
        return zlib.crc32(self.text[unit.start : unit.end].encode()) % odds == 0

    def _clauses(self, sentence: _Unit) -> Iterator[_Unit]:
        """A sentence longer than a passage, cut between words."""
        found = [Span(*match.span()) for match in _WORD.finditer(self.text, sentence.start, sentence.end)]
        words = [part for word in self._measured(found) for part in self._parts(word)]
        runs = [Span(run[0].start, run[-1].end) for run in self._runs(words, _WORD_CUT_ODDS)]
        for clause in self._measured(runs):
            yield from self._parts(clause)

    def _parts(self, unit: _Unit) -> Iterator[_Unit]:
        """The unit in as few even parts as fit, cut wherever no letter is parted from its marks."""
        if unit.size <= self.limit or unit.end - unit.start == 1:
            yield unit
            return
        count = min(-(-unit.size // self.limit), unit.end - unit.start)
        width = (unit.end - unit.start) / count
        places = [unit.start]
        for at in range(1, count):
            place = cut_near(self.text, unit.start + round(at * width), places[-1], unit.end)
            places += [place] if places[-1] < place < unit.end else []
        for part in self._measured([stripped(self.text, *ends) for ends in pairwise([*places, unit.end])]):
            if (part.start, part.end) == (unit.start, unit.end):
                yield part
            elif part.end > part.start:
                yield from self._parts(part)

    def _measured(self, spans: Sequence[Span]) -> list[_Unit]:
        counts = self.count_tokens([self.text[span.start : span.end] for span in spans])
        return [
            _Unit(span.start, span.end, count, self._size_of(count, span.end - span.start))
            for span, count in zip(spans, counts, strict=True)
        ]

    def _size_of(self, tokens: int, characters: int) -> int:
        """The tokens, within what so many characters count as; and a text within the limit is within the room."""
        least = max(characters // _MOST_CHARACTERS, -(-tokens * self.limit // self.room))
        return max(min(tokens, -(-characters // _PROSE)), least)

    def _count(self, start: int, end: int) -> int:
        return self.count_tokens([self.text[start:end]])[0]


def _evened(units: list[_Unit], limit: int) -> list[list[_Unit]]:
    """The units in two runs as even as can be, both within the limit; [] where that cannot be."""
    total = sum(unit.size for unit in units)
    sizes = list(accumulate(unit.size for unit in units[:-1]))
    fitting = [at for at, size in enumerate(sizes, 1) if size <= limit and total - size <= limit]
    if not fitting:
        return []
    best = min(fitting, key=lambda at: abs(2 * sizes[at - 1] - total))
    return [units[:best], units[best:]]


def _size(pieces: Sequence[_Piece]) -> int:
    return sum(piece.size for piece in pieces)


def _covering(text: str, spans: Sequence[Span], block: Block) -> list[Span]:
    """The spans, stretched to the block's own ends, and what is written between two of them."""
    if not spans:
        return [Span(block.start, block.end)]
    ends = [*(span.end for span in spans[:-1]), block.end]
    starts = [block.start, *(span.start for span in spans[1:])]
    covering: list[Span] = []
    for start, end in zip(starts, ends, strict=True):
        if covering:
            between = stripped(text, covering[-1].end, start)
            if any(char.isalnum() for char in text[between.start : between.end]):
                covering.append(between)
        covering.append(Span(start, end))
    return covering
