"""Names, numbers and rare words to exchange for others: of as many of the encoder's tokens, and ever new ones."""

import json
import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.shared.real_sentences import SWAPPED
from nrqa.encoder.protocol import Encoder

EXPONENT, COMMON = 1.53, 3000
"""How steeply words become rarer, and among how many of the commonest none stands out. See README.md for the growth."""
_SEED = 1
_INVENTED = 300_000
"""Words tried of each number of syllables, capitals and small letters each."""
_NUMBERS = 30_000
_MOST_DIGITS = 7
_SMALL_SHARE = 0.3
"""A word written small in so many of its places is no name: it stood at a sentence's beginning."""
_RARE_TOKENS, _RARE_COUNT = 3, 3
"""Words in small letters that are exchanged have at least so many tokens, and occur at most so often."""
_SYLLABLE = re.compile(r"[^aeiouy]*[aeiouy]+[^aeiouy]*")


@dataclass(frozen=True, slots=True)
class Names:
    """``kinds`` tells each word's kind: its shape and number of tokens. ``pools`` holds what else is of that kind."""

    kinds: dict[str, str]
    pools: dict[str, list[str]]

    def other(self, word: str, dice: random.Random) -> str:
        """What stands in the word's place; the word itself where it is not to be exchanged."""
        kind = self.kinds.get(word)
        if kind is None:
            return word
        pool = self.pools[kind]
        if word[0].isdigit():
            return dice.choice(pool)
        # A draw from a Pareto distribution: common names come often, and ever new ones come now and then.
        rank = int(COMMON * (dice.random() ** (-1 / (EXPONENT - 1)) - 1))
        return pool[rank] if rank < len(pool) else dice.choice(pool)


def make_names(file: Path, sentences: Iterable[str], encoder: Encoder) -> None:
    """Write the words of real sentences that may be exchanged, and invented ones made of their syllables."""
    texts = list(sentences)
    small = Counter(word for text in texts for word in re.findall(r"\b[a-z]{3,}\b", text))
    seen = Counter(match[0] for text in texts for match in SWAPPED.finditer(text))
    words = [
        word
        for word, count in seen.most_common()
        if (small[word.lower()] < _SMALL_SHARE * count or word.islower())
        and (count <= _RARE_COUNT or not word.islower())
    ]
    capitals = [word for word in words if word[0].isupper()]
    rare = [word for word in words if word[0].islower()]
    invented = [*_invented(capitals, str.capitalize), *_invented(rare, str.lower)]
    kinds: dict[str, str] = {}
    pools: dict[str, list[str]] = {}
    for word, kind in _kinds(list(dict.fromkeys([*words, *_numbers(), *invented])), encoder):
        pools.setdefault(kind, []).append(word)
        kinds[word] = kind
    real = {word: kinds[word] for word in words if word in kinds}
    file.write_text(json.dumps({"kinds": real, "pools": pools}), "utf-8")


def open_names(file: Path) -> Names:
    return Names(**json.loads(file.read_text("utf-8")))


def _kinds(words: Sequence[str], encoder: Encoder) -> Iterable[tuple[str, str]]:
    for word, count in zip(words, encoder.count_tokens(words), strict=True):
        if word[0].isdigit():
            yield word, f"{len(word)} digits, {count} tokens"
        elif word[0].isupper():
            yield word, f"capital, {count} tokens"
        elif count >= _RARE_TOKENS:
            yield word, f"small, {count} tokens"


def _invented(real: Sequence[str], shape: Callable[[str], str]) -> list[str]:
    dice = random.Random(_SEED)  # noqa: S311 - the same words every time
    syllables = [[match[0] for match in _SYLLABLE.finditer(word.lower())] for word in real]
    first = [one[0] for one in syllables if one]
    later = [piece for one in syllables for piece in one[1:]]
    made = (
        dice.choice(first) + "".join(dice.choices(later, k=count - 1)) for count in (2, 3, 4) for _ in range(_INVENTED)
    )
    known = set(real)
    shaped = (shape(word) for word in made)
    return [word for word in dict.fromkeys(shaped) if word not in known and SWAPPED.fullmatch(word)]


def _numbers() -> list[str]:
    dice = random.Random(_SEED)  # noqa: S311 - the same numbers every time
    written = [str(number) for number in range(3000)]
    for digits in range(4, _MOST_DIGITS + 1):
        written += [str(dice.randrange(10 ** (digits - 1), 10**digits)) for _ in range(_NUMBERS)]
    return list(dict.fromkeys(written))
