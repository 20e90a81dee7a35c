"""What the encoder reads for a passage, and the key under which its result is found again."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from nrqa.records import Span
from nrqa.text.markup import readable

if TYPE_CHECKING:
    # A question needs this module, and not the splitter.
    from nrqa.corpus.passages.splitter import Draft


@dataclass(frozen=True, slots=True)
class Input:
    """The text that the encoder reads for a passage; ``ends`` are where in it the context ends, then each sentence."""

    text: str
    ends: list[int]

    @property
    def own(self) -> str:
        """The passage's own text without markup, as the lexical signal reads it."""
        return self.text[self.ends[0] :]

    @property
    def key(self) -> bytes:
        """The key under which vector and token codes of this input are found again (BLAKE2b, 128 bits).

        Codes contain the number of each token's sentence, and where sentences end depends on the language of the whole
        document. So ``ends`` are part of the key.
        """
        return hashlib.blake2b(f"{self.text}\0{self.ends}".encode(), digest_size=16).digest()


def input_of(context: str, text: str, sentences: Sequence[Span], *, markup: bool) -> Input:
    """The input of a passage; ``sentences`` are positions in ``text``."""
    return Input(encoder_input(context, text, markup=markup), sentence_ends(context, text, sentences, markup=markup))


def input_of_draft(text: str, draft: Draft) -> Input:
    """The input of a draft (a passage that is not written yet) of the document with that text."""
    sentences = [Span(one.start - draft.start, one.end - draft.start) for one in draft.sentences]
    return input_of(draft.context, text[draft.start : draft.end], sentences, markup=draft.markup)


def encoder_input(context: str, text: str, *, markup: bool) -> str:
    """What the encoder reads for a passage: title and headings on a line of their own, then the text without markup."""
    words = readable(text) if markup else text
    return f"{context}\n{words}" if context else words


def sentence_ends(context: str, text: str, sentences: Sequence[Span], *, markup: bool) -> list[int]:
    """The positions in the encoder's input where the context of a passage ends, then where each sentence ends.

    ``sentences`` are positions in ``text``.
    """
    begin = len(context) + 1 if context else 0
    ends = [span.end for span in sentences] or [len(text)]
    if markup:
        ends = _ends_without_marks(text, ends)
    return [begin, *(begin + end for end in ends)]


def _ends_without_marks(markdown: str, ends: Sequence[int]) -> list[int]:
    """The same ends in the readable text of a piece of Markdown: each goes before the next letter or digit.

    Letters and digits are counted, because the end of a sentence may cut a mark in two ("**One. Two.**"), and then it
    is a mark only in the whole text.
    """
    words = readable(markdown)
    places = [*(at for at, char in enumerate(words) if char.isalnum()), len(words)]
    counts = (sum(char.isalnum() for char in readable(markdown[:end])) for end in ends)
    # A link that is cut in two counts its address as text. The running maximum keeps the ends in ascending order.
    return list(accumulate((places[min(count, len(places) - 1)] for count in counts), max))
