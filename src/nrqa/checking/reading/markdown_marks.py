"""The marks within a paragraph of Markdown, and the HTML in it."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

from nrqa.checking.reading.marked import Marked, hidden
from nrqa.checking.reading.paragraph import ReferenceKind

_ESCAPE = re.compile(r"\\[!-/:-@\[-`{-~]")
_CODE = re.compile(r"(?<!`)(`{1,3})(?!`)(?P<code>.+?)(?<!`)\1(?!`)", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_QUOTE_TAG = re.compile(r"<(?P<slash>/?)q(?:\s[^<>]{0,1000})?>", re.IGNORECASE)
_CITE = re.compile(
    r"\bcite\s{0,9}=\s{0,9}(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s\"'>]+))", re.IGNORECASE
)
_TAG = re.compile(r"</?[A-Za-z][\w-]*(?:\s[^<>]{0,1000})?/?>")
_AUTOLINK = re.compile(r"<(?P<url>[a-z][a-z0-9+.-]{1,30}:[^<>\s]{1,2000})>")
_URL = re.compile(r"\bhttps?://[^\s<>\"“”]{1,2000}?(?=[.,;:!?)\]]*(?:[\s<>\"“”]|$))")
_TARGET = (
    r"\((?P<url><[^<>\n]*>|[^()\s]{0,2000}(?:\([^()\s]{0,500}\)[^()\s]{0,500}){0,4})"
    r"(?:\s{1,9}[\"'(][^\n]{0,500}?[\"')])?\)"
)
_IMAGE = re.compile(rf"!\[[^\[\]]{{0,500}}\](?:{_TARGET}|\[[^\[\]]{{0,500}}\])")
_LINK = re.compile(rf"\[(?P<words>[^\[\]]{{0,1000}})\]{_TARGET}")
_NOTE = re.compile(r"\[\^(?P<label>[^\[\]\s]{1,200})\]")
_INLINE_NOTE = re.compile(r"\^\[(?P<note>[^\[\]]{1,1000})\]")
_STARS = re.compile(r"(?P<mark>\*{1,3}|~~)(?=[^\s*])(?P<words>[^*]{1,2000}?)(?<=[^\s*])(?P=mark)", re.DOTALL)
_LOW_LINES = re.compile(r"(?<!\w)(?P<mark>_{1,3})(?=[^\s_])(?P<words>.{1,2000}?)(?<=[^\s_])(?P=mark)(?!\w)", re.DOTALL)
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,10}|#\d{1,6}|#x[0-9a-fA-F]{1,5});")


def take_out_marks(marked: Marked, links: Mapping[str, str], notes: Mapping[str, str]) -> None:
    """Take out emphasis, links, notes, tags and the marks of code; ``links`` and ``notes`` say what labels mean."""
    marked.take_out(_ESCAPE, new=lambda escape: hidden(escape[1]))
    # Words in code are words, as of a quotation around it; marks in it are none.
    marked.take_out(_CODE, lambda found: ("code", (found["code"].strip(),)), keep="code", hidden=True)
    marked.take_out(_COMMENT, before=marked.text.rfind("-->") + len("-->"))
    marked.take_out(_AUTOLINK, lambda found: ("link", (found["url"],)))
    marked.take_out(_QUOTE_TAG, _cited, new=lambda tag: "”" if tag.startswith("</") else "“")
    marked.take_out(_TAG)
    marked.take_out(_IMAGE)
    marked.take_out(_INLINE_NOTE, lambda found: ("note", (found["note"],)))
    marked.take_out(_NOTE, lambda found: ("note", (notes.get(found["label"], ""),)))
    marked.take_out(_LINK, lambda found: ("link", (found["url"].strip("<>"), found["words"])), keep="words")
    for pattern in _labelled(links, marked.text):
        marked.take_out(
            pattern, lambda found: ("link", (links[found["label"].casefold()], found["words"])), keep="words"
        )
    marked.take_out(_URL, lambda found: ("link", (found.group(),)))
    for _ in range(2):  # emphasis in emphasis
        marked.take_out(_STARS, keep="words")
        marked.take_out(_LOW_LINES, keep="words")
    marked.take_out(_ENTITY, new=_character)


def _cited(tag: re.Match[str]) -> tuple[ReferenceKind, tuple[str, ...]] | None:
    """What a <q> says that it cites."""
    found = _CITE.search(tag.group())
    return ("link", (found["double"] or found["single"] or found["bare"] or "",)) if found else None


def _labelled(links: Mapping[str, str], text: str) -> list[re.Pattern[str]]:
    """The patterns that find [words][label] and [label], for the labels that are defined and stand in the text."""
    used = {one for one in (found.group(1) for found in _LABEL.finditer(text)) if one.casefold() in links}
    if not used:
        return []
    known = "|".join(re.escape(label) for label in sorted(used, key=len, reverse=True))
    return [
        re.compile(rf"\[(?P<words>[^\[\]]{{1,1000}})\][ ]?\[(?P<label>{known})\]"),
        re.compile(rf"\[(?P<words>(?P<label>{known}))\](?:\[\])?"),
    ]


_LABEL = re.compile(r"\[([^\[\]]{1,999})\]")


def _character(entity: str) -> str:
    """The character that an entity stands for; a replacement character where it is unknown, or stands for two."""
    meant = html.unescape(entity)
    return meant if len(meant) == 1 else "\N{REPLACEMENT CHARACTER}"
