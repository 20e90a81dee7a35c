"""What an encoder cannot read: letters that its vocabulary does not have, or has only one by one.

A vocabulary made for one language has the letters of other scripts at most singly, as a last resort, or not at all
([UNK]). Vectors of such pieces say next to nothing of a word. Which pieces an encoder has is seen in its tokens, so
nothing need be known of languages or scripts: the default encoder leaves 0% to 2% of the letters of English questions
unread, 1% to 9% of German ones, and 80% to 100% of Russian, Arabic and Hindi ones; multilingual-e5 0% to 9% of all of
them.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_IDEOGRAPHS = (("\u3400", "\u9fff"), ("\uf900", "\ufaff"), ("\U00020000", "\U0003ffff"))
"""Of Chinese and Japanese, where one character is a word: the encoder that has it reads it."""


MOSTLY = 0.4
"""Of a text of which more than this share is not read, the encoder has no idea. It is above all German questions (at
most .21) and all languages that multilingual-e5 reads (Arabic .31, Korean .35), and below nearly all in scripts that
the default encoder does not have (Chinese: .44 in one question of twenty)."""


def unread(text: str, ids: NDArray[np.int64], spans: NDArray[np.int64], unknown: int) -> float:
    """The share of a text's letters that an encoder does not read; 0 where it has none.

    ``ids`` and ``spans`` are those of its tokens, ``unknown`` the id of the token for letters it does not have.
    """
    total = sum(map(_is_letter, text[: int(spans[:, 1].max(initial=0))]))
    return len(unread_letters(text, ids, spans, unknown)) / total if total else 0.0


def unread_letters(text: str, ids: NDArray[np.int64], spans: NDArray[np.int64], unknown: int) -> set[int]:
    """The positions of these letters."""
    letters = [*map(_is_letter, text)]
    lost: set[int] = set()
    for token, (start, end) in zip(ids.tolist(), spans.tolist(), strict=True):
        within = [at for at in range(start, min(end, len(text))) if letters[at]]
        if token == unknown or (len(within) == 1 and _is_cut_off(text, letters, within[0])):
            lost.update(within)
    return lost


def _is_letter(char: str) -> bool:
    return char.isalpha() or unicodedata.category(char).startswith("M")


def _is_cut_off(text: str, letters: list[bool], at: int) -> bool:
    """Whether a letter that is a token of its own belongs to a longer word."""
    if any(first <= text[at] <= last for first, last in _IDEOGRAPHS):
        return False
    return any(letters[other] for other in (at - 1, at + 1) if 0 <= other < len(text))
