"""Which documents a reference in a draft means: by file name and line, by name, by title, or by URL."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from nrqa.citations.line import IN_TEXT, cited_of
from nrqa.records import Document


@dataclass(frozen=True, slots=True)
class Meant:
    """What a reference means; ``documents`` is empty where it cites something that is not in the corpus.

    There are several documents where these share a title, or a file name in different folders. ``lines`` are the first
    and the last line that the reference names.
    """

    documents: tuple[str, ...]
    lines: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Names:
    """The documents of a corpus by the names that a draft may use for them; letter case does not matter."""

    by_name: Mapping[str, tuple[str, ...]]
    by_title: Mapping[str, tuple[str, ...]]
    by_url: Mapping[str, tuple[str, ...]]

    def meant(self, text: str) -> Meant | None:
        """What a text in brackets, a footnote or a link cites; None where it is no citation."""
        by_file = self.file_in(text)
        if by_file:
            return by_file
        url = _URL.search(text)
        if url and (found := self.by_url.get(_bare(url.group()))):
            return Meant(found)
        named = self._titled(text)
        if named:
            return named
        return Meant(()) if url or _looks_like_citation(text) else None

    def file_in(self, text: str) -> Meant | None:
        """The document whose file the text names, as ``file.txt`` or ``file.txt:31``."""
        for line in IN_TEXT.finditer(text):
            cited = cited_of(line)
            found = self.by_name.get(cited.document.casefold())
            if found:
                return Meant(found, cited.lines)
        for end in _EXTENSION.finditer(text):
            starts = [*_WORD_STARTS.finditer(text, max(0, end.start() - _LONGEST_NAME), end.start())]
            for start in starts:  # the longest name first: names may have blanks
                found = self.by_name.get(text[start.end() : end.end("name")].casefold())
                if found:
                    return Meant(found, _lines(end))
        return None

    def titled(self, text: str) -> Meant | None:
        """The documents with exactly this title, if it is long enough not to be an ordinary phrase."""
        words = _words(text)
        found = self.by_title.get(" ".join(words))
        return Meant(found) if found and len(words) >= _LONG_TITLE else None

    def _titled(self, text: str) -> Meant | None:
        body = _LOCATOR.sub("", _SEE.sub("", text.strip())).strip(" ,.;:*_\"'“”„«»‹›‘’")
        lines = _LINE_AT_END.search(text)
        whole = self.by_name.get(body.casefold()) or self.by_title.get(" ".join(_words(body)))
        if whole:
            return Meant(whole, (int(lines[1]), int(lines[2] or lines[1])) if lines else None)
        words = _words(text)
        for size in range(min(len(words), _MOST_WORDS), _SURE_TITLE - 1, -1):
            for first in range(len(words) - size + 1):
                found = self.by_title.get(" ".join(words[first : first + size]))
                if found:
                    return Meant(found)
        return None


def names_of(documents: Iterable[Document]) -> Names:
    """The names, titles and URLs of the documents, which may come from an iterator."""
    by_name: dict[str, list[str]] = {}
    by_title: dict[str, list[str]] = {}
    by_url: dict[str, list[str]] = {}
    for one in documents:
        path = PurePosixPath(one.name)
        for called in dict.fromkeys((one.name, path.name, path.stem)):
            by_name.setdefault(called.casefold(), []).append(one.name)
        by_title.setdefault(" ".join(_words(one.title)), []).append(one.name)
        for key in _URL_KEYS:
            url = one.metadata.get(key)
            if isinstance(url, str):
                by_url.setdefault(_bare(url), []).append(one.name)
    return Names(_frozen(by_name), _frozen(by_title), _frozen(by_url))


_URL_KEYS = ("url", "source", "link", "doi")
_LONGEST_NAME = 200
_LONG_TITLE = 5
"""With at least so many words, a title in quotation marks is no ordinary phrase."""
_SURE_TITLE = 3
"""With at least so many words, a title is recognised among other words."""
_MOST_WORDS = 20
_WORD = re.compile(r"\w+")
_WORD_STARTS = re.compile(r"(?<![^\s(\[<\"'“„«»‹›‘,;/])(?=\S)")
_EXTENSION = re.compile(
    r"(?P<name>\.[a-z]\w{0,7})(?!\w)"
    r"(?::(?P<first>\d+)(?:[-–](?P<last>\d+))?"
    r"|[,;]?\s+(?:line|l\.|Zeile|Z\.)\s*(?P<line>\d+))?",
    re.IGNORECASE,
)
_URL = re.compile(r"\b(?:https?://|www\.)[^\s<>\"“”]+?(?=[.,;:!?)\]]*(?:[\s<>\"“”]|$))")
_SEE = re.compile(
    r"^(?:see(?: also)?|cf\.?|from|in|source:?|vgl\.?|siehe(?: auch)?|aus|quelle:?|voir|véase|ver|fuente:?|vid\."
    r"|[-–—]+)\s+",
    re.IGNORECASE,
)
_LOCATOR = re.compile(
    r"(?::\d+(?:[-–]\d+)?)?(?:[,;]?\s*(?:§.*|#[0-9a-f]{4,}|(?:pp?|S|s|l|Z|pág|págs?)\.?\s*\d+(?:\s*(?:[-–]\s*\d+|ff?\.?))?"
    r"|\(?(?:1[5-9]|20)\d\d\)?|lines?\s+\d+(?:[-–]\d+)?))*\s*$"
)
_LINE_AT_END = re.compile(r":(\d+)(?:[-–](\d+))?\s*(?:[§#].*)?$")
_LOOKS_LIKE_CITATION = re.compile(
    r"\b(?:ibid|ebd|op\. ?cit|loc\. ?cit|et al|a\. ?a\. ?O)\b|\bpp?\.\s?\d|\bS\.\s?\d|(?:^|[;\s])-?@\w"
    r"|^\s*\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*\s*$|\.\w{2,4}:\d+",
    re.IGNORECASE,
)
_NAME = r"[^\W\d_a-zß-öø-ÿ][\w’'-]+"
_AUTHOR_AND_YEAR = re.compile(
    rf"(?:^|; ?)(?P<name>{_NAME})(?: {_NAME})*(?:,? (?:and|und|y|et|&) {_NAME}(?: {_NAME})*)?,? \(?(?:1[5-9]|20)\d\d"
    r"[a-z]?\)?(?=[:,;]|$)"
)
_MONTHS = re.compile(
    r"(?:jan|f[eé][bv]|m[aä]r|apr|abr|avr|ma[iyg]|jun|jul|juin|juil|aug|ago|ao[uû]|sep|o[ck]t|nov|de[czs]|d[eé]c|ene"
    r"|spring|summer|autumn|winter|since|until|before|after|around|about|seit|bis|vor|nach|um|desde|hasta|in|im|en)",
    re.IGNORECASE,
)


def _looks_like_citation(text: str) -> bool:
    if _LOOKS_LIKE_CITATION.search(text):
        return True
    author = _AUTHOR_AND_YEAR.search(_SEE.sub("", text.strip()))
    return author is not None and not _MONTHS.match(author["name"])


def _lines(end: re.Match[str]) -> tuple[int, int] | None:
    first = end["first"] or end["line"]
    return (int(first), int(end["last"] or first)) if first else None


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _bare(url: str) -> str:
    """The URL without scheme, www., fragment and last slash."""
    return re.sub(r"^(?:https?://)?(?:www\.)?|#.*$|/$", "", url.strip().casefold()).rstrip("/")


def _frozen(names: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {called: tuple(dict.fromkeys(documents)) for called, documents in names.items() if called}
