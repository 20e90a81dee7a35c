"""How a checked draft looks to a person: what to look at first, then the sentences; and the annotated copy."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from nrqa.checking.prose import OUR_NOTES
from nrqa.checking.results import Checked, CheckedQuotation, CheckedSentence
from nrqa.errors import DraftError
from nrqa.records import Citation, cited_places
from nrqa.rendering.places import place_of
from nrqa.rendering.plain_text import counted, one_line, stale_told
from nrqa.rendering.shared_lines import skipped_lines
from nrqa.text.word_changes import Change

_LABEL = "dim"
_PLACE = "bold cyan"
_GOOD, _BAD, _DOUBTFUL = "green", "bold red", "yellow"
_INDENT = (0, 0, 0, 4)
_LISTED = 20
"""How many things that were left out are named before the rest are counted."""
_LONGEST = 240
"""Characters of a draft's sentence that are repeated."""
_MOST_WORDS = 40
"""Words of what was left out that are shown."""


ANNOTATED = ("md", "txt")
"""The formats of drafts of which an annotated copy can be written."""


def render_checked(checked: Checked) -> RenderableType:
    """Quotations to look at, with the source; the others in a line each; sentences with their support."""
    parts: list[RenderableType] = []
    to_look_at = [one for one in checked.quotations if not one.fine]
    if to_look_at:
        parts.append(Text("Quotations to look at\n", "bold"))
        for one in to_look_at:
            parts += [*_quotation(checked, one), Text()]
    fine = [one for one in checked.quotations if one.fine]
    if fine:
        parts.append(Text("Quotations that stand\n", "bold"))
        for one in fine:
            parts += [*_quotation(checked, one)]
        parts.append(Text())
    if checked.sentences:
        parts.append(Text("Sentences without a citation\n", "bold"))
        for sentence in checked.sentences:
            parts += [*_sentence(checked, sentence), Text()]
    parts += _left_out(checked)
    parts += [_summary(checked)]
    parts += skipped_lines("Not searchable", checked.searched.unreadable)
    stale = checked.searched.stale
    parts += skipped_lines(stale_told(stale, " (run `nrqa index`)"), stale)
    return Group(*parts)


def annotated(checked: Checked) -> str:
    """The draft with a footnote's mark behind everything that was checked, and the footnotes at its end.

    Nothing else of the draft changes. Raises DraftError where the draft's format is not that of such footnotes.
    """
    if checked.form not in ANNOTATED:
        raise DraftError(
            f"An annotated copy is Markdown or plain text, and '{checked.draft}' is {checked.form.upper()}. "
            "Leave out --annotate, or check a copy that is saved as .md or .txt"
        )
    marks = [(one.note_at, _quotation_note(one)) for one in checked.quotations]
    marks += [(one.note_at, _sentence_note(one)) for one in checked.sentences]
    marks.sort(key=lambda one: one[0])
    parts: list[str] = []
    at = 0
    for number, (place, _) in enumerate(marks, 1):
        parts += [checked.text[at:place], f"[^{OUR_NOTES}{number}]"]
        at = place
    parts.append(checked.text[at:])
    end = _line_end(checked.text)
    notes = [f"[^{OUR_NOTES}{number}]: {note}" for number, (_, note) in enumerate(marks, 1)]
    return "".join(parts) + (end * 2 + end.join(notes) + end if notes else "")


_MARKDOWN_SIGNS = re.compile(r"([\\`*_\[\]<>#|~^$])")


def finding_of(one: CheckedQuotation) -> str:
    """What was found of a quotation, in a few words."""
    said = {
        "exact": "exact",
        "typography": "exact but for typography",
        "elided": "elided or bracketed, rightly" if one.right else "elided or bracketed, wrongly",
        "misquoted": "misquoted",
        "absent": "not in the corpus",
    }[one.finding]
    if one.source_marks and one.finding in ("exact", "typography"):
        said += " and for marks of the source" if one.finding == "typography" else " but for marks of the source"
    return f"{said}, in another document than cited" if one.attribution == "wrong" else said


def _quotation(checked: Checked, one: CheckedQuotation) -> Iterator[RenderableType]:
    line = Text.assemble((_place_in_draft(checked, one.place.line, one.place.column), _PLACE), "  ")
    line.append(finding_of(one), _GOOD if one.fine else _BAD)
    if one.source:
        column = "" if cited_places(one.source.locators) else f":{one.source_column}"
        line.append("  " + one_line(place_of(one.source)) + column, _PLACE)
        if one.source.heading:
            line.append("  § " + one_line(" › ".join(one.source.heading)), "magenta")
    yield line
    plain = one.fine and not one.notes and not one.source_marks and one.finding in ("exact", "typography")
    if not plain:
        yield from _words_of_both(one)
    for label, texts in (("left out", one.omitted), ("in the source, for brackets", one.replaced)):
        for text in texts:
            yield _labelled(f"{label}: ", _middle_cut(text) or "nothing")
    if one.source_marks:
        yield _labelled("marks of the source: ", one_line("  ".join(one.marks_of_source)))
    if one.attribution in ("wrong", "unknown"):
        yield _labelled("cited: ", _citations(one))
    for note in one.notes:
        yield Padding(Text(one_line(note), _DOUBTFUL), _INDENT, expand=False)


def _words_of_both(one: CheckedQuotation) -> Iterator[RenderableType]:
    """The words of the draft, and those of the source where they differ or are to be looked at."""
    yield _labelled("draft   ", one_line(one.text))
    if one.changes and one.finding != "absent":
        yield _labelled("source  ", _diff(one.changes))
    elif one.source and not one.fine:
        yield _labelled("source  ", one_line(one.source_text))


def _labelled(label: str, text: str | Text) -> Padding:
    return Padding(Text.assemble((label, _LABEL), text), _INDENT, expand=False)


def _diff(changes: Sequence[Change]) -> Text:
    """The source's words, with what the draft left out in brackets with a minus, and what it put in with a plus."""
    line = Text()
    for one in changes:
        if one.kind == "same":
            line.append(one_line(one.before) + _blank(one.before))
        elif one.kind == "removed":
            line.append(f"[-{one_line(one.before)}-]", "red")
            line.append(_blank(one.before))
        else:
            line.append(f"{{+{one_line(one.after)}+}}", "green")
            line.append(_blank(one.after))
    return line


def _blank(text: str) -> str:
    return " " if text[-1:].isspace() else ""


def _citations(one: CheckedQuotation) -> str:
    return "; ".join(
        one_line(cited.text) + ("" if cited.documents else " (no document of the corpus)") for cited in one.citations
    )


def _sentence(checked: Checked, one: CheckedSentence) -> Iterator[RenderableType]:
    line = Text.assemble((_place_in_draft(checked, one.place.line, one.place.column), _PLACE), "  ")
    if one.passage is None:
        line.append("no support found", _DOUBTFUL)
        line.append(f"  {one.confidence:.2f}", _LABEL)
    else:
        line.append(one_line(place_of(one.passage.citation)), _PLACE)
        line.append(f"  confidence {one.confidence:.2f}", _LABEL)
        if one.passage.citation.heading:
            line.append("  § " + one_line(" › ".join(one.passage.citation.heading)), "magenta")
    yield line
    yield Padding(Text.assemble(("draft   ", _LABEL), _short(one.text)), _INDENT, expand=False)
    if one.passage:
        yield Padding(Text.assemble(("passage ", _LABEL), _short(_evidence(one))), _INDENT, expand=False)
    if one.lacking:
        lacks = ", ".join(one_line(name) for name in one.lacking)
        yield Padding(Text.assemble(("not in the passage: ", _LABEL), (lacks, _DOUBTFUL)), _INDENT, expand=False)


def _evidence(one: CheckedSentence) -> str:
    """The sentences of the passage that match best, or its beginning."""
    assert one.passage is not None
    start = one.passage.citation.start
    picked = [one.passage.text[span.start - start : span.end - start] for span in one.highlights]
    return " … ".join(picked) or one.passage.text


def _short(text: str) -> str:
    shown = one_line(text)
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST].rsplit(' ', 1)[0]} …"


def _middle_cut(text: str) -> str:
    """The text on one line; of a long one its beginning and end, and how many words are between."""
    words = one_line(text).split()
    if len(words) <= _MOST_WORDS:
        return " ".join(words)
    end = _MOST_WORDS // 2
    return f"{' '.join(words[:end])} … {' '.join(words[-end:])} ({len(words)} words)"


def _place_in_draft(checked: Checked, line: int, column: int) -> str:
    if checked.unit == "paragraph":
        return f"{one_line(checked.draft)}, paragraph {line}"
    return f"{one_line(checked.draft)}:{line}:{column}"


def _left_out(checked: Checked) -> list[RenderableType]:
    if not checked.not_checked:
        return []
    lines: list[RenderableType] = [Text("Not checked", "bold")]
    for one in checked.not_checked[:_LISTED]:
        place = _place_in_draft(checked, one.place.line, one.place.column)
        lines.append(Text.assemble("  ", (place, _LABEL), f"  {_short(one.text)}  ", (one.reason, _LABEL)))
    if len(checked.not_checked) > _LISTED:
        lines.append(Text(f"  and {len(checked.not_checked) - _LISTED} more", _LABEL))
    return [*lines, Text()]


def _summary(checked: Checked) -> Text:
    counts = checked.to_dict()["counts"]
    bad = sum(not one.fine for one in checked.quotations)
    line = Text()
    line.append(
        f"{counted(bad, 'quotation')} to look at" if bad else "nothing to look at", _BAD if bad else f"bold {_GOOD}"
    )
    line.append(
        f"  of {counted(counts['quotations'], 'quotation')} · sentences: {counts['sentences_cited']} cited, "
        f"{counts['sentences_supported']} with a passage, {counts['sentences_without_support']} without support · "
        f"searched {counted(checked.searched.documents, 'document')}, "
        f"{counted(checked.searched.passages, 'passage')} · generation {checked.generation}",
        _LABEL,
    )
    return line


def _quotation_note(one: CheckedQuotation) -> str:
    parts = [f"**{finding_of(one)}**"]
    if one.source:
        parts.append(_plain(_where(one.source)))
    if one.changes and not one.right:
        parts.append("source: " + _marked_diff(one.changes))
    elif one.source and not one.fine:
        parts.append(f"source: “{_plain(one.source_text)}”")
    parts += [f"left out: “{_plain(_middle_cut(text))}”" for text in one.omitted if text]
    parts += [f"in the source, for brackets: “{_plain(text)}”" for text in one.replaced if text]
    if one.source_marks:
        parts.append("marks of the source: " + _plain("  ".join(one.marks_of_source)))
    if one.attribution in ("wrong", "unknown"):
        parts.append(f"cited: {_plain(_citations(one))}")
    return " · ".join([*parts, *map(_plain, one.notes)])


def _sentence_note(one: CheckedSentence) -> str:
    if one.passage is None:
        return f"**no support found** ({one.confidence:.2f})"
    parts = [f"best passage: {_plain(_where(one.passage.citation))} (confidence {one.confidence:.2f})"]
    parts.append(f"“{_plain(_evidence(one))}”")
    if one.lacking:
        parts.append("not in the passage: " + ", ".join(map(_plain, one.lacking)))
    return " · ".join(parts)


def _where(citation: Citation) -> str:
    heading = f" §{' › '.join(citation.heading)}" if citation.heading else ""
    return f"{place_of(citation)}{heading}"


def _marked_diff(changes: Sequence[Change]) -> str:
    written = []
    for one in changes:
        if one.kind == "same":
            written.append(_plain(one.before) + _blank(one.before))
        elif one.kind == "removed":
            written.append(f"~~{_plain(one.before)}~~" + _blank(one.before))
        else:
            written.append(f"**{_plain(one.after)}**" + _blank(one.after))
    return "".join(written)


def _plain(text: str) -> str:
    """The text on one line, with nothing in it that Markdown would read as a mark."""
    return _MARKDOWN_SIGNS.sub(r"\\\1", one_line(text))


def _line_end(text: str) -> str:
    """The line end that the draft uses."""
    found = re.search(r"\r\n|\n|\r", text)
    return found.group() if found else "\n"
