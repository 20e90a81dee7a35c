"""Rewrites a citation in place, with the place that its passage has now; every other byte stays the same."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from nrqa.citations.addresses import ADDRESS
from nrqa.citations.annotation import POSITION, QUOTE, annotation, selectors, source_of
from nrqa.citations.finding import Found
from nrqa.citations.json_text import Edit, edits
from nrqa.citations.line import cite_line, escaped_as, line_of
from nrqa.records import Passage


def rewritten(found: Found, passage: Passage, document: str, written: str) -> Iterator[Edit]:
    """The edits of ``written``, the file's text, that update a citation; ``document`` is the text of its document."""
    if found.node is not None:
        yield from edits(found.node, _moved(found.node.value, passage, document), written)
        return
    citation = passage.citation if found.cited.heading else replace(passage.citation, heading=())
    line, old = line_of(citation, found.fingerprint), written[found.start : found.end]
    as_string = json.loads(f'"{old}"', strict=False) if found.escaped else old
    if "\\" not in found.cited.document:  # else the backslash is part of the name, and no escape of Markdown's
        line = escaped_as(line, as_string)
    if found.escaped:
        line = json.dumps(line, ensure_ascii=old.isascii())[1:-1]
    yield Edit(found.start, found.end, line)


def apply(text: str, changes: Iterable[Edit]) -> str:
    """The text with the changes made; they do not overlap."""
    parts: list[str] = []
    at = 0
    for one in sorted(changes, key=lambda one: one.start):
        parts += [text[at : one.start], one.text]
        at = one.end
    return "".join([*parts, text[at:]])


def _moved(value: dict[str, Any], passage: Passage, document: str) -> dict[str, Any]:
    """The JSON object with every place in it changed to that of the passage; it keeps its members."""
    new = copy.deepcopy(value)
    fresh = annotation(passage, document)
    target = new.get("target", new)
    if isinstance(target, list):
        target = target[0]
    if isinstance(target, dict) and "selector" in target:
        _move_target(target, fresh)
        if "id" in new and str(new["id"]).startswith("urn:uuid:") and isinstance(new.get("citation"), dict):
            new["id"] = fresh["id"]  # an id that nrqa itself derived from the place
    if isinstance(new.get("citation"), dict):
        _take(new["citation"], fresh["citation"])
    elif "document" in new:
        _take(new, fresh["citation"])
    if isinstance(new.get("annotation"), dict):
        new["annotation"] = _moved(new["annotation"], passage, document)
    if isinstance(new.get("cite"), str):
        new["cite"] = cite_line(passage)
    if isinstance(new.get("text"), str):
        new["text"] = passage.text
        if "highlights" in value:
            new["highlights"] = _highlights(value, passage)
    return new


def _move_target(target: dict[str, Any], fresh: dict[str, Any]) -> None:
    holder, key = (target["source"], "id") if isinstance(target.get("source"), dict) else (target, "source")
    address, mark, fragment = str(holder[key]).partition("#")
    if not ADDRESS.match(address):  # a document that was cited by its URL still has it
        holder[key] = source_of(fresh["citation"]["document"]) + mark + fragment
    now = {one["type"]: one for one in fresh["target"]["selector"]}
    for one in selectors(target):
        if one.get("type") in (QUOTE, POSITION):
            _take(one, now[one["type"]])


def _take(old: dict[str, Any], new: dict[str, Any]) -> None:
    old.update({key: new[key] for key in old if key in new})


def _highlights(hit: dict[str, Any], passage: Passage) -> Any:
    """The highlights moved with the passage; none where its typography has changed."""
    highlights, citation = hit["highlights"], hit.get("citation")
    if not isinstance(highlights, list) or not isinstance(citation, dict):
        return highlights
    if hit["text"] != passage.text or not isinstance(citation.get("start"), int):
        return []
    by = passage.citation.start - citation["start"]
    return [{**one, "start": one["start"] + by, "end": one["end"] + by} for one in highlights]
