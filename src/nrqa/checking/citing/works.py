"""Which documents a key (``@harrow2011``) or an author with a year ("Harrow 2011") means.

They are known by the documents' own metadata, and by the bibliography of the draft. What may mean several works is told
with all of them, and never decided.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import TypeVar

from nrqa.checking.citing.bibliography import Entry
from nrqa.checking.citing.meaning import Meant
from nrqa.records import Metadata
from nrqa.text.dates import read_date


@dataclass(frozen=True, slots=True)
class Work:
    """A work that may be cited: the documents of the corpus that are it, and what is known of it.

    ``words`` are those of its authors' names, ``families`` those that a citation is likely to use. ``year`` is "" where
    only the date of the file is known.
    """

    documents: tuple[str, ...]
    words: frozenset[str]
    families: frozenset[str]
    year: str


@dataclass(frozen=True, slots=True)
class Works:
    """The works by key, and by a word of the author's name with the year ("" where it is not known)."""

    by_key: Mapping[str, tuple[Work, ...]]
    by_author: Mapping[tuple[str, str], tuple[Work, ...]]
    bibliography: bool
    by_document: Mapping[str, Work]

    def families_of(self, document: str) -> frozenset[str]:
        """The words by which a document's authors are likely to be cited."""
        return self.by_document[document].families if document in self.by_document else frozenset()

    def keyed(self, key: str) -> Meant:
        """What a key means; no document where it is not known."""
        found = self.by_key.get(key) or self.by_key.get(key.casefold())
        if found:
            return _meant(found, f"@{key}") or Meant((), told=f"@{key} is in the bibliography, but not in the corpus")
        if self.bibliography:
            return Meant((), told=f"the key @{key} is not in the bibliography")
        guessed = self._read_from(key)
        return guessed or Meant((), told=f"no document has the key @{key}: --bibliography names what has it")

    def authored(self, text: str) -> Iterator[tuple[int, int, Meant]]:
        """Every author with a year that is known: where the name begins, where the year ends, and what is meant."""
        for year in _YEAR.finditer(text):
            names = _NAMES_BEFORE.search(text, max(0, year.start() - _LONGEST_NAMES), year.start())
            if names and not _is_month(_WORD.findall(names["names"])[-1]):
                begin, works = self._by_names(names["names"], year["year"])
                start = names.start("names") + begin
                meant = _meant(works, text[start : year.end()])
                if meant:
                    yield start, year.end(), meant

    def _by_names(self, names: str, year: str) -> tuple[int, Sequence[Work]]:
        """Where the names of the authors begin in a text that ends with them, and the works that are theirs."""
        words = [*_WORD.finditer(names)]
        written = [folded(one.group()) for one in words]
        works: Sequence[Work] = self._of(written[-1], year)
        coauthors = [folded(one["name"]) for one in _COAUTHOR.finditer(names)]
        works = [one for one in works if one.words.issuperset(coauthors)]
        if not works:
            return 0, ()
        known = frozenset().union(*(one.words for one in works))
        first = len(written) - 1
        while first and (written[first - 1] in known or written[first - 1] in _JOINTS):
            first -= 1
        named = [sum(word in one.words for word in written[first:]) for one in works]
        works = [one for one, count in zip(works, named, strict=True) if count == max(named)]
        return words[first].start(), [one for one in works if written[-1] in one.families] or works

    def _of(self, word: str, year: str) -> Sequence[Work]:
        """The works by an author of that name: of that year, else those whose year is not known."""
        found = self.by_author.get((word, year)) or self.by_author.get((word, ""), ())
        return found if len(found) <= _MOST else ()

    def _read_from(self, key: str) -> Meant | None:
        """What a key like "harrow2011" or "garcia-marquez_2018a" says by itself."""
        found = _KEY.match(key)
        if not found:
            return None
        parts = [folded(one) for one in _KEY_PART.findall(found["name"])]
        for name in dict.fromkeys(("".join(parts), parts[0])):
            works = self._of(name, found["year"])
            if works:
                return _meant([one for one in works if name in one.families] or works, f"@{key}")
        return None


def works_of(
    documents: Iterable[tuple[str, Metadata]], entries: Sequence[Entry], joined: Callable[[Entry], tuple[str, ...]]
) -> Works:
    """The works that documents (names with metadata) and entries are; ``joined`` finds the documents of an entry."""
    by_key: dict[str, list[Work]] = {}
    by_author: dict[tuple[str, str], list[Work]] = {}
    by_document: dict[str, Work] = {}
    for name, facts in documents:
        people = [one for key in _AUTHORS for one in _values(facts, key)]
        work = _work((name,), people, _year(name, facts))
        _add(by_author, work)
        by_document[name] = work
        for key in (one for named in _KEYS for one in _values(facts, named)):
            by_key.setdefault(key, []).append(work)
            by_key.setdefault(key.casefold(), []).append(work)
    own = Works({}, _frozen(by_author), bibliography=False, by_document={})
    for entry in entries:
        work = _work(joined(entry), entry.authors, entry.year)
        works = [work] if work.documents else [*_same(own, entry)] or [work]
        by_key.setdefault(entry.key, []).extend(works)
        for one in works:
            _add(by_author, replace(work, documents=one.documents))
    return Works(_frozen(by_key), _frozen(by_author), bool(entries), by_document)


_AUTHORS = ("author", "authors", "by", "auteur", "auteurs", "autor", "autoren", "autores", "creator")
_YEARS = ("year", "date", "published", "issued", "publication date", "datum", "fecha")
_KEYS = ("citation key", "citation-key", "citationkey", "citekey", "bibkey", "id")
_FILE_DATED = (".pdf", ".docx", ".odt", ".rtf", ".pptx", ".odp", ".xlsx", ".ods")
"""In these the date is that of the file, which may have been written long after the work."""
_MOST = 20
"""If there are more works by authors of one name in one year, their name and year say nothing."""
_LONGEST_NAMES = 120
_YEAR = re.compile(r"(?<![\d.])\(?(?P<year>(?:1[4-9]|20)\d\d)[a-z]?(?!\w)")
_FOUR_DIGITS = re.compile(r"(?<!\d)\d{4}(?!\d)")
_NAME = r"[^\W\d_](?:[^\W\d_]|['’.-](?=[^\W\d_]))*\.?"
_AND = r"and|und|et|y|e|i|en|og|och|и"
_JOINTS = frozenset((*_AND.split("|"), "al", "et"))
_JOINT = rf"(?:\s*,\s*(?:(?:{_AND})\s|&\s*)?|\s*&\s*|\s)"
_NAMES_BEFORE = re.compile(
    rf"(?P<names>{_NAME}(?:{_JOINT}{_NAME}){{0,9}}?)(?:,?\s(?:et al|u\. ?a|and others|i in|и др)\.?)?(?:['’]s)?,?\s?\Z"
)
_WORD = re.compile(_NAME)
_COAUTHOR = re.compile(rf"(?P<name>[^\W\d_a-zß-öø-ÿ][\w'’.-]*),?\s(?:&|(?:{_AND})\b)\s?")
_KEY = re.compile(r"(?P<name>[^\W\d_](?:[^\W\d]|[-:.+](?=[^\W\d]))*?)[-_:.]?(?P<year>(?:1[4-9]|20)\d\d)(?!\d)")
_KEY_PART = re.compile(r"[^\W\d_a-zß-öø-ÿ]?[a-zß-öø-ÿ]+|[^\W\d_]+")
_SEPARATE = re.compile(r"\s*[;\n]\s*|\s(?:and|und|et|y|&)\s")
_PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i", "’": "'"})
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})


def folded(word: str) -> str:
    """A name without letter case, accents and full stops."""
    if word.isascii():
        return word.casefold().strip(".'").removesuffix("'s")
    decomposed = unicodedata.normalize("NFKD", word.casefold().translate(_PLAIN).strip(".'"))
    return "".join(one for one in decomposed if not unicodedata.combining(one)).removesuffix("'s")


@lru_cache(maxsize=1000)
def _is_month(word: str) -> bool:
    """Whether the word with a year is a date: "May 2019" is no work by an author of that name."""
    return word[:1].islower() or read_date(f"{word} 2000") is not None


def _work(documents: tuple[str, ...], people: Iterable[str], year: str) -> Work:
    words: set[str] = set()
    families: set[str] = set()
    for person in (one for written in people for one in _SEPARATE.split(written[:_LONGEST_PERSON])):
        family, *others = (_WORD.findall(part) for part in person.split(","))
        for part in (family, *others):
            forms = [form for word in part for form in _forms(word)]
            words.update(forms)
            words.update("".join(pair) for pair in pairwise(map(folded, part)))
            families.update(_forms(part[-1]) if part else ())
        if others:
            families.update(form for word in family for form in _forms(word))
        families.update("".join(pair) for pair in pairwise(map(folded, family)))
    return Work(documents, frozenset(words), frozenset(families), year)


_LONGEST_PERSON = 2_000


def _forms(word: str) -> set[str]:
    """The word as others may write it: Müller as Muller and Mueller; without hyphens; each of its parts."""
    plain = folded(word)
    forms = {plain, folded(word.casefold().translate(_UMLAUTS)), *plain.split("-"), plain.replace("-", "")}
    return {one for one in forms if len(one) > 1}


def _year(name: str, facts: Metadata) -> str:
    keys = _YEARS[:1] if name.lower().endswith(_FILE_DATED) else _YEARS
    found = (_FOUR_DIGITS.search(one) for key in keys for one in _values(facts, key))
    return next((one.group() for one in found if one), "")


def _values(facts: Metadata, key: str) -> list[str]:
    value = facts.get(key, [])
    return [value] if isinstance(value, str) else list(value)


def _add(by_author: dict[tuple[str, str], list[Work]], work: Work) -> None:
    for word in work.words:
        by_author.setdefault((word, work.year), []).append(work)


def _same(documents: Works, entry: Entry) -> Iterator[Work]:
    """The documents of the same year by the first author of an entry, if that has both."""
    first = _work((), entry.authors[:1], entry.year).families
    if entry.year and first:
        yield from {
            work.documents: work
            for word in sorted(first)
            for work in documents.by_author.get((word, entry.year), ())[:_MOST]
        }.values()


def _meant(works: Sequence[Work], written: str) -> Meant | None:
    """What a citation of these works means; None where none of them is in the corpus."""
    documents = tuple(dict.fromkeys(one for work in works for one in work.documents))
    if not documents:
        return None
    if len({work.documents for work in works if work.documents}) > 1:
        return Meant((), candidates=documents, told=f"“{written}” may mean any of these: {', '.join(documents)}")
    return Meant(documents, likely=not any(work.year for work in works))


_Key = TypeVar("_Key")


def _frozen(works: Mapping[_Key, list[Work]]) -> dict[_Key, tuple[Work, ...]]:
    return {key: tuple(dict.fromkeys(found)) for key, found in works.items()}
