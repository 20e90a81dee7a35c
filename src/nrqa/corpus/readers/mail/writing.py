"""Writes messages as canonical text: subject, sender and date, then the text of each part."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nrqa.corpus.readers.mail.bodies import Piece, html_pieces, plain_pieces
from nrqa.corpus.readers.mail.headers import name_of
from nrqa.corpus.readers.mail.letter import Letter, Part
from nrqa.corpus.readers.mail.quoting import FORWARD
from nrqa.corpus.readers.mail.repeating import SeenWords
from nrqa.errors import UnreadableError
from nrqa.records import Block, Flag, Place

_MOST_TEXT = 100_000_000
"""Most characters that are written; the module ``worker.process`` also refuses a longer text."""

Pieces = list[tuple[Part, list[Piece]]]
"""The pieces of each part of a message."""


class Writing:
    """The text of a file of messages as it grows, with its blocks, places and flags."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.flags: list[Flag] = []
        self._parts: list[str] = []
        self._length = 0
        self._messages: list[Place] = []
        self._numbers: list[Place] = []

    @property
    def text(self) -> str:
        """The canonical text."""
        return "".join(self._parts)

    @property
    def places(self) -> tuple[Place, ...]:
        """Messages, and the parts of those that have several."""
        return (*self._messages, *self._numbers)

    def message(self, letter: Letter, pieces: Pieces, *, number: int | None, seen: SeenWords | None) -> None:
        """Writes a message; with a ``number``, it is one of several, and its subject is the heading of its text.

        ``seen`` holds what the senders of the file's messages wrote themselves. Without it, quotations below a reply
        do not become passages.
        """
        start = self._length + 2 if self._length else 0
        heading = () if number is None else heading_of(letter)
        self._head(letter)
        several = len({part.number for part, _ in pieces}) > 1
        for part, its in pieces:
            first = self._length + 2 if self._length else 0
            if part.inside is not None:
                self._head(part.inside)
            below = (*heading, *heading_of(part.inside)) if part.inside is not None else heading
            left_out = _below_reply(its) if seen is None else frozenset[int]()
            for at, piece in enumerate(its):
                self._piece(piece, below, seen, left_out=at in left_out)
            if several and self._length > first:
                self._number(part.number, first)
        for one in dict.fromkeys(letter.lost):
            self.flags.append(Flag("lost text", self._length, self._length, one))
        if number is not None and self._length > start:
            self._messages.append(Place("message", str(number), start, self._length))

    def lost(self, detail: str) -> None:
        """Flags at this place that a message could not be read."""
        self.flags.append(Flag("lost text", self._length, self._length, detail))

    def _head(self, letter: Letter) -> None:
        """The lines that mail programs show above a message: subject, sender and date as they are written."""
        lines = [letter.subject]
        if letter.sender:
            lines.append(f"From: {', '.join(letter.sender)}")
        if letter.written_date:
            lines.append(f"Date: {letter.written_date}")
        written = [line for line in lines if line]
        if written:
            self._paragraph()
            self._write("\n".join(written))

    def _piece(self, piece: Piece, heading: tuple[str, ...], seen: SeenWords | None, *, left_out: bool) -> None:
        self._paragraph()
        start = self._length
        self._write(piece.text)
        self.flags.extend(Flag(one.kind, start + one.start, start + one.end, one.detail) for one in piece.flags)
        if piece.kind == "apart" or left_out:
            return
        blocks: Sequence[Block] = piece.blocks
        if piece.kind == "quoted" and seen is not None:
            blocks = _new(piece, seen)
        self.blocks.extend(
            Block(
                start + one.start,
                start + one.end,
                (*heading, *one.heading),
                tuple(type(item)(start + item.start, start + item.end) for item in one.items),
                one.markup,
                one.alone,
            )
            for one in blocks
        )

    def _number(self, number: str, start: int) -> None:
        last = self._numbers[-1] if self._numbers else None
        if last is not None and last.label == number and last.end + 2 == start:
            self._numbers[-1] = Place("part", number, last.start, self._length)
        else:
            self._numbers.append(Place("part", number, start, self._length))

    def _paragraph(self) -> None:
        if self._length:
            self._write("\n\n")

    def _write(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)
        if self._length > _MOST_TEXT:
            raise UnreadableError(f"its messages are more than {_MOST_TEXT:,} characters of text; split it")


def pieces_of(letter: Letter) -> Pieces:
    """The texts of a message in pieces; adds what cannot be read to ``letter.lost``."""
    forward = bool(FORWARD.match(letter.subject))
    found: Pieces = []
    for part in letter.parts:
        try:
            pieces = (html_pieces if part.html else plain_pieces)(part.text, forward=forward)
            found.append((part, list(pieces)))
        except UnreadableError as error:
            letter.lost.append(f"part {part.number}: {error}")
    return found


def heading_of(letter: Letter) -> tuple[str, ...]:
    """The heading path of a message: its subject, then its sender and date."""
    who = ", ".join(name_of(one) for one in letter.sender[:1])
    told = ", ".join(one for one in (who, letter.date[:10]) if one)
    return tuple(one for one in (letter.subject, told) if one)


def own_words(pieces: Pieces) -> Iterable[str]:
    """The texts that the sender of the message wrote."""
    return (piece.text for _, its in pieces for piece in its if piece.kind == "own")


def _new(piece: Piece, seen: SeenWords) -> list[Block]:
    """The paragraphs of a quotation that stand nowhere else in the file; ``seen`` remembers them."""
    if seen.has(piece.text):
        return []
    shares = [seen.share(piece.text[one.start : one.end]) for one in piece.blocks]
    kept = [one for one, share in zip(piece.blocks, shares, strict=True) if share < 0.8]
    for one in kept:
        seen.add(piece.text[one.start : one.end])
    return kept


def _below_reply(pieces: Sequence[Piece]) -> frozenset[int]:
    """The indexes of the quotations at the end: the sender wrote something above them, and nothing below."""
    own = [at for at, piece in enumerate(pieces) if piece.kind == "own"]
    if not own:
        return frozenset()
    return frozenset(at for at, piece in enumerate(pieces) if piece.kind == "quoted" and at > own[-1])
