"""A hit as a bibliographic item: who, what, when, where, and which words."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from nrqa.citations.line import cite_line
from nrqa.corpus.files.roots import Corpus
from nrqa.corpus.readers.kinds import has_lines, kind_of
from nrqa.records import PAGE, PAGE_LABEL, Answer, Citation, Hit, Locator, Metadata, Span
from nrqa.rendering.formats.dates import Date
from nrqa.rendering.formats.facts import Facts, facts_of, values_of
from nrqa.rendering.formats.names import Name, names_in
from nrqa.rendering.formats.styled import styled
from nrqa.rendering.links import editor_link, file_url, name_link, passage_fragment, web_address
from nrqa.rendering.places import located_in
from nrqa.rendering.plain_text import one_line
from nrqa.text.markup import readable

# In the languages whose header lines nrqa knows (corpus.metadata).
_AUTHOR_KEYS = ("author", "authors", "by", "auteur", "auteurs", "autor", "autoren", "autores")
_EDITOR_KEYS = ("editor", "editors", "herausgeber", "citation_editor")
_URL_KEYS = ("url", "link", "source", "fuente", "quelle", "permalink", "canonical")
_KEYWORD_KEYS = ("keywords", "tags")
_LABELS = ("page", "paragraph")
"""Kinds of places that are labels of CSL. Its "chapter" counts parts of a book, ours may have a name."""
_LANGUAGE_KEYS = ("language", "lang")
_SLUG = 24
_HASH = 10


@dataclass(frozen=True, slots=True)
class Sources:
    """What links need beside the answer: where the corpus is (None where it is gone), documents' texts and seams."""

    corpus: Corpus | None = None
    text_of: Callable[[str], str | None] = lambda _: None
    editor: str = "vscode"
    seams_of: Callable[[str], Sequence[Span]] = lambda _: ()


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses that open the passage; None where there is none. ``name`` is the way from the corpus folder."""

    name: str
    file: str | None
    editor: str | None
    web: str | None

    def to_dict(self) -> dict[str, str | None]:
        """The links by their names."""
        return {"name": self.name, "file": self.file, "editor": self.editor, "web": self.web}


@dataclass(frozen=True, slots=True)
class Item:
    """What reference managers keep of a hit. Texts are the source's own, not yet escaped for any format.

    ``locator`` are a label of CSL (page, paragraph, section, line) and its numbers.
    """

    id: str
    hit: Hit
    title: str
    authors: tuple[Name, ...]
    editors: tuple[Name, ...]
    facts: Facts
    url: str | None
    language: str
    keywords: tuple[str, ...]
    locator: tuple[str, str]
    section: str
    notice: str
    links: Links

    @property
    def styled_title(self) -> list[tuple[str, str]]:
        """The title in pieces with their styles (see ``styled``), on one line."""
        return styled(one_line(self.title), markdown=_is_markdown(self.citation.document))

    @property
    def doi(self) -> str:
        """The DOI of the source; "" where none is known."""
        return self.facts.doi

    @property
    def issued(self) -> Date | None:
        """When the source was published; None where that is not known."""
        return self.facts.issued

    @property
    def citation(self) -> Citation:
        """Where the passage stands."""
        return self.hit.passage.citation

    @property
    def cite(self) -> str:
        """Place and fingerprint on one line, which ``nrqa verify`` reads back, and writes anew, in every format.

        Without the headings: what they hold could end a cell or a field when the line is written anew.
        """
        return cite_line(replace(self.hit.passage, citation=replace(self.citation, heading=())))


def items_of(answer: Answer, sources: Sources) -> tuple[Item, ...]:
    """An item for each hit, in order of rank; also for what is only nearest (see ``Answer.answers``)."""
    return tuple(_item(hit, sources) for hit in answer.hits)


@dataclass(frozen=True, slots=True)
class Entry:
    """A document that hits are from, with all of them in order of rank: one entry of a bibliography, several cites.

    ``id`` is the same while the document has its name.
    """

    id: str
    items: tuple[Item, ...]

    @property
    def first(self) -> Item:
        """The hit with the best rank; what is not of a passage is the same in all of them."""
        return self.items[0]


def entries_of(items: Sequence[Item]) -> tuple[Entry, ...]:
    """The documents of the items, in order of their first hits."""
    found: dict[str, list[Item]] = {}
    for one in items:
        found.setdefault(one.citation.document, []).append(one)
    return tuple(Entry(_id(its[0].citation.document, ""), tuple(its)) for its in found.values())


def _is_markdown(document: str) -> bool:
    kind = kind_of(document)
    return kind is not None and kind.name == "Markdown"


def _item(hit: Hit, sources: Sources) -> Item:
    citation = hit.passage.citation
    facts = citation.metadata
    url = next((address for one in values_of(facts, *_URL_KEYS) if (address := web_address(one))), None)
    return Item(
        id=_id(citation.document, hit.passage.text),
        hit=hit,
        title=citation.title,
        authors=tuple(name for one in values_of(facts, *_AUTHOR_KEYS) for name in names_in(one)),
        editors=tuple(name for one in values_of(facts, *_EDITOR_KEYS) for name in names_in(one)),
        facts=facts_of(facts, citation.document, is_web=url is not None),
        url=url,
        language=", ".join(values_of(facts, *_LANGUAGE_KEYS)[:1]),
        keywords=_keywords(facts),
        locator=_locator(citation),
        section=" › ".join(citation.heading),
        notice=" ".join(values_of(facts, "source_notice")),
        links=_links(hit, url, sources),
    )


def _id(document: str, text: str) -> str:
    """The same while the document has its name and the passage its words, wherever it moves; safe in every format."""
    decomposed = unicodedata.normalize("NFKD", PurePosixPath(document).stem)
    slug = re.sub(r"[^a-z0-9]+", "-", decomposed.encode("ascii", "ignore").decode().lower()).strip("-")[:_SLUG]
    digest = hashlib.sha256(f"{document}\0{text}".encode()).hexdigest()[:_HASH]
    return f"{slug.rstrip('-') or 'passage'}-{digest}"


def _keywords(facts: Metadata) -> tuple[str, ...]:
    values = values_of(facts, *_KEYWORD_KEYS)
    if len(values) == 1:
        values = re.split(r"[;,]", values[0])
    return tuple(one.strip() for one in values if one.strip())


def _by_printed_page(locators: Sequence[Locator]) -> list[Locator]:
    """The places, with the number that is printed on a page instead of that which the file counts."""
    labels = [Locator(PAGE, one.first, one.last) for one in locators if one.kind == PAGE_LABEL]
    return [*labels, *(one for one in locators if one.kind != PAGE_LABEL)]


def _locator(citation: Citation) -> tuple[str, str]:
    """Of the places that the source's format counts by the one that reference managers know best, else all of them."""
    for one in _by_printed_page(citation.locators):
        if one.kind in _LABELS:
            return one.kind, one.first if one.first == one.last else f"{one.first}-{one.last}"
    if citation.locators:
        return "section", located_in(citation)
    if not has_lines(citation.document):
        return "section", citation.heading[-1] if citation.heading else citation.title
    if citation.line_end > citation.line_start:
        return "line", f"{citation.line_start}-{citation.line_end}"
    return "line", str(citation.line_start)


def _links(hit: Hit, url: str | None, sources: Sources) -> Links:
    citation = hit.passage.citation
    in_editor = has_lines(citation.document)
    file = sources.corpus.path_of(citation.document) if sources.corpus else None
    web = None
    if url:
        text = sources.text_of(citation.document)
        whole = text is not None and text[citation.start : citation.end] == hit.passage.text
        # A web page shows Markdown's words without its marks; places in the file mean nothing there.
        if text is None or not whole or citation.document.lower().endswith(".md"):
            web = passage_fragment(url, *_plain(text if whole else None, hit))
        else:
            web = passage_fragment(url, text, citation.start, citation.end, sources.seams_of(citation.document))
    return Links(
        name=name_link(citation.document, citation.page),
        file=file_url(file, citation.page) if file else None,
        # An editor opens text: a page is for a viewer.
        editor=editor_link(file, citation.line_start, editor=sources.editor) if file and in_editor else None,
        web=web,
    )


def _plain(text: str | None, hit: Hit) -> tuple[str, int, int]:
    citation = hit.passage.citation
    before = text[: citation.start] if text else ""
    after = text[citation.end :] if text else ""
    passage = hit.passage.text
    if citation.document.lower().endswith(".md"):
        before, passage, after = (readable(one) if one else "" for one in (before, passage, after))
    return f"{before}{passage}{after}", len(before), len(before) + len(passage)
