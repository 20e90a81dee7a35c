"""The citations in a text or JSON file, where they stand in it, and the quotations beside them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from json import JSONDecodeError
from pathlib import PurePosixPath

from nrqa.citations.annotation import cited_in
from nrqa.citations.cited import Cited, fingerprint
from nrqa.citations.json_text import TOO_DEEP, Node, places, read_all, read_json
from nrqa.citations.line import IN_TEXT, NO_NAME, cited_of, decoded, is_counted, unescaped
from nrqa.citations.quotations import quotations_beside, without_emphasis
from nrqa.corpus.readers.kinds import kind_of
from nrqa.text.typography import UNSPACED

_OBJECT = re.compile(r'\{\s*"')
_ODD = re.compile(f"[{NO_NAME}]")
_UNSPACED = re.compile(f"[{UNSPACED}]")
_EMPHASIS = "_~"
_MARKED_UP = frozenset({"Markdown", "reStructuredText", "AsciiDoc", "Org"})
"""Kinds of documents whose own text has stars around words; beside any other, they are the writer's emphasis."""


@dataclass(frozen=True, slots=True)
class Found:
    """A citation and its position in a file's text; ``node`` is its object, where it is JSON.

    ``fingerprint`` is that of a one-line citation, as it was written. ``escaped``: the citation is in a JSON string.
    """

    cited: Cited
    start: int
    end: int
    node: Node | None = None
    fingerprint: str = ""
    escaped: bool = False


def citations_in_text(text: str, documents: Collection[str] = ()) -> list[Found]:
    """The citations of a text, in order; a place alone (``file.txt:3``) counts if it is in one of the ``documents``."""
    found: list[Found] = []
    at = 0
    for node in _objects(text):
        found += _lines(text, documents, at, node.start)
        found += _in_json(node, text, documents)
        at = node.end
    return [*found, *_lines(text, documents, at, len(text))]


def citations_in_json(text: str, documents: Collection[str] = ()) -> list[Found]:
    """The citations of a JSON or JSON Lines text: annotations, hits of answers, and lines within strings.

    Raises ValueError where it is no JSON.
    """
    return [one for node in read_all(text) for one in _in_json(node, text, documents)]


def _objects(text: str) -> Iterator[Node]:
    """The outermost JSON objects in a text, which may be or hold citations."""
    at = 0
    while found := _OBJECT.search(text, at):
        try:
            node = read_json(text, found.start())
        except ValueError as error:
            # What is nested too deep is not tried again from each of its levels.
            at = found.start() + 1
            if isinstance(error, JSONDecodeError) and error.msg == TOO_DEEP:
                at = error.pos
            continue
        yield node
        at = node.end


def _in_json(node: Node, text: str, documents: Collection[str]) -> Iterator[Found]:
    if isinstance(node.value, dict):
        cited = cited_in(node.value)
        if cited:
            yield Found(cited, node.start, node.end, node)
            return
    if isinstance(node.value, str):
        at = places(text, node.start, node.end)
        for one in _lines(node.value, documents):
            yield replace(one, start=at[one.start], end=at[one.end], escaped=True)
    # In an answer only the hits are citations: what it says about the search and near misses is not.
    is_answer = "searched" in node.inner and ("question" in node.inner or "hits" in node.inner)
    for key, inner in node.inner.items():
        if not is_answer or key == "hits":
            yield from _in_json(inner, text, documents)


def _lines(text: str, documents: Collection[str], start: int = 0, end: int | None = None) -> list[Found]:
    odd = [one for one in documents if _ODD.search(one)]
    suffixes = {PurePosixPath(one).suffix for one in documents} - {""}
    kept: list[Found] = []
    for found in IN_TEXT.finditer(text, start, len(text) if end is None else end):
        cited = cited_of(found)
        begin = found.start()
        if cited.document not in documents:
            cited, begin = _with_its_name(cited, found, text, odd, documents)
        known = bool(cited.digits) or cited.document in documents
        if not cited.digits and not cited.lines and not is_counted(cited):
            continue
        # With a quotation beside it, it may cite a document that was renamed since.
        if not known and (cited.document.startswith("//") or PurePosixPath(cited.document).suffix not in suffixes):
            continue
        cited = _with_quotation(cited, quotations_beside(text, begin, found.end()))
        if not known and not cited.exact:
            continue
        if kept and begin < kept[-1].end:
            kept.pop()  # the end of a longer name looked like a citation of its own
        kept.append(Found(cited, begin, found.end(), fingerprint=_fingerprint_in(found.group())))
    return kept


def _with_its_name(
    cited: Cited, found: re.Match[str], text: str, odd: Sequence[str], documents: Collection[str]
) -> tuple[Cited, int]:
    """The citation with the document name that the writer meant, and where this name begins.

    The written name may have %20 or Markdown's backslashes in it; it may hold spaces and colons, or follow other text
    without a space.
    """
    name, ending = found["name"], found.end("name")
    for one in (name, unescaped(name), decoded(unescaped(name))):
        if one in documents:
            return replace(cited, document=one), found.start()
    for one in sorted(odd, key=len, reverse=True):
        if text.endswith(one, 0, ending) and ending - len(one) < found.start():
            return replace(cited, document=one), ending - len(one)
    marks = len(name) - len(name.lstrip(_EMPHASIS))
    for seam in (*range(1, marks + 1), *(one.end() for one in _UNSPACED.finditer(name))):
        if decoded(name[seam:]) in documents:
            return replace(cited, document=decoded(name[seam:])), found.start() + seam
    if marks and text.startswith(name[:marks][::-1], found.end()):
        return replace(cited, document=decoded(name[marks:])), found.start() + marks
    return cited, found.start()


def _with_quotation(cited: Cited, quotations: Sequence[str]) -> Cited:
    """The citation with its text: the quotation that has its fingerprint; or the nearest one, if it has none."""
    if not quotations:
        return cited
    nearest = quotations[0]
    kind = kind_of(cited.document)
    if kind is None or kind.name not in _MARKED_UP:
        nearest = without_emphasis(nearest)
    if not cited.digits:
        return replace(cited, exact=nearest)
    for one in quotations:
        sha256, length = fingerprint(one)
        if sha256.startswith(cited.digits) and cited.length in (0, length):
            return replace(cited, exact=one)
    return replace(cited, part=nearest)


def _fingerprint_in(written: str) -> str:
    found = re.search(r"#[0-9A-Fa-f]{6,64}(?:\+[0-9]+)?\s*\Z", written)
    return found.group().strip() if found else ""
