"""Which documents a reference in a draft means: by file name and line, by name, by title, or by URL.

The time grows with the length of the text, whatever the number of documents and the length of their names.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from nrqa.checking.citing.bibliography import Entry
from nrqa.checking.citing.meaning import Meant
from nrqa.checking.citing.places import CitedPlace, lines, places_in, start_of_place
from nrqa.checking.citing.repeating import again_in
from nrqa.checking.citing.works import Works, works_of
from nrqa.citations.cited import Cited as CitationLine
from nrqa.citations.line import IN_TEXT, cited_of
from nrqa.records import Document, Metadata, Span


@dataclass(frozen=True, slots=True)
class Named:
    """What a stretch of a text means."""

    span: Span
    meant: Meant


@dataclass(frozen=True, slots=True)
class Names:
    """The documents of a corpus by the names that a draft may use for them; letter case does not matter.

    ``tails`` are the ends of all names, from each of their words on; ``title_sizes`` are the numbers of words of the
    titles that begin with the same words, the longest first.
    """

    by_name: Mapping[str, tuple[str, ...]]
    by_title: Mapping[str, tuple[str, ...]]
    by_url: Mapping[str, tuple[str, ...]]
    works: Works
    tails: frozenset[str]
    title_sizes: Mapping[str, tuple[int, ...]]

    def meanings(self, text: str) -> tuple[Meant, ...]:
        """What a text in brackets, a footnote or a link cites; nothing where it is no citation."""
        urls = [Named(Span(*one.span()), self._by_url(one.group())) for one in _URL.finditer(text)]
        named = _merged(self.files_in(text, stems=True), urls)
        found: list[Meant] = []
        start = 0
        for part in text.split(";"):
            span, start = Span(start, start + len(part)), start + len(part) + 1
            inside = named[_first_from(named, span.start) : _first_from(named, span.end)]
            if inside:
                found += _with_places(text, span, inside)
            elif not _overlaps(span, named):
                found += self._meant_by(part)
        return tuple(dict.fromkeys(found))

    def files_in(self, text: str, *, stems: bool = False) -> list[Named]:
        """The documents whose files the text names, as ``file.txt`` or ``file.txt:31``, in order.

        ``stems``: before a line, the name may also be without its ending, as in ``file:31``.
        """
        in_lines, names = [], []
        for line in IN_TEXT.finditer(text):
            cited = cited_of(line)
            documents = self.by_name.get(cited.document.casefold())
            if documents and (stems or "." in cited.document):
                in_lines.append(Named(Span(*line.span()), _meant(documents, _places_of(cited), cited.document)))
        for end in _EXTENSION.finditer(text):
            start, documents = self._name_before(text, end.end("name"))
            if documents:
                names.append(
                    Named(Span(start, end.end()), _meant(documents, _lines(end), text[start : end.end("name")]))
                )
        return _merged(in_lines, names)

    def file_named(self, text: str) -> Meant | None:
        """The document whose file the text names; None where it names none."""
        return next((one.meant for one in self.files_in(text, stems=True)), None)

    def titled(self, text: str) -> Meant | None:
        """The documents with exactly this title, if it is long enough not to be an ordinary phrase."""
        words = _words(text)
        found = self.by_title.get(" ".join(words)) if len(words) >= _LONG_TITLE else None
        return _meant(found, (), text) if found else None

    def _name_before(self, text: str, end: int) -> tuple[int, tuple[str, ...]]:
        """The longest name that ends there: where it begins, and its documents."""
        found: tuple[int, tuple[str, ...]] = (end, ())
        for start in reversed([*_WORD_STARTS.finditer(text, max(0, end - _LONGEST_NAME), end)]):
            tail = text[start.end() : end].casefold()
            if tail not in self.tails:
                break
            documents = self.by_name.get(tail)
            if documents:
                found = start.end(), documents
        return found

    def _by_url(self, url: str) -> Meant:
        found = self.by_url.get(_bare(url), ())
        return _meant(found, places_in(f"#{url.partition('#')[2]}") if found else (), url)

    def keys_in(self, text: str) -> list[Named]:
        """The keys of works that the text names, as ``@harrow2011``, in order."""
        return [Named(Span(*one.span()), self.works.keyed(one["braced"] or one["bare"])) for one in _KEY.finditer(text)]

    def _meant_by(self, text: str) -> Iterable[Meant]:
        """What a text that names no file cites: keys, a name, a title, an author with a year, or something else."""
        short = _SEE.sub("", text[:_LONGEST_CITATION].strip())
        keys = self.keys_in(short)
        if keys:
            return _with_places(short, Span(0, len(short)), keys)
        by_name = self._by_name(short) or self._by_title(text)
        if by_name:
            return (by_name,)
        authored = [(start, Named(Span(start, end), meant)) for start, end, meant in self.works.authored(short)]
        if authored:
            return _with_places(short, Span(0, len(short)), [one for _, one in authored])
        places = places_in(short)
        again = again_in(short)
        if again is not None:
            return (Meant((), places, again=again),)
        return (Meant((), places),) if _looks_like_citation(short) else ()

    def _by_name(self, text: str) -> Meant | None:
        """The documents whose name or title is all that the text has before a place."""
        cut = start_of_place(text)
        for body in dict.fromkeys((text, text[:cut], _YEAR_AT_END.sub("", text[:cut]))):
            bare = body.strip(" ,.;:*_\"'“”„«»‹›‘’")
            whole = self.by_name.get(bare.casefold()) or self.by_title.get(" ".join(_words(bare)))
            if whole:
                return _meant(whole, places_in(text[len(body) :]), bare)
        return None

    def _by_title(self, text: str) -> Meant | None:
        """The documents whose title stands among other words of the text."""
        words = [*_WORD.finditer(text)]
        written = [one.group().casefold() for one in words]
        for first in range(len(words) - _SURE_TITLE + 1):
            for size in self.title_sizes.get(" ".join(written[first : first + _SURE_TITLE]), ()):
                found = self.by_title.get(" ".join(written[first : first + size]))
                if found:
                    title = text[words[first].start() : words[first + size - 1].end()]
                    return _meant(found, places_in(text[words[first + size - 1].end() :]), title)
        return None


def names_of(documents: Iterable[Document], entries: Sequence[Entry] = ()) -> Names:
    """The names, titles, URLs and authors of the documents, which may come from an iterator; and a bibliography."""
    by_name: dict[str, list[str]] = {}
    by_title: dict[str, list[str]] = {}
    by_url: dict[str, list[str]] = {}
    facts: list[tuple[str, Metadata]] = []
    for one in documents:
        path = PurePosixPath(one.name)
        for called in dict.fromkeys((one.name, path.name, path.stem)):
            by_name.setdefault(called.casefold(), []).append(one.name)
        by_title.setdefault(" ".join(_words(one.title)), []).append(one.name)
        for key in _URL_KEYS:
            url = one.metadata.get(key)
            if isinstance(url, str):
                by_url.setdefault(_bare(url), []).append(one.name)
        facts.append((one.name, one.metadata))
    names, titles, urls = _frozen(by_name), _frozen(by_title), _frozen(by_url)
    works = works_of(facts, entries, lambda entry: _documents_of(entry, names, titles, urls))
    tails = {name[start.end() :] for name in by_name for start in _WORD_STARTS.finditer(name)}
    return Names(names, titles, urls, works, frozenset(tails), _title_sizes(by_title))


def _documents_of(
    entry: Entry,
    names: Mapping[str, tuple[str, ...]],
    titles: Mapping[str, tuple[str, ...]],
    urls: Mapping[str, tuple[str, ...]],
) -> tuple[str, ...]:
    """The documents that an entry of a bibliography is, by its files, else its DOI, its URL or its title."""
    for file in entry.files:
        if found := names.get(file.casefold()):
            return found
    for url in (entry.doi, entry.url):
        if url and (found := urls.get(_bare(url))):
            return found
    words = _words(entry.title)
    return titles.get(" ".join(words), ()) if len(words) >= _SURE_ENTRY else ()


_URL_KEYS = ("url", "source", "link", "doi")
_LONGEST_NAME = 260
_LONGEST_CITATION = 500
"""Characters of a text that are read as one citation; a longer one is a remark."""
_LONG_TITLE = 5
"""With at least so many words, a title in quotation marks is no ordinary phrase."""
_SURE_TITLE = 3
"""With at least so many words, a title is recognised among other words."""
_SURE_ENTRY = 2
"""With at least so many words, the title of a bibliography's entry is that of a document."""
_MOST_WORDS = 20
_WORD = re.compile(r"\w+")
_WORD_STARTS = re.compile(r"(?<![^\s(\[<\"'“„«»‹›‘,;/])(?=\S)")
_EXTENSION = re.compile(
    r"(?P<name>\.[a-z]\w{0,7})(?!\w)(?::(?P<first>\d{1,9})(?:[-–](?P<last>\d{1,9}))?)?", re.IGNORECASE
)
_KEY = re.compile(
    r"(?<![\w.@/])-?@(?:\{(?P<braced>[^{}\s]{1,200})\}|(?P<bare>\w(?:[\w]|[:.#$%&+?<>~/-](?=\w)){0,200}))"
)
_URL = re.compile(r"\b(?:https?://|www\.)[^\s<>\"“”]+?(?=[.,;:!?)\]]*(?:[\s<>\"“”]|$))")
_SEE = re.compile(
    r"^(?:see(?: also)?|cf\.?|from|in|source:?|vgl\.?|siehe(?: auch)?|aus|quelle:?|voir|véase|ver|fuente:?|vid\."
    r"|[-–—]+)\s+",
    re.IGNORECASE,
)
_YEAR_AT_END = re.compile(r"[\s,]*\(?(?:1[5-9]|20)\d\d\)?[\s,]*$")
_PLACE_BEFORE = re.compile(r"(?:^|[\s(])(?:of|in|from|von|aus|de|del|di|z)\s+(?:the\s+)?\Z")
_NEAR = 200
"""Characters behind a document's name in which its places are looked for."""
_BEFORE = 40
_LOOKS_LIKE_CITATION = re.compile(
    r"\b(?:et al)\b|\bpp?\.\s?\d|\bS\.\s?\d|(?:^|[;\s])-?@\w"
    r"|^\s*\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*\s*$|\.\w{2,4}:\d+",
    re.IGNORECASE,
)
_NAME = r"[^\W\d_a-zß-öø-ÿ][\w’'-]+"
_AUTHOR_AND_YEAR = re.compile(
    rf"(?:^|; ?)(?P<name>{_NAME})(?: {_NAME}){{0,5}}(?:,? (?:and|und|y|et|&) {_NAME}(?: {_NAME}){{0,5}})?,? "
    r"\(?(?:1[5-9]|20)\d\d[a-z]?\)?(?=[:,;]|$)"
)
_MONTHS = re.compile(
    r"(?:jan|f[eé][bv]|m[aä]r|apr|abr|avr|ma[iyg]|jun|jul|juin|juil|aug|ago|ao[uû]|sep|o[ck]t|nov|de[czs]|d[eé]c|ene"
    r"|spring|summer|autumn|winter|since|until|before|after|around|about|seit|bis|vor|nach|um|desde|hasta|in|im|en)",
    re.IGNORECASE,
)


def _merged(found: Sequence[Named], others: Sequence[Named]) -> list[Named]:
    """Both, in order; of the others those that overlap nothing that was found. Each list is in order."""
    return sorted([*found, *(one for one in others if not _overlaps(one.span, found))], key=lambda one: one.span.start)


def _overlaps(span: Span, found: Sequence[Named]) -> bool:
    at = bisect_left(found, span.end, key=lambda one: one.span.start)
    return at > 0 and found[at - 1].span.end > span.start


def _looks_like_citation(text: str) -> bool:
    if _LOOKS_LIKE_CITATION.search(text):
        return True
    author = _AUTHOR_AND_YEAR.search(_SEE.sub("", text.strip()))
    return author is not None and not _MONTHS.match(author["name"])


def _meant(documents: tuple[str, ...], places: tuple[CitedPlace, ...], written: str) -> Meant:
    """What a name means; a name that very many documents have means none of them."""
    if len(documents) <= _MOST_OF_A_NAME:
        return Meant(documents, places)
    return Meant((), places, told=f"“{written}” names {len(documents)} documents: give the folder as well")


_MOST_OF_A_NAME = 50


def _with_places(text: str, part: Span, named: Sequence[Named]) -> Iterator[Meant]:
    """What is named in a part of a citation, with the places behind each name, or right before it.

    A URL outside the corpus says nothing more of a document that is named beside it.
    """
    known = [one for one in named if one.meant.documents] or named
    for one, end in zip(known, [*(one.span.start for one in known[1:]), part.end], strict=True):
        behind = places_in(text[one.span.end : min(end, one.span.end + _NEAR)])
        before = text[max(part.start, one.span.start - _BEFORE) : one.span.start]
        if not behind and _PLACE_BEFORE.search(before):
            behind = places_in(before)
        yield replace(one.meant, places=tuple(dict.fromkeys((*one.meant.places, *behind))))


def _first_from(named: Sequence[Named], at: int) -> int:
    return bisect_left(named, at, key=lambda one: one.span.start)


def _places_of(cited: CitationLine) -> tuple[CitedPlace, ...]:
    """Lines and heading of a citation in nrqa's own form."""
    places = [lines(*cited.lines)] if cited.lines else []
    return (*places, *(CitedPlace("heading", one, one) for one in cited.heading[-1:]))


def _lines(end: re.Match[str]) -> tuple[CitedPlace, ...]:
    return (lines(int(end["first"]), int(end["last"] or end["first"])),) if end["first"] else ()


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _title_sizes(titles: Iterable[str]) -> dict[str, tuple[int, ...]]:
    found: dict[str, set[int]] = {}
    for title in titles:
        words = title.split()
        if _SURE_TITLE <= len(words) <= _MOST_WORDS:
            found.setdefault(" ".join(words[:_SURE_TITLE]), set()).add(len(words))
    return {begin: tuple(sorted(sizes, reverse=True)) for begin, sizes in found.items()}


def _bare(url: str) -> str:
    """The URL without scheme, www., fragment and last slash; of a DOI only that."""
    bare = re.sub(r"^(?:https?://)?(?:www\.)?|#.*$|/$", "", url.strip().casefold()).rstrip("/")
    return re.sub(r"^(?:(?:dx\.)?doi\.org/|doi:\s*)(?=10\.)", "", bare)


def _frozen(names: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {called: tuple(dict.fromkeys(documents)) for called, documents in names.items() if called}
