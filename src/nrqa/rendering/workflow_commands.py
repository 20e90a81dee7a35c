"""Findings as GitHub's workflow commands: a line each, which GitHub shows beside the line of the file.

After "Workflow commands for GitHub Actions": ``::error file=memo.md,line=3,title=edited::message``. Whatever a draft or
a document holds stays inside its message: a command ends with the line, and no line end is left in one.
"""

from __future__ import annotations

from collections.abc import Iterator

from nrqa.checking.results import Checked, CheckedQuotation
from nrqa.citations.verifying import Verification, Verified
from nrqa.records import Skipped
from nrqa.rendering.checked_draft import finding_of
from nrqa.rendering.places import place_of
from nrqa.rendering.plain_text import counted, one_line
from nrqa.rendering.verification import render_word_changes

_LONGEST = 300
"""Characters of a quotation that are repeated: GitHub shows a few lines."""
_MENDED = "; nrqa verify --update writes the citation anew"


def commands_of_verification(found: Verification) -> Iterator[str]:
    """A command for each citation that does not lead to the words it cites, and a line of counts."""
    for file, citations in found.files:
        for one in citations:
            if not one.good:
                yield _command("error", _citation(one), one.judgment.status, file=file, line=one.line)
    yield from _not_searched(found.unreadable)
    counts = ", ".join(f"{count:,} {status}" for status, count in found.counts.items() if count)
    yield f"{counted(sum(found.counts.values()), 'citation')}{f': {counts}' if counts else ''}"


def commands_of_draft(checked: Checked) -> Iterator[str]:
    """A command for each quotation to look at, and a line of counts."""
    bad = [one for one in checked.quotations if not one.fine]
    for one in bad:
        place = one.place
        lines = checked.unit == "line"  # a word processor's paragraphs have no lines that GitHub shows
        where = {"line": place.line, "endLine": place.line_end} if lines else {}
        if lines and place.line == place.line_end:
            where |= {"col": place.column, "endColumn": place.column_end}
        message = _quotation(one) if lines else f"paragraph {place.line}: {_quotation(one)}"
        yield _command("error", message, finding_of(one), file=checked.draft, **where)
    yield from _not_searched(checked.searched.unreadable)
    yield f"{one_line(checked.draft)}: {counted(len(bad), 'quotation')} to look at of {len(checked.quotations):,}"


def _citation(one: Verified) -> str:
    found = one.judgment
    parts = [one.written]
    if found.passage and found.status in ("moved", "edited"):
        parts.append(f"now {place_of(found.passage.citation)}{_MENDED if found.status == 'moved' else ''}")
    if found.changes:
        parts.append(render_word_changes(found.changes).plain.strip())
    if found.others:
        parts.append("as cited in " + ", ".join(place_of(other.citation) for other in found.others[:3]))
    return "\n".join([*parts, *found.notes])


def _quotation(one: CheckedQuotation) -> str:
    parts = [f"“{_short(one.text)}”"]
    if one.source:
        parts.append(f"source, {place_of(one.source)}: “{_short(one.source_text)}”")
    return "\n".join([*parts, *one.notes])


def _short(text: str) -> str:
    shown = one_line(text)
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST].rsplit(' ', 1)[0]} …"


def _not_searched(skipped: tuple[Skipped, ...]) -> Iterator[str]:
    if skipped:
        first = f"{skipped[0].document}: {skipped[0].reason}"
        more = f", and {counted(len(skipped) - 1, 'more file')}" if len(skipped) > 1 else ""
        yield _command("warning", first + more, "not searchable")


def _command(level: str, message: str, title: str, **where: object) -> str:
    properties = ",".join(f"{name}={_property(str(value))}" for name, value in {**where, "title": title}.items())
    # Line ends of ours divide the parts; each part was brought to one line.
    return f"::{level} {properties}::{'%0A'.join(_data(one_line(part)) for part in message.splitlines())}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(one_line(text)).replace(":", "%3A").replace(",", "%2C")
