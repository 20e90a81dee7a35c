"""Questions as people type them in haste: with slips, in small letters, as a few words, or with talk around them."""

import random
import re

from nrqa.answering.missing_words import OPENING

TALK = {
    "en": (("hey, quick question: ", ""), ("Hi there, I was wondering, ", ", any idea?"), ("ok so ", " thanks!")),
    "de": (("hallo, kurze Frage: ", ""), ("ich wollte mal wissen, ", ", weiß das jemand?"), ("sag mir ", " danke!")),
    "es": (("hola, una pregunta: ", ""), ("me gustaría saber ", ", ¿alguien lo sabe?"), ("oye, ", " gracias!")),
}
_WORD = re.compile(r"[^\W\d_]{5,}")
_SIGNS = re.compile(r"[?¿？؟।\s]+$|^[¿\s]+")
_TYPED = "abcdefghijklmnoprstuvw"
_LONG = 4
"""From so many longer words on, two have a slip."""


def untidy(question: str, language: str, dice: random.Random) -> str:
    """The question in one of these ways."""
    ways = [_with_slips, _in_small_letters, _as_telegram]
    bare = _SIGNS.sub("", question)
    if language in TALK and dice.randrange(len(ways) + 1) == 0:
        before, after = dice.choice(TALK[language])
        return f"{before}{bare[:1].lower()}{bare[1:]}{after}"
    return dice.choice(ways)(bare, dice)


def _with_slips(question: str, dice: random.Random) -> str:
    words = list(_WORD.finditer(question))
    for word in sorted(dice.sample(words, min(len(words), 1 + (len(words) >= _LONG))), key=lambda one: -one.start()):
        question = question[: word.start()] + _slip(word.group(), dice) + question[word.end() :]
    return question


def _slip(word: str, dice: random.Random) -> str:
    """The word with two letters swapped, one left out, one twice, or another one in its place."""
    at = dice.randrange(1, len(word) - 2)
    before, here, after = word[:at], word[at], word[at + 1 :]
    return before + dice.choice((after[0] + here + after[1:], after, here + here + after, dice.choice(_TYPED) + after))


def _in_small_letters(question: str, _: random.Random) -> str:
    return question.lower()


def _as_telegram(question: str, _: random.Random) -> str:
    words = [word for word in re.findall(r"[^\s,;:!]+", question.lower()) if word not in OPENING]
    return " ".join(words) if len(words) > 1 else question.lower()
