"""A web page whole: its text, outline and metadata, for every format that holds one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from nrqa.corpus.readers.reading import Reading
from nrqa.corpus.readers.shared.boilerplate import is_boilerplate, is_notice
from nrqa.corpus.readers.shared.outline import Outline, Section, blocks_of
from nrqa.corpus.readers.web.hidden import hidden_elements
from nrqa.corpus.readers.web.main import main_element
from nrqa.corpus.readers.web.noscript import show_noscript
from nrqa.corpus.readers.web.page_boilerplate import is_prose, plain_surroundings, surroundings, weight_of
from nrqa.corpus.readers.web.page_metadata import Facts, facts_of
from nrqa.corpus.readers.web.text_flow import HIDDEN, LEFT_OUT, Flow, shortened
from nrqa.corpus.readers.web.tree import parsed, pieces
from nrqa.errors import UnreadableError
from nrqa.records import Flag

if TYPE_CHECKING:
    from lxml import etree

_LEAST = 0.3
"""Share of the page's own words (outside links) that must be left when menus, banners and lists of pages are gone."""
_LEAST_SHOWN = 200
"""If a page shows fewer characters than this and most of its text is hidden, a script shows the text."""
_EDGE = 4
_ONLY = (
    (("input", "textarea", "select"), "a form, whose values are not read"),
    (("img", "svg", "canvas"), "pictures"),
    (("audio", "video"), "sound or film"),
    (("title",), "a title"),
)
"""What a page without text may have instead."""


def read_page(page: str, *, url: str | None = None, sheets: Sequence[str] = ()) -> Reading:
    """Reads a page; ``url`` is the address it was saved from, ``sheets`` are the style sheets that came with it."""
    root = parsed(page)
    body = root.find("body")
    show_noscript(root if body is None else body)
    flow = _flow(root if body is None else body, sheets)
    facts = facts_of(root, [one.title for one in flow.sections if one.level == 1], url=url)
    sections, notices = _kept(flow.sections, flow.text, facts)
    if not sections:
        raise UnreadableError(_empty(root))
    outline = Outline(facts.title or None, facts.metadata, tuple(notices), blocks_of(sections))
    return Reading(flow.text, outline, flags=tuple(flow.flags), seams=tuple(flow.seams))


def _flow(body: etree._Element, sheets: Sequence[str]) -> Flow:
    hidden = hidden_elements(body.getroottree().getroot(), sheets)
    shown = weight_of(body, hidden)
    every = weight_of(body) if hidden else shown
    scripted = shown.all < min(_LEAST_SHOWN, every.all / 5)
    if scripted:
        hidden = {}
    plain = plain_surroundings(body, hidden)
    left_out = surroundings(body, hidden, plain)
    main = main_element(body, {*hidden, *left_out})
    flow = Flow(tells=True)
    flow.add(main, hidden, left_out)
    if _words(flow) < _LEAST * weight_of(body, {*hidden, *plain}).own:
        main, left_out = body, plain
        flow = Flow(tells=True)
        flow.add(body, hidden, left_out)
    if not flow.sections:
        main, flow = body, Flow()
        flow.add(body, hidden, ())
    if main is not body and is_prose(body, {*hidden, *left_out, main}):
        outside = " ".join("".join(text for text, _ in pieces(body, {*hidden, *left_out, main})).split())
        flow.flags.append(Flag(LEFT_OUT, flow.length, flow.length, shortened(f"outside the main text: {outside}")))
    if scripted:
        flow.flags.append(Flag(HIDDEN, 0, flow.length, "all of it, until a script shows it"))
    return flow


def _words(flow: Flow) -> int:
    return len("".join(flow.text.split()))


def _kept(sections: Sequence[Section], text: str, facts: Facts) -> tuple[list[Section], list[str]]:
    """The sections without boilerplate, notices and lines that repeat the title, authors or dates; and the notices."""
    written = [text[one.span.start : one.span.end] for one in sections]
    edge = {*range(_EDGE), *range(len(sections) - _EDGE, len(sections))}
    notices = [at for at, words in enumerate(written) if at in edge and not sections[at].level and is_notice(words)]
    said = said_already(facts.metadata)
    kept = [
        one
        for at, one in enumerate(sections)
        if one.level or one.items or not (at in notices or is_boilerplate(written[at]) or written[at] in said)
    ]
    if not kept:
        return [one for one, words in zip(sections, written, strict=True) if any(map(str.isalnum, words))], []
    kept = [one for at, one in enumerate(kept) if not (one.level and is_boilerplate(one.title) and _is_bare(kept, at))]
    head = next((at for at, one in enumerate(kept) if one.level), None)
    if head is not None and kept[head].level == 1 and kept[head].title == facts.title and len(kept) > 1:
        del kept[head]
    return kept, [written[at] for at in notices]


def said_already(metadata: Mapping[str, str | list[str]]) -> frozenset[str]:
    """The values of authors, dates, publisher and rights: a line that only repeats one of them is not a passage."""
    values = [metadata.get(key, "") for key in ("author", "date", "updated", "publisher", "rights")]
    listed = [one for value in values for one in ([value] if isinstance(value, str) else value) if one]
    return frozenset([*listed, *(name for one in listed for name in one.split("; "))])


def _is_bare(sections: Sequence[Section], at: int) -> bool:
    """Whether nothing stands under the heading."""
    following = sections[at + 1] if at + 1 < len(sections) else None
    return following is None or 0 < following.level <= sections[at].level


def _empty(root: etree._Element) -> str:
    if root.find(".//frameset") is not None:
        return "a page of frames, whose text is in other files"
    if any(len("".join(script.itertext())) > 200 or "src" in script.attrib for script in root.iter("script")):
        return "no text in it: the page is built by a script; save it from a browser that has shown it"
    for names, told in _ONLY:
        if next(root.iter(*names), None) is not None:
            return f"no text in it, only {told}"
    return "no text in it"
