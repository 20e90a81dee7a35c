from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from effort import tries
from nrqa.checking.citing.names import names_of
from nrqa.checking.drafts import read_draft
from nrqa.checking.reading.formats import read_written
from nrqa.records import Document

FILES = [f"{name}.md" for name in ("lease", "study", "treaty", "minutes", "survey")]
NAMES = names_of([Document(name, f"All about the {name[:-3]} of that year", "", "") for name in FILES])


def _cited(text: str, *, markdown: bool = True) -> list[tuple[str, ...]]:
    """The documents of each quotation, in order of the draft."""
    proses = read_written("d.md" if markdown else "d.txt", text.encode()).proses
    draft = read_draft(text, proses, NAMES, least_words=1)
    quotations = sorted(draft.quotations, key=lambda one: one.span.start)
    return [tuple(name for one in quotation.citations for name in one.meant.documents) for quotation in quotations]


WORDS = ("the river fell", "nobody came back", "trust was broken; it grew", "we left. It rained", "why not?")
MARKS = ("“”", '""', "«»", "„“", "»«", "‘’")
# What a quotation (w) between marks (o, c) looks like with its citation of a document (d) or footnote (n).
SHAPES = (
    "{o}{w}{c}[^{n}]", "{o}{w}.{c}[^{n}]", "{o}{w},{c}[^{n}] he said", "{o}{w}{c},[^{n}] he said", "{o}{w}{c} [^{n}]",
    "{o}{w}[^{n}]{c}", "{o}{w}.[^{n}]{c}", "{o}{w}{c}^[{d}]", "{o}{w}{c}^[See {d}, p. 3.]",
    "{o}{w}{c} ({d})", "{o}{w}{c}({d}, p. 3)", "{o}{w}{c} (see {d}, line 4)", "{o}{w},{c} ({d}) he said",
    "{o}{w}{c} [{d}:12]", "{o}[{w}]({d}){c}", "[{o}{w}{c}]({d})", "{o}{w}{c} [source]({d})",
    "{o}{w}{c} ([here]({d}), p. 3)", "({o}{w}{c}, {d})", "({d}: {o}{w}{c})", "{o}{w}{c} `{d}`",
    "{o}**{w}**{c}[^{n}]", "*{o}{w}{c}*[^{n}]",
    "{o}{w}{c}<sup>[^{n}]</sup>",
)  # fmt: skip
LEADS = ("It says ", "The study says ", "[^0] Later it said ", "We read (so far) ", "")
JOINTS = (", ", " and ", "; ", ", while the other has ", " but, on the whole, ", " – ", " or even ")
ENDS = (
    "",
    ".",
    " and so on.",
    "?",
    " he said, in short, that day.",
    ".\n\nMore follows here.",
    ". More follows, and more.",
)
PLACES = ("{}", "- {}", "1. {}", "| {} | more |\n|---|---|", "> [!NOTE]\n> {}", "# {}", "- one\n- {}\n- two")


@dataclass(frozen=True)
class Composed:
    """A draft, and the document that each of its quotations cites."""

    text: str
    files: tuple[str, ...]


@st.composite
def composed(draw: st.DrawFn) -> Composed:
    """Quotations in one sentence, each with a citation of its own in a shape of its own."""
    files = draw(st.lists(st.sampled_from(FILES), min_size=1, max_size=4))
    sentence = draw(st.sampled_from(LEADS))
    for number, file in enumerate(files, 1):
        mark = draw(st.sampled_from(MARKS))
        words = draw(st.sampled_from(WORDS))
        shape = draw(st.sampled_from(SHAPES))
        sentence += draw(st.sampled_from(JOINTS)) if number > 1 else ""
        sentence += shape.format(o=mark[0], c=mark[1], w=words, d=file, n=number)
    sentence += draw(st.sampled_from(ENDS)).replace("\n\n", " ")
    notes = "".join(f"[^{number}]: {file}\n" for number, file in enumerate(files, 1))
    return Composed(f"{draw(st.sampled_from(PLACES)).format(sentence)}\n\n[^0]: Emphasis mine.\n{notes}", tuple(files))


@settings(max_examples=tries(400))
@given(composed())
def test_each_quotation_carries_its_own_citation_whatever_its_shape(one: Composed) -> None:
    assert _cited(one.text) == [(file,) for file in one.files]


NOTES = "\n\n[^1]: study.md\n[^2]: lease.md\n[^3]: treaty.md\n[^4]: Emphasis mine.\n"


@pytest.mark.parametrize(
    ("text", "stems"),
    [
        # one citation at the end of a sentence is for all that have none
        ("“One two” and “three four”[^1]", "study study"),
        ("“One two”[^1], “three four” and “five six”.[^2]", "study lease lease"),
        ("“One two”, he said, “three four” (study.md).", "study study"),
        ("He said “one two” and, in short, “three four,” as he wrote at home (study.md, p. 4).", "study study"),
        # between two citations, the one after it
        ("The study[^1] says “one two” and more.[^2]", "lease"),
        ("“One two”[^1] “three four”[^2] “five six”[^3]", "study lease treaty"),
        ("“One two” [^1] “three four” [^2]", "study lease"),
        ("“One two.”[^1] “Three four.”[^2] And more.", "study lease"),
        # a citation that leads in
        ("According to study.md, “one two” and “three four”.", "study study"),
        ("The study[^1] says “one two”, the lease[^2] says “three four”.", "study lease"),
        ("In study.md we read “one two”, and in lease.md “three four” and “five six”.", "study lease lease"),
        ("In [the study](study.md) “one two”; in [the lease](lease.md) “three four”.", "study lease"),
        ("According to study.md “one two”, but “three four” (lease.md).", "study,lease lease"),
        ("“One two”, while lease.md says “three four”.", "- lease"),
        ("“One two” is in study.md, and “three four” is not.", "study -"),
        ("“One two”, in study.md, “three four”.", "study study"),
        # none of its own is none
        ("The study says “one two”[^1] and the lease says “three four”.", "study -"),
        ("“One two” (study.md). “Three four.” “Five six” (lease.md).", "study - lease"),
        ("[“One two”](study.md) and “three four”.", "study -"),
        ("“One two” and [“three four”](study.md).", "- study"),
        # several together
        ("“One two”[^1][^2]", "study,lease"),
        ("“One two”[^1]<sup>,</sup>[^2] and so on.[^3]", "study,lease"),
        ("“One two” (study.md; lease.md, p. 3).", "study,lease"),
        ("“One two” ([a](study.md); [b](lease.md)).", "study,lease"),
        ("“One two” (study.md) and so on (lease.md).", "study"),
        # a remark in a note is no citation where there is another
        ("“One two”[^4] (study.md).", "study"),
        ("“One two”[^4], as study.md has it.", "study"),
        ("“One[^4] two” (study.md).", "study"),
        # brackets around several
        ("(“One two” in study.md; “three four” in lease.md)", "study lease"),
        ("(see study.md: “one two” and “three four”)", "study study"),
    ],
)
def test_a_quotation_without_a_citation_of_its_own(text: str, stems: str) -> None:
    found = [",".join(name.removesuffix(".md") for name in one) or "-" for one in _cited(text + NOTES)]
    assert " ".join(found) == stems


def test_all_paragraphs_of_one_quotation_carry_the_citation_at_its_end() -> None:
    assert _cited("He wrote: “One two.\n\n“Three four.\n\n“Five six” (study.md). “Seven.”") == [("study.md",)] * 3 + [
        ()
    ]
    assert _cited("“One two.\n\n“Three four.”[^1]" + NOTES) == [("study.md",)] * 2
    assert _cited("In study.md: “One two.\n\n“Three four.”") == [("study.md",)] * 2
    assert _cited("“One two.\n\n“Three four” (study.md).", markdown=False) == [("study.md",)] * 2


def test_a_quotation_in_a_cell_carries_what_another_cell_of_its_row_cites() -> None:
    head = "| words | where | more |\n|---|---|---|\n"
    assert _cited(f"{head}| “One two” | study.md | so |\n| “Three four” | [x](lease.md) | 12 |\n| “Five” | | |") == [
        ("study.md",), ("lease.md",), (),
    ]  # fmt: skip
    assert _cited(f"{head}| study.md | “One two” (lease.md) | “Three four” |") == [("lease.md",), ("study.md",)]
    assert _cited(f"{head}| All about the study of that year | “One two” | “Three” |") == [("study.md",)] * 2


@pytest.mark.parametrize(
    "text",
    [
        "> One two.\n> — study.md, p. 3",
        "> One two.\n>\n> — study.md",
        "> One two.\n>\n> (study.md)",
        "> One two. (study.md, p. 3).",
        "> One two.[^1]",
        "> One two. [^1]",
        "> [The study](study.md):\n>\n> One two.",
        "> One two.\n>\n> Source: All about the study of that year",
        "> One two.\n\n— study.md",
        "> One two.\n\nSource: [The study](study.md), p. 3",
        "> One two.\n\n[The study](study.md), p. 3",
        "> One two.\n\n(study.md) And so on in lease.md.",
        "study.md:\n\n> One two.",
        "All about the study of that year:\n\n> One two.",
        "## All about the study of that year\n\n> One two.",
        "As one reads (study.md, p. 3):\n\n> One two.",
        "They differ (lease.md). The study[^1] says it.\n\n> One two.",
        "So (lease.md):\n\n> One two.\n\n— study.md",
    ],
)
def test_a_block_quote_carries_the_source_line_in_it_after_it_or_before_it(text: str) -> None:
    assert _cited(text + NOTES) == [("study.md",)]


def test_a_block_quote_does_not_carry_what_a_quotation_before_it_carries() -> None:
    assert _cited("The lease says “one two” (lease.md).\n\n> Three four.") == [("lease.md",), ()]
