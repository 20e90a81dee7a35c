"""Cuts blocks into passages: whole sentences under one heading, no larger than the encoder can read.

The end of a passage depends only on the text near it, never on how much text comes before. If somebody inserts a
paragraph at the top of a file, the passages below move, but their text and therefore their vectors stay the same.
For this reason, a checksum of the next sentence decides where long runs are cut, as in content-defined chunking
(Muthitacharoen et al., "A Low-bandwidth Network File System", 2001).
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from nrqa.corpus.shaping import Settings
from nrqa.records import Block, Span
from nrqa.text.sentences import cut_near, language_of, sentence_spans, stripped

CountTokens = Callable[[Sequence[str]], list[int]]
"""Counts the tokens of each text with the encoder's own tokenizer; special tokens are not counted."""

_CONTEXT_SHARE = 4
"""Title and headings may take a quarter of what the encoder can read."""
_LEAST_CONTEXT = 2
"""The title and the last heading are kept longest."""
_CUT_ODDS = 3
"""Once a passage is half full, it may be cut before one sentence in three, which a checksum picks."""
_WORD_CUT_ODDS = 16
"""A sentence longer than a passage may be cut before one word in sixteen: there are many more words than sentences."""
_PROSE = 4
"""Characters per token of prose in a language that the encoder knows. For other languages the tokenizer needs more
tokens (an English one for German), and passages would be too short for a reader: characters measure their size."""
_MOST_CHARACTERS = 20
"""So many characters count as at least one token: some tokenizers turn a word of any length into one token, and a
passage must not become too long to read."""
SEAM = 2
"""Tokens to keep free where two texts are joined (context and text, or two sentences): some tokenizers need more
tokens for the joined text than for the two parts."""
_BYTES = 4
"""Tokens that a character may take at most: one for each of its bytes."""
# A word, or a clause in scripts that put no space after a comma.
_WORD = re.compile(r"[^\s，、；：]+[，、；：]*|[，、；：]+")


@dataclass(frozen=True, slots=True)
class Draft:
    """A passage to be written: its span, its sentences (spans of the document) and its heading path.

    ``context`` is what the encoder reads before the passage's text; ``markup`` says whether the text is Markdown.
    """

    start: int
    end: int
    heading: tuple[str, ...]
    sentences: tuple[Span, ...]
    context: str
    markup: bool


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence, list item, table row or line of code, which is not cut further.

    ``tokens`` is the number of tokens that the encoder reads. ``size`` is what the unit adds to a passage's size: see
    ``_Packer._size_of``.
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
    """The passages of a document in reading order; every word of every block is in at least one passage.

    ``title`` is empty if the document has no title of its own. ``most_tokens`` is the number of tokens that the encoder
    reads at once, without special tokens: context and text of a passage together never have more.
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
                drafts.pop()  # it holds nothing but the sentence that is repeated here as the overlap
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
    """Title and heading path in one line.

    If there is not enough room, the headings right below the title are left out first, then words at the end of the
    longer one of the two that are left: the title names the document, the last heading what the passage is about.
    """
    parts = [" ".join(part.split()) for part in (title, *heading) if part]
    while parts:
        context = " / ".join(parts)
        if count_tokens([context])[0] <= most:
            return context
        if len(parts) > _LEAST_CONTEXT:
            del parts[1]
            continue
        longer = parts.index(max(parts, key=len))
        words = parts[longer].split()
        parts[longer : longer + 1] = [" ".join(words[: len(words) // 2])] if len(words) > 1 else []
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
        """The units of each passage of a section; where a block was cut, both passages share one short sentence."""
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
        """Groups of neighbouring pieces, joined as long as they are small."""
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
        """Whether only white space lies between the two: text that the reader left out must not get into a passage."""
        return not self.text[before.units[-1].end : after.units[0].start].strip()

    def _joined(self, pieces: Sequence[_Piece]) -> Iterator[tuple[_Unit, ...]]:
        units = list(dict.fromkeys(unit for piece in pieces for unit in piece.units))
        # If it may be too much, the tokens are counted again as one text: some tokenizers need one more at each seam.
        if len(units) == 1 or self._surely_fit(units) or self._count(units[0].start, units[-1].end) <= self.room:
            yield tuple(units)
        else:
            half = len(units) // 2
            yield from self._joined([_Piece(tuple(units[:half]))])
            yield from self._joined([_Piece(tuple(units[half:]))])

    def _surely_fit(self, units: Sequence[_Unit]) -> bool:
        """Whether neighbouring units surely fit the encoder, even if seams and text between take the most tokens."""
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
        """The whole block if it fits; otherwise its pieces, cut at sentence ends that a checksum of the text picks."""
        runs = self._runs(units, _CUT_ODDS)
        return [_Piece((*self._overlap(runs[at - 1], run), *run) if at else tuple(run)) for at, run in enumerate(runs)]

    def _runs(self, units: list[_Unit], odds: int) -> list[list[_Unit]]:
        """Groups units into runs within the limit; a run that is half full ends before a unit that a checksum picks."""
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
            # No tiny last run: the units of the last two runs are divided evenly between them.
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
        """Cuts the unit into as few even parts as fit, never between a letter and its combining marks."""
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
        """The size of a text: its tokens, kept within bounds that its number of characters gives.

        The lower bound also makes sure that a text within ``limit`` has no more tokens than ``room``.
        """
        least = max(characters // _MOST_CHARACTERS, -(-tokens * self.limit // self.room))
        return max(min(tokens, -(-characters // _PROSE)), least)

    def _count(self, start: int, end: int) -> int:
        return self.count_tokens([self.text[start:end]])[0]


def _evened(units: list[_Unit], limit: int) -> list[list[_Unit]]:
    """The units divided into two runs as evenly as possible, both within the limit; [] if that is impossible."""
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
    """The spans, with the first and last extended to the ends of the block, and a span for words between two spans."""
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
