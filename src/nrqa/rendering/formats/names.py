"""Names of authors as documents write them, taken apart where that is sure; organisations are kept whole."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Name:
    """An author. ``given`` is empty where family and given name were not told apart: then ``family`` is all of it."""

    family: str
    given: str = ""
    suffix: str = ""

    @property
    def turned(self) -> str:
        """``Family, Given, Suffix``, as catalogues sort it."""
        return ", ".join(one for one in (self.family, self.given, self.suffix) if one)


_PARTICLES = frozenset(
    "van von vom der den de del della degli di da dal do dos das du d la le les lo ten ter te 't af av zu zum zur y e "
    "al el bin ibn ben".split()
)
_CAPITALISED = frozenset("Van Von De Di Da Del Della Du La Le Dos Der Den St. Mac".split())
_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv|esq|ph\.?\s?d|m\.?\s?d|d\.?phil|msc|ba|ma)\.?", re.IGNORECASE)
_CAPITAL = "[A-ZÀ-ÖØ-Þ]"
_INITIALS = re.compile(rf"(?:{_CAPITAL}\.[ -]?)+|{_CAPITAL}(?:[ -]{_CAPITAL})*|{_CAPITAL}{{2,3}}")
_BEFORE_INITIALS = re.compile(rf"(?P<family>[^,]*[a-zß-öø-ÿ][^,]*?) (?P<given>{_CAPITAL}{{1,3}})")
_AND = re.compile(r"\s*(?:,\s*)?(?:&|\b(?:and|und|et|och|og|en|и)\b)\s+", re.IGNORECASE)
# What only stands in names of organisations: their kind, or a word that joins two of their words.
_KINDS = r"""
    organi[sz]a\w* minist\w* universi\w* institut\w* depart\w* committee commission\w* council agen\w* associa\w*
    compan\w* corp\w* inc ltd llc gmbh ag plc press group\w* bank\w* offic\w* cent(?:er|re)\w* partners
    foundation stiftung fondation
    fundaci\w* soci\w* union\w* united nations? national\w* international\w* federa\w* bureau government\w* team staff
    editors? redaktion redacci\w* rédaction board times post news\w* journal magazine zeitung agentur watch service\w*
    network college school academ\w* library museum church court parliament house party project programme? alliance
    league club hospital laborator\w* authority trust fund forum verlag publish\w* media studio\w* research systems
    technolog\w* software consortium contributors users? anonymous for of the für pour para sobre
""".split()
_ORGANISATION = re.compile(rf"\b(?:{'|'.join(_KINDS)})\b|^(?:der|die|das|le|la|les|el|los)\s|[&/@+\d]", re.IGNORECASE)
_ACRONYM = re.compile(r"\b[A-Z]{3,}\b")
_WORD = re.compile(r"(?:[^\W\d_]|['’.\-])+")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")
# Spanish and Portuguese names have two family names: the first of them tells by its ending, or is one of the commonest.
_FIRST_SURNAME = re.compile(
    r".+(?:ez|éz)|garc[ií]a|vargas|silva|santos|torres|castro|ortega|romero|moreno|blanco|navarro|molina|rojas|medina",
    re.IGNORECASE,
)
_MOST_WORDS = 5
"""A name of more words is kept whole."""


def names_in(written: str) -> list[Name]:
    """The names in a metadata value: divided by semicolons, by "and" or "&", and by commas between whole names."""
    found: list[Name] = []
    for part in written.split(";"):
        if whole := _bare(part):
            found += [_name(one) for one in _people(whole)]
    return found


def _bare(written: str) -> str:
    """The name without an address of e-mail behind it and without a "by" before it."""
    plain = re.sub(r"\s*<[^<>]*@[^<>]*>\s*", "", written) or written
    return re.sub(r"^(?:by|von|par|por)\s+", "", " ".join(plain.split()), flags=re.IGNORECASE).strip(" ,")


def _people(written: str) -> list[str]:
    """Each person of several; the whole of it where it is one, or may be an organisation."""
    sides = [one.strip(" ,") for one in _AND.split(written)]
    people = [one for side in sides for one in _by_commas(side)]
    if len(people) == 1 or not all(people):
        return [written]
    whole = all(_is_whole(one) for one in people)
    return people if whole else [written]


def _by_commas(written: str) -> list[str]:
    """The names between commas: "Ann Lee, Bob Ray" are two, "Lee, Ann" and "King, Martin Luther, Jr." one."""
    parts = [part.strip() for part in written.split(",") if part.strip()]
    names = [part for part in parts if not _SUFFIX.fullmatch(part)]
    if len(names) < 2:  # noqa: PLR2004
        return [written]
    as_in_medicine = [_BEFORE_INITIALS.fullmatch(part) for part in parts]
    if all(as_in_medicine):
        return [f"{one['family']}, {one['given']}" for one in as_in_medicine if one]  # Lee A, Ray BC
    if len(names) % 2 == 0 and all(_INITIALS.fullmatch(one) for one in names[1::2]):
        return _pairs(parts)  # Doe, J. A., Roe, R.
    if len(names) == 2 and _FIRST_SURNAME.fullmatch(names[0].split()[0]):  # noqa: PLR2004
        return [written]  # García Márquez, Gabriel José
    iberian = len(names) == 2 and _FIRST_SURNAME.fullmatch(names[0].split()[0])  # noqa: PLR2004
    if all(len(_plain(one)) > 1 for one in names) and not iberian:  # García Márquez, Gabriel José
        return _with_suffixes(parts)
    turned = len(names) % 2 == 0 and all(len(_plain(one)) == 1 for one in names[::2])
    return _pairs(parts) if turned else [written]  # Lee, Ann, Ray, Bob


def _pairs(parts: Sequence[str]) -> list[str]:
    pairs: list[list[str]] = []
    for part in parts:
        if pairs and (_SUFFIX.fullmatch(part) or len(pairs[-1]) == 1):
            pairs[-1].append(part)
        else:
            pairs.append([part])
    return [", ".join(one) for one in pairs]


def _with_suffixes(parts: Sequence[str]) -> list[str]:
    names: list[str] = []
    for part in parts:
        if names and _SUFFIX.fullmatch(part):
            names[-1] += f", {part}"
        else:
            names.append(part)
    return names


def _is_whole(written: str) -> bool:
    """Whether it can stand as the name of one person: "Johnson" of "Johnson & Johnson" cannot."""
    return _name(written).given != ""


def _plain(written: str) -> list[str]:
    return [word for word in written.split() if word.lower() not in _PARTICLES]


def _name(written: str) -> Name:
    """Family and given name where both are there and it is no organisation."""
    parts = [part.strip() for part in written.split(",") if part.strip()]
    suffix = ", ".join(part for part in parts if _SUFFIX.fullmatch(part)) if len(parts) > 1 else ""
    names = [part for part in parts if not suffix or not _SUFFIX.fullmatch(part)]
    if len(names) == 2 and not _is_organisation(written):  # noqa: PLR2004
        family, given = names
        if len(_plain(family)) <= 2 or _INITIALS.fullmatch(given):  # noqa: PLR2004
            return Name(family, given, suffix)
    if len(names) != 1 or _is_organisation(written):
        return Name(written)
    words = names[0].split()
    if not suffix and len(words) > 2 and _SUFFIX.fullmatch(words[-1]):  # noqa: PLR2004
        suffix, words = words[-1], words[:-1]
    if not 2 <= len(words) <= _MOST_WORDS or not _reads_as_person(words):  # noqa: PLR2004
        return Name(written)
    at = _family_begins(words)
    return Name(" ".join(words[at:]), " ".join(words[:at]), suffix)


def _is_organisation(written: str) -> bool:
    lowered = written if any(map(str.islower, written)) else written.title()
    return bool(_ORGANISATION.search(written.casefold()) or _ACRONYM.search(lowered) or not _LATIN.search(written))


def _reads_as_person(words: Sequence[str]) -> bool:
    """Whether each word is capitalised, is an initial, or is a particle between others."""
    last = len(words) - 1
    return (
        all(
            _WORD.fullmatch(word)
            and (
                word[0].isupper()
                or (0 < at < last and word.lower() in _PARTICLES)
                or word.startswith(("d'", "d’", "'"))
            )
            for at, word in enumerate(words)
        )
        and words[-1][0].isupper()
    )


def _family_begins(words: Sequence[str]) -> int:
    """Where the family name begins: at its particle, at the first of two Iberian names, else at the last word."""
    for at, word in enumerate(words[1:], 1):
        if (word in _PARTICLES and word not in ("y", "e")) or (at < len(words) - 1 and word in _CAPITALISED):
            return at
    last = len(words) - 1
    if last > 1 and words[-2].lower() in ("y", "e"):
        return max(1, last - 2)
    if last > 1 and _FIRST_SURNAME.fullmatch(words[-2]):
        return last - 1
    return last
