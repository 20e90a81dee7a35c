"""What the tools that find and read passages say: search, fetch, documents, show_page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from nrqa.agents.telling import Item, Told, named
from nrqa.answering.missing_words import OPENING
from nrqa.answering.opened import snapshot_of
from nrqa.citations.line import cite_line
from nrqa.errors import QuestionError
from nrqa.index.snapshot import Snapshot
from nrqa.records import Answer, Hit, Passage, Searched
from nrqa.rendering.places import parse_place
from nrqa.rendering.plain_text import counted
from nrqa.service import verbs
from nrqa.service.desk import Desk

Detail = Literal["places", "passages", "context"]

_MOST_NAMED = 5
"""Files that were not searched, by name; `status` names all."""
_MOST_VALUES = 20
"""Values of a metadata key that are told."""
_MEANT = {
    "answered": "answered",
    "weak": "weak: the passages may answer, or only come near",
    "absent": "absent: everything was searched, and nothing answers; what follows are near misses, not answers",
    "unknown": "unknown: nothing that was searched answers, and some files could not be searched",
}


def search(desk: Desk, *, query: str, detail: Detail = "passages", **options: Any) -> Told:
    """The verdict, what was searched, and the passages."""
    answer = verbs.search(desk.index, query, **options).record
    lines = [_verdict(answer), *_not_searched(answer.searched)]
    nowhere = [one for one in answer.searched.nowhere if one.casefold() not in OPENING]
    if nowhere:
        lines.append(f"words that occur nowhere in the documents: {named(', '.join(nowhere))}")
    lines += [f"notice: {one}" for one in answer.notices]
    around = _neighbours(desk, answer) if detail == "context" else {}
    return Told("\n".join(lines), [_hit(one, detail, *around.get(one.rank, ())) for one in answer.hits])


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a document: its passages, all passages of the document, and whether its file has changed since."""

    document: str
    passages: Sequence[Passage]
    every: Sequence[Passage]
    changed: bool


def stretch(desk: Desk, *, id: str, before: int = 0, after: int = 0, section: bool = False) -> Stretch:  # noqa: A002
    """The passages at a citation, with those around it or all of its section; or a document from its beginning."""
    shown = verbs.show(desk.index, id, around=0).record
    found = snapshot_of(desk.index).document_named(shown.document)
    every = [one.passage for one in found[1]] if found else []
    place = parse_place(id)
    is_whole = place == type(place)(place.document)
    wanted = every if is_whole else _around(every, shown.passages, before, after, section=section)
    if not wanted:
        raise QuestionError(f"There is no passage at '{named(id)}'. A document is read by its name alone")
    return Stretch(shown.document, wanted, every, shown.changed)


def fetch(desk: Desk, **place: Any) -> Told:
    """What ``stretch`` finds."""
    found = stretch(desk, **place)
    head = f"{named(found.document)}: {counted(len(found.every), 'passage')}, of these {len(found.passages):,} here"
    changed = ["the file has changed since it was indexed; this is the text as it was then"] if found.changed else []
    return Told("\n".join([head, *changed]), [Item(_cited(one), one.text) for one in found.passages])


def documents(
    desk: Desk, *, name: str | None = None, facets: bool = False, where: Any = None, only: Any = None
) -> Told:
    """The documents; what they can be filtered by; or what is known of one, with its headings."""
    if facets:
        return _facets(verbs.contents(desk.index, documents=False, facets=True).record.facets)
    if name is not None:
        return _outline(snapshot_of(desk.index), verbs.show(desk.index, name, around=0).record.document)
    listed = verbs.contents(desk.index, where=where, only=only).record.documents
    items = [
        Item(f"{named(one.name)}  {_titled(one.title)}{counted(one.passages, 'passage')}{_flagged(one.flags)}")
        for one in listed
    ]
    return Told(counted(len(listed), "document"), items, ("document", "documents"))


@dataclass(frozen=True, slots=True)
class PageShown:
    """A page as a picture: a line about it, and what a reader of pages wants to know."""

    line: str
    picture: bytes
    about: Mapping[str, Any]


def show_page(desk: Desk, *, id: str, page: int | None = None) -> PageShown:  # noqa: A002
    """The page of a PDF with the passage marked; on another ``page`` nothing is, unless it has the passage, too."""
    shown = verbs.show(desk.index, id, around=0).record
    cited = sorted({one.page for passage in shown.passages for one in passage.citation.rectangles})
    pages = [number for number, _, _ in snapshot_of(desk.index).page_spans(shown.document)]
    if page is None or page in cited:
        picture = verbs.picture(desk.index, id)
        line = "\n".join(_cited(one) for one in shown.passages)
    else:
        picture = verbs.picture_of_page(desk.index, shown.document, page)
        line = f"{named(shown.document)} p. {page}; nothing is marked"
    about = {
        "id": id,
        "document": shown.document,
        "page": page if page is not None else (cited or [1])[0],
        "pages": max(pages, default=1),
        "cited": cited,
    }
    return PageShown(line, picture, about)


def _verdict(answer: Answer) -> str:
    searched = answer.searched
    whole = "all of them" if not (searched.where or searched.only) else "those that pass the filters"
    return (
        f"{_MEANT[answer.verdict]}\nconfidence {answer.confidence:.2f} · {counted(searched.documents, 'document')}, "
        f"{counted(searched.passages, 'passage')} searched, {whole} · generation {answer.generation}"
    )


def _not_searched(searched: Searched) -> Iterable[str]:
    for what, files in (("could not be read", searched.unreadable), ("changed since indexing", searched.stale)):
        if files:
            names = ", ".join(named(one.document) for one in files[:_MOST_NAMED])
            more = f" and {len(files) - _MOST_NAMED:,} more" if len(files) > _MOST_NAMED else ""
            yield f"{what}: {counted(len(files), 'file')} ({names}{more})"


def _neighbours(desk: Desk, answer: Answer) -> dict[int, tuple[str, str]]:
    """The passage before and the one after each hit, by its rank; "" at the ends of a document."""
    snapshot = desk.index.snapshot_at(answer.generation)
    texts: dict[str, dict[int, tuple[str, str]]] = {}
    found = {}
    for hit in answer.hits:
        citation = hit.passage.citation
        if citation.document not in texts:
            known = snapshot.document_named(citation.document)
            every = [one.passage for one in known[1]] if known else []
            beside = ["", *(one.text for one in every), ""]
            pairs = zip(beside, beside[2:], strict=False)
            texts[citation.document] = dict(zip((one.citation.start for one in every), pairs, strict=True))
        found[hit.rank] = texts[citation.document].get(citation.start, ("", ""))
    return found


def _hit(hit: Hit, detail: Detail, before: str = "", after: str = "") -> Item:
    date = hit.passage.citation.metadata.get("date")
    said = [f"[{hit.rank}] {_cited(hit.passage)}", f"  {named(str(date))}" if date else ""]
    if hit.also:
        said.append(f"  also in {', '.join(named(one.document) for one in hit.also[:_MOST_NAMED])}")
    return Item("".join(said), "" if detail == "places" else hit.text, before, after)


def _cited(passage: Passage) -> str:
    return f"{cite_line(passage)}{_flagged(passage.citation.flags)}"


def _flagged(flags: Sequence[Any]) -> str:
    kinds = sorted({one.kind for one in flags})
    return f"  beware: {', '.join(kinds)}" if kinds else ""


def _titled(title: str) -> str:
    return f"“{named(title)}”  " if title else ""


def _around(
    every: Sequence[Passage], wanted: Sequence[Passage], before: int, after: int, *, section: bool
) -> Sequence[Passage]:
    if not wanted:
        return ()
    places = {(one.citation.start, one.citation.end) for one in wanted}
    at = [number for number, one in enumerate(every) if (one.citation.start, one.citation.end) in places]
    first, last = min(at), max(at)
    if section:
        heading = every[first].citation.heading
        while first and every[first - 1].citation.heading == heading:
            first -= 1
        while last + 1 < len(every) and every[last + 1].citation.heading == heading:
            last += 1
    return every[max(0, first - before) : last + 1 + after]


def _facets(facets: Any) -> Told:
    items = []
    for key, values in facets.items():
        shown = ", ".join(f"{named(value)} ({count:,})" for value, count in list(values.items())[:_MOST_VALUES])
        more = f", and {len(values) - _MOST_VALUES:,} other values" if len(values) > _MOST_VALUES else ""
        items.append(Item(f"{named(key)}: {shown}{more}"))
    return Told(
        'Filter with where: {"key": "value"}. Values, and how many documents have them:', items, ("key", "keys")
    )


def _outline(snapshot: Snapshot, name: str) -> Told:
    found = snapshot.document_named(name)
    passages = [one.passage for one in found[1]] if found else []
    known = next((one for one in snapshot.listed() if one.name == name), None)
    lines = [f"{named(name)}  {_titled(known.title if known else '')}{counted(len(passages), 'passage')}"]
    if known:
        lines += [f"{named(key)}: {named(_text(value))}" for key, value in known.metadata.items()]
        lines += [f"beware: {one.kind} ({named(one.detail)})" for one in known.flags]
    items = [
        Item(f"{'  ' * (len(one.citation.heading) - 1)}{named(one.citation.heading[-1])}  {named(one.citation.place)}")
        for before, one in zip([None, *passages], passages, strict=False)
        if one.citation.heading and (before is None or before.citation.heading != one.citation.heading)
    ]
    return Told("\n".join(lines), items, ("heading", "headings"))


def _text(value: str | list[str]) -> str:
    return value if isinstance(value, str) else ", ".join(value)
