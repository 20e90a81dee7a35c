"""What GitHub is told: one command for each finding, at its line, whatever the texts hold."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes import FakeEncoder
from nrqa.answering.asking import Index
from nrqa.checking.checking import check
from nrqa.citations.relocating.judging import Judgment
from nrqa.citations.verifying import Verification, Verified
from nrqa.indexing.reindexing import reindex
from nrqa.records import Citation, Passage, Skipped
from nrqa.rendering.workflow_commands import commands_of_draft, commands_of_verification
from nrqa.text.word_changes import differing

COMMAND = re.compile(r"::(?P<level>error|warning) (?P<properties>[^:\r\n]*(?:%3A[^:\r\n]*)*)::(?P<message>[^\r\n]*)")


def _passage(document: str = "b.txt", line: int = 7) -> Passage:
    return Passage("Some words.", Citation(document, "", ("One",), 0, 11, line, line, None, "0" * 64))


def _verification(*citations: Verified, file: str = "memo.md") -> Verification:
    return Verification("corpus", 2, (Skipped("scan.pdf", "no text"), Skipped("b.pdf", "")), ((file, citations),))


def test_each_citation_that_leads_nowhere_is_an_error_at_its_line() -> None:
    lines = [*commands_of_verification(_verification(
        Verified(3, "a.txt:1", Judgment("intact", _passage("a.txt", 1))),
        Verified(9, "a.txt:5", Judgment("moved", _passage())),
        Verified(11, "a.txt:6", Judgment("moved", _passage()), updated=True),
        Verified(12, "a.txt:7", Judgment("edited", _passage(), changes=tuple(differing("red car", "grey car")))),
    ))]  # fmt: skip
    assert lines == [
        "::error file=memo.md,line=9,title=moved::a.txt:5%0Anow b.txt:7; nrqa verify --update writes the citation anew",
        "::error file=memo.md,line=12,title=edited::a.txt:7%0Anow b.txt:7%0A[-red-] {+grey+} car",
        "::warning title=not searchable::scan.pdf: no text, and 1 more file",
        "4 citations: 1 intact, 2 moved, 1 edited",
    ]


@given(st.text(min_size=1), st.text(), st.text(), st.text())
def test_no_text_can_begin_a_command_of_its_own(file: str, written: str, note: str, name: str) -> None:
    found = Verification(
        "corpus", 1, (), ((file, (Verified(1, written, Judgment("moved", _passage(name), notes=(note,))),)),)
    )
    command, counts = commands_of_verification(found)
    assert COMMAND.fullmatch(command)
    assert "\n" not in command
    assert "\r" not in command
    assert counts == "1 citation: 1 moved"


def test_a_command_inside_a_text_is_only_a_text() -> None:
    hostile = "x\n::error file=other.md::owned\r\n%0A::add-mask::y"
    found = _verification(Verified(1, hostile, Judgment("gone", None)), file="a,line=5::b.md")
    first = next(commands_of_verification(found))
    match = COMMAND.fullmatch(first)
    assert match
    assert match["properties"] == "file=a%2Cline=5%3A%3Ab.md,line=1,title=gone"
    assert "%250A" in match["message"]


@pytest.fixture
def opened(corpus: Path, index: Path) -> Index:
    (corpus / "history.txt").write_text("The alliance was founded in 1949 by twelve countries.\n", "utf-8")
    encoder = FakeEncoder()
    reindex(corpus, index, encoder=encoder)
    return Index.open(index, encoder=encoder)


def test_a_quotation_to_look_at_is_an_error_from_its_first_to_its_last_character(opened: Index) -> None:
    text = (
        "Fine: “founded in 1949 by twelve countries”.\n\nWrong: “founded in 1950 by twelve countries” (history.txt).\n"
    )
    error, counts = commands_of_draft(check("memo.md", opened, data=text.encode()))
    at, message = error.split("misquoted::")
    assert at == "::error file=memo.md,line=3,endLine=3,col=8,endColumn=44,title="
    assert message.split("%0A")[0] == "“founded in 1950 by twelve countries”"
    assert message.split("%0A")[1] == "source, history.txt:1: “founded in 1949 by twelve countries”"
    assert counts == "memo.md: 1 quotation to look at of 2"
