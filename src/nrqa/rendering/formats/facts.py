"""What a document's metadata says for a bibliography, whatever it calls it: kind of source, container, numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from nrqa.corpus.readers.kinds import has_lines, kind_of
from nrqa.records import Metadata
from nrqa.rendering.formats.dates import Date, date_of, is_undated
from nrqa.text.dates import read_date

# Names of metadata keys, first the commonest: those of CSL, BibTeX, Highwire and Zotero, and as people write them.
_KEYS: Mapping[str, tuple[str, ...]] = {
    "journal": (
        "journal", "journaltitle", "journal title", "journal-title", "citation_journal_title", "prism.publicationname",
        "prism:publicationname", "revue", "zeitschrift", "revista",
    ),
    "magazine": ("magazine",),
    "newspaper": ("newspaper", "zeitung", "periódico"),
    "book": ("booktitle", "book title", "book-title", "book", "citation_inbook_title"),
    "conference": ("conference", "proceedings", "citation_conference_title", "event-title"),
    "website": ("website", "site", "site name", "site_name", "website title", "blog", "og:site_name"),
    "container": ("container-title", "container", "container title", "publication", "publicationtitle", "source title"),
    "series": ("series", "collection-title", "series title"),
    "volume": ("volume", "vol", "band", "tome", "citation_volume", "prism.volume", "prism:volume"),
    "issue": ("issue", "number", "heft", "numéro", "número", "citation_issue", "prism.number", "prism:number"),
    "pages": ("pages", "page", "page range", "pp", "seiten", "páginas"),
    "first page": ("first page", "firstpage", "citation_firstpage", "prism.startingpage", "prism:startingpage"),
    "last page": ("last page", "lastpage", "citation_lastpage", "prism.endingpage", "prism:endingpage"),
    "isbn": ("isbn", "citation_isbn", "identifier"),
    "issn": ("issn", "citation_issn", "eissn", "prism.issn", "prism:issn"),
    "doi": ("doi", "citation_doi", "prism.doi", "prism:doi", "identifier", "dc.identifier"),
    "publisher": ("publisher", "citation_publisher", "verlag", "éditeur", "dc.publisher"),
    "place": ("place", "publisher-place", "publisher place", "address", "location", "ort", "lieu", "lugar"),
    "institution": ("institution", "school", "university", "citation_technical_report_institution",
                    "citation_dissertation_institution"),
    "edition": ("edition", "auflage", "édition", "edición"),
    "genre": ("genre", "thesis type"),
    "editor": ("editor", "editors", "herausgeber", "éditeur scientifique", "citation_editor"),
    "report number": ("report number", "report-number", "citation_technical_report_number"),
    "accessed": ("accessed", "urldate", "access date", "access_date", "retrieved", "accessdate", "abgerufen"),
}  # fmt: skip
_TYPE_KEYS = ("type", "itemtype", "item type", "entrytype", "entry type", "document type", "csl-type", "typ", "dc.type")
_DATE_KEYS = (
    "date", "published", "issued", "publication date", "publication_date", "date published", "pubdate", "datum",
    "fecha", "year", "jahr", "année", "annee", "año", "anno", "updated",
)  # fmt: skip
_FILE_DATES = ("created", "modified")

CSL_TYPES = frozenset(
    """
    article article-journal article-magazine article-newspaper bill book broadcast chapter dataset document entry
    entry-dictionary entry-encyclopedia figure graphic hearing interview legal_case legislation manuscript map
    motion_picture musical_score pamphlet paper-conference patent performance periodical personal_communication
    post-weblog regulation report review review-book software song speech standard thesis treaty webpage
""".split()
)
_TYPES = {
    "article-journal": "journalarticle jour scholarlyarticle academicarticle researcharticle reviewarticle paper",
    "article": "article preprint eprint unpublishedpaper",
    "article-magazine": "magazine magazinearticle mgzn",
    "article-newspaper": "newspaper newspaperarticle news newsarticle opinionnewsarticle",
    "book": "book monograph ebook collection mvbook proceedings",
    "chapter": "chapter bookchapter booksection inbook incollection chap",
    "paper-conference": "paperconference conferencepaper inproceedings conference cpaper conf",
    "report": "report techreport technicalreport whitepaper workingpaper rprt policybrief brief governmentdocument",
    "thesis": "thesis phdthesis mastersthesis masterthesis dissertation doctoralthesis bachelorthesis thes",
    "webpage": "webpage website online electronic elec web aboutpage collectionpage",
    "post-weblog": "blog blogpost blogposting weblog post",
    "post": "forumpost socialmediaposting discussionforumposting",
    "dataset": "dataset data",
    "personal_communication": "letter email mail personalcommunication pcomm",
    "speech": "presentation slides slide talk lecture speech keynote",
    "motion_picture": "video film movie videorecording",
    "broadcast": "podcast radio tvbroadcast audio",
    "entry-encyclopedia": "encyclopedia encyclopediaarticle encyclopediaentry inreference",
    "entry-dictionary": "dictionary dictionaryentry",
    "legal_case": "case legalcase jurisdiction",
    "legislation": "law act statute legislation",
    "standard": "standard rfc norm",
    "software": "software computerprogram code softwaresourcecode",
    "manuscript": "manuscript unpublished",
    "review": "review",
    "interview": "interview",
    "patent": "patent",
    "map": "map",
}
_TYPE_OF = {word: kind for kind, words in _TYPES.items() for word in words.split()}
_THESES = {"phdthesis": "PhD thesis", "doctoralthesis": "Doctoral thesis", "mastersthesis": "Master's thesis",
           "masterthesis": "Master's thesis", "bachelorthesis": "Bachelor's thesis"}  # fmt: skip
_OF_CONTAINER = {
    "journal": "article-journal", "magazine": "article-magazine", "newspaper": "article-newspaper", "book": "chapter",
    "conference": "paper-conference",
}  # fmt: skip
_WEB = ("HTML", "MHTML")
_OF_SITES = ("webpage", "post", "post-weblog", "article-newspaper", "article-magazine", "article")
_DOI = re.compile(r"(?:(?:https?://)?(?:dx\.)?doi\.org/|doi:\s*)?(?P<doi>10\.\d{4,9}(?:\.\d+)*/[!-~]+)", re.IGNORECASE)
# DOIs may hold nearly anything; what has spaces or what steers a terminal is left to nobody's guess.
_ISBN = re.compile(r"(?:urn:isbn:|isbn(?:-1[03])?:?\s*)?(?P<isbn>(?:97[89][- ]?)?(?:\d[- ]?){9}[\dXx])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a bibliography says of a source beside its title and authors; what is not known is empty.

    ``kind`` is a type of CSL. ``pages`` are those of the source in its container, not of a passage in the source.
    """

    kind: str
    issued: Date | None = None
    accessed: Date | None = None
    container: str = ""
    series: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    publisher: str = ""
    place: str = ""
    edition: str = ""
    genre: str = ""
    isbn: str = ""
    issn: str = ""
    doi: str = ""
    number: str = ""


def facts_of(metadata: Metadata, document: str, *, is_web: bool) -> Facts:
    """The facts of a document; ``is_web`` says that its address is known."""
    said = {name: value for name in _KEYS if (value := value_of(metadata, name))}
    kind, genre = _kind(metadata, said, document, is_web=is_web)
    named = [said.get(name, "") for name in ("journal", "magazine", "newspaper", "book", "conference", "container")]
    site = said.get("website", "")
    container = next((one for one in named if one), "") or (site if kind in ("webpage", "post", "post-weblog") else "")
    publisher = said.get("publisher", "") or said.get("institution", "")
    if not container and _is_page(document) and kind in _OF_SITES:
        container, publisher = site or publisher, ""  # what a page calls its publisher is the site
    if said.get("institution") and kind in ("thesis", "report"):
        publisher = said["institution"]
    pages = said.get("pages", "") or "-".join(said[one] for one in ("first page", "last page") if one in said)
    accessed = said.get("accessed", "")
    return Facts(
        kind=kind,
        issued=issued(metadata, document),
        accessed=date_of(accessed) if accessed else None,
        container=container,
        series=said.get("series", ""),
        volume=said.get("volume", ""),
        issue=said.get("issue", ""),
        pages="" if not any(map(str.isdigit, pages)) else re.sub(r"\s*[–—−]\s*|\s*--+\s*", "-", pages),
        publisher=publisher,
        place=said.get("place", ""),
        edition=said.get("edition", ""),
        genre=genre,
        isbn=next((isbn for key in _KEYS["isbn"] for one in _all(metadata, key) if (isbn := _isbn(one))), ""),
        issn=said.get("issn", ""),
        doi=next((doi for key in _KEYS["doi"] for one in _all(metadata, key) if (doi := _doi(one))), ""),
        number=said.get("report number", "") or (said.get("issue", "") if kind in ("report", "standard") else ""),
    )


def issued(metadata: Metadata, document: str) -> Date | None:
    """When the document says that it was published; the date of the file itself is none."""
    for key in _DATE_KEYS:
        written = next(iter(_all(metadata, key)), "")
        if not written or is_undated(written) or (key == "date" and _is_of_file(metadata, written, document)):
            continue
        return date_of(written)
    return None


def value_of(metadata: Metadata, name: str) -> str:
    """The value of one of the facts, on one line, under the first key that has any."""
    return ", ".join(" ".join(one.split()) for one in values_of(metadata, *_KEYS[name]))


def values_of(metadata: Metadata, *keys: str) -> list[str]:
    """The values under the first of the keys that has any."""
    return next((found for key in keys if (found := _all(metadata, key))), [])


def _all(metadata: Metadata, key: str) -> list[str]:
    value = metadata.get(key)
    return [value] if isinstance(value, str) and value else list(value or [])


def _is_of_file(metadata: Metadata, written: str, document: str) -> bool:
    """Whether ``date`` is only when a program made or saved the file: what office files and PDFs call their dates."""
    if has_lines(document):
        return False
    stamps = [read_date(one) for key in _FILE_DATES for one in _all(metadata, key)]
    return read_date(written) in [one for one in stamps if one]


def _kind(metadata: Metadata, said: Mapping[str, str], document: str, *, is_web: bool) -> tuple[str, str]:
    """The type of CSL and the genre: as the document says, else by its container and its format."""
    genre = said.get("genre", "")
    for one in values_of(metadata, *_TYPE_KEYS):
        word = re.sub(r"[^a-z]", "", one.lower())
        kind = one.lower().strip() if one.lower().strip() in CSL_TYPES else _TYPE_OF.get(word, "")
        if kind == "article" and word == "article":
            kind = _article(said, is_web=is_web)
        if kind:
            return kind, genre or _THESES.get(word, "")
    for name, kind in _OF_CONTAINER.items():
        if name in said:
            return kind, genre
    return _guessed(said, document, is_web=is_web), genre


def _article(said: Mapping[str, str], *, is_web: bool) -> str:
    """An article of a journal; of a site, where nothing tells of a journal: "article" is what every page says."""
    if any(name in said for name in ("journal", "volume", "issue", "issn")):
        return "article-journal"
    return "webpage" if is_web else "article"


def _guessed(said: Mapping[str, str], document: str, *, is_web: bool) -> str:
    if _isbn(said.get("isbn", "")) or _form(document) == "EPUB":
        return "book"
    if "issn" in said or ("container" in said and ("volume" in said or "issue" in said)):
        return "article-journal"
    if PurePosixPath(document).suffix.lower() in (".eml", ".mbox", ".msg"):
        return "personal_communication"
    return "webpage" if is_web or _is_page(document) else "document"


def _form(document: str) -> str:
    kind = kind_of(document)
    return kind.name if kind else ""


def _is_page(document: str) -> bool:
    return _form(document) in _WEB


def _doi(written: str) -> str:
    """The DOI that somebody wrote, perhaps as an address; "" where it is none."""
    found = _DOI.fullmatch(written.strip())
    return found["doi"] if found else ""


def _isbn(written: str) -> str:
    """The ISBN that somebody wrote; "" where its check digit is wrong: it is another number then."""
    found = _ISBN.fullmatch(written.strip())
    digits = re.sub(r"[- ]", "", found["isbn"]).upper() if found else ""
    values = [10 if one == "X" else int(one) for one in digits]
    ten = len(digits) == len("0123456789") and sum((10 - at) * one for at, one in enumerate(values)) % 11 == 0
    thirteen = (
        len(digits) > len("0123456789") and sum((3 if at % 2 else 1) * one for at, one in enumerate(values)) % 10 == 0
    )
    return found["isbn"] if found and (ten or thirteen) else ""
