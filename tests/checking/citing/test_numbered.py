from __future__ import annotations

import pytest

from nrqa.checking.citing.names import names_of
from nrqa.checking.citing.numbered import with_numbered_notes
from nrqa.checking.drafts import read_draft
from nrqa.checking.reading.formats import read_written
from nrqa.records import Document

NAMES = names_of([Document("study.md", "Trust", "", ""), Document("lease.md", "Lease", "", "")])


def _cited(text: str, name: str) -> list[tuple[str, list[str]]]:
    draft = read_draft(text, read_written(name, text.encode()).proses, NAMES, least_words=1)
    return [(one.text, [name for cited in one.citations for name in cited.meant.documents]) for one in draft.quotations]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("“One two”¹ and “three four”.²\n\n¹ study.md\n\n² lease.md, p. 3\n", "d.md d.txt"),
        ("“One two”,¹ said he, “three four.²”\n\n¹ study.md\n² lease.md\n", "d.md d.txt"),
        (
            "“One two”[1] and “three four” [2].\n\n[1] study.md, seen on a day in May and read again\n[2] lease.md\n",
            "d.md d.txt",
        ),
        ("“One two” [1, p. 3] and “three four” [2].\n\n## References\n\n[1] study.md\n\n[2] lease.md\n", "d.md"),
        ("“One two”<sup>1</sup> and “three four”.<sup>2</sup>\n\n## Notes\n\n1. study.md\n2. lease.md\n", "d.md"),
        ("“One two”^1^ and “three four”^2^.\n\n# Sources\n\n1. study.md\n2. lease.md\n", "d.md"),
        ("“One two”¹ and “three four”².\n\nNotes\n\n1. study.md\n2. lease.md\n", "d.txt"),
    ],
)
def test_a_number_means_the_note_with_that_number(text: str, names: str) -> None:
    for name in names.split():
        assert [cited for _, cited in _cited(text, name)] == [["study.md"], ["lease.md"]], name


def test_a_mark_is_no_word_of_the_quotation() -> None:
    assert _cited("“One two.¹”\n\n¹ study.md\n", "d.md") == [("One two.", ["study.md"])]


def test_several_numbers_mean_several_notes() -> None:
    text = "“One two”{}\n\n[1] study.md\n\n[2] lease.md\n"
    for mark in ("[1, 2]", "[1][2]", "[1; 2]"):
        assert _cited(text.format(mark), "d.md") == [("One two", ["study.md", "lease.md"])]


@pytest.mark.parametrize(
    "text",
    [
        "“It has 10 m² or 3²”¹ and so on.\n",
        "“One two” in 1990.\n\n1. study.md\n",
        "“One two” and the rooms of 9’6.\n\n## Notes\n\n1. study.md\n",
        "“One [2] two” (study.md).\n\n[1] lease.md\n",
    ],
)
def test_numbers_without_a_note_stay_as_they_are(text: str) -> None:
    proses = read_written("d.md", text.encode()).proses
    assert with_numbered_notes(proses, text) == [*proses]


def test_places_in_the_draft_stay_true() -> None:
    text = "He said “one two”¹ and [then](x.md) “three”.²\n\n¹ study.md\n\n² lease.md\n"
    for prose in with_numbered_notes(read_written("d.md", text.encode()).proses, text):
        assert all(text[at] == char for at, char in zip(prose.starts, prose.text, strict=True))
        for one in prose.references:
            assert one.begins <= one.at <= len(prose.text)
    first, second = (
        one.span
        for one in read_draft(text, read_written("d.md", text.encode()).proses, NAMES, least_words=1).quotations
    )
    assert (text[first.start : first.end], text[second.start : second.end]) == ("“one two”", "“three”")
