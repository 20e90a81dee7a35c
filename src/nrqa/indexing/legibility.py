"""Which documents an encoder cannot read, measured by its tokens (see module encoder.unread)."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Set as AbstractSet
from functools import cached_property

from nrqa.encoder.protocol import Encoder
from nrqa.encoder.unread import MOSTLY, unread, unread_letters

_STRETCHES, _LENGTH = 4, 150
"""A document is judged by so many stretches of so many characters: a third of a millisecond."""
_MANY = (
    "Почему Россия против этого? لماذا تعارض روسيا هذا؟ रूस इसका विरोध क्यों करता है? Γιατί αντιτίθεται η Ρωσία; "
    "俄罗斯为什么反对？ なぜロシアは反対するのですか。 러시아는 왜 반대하는가? מדוע רוסיה מתנגדת לכך? ทำไมรัสเซียถึงคัดค้าน"
)
"""The same question in nine scripts. The default encoder leaves .96 of its letters unread, multilingual-e5 .12."""
_NAMES = {"Cjk": "Chinese", "Hiragana": "Japanese", "Katakana": "Japanese", "Hangul": "Korean"}
"""What Unicode's names of characters begin with, where it is no usual name of a script."""
_KANA = 0.2
"""A text with more kana than this is Japanese, which has Chinese characters as well."""


class Legibility:
    """What one encoder reads; ``script_of`` and ``multilingual`` cost nothing until they are asked for."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    def script_of(self, text: str) -> str:
        """The script of a text that the encoder does not read; "" where it reads the text, or gives no tokens."""
        sample = _sample(text)
        if not sample or self._unknown is None:
            return ""
        ((ids, spans),) = self._encoder.tokens_of_passages([sample])
        if unread(sample, ids, spans, self._unknown) <= MOSTLY:
            return ""
        return _script(sample, unread_letters(sample, ids, spans, self._unknown))

    @cached_property
    def multilingual(self) -> bool:
        """Whether the encoder reads many scripts, so that a question may be in another than the documents."""
        if self._unknown is None:
            return False
        ((ids, spans),) = self._encoder.tokens_of_passages([_MANY])
        return unread(_MANY, ids, spans, self._unknown) <= MOSTLY

    @cached_property
    def _unknown(self) -> int | None:
        """The token for letters that the encoder does not have, as in ``Encoded``; None where it gives no tokens."""
        return self._encoder.encode_questions(["?"]).unknown if self._encoder.model.token_width else None


def _sample(text: str) -> str:
    """Some stretches of a text, from all over it."""
    if len(text) <= _STRETCHES * _LENGTH:
        return text
    step = (len(text) - _LENGTH) // (_STRETCHES - 1)
    return "\n".join(text[at * step :][:_LENGTH] for at in range(_STRETCHES))


def _script(text: str, letters: AbstractSet[int]) -> str:
    """The name of the script that most of the letters have."""
    first = (unicodedata.name(text[at], "").partition(" ")[0].capitalize() for at in sorted(letters))
    found = Counter(_NAMES.get(one, one) for one in first if one)
    if found["Japanese"] > _KANA * found["Chinese"]:
        found["Japanese"] += found.pop("Chinese", 0)
    return found.most_common(1)[0][0] if found else "another"
