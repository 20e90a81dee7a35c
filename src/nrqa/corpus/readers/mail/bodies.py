"""Splits the text of a message part into pieces: the sender's own words, quotations, and what is set apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nrqa.corpus.readers.mail.quoting import Kind, is_forwarded, stretches
from nrqa.corpus.readers.shared.outline import blocks_of
from nrqa.corpus.readers.shared.paragraphs import paragraphs_of
from nrqa.records import Block, Flag
from nrqa.text.lines import stripped_lines


@dataclass(frozen=True, slots=True)
class Piece:
    """Paragraphs of one kind: their text, its blocks and flags (positions in this text)."""

    kind: Kind
    text: str
    blocks: tuple[Block, ...]
    flags: tuple[Flag, ...] = ()


def plain_pieces(body: str, *, forward: bool) -> Iterator[Piece]:
    """The pieces of a plain text body; each wrapped paragraph is joined to one line."""
    for stretch in stretches(body, forward=forward):
        source = "\n".join(stretch.lines)
        mark = f"{'>' * stretch.depth} " if stretch.depth else ""
        text = ""
        blocks: list[Block] = []
        before = 0
        for one in paragraphs_of(source, stripped_lines(source)):
            if text:
                text += "\n\n" if source[before : one.start].count("\n") > 1 else "\n"
            start = len(text)
            # The mark ">" stays: whoever cites this text must see that it is a quotation.
            text += mark + " ".join(line.strip() for line in one.text.split("\n"))
            blocks.append(Block(start, len(text)))
            before = one.end
        if text:
            yield Piece(stretch.kind, text, tuple(blocks))


def html_pieces(page: str, *, forward: bool) -> Iterator[Piece]:
    """The pieces of an HTML body: first what the sender wrote, then what is quoted below it or inside it."""
    from nrqa.corpus.readers.web.hidden import hidden_elements
    from nrqa.corpus.readers.web.text_flow import Flow
    from nrqa.corpus.readers.web.tree import parsed

    root = parsed(page)
    body = root.find("body")
    hidden = hidden_elements(root)
    quoted = [] if forward else _quoted(root)
    for kind, roots, left_out in (("own", [root if body is None else body], quoted), ("quoted", quoted, [])):
        flow = Flow()
        for one in roots:
            flow.add(one, hidden, left_out)
        if flow.sections:
            yield Piece("own" if kind == "own" else "quoted", flow.text, blocks_of(flow.sections), tuple(flow.flags))


def _quoted(root: object) -> list[object]:
    """The outermost elements that contain quotations, found by the marks that mail programs give them."""
    found: list[object] = []
    for element in root.iter():  # type: ignore[attr-defined]
        if not isinstance(element.tag, str) or any(above in found for above in element.iterancestors()):
            continue
        if _is_quotation(element) and not is_forwarded(" ".join("".join(element.itertext()).split())):
            found.append(element)
        elif element.get("id") in ("divRplyFwdMsg", "appendonsend") or _is_outlook(element):
            # Outlook puts the other message's header here; all that follows is that message.
            found.append(element)
            found.extend(one for one in element.itersiblings() if isinstance(one.tag, str))
    return found


def _is_quotation(element: object) -> bool:
    get = element.get  # type: ignore[attr-defined]
    names = (get("class") or "").split()
    is_cite = element.tag == "blockquote" and get("type") == "cite"  # type: ignore[attr-defined]
    return is_cite or any(name in _CLASSES for name in names)


def _is_outlook(element: object) -> bool:
    style = (element.get("style") or "").replace(" ", "").lower()  # type: ignore[attr-defined]
    return element.tag == "div" and "border-top:solid#" in style and "border:none" in style  # type: ignore[attr-defined]


_CLASSES = frozenset(("gmail_quote", "gmail_quote_container", "yahoo_quoted", "protonmail_quote", "moz-cite-prefix"))
