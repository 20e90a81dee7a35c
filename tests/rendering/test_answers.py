from __future__ import annotations

import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from nrqa.answering.inspecting import Place
from nrqa.errors import QuestionError
from nrqa.records import Answer, Citation, Flag, Hit, Passage, Searched, Skipped, Span
from nrqa.rendering.answer import Look, render_answer
from nrqa.rendering.places import parse_place, place_of
from nrqa.rendering.plain_text import harmless


def _citation(**changes: object) -> Citation:
    facts: dict[str, object] = {
        "document": "reports/a b.txt", "title": "A title", "heading": ("One", "Two"), "start": 100, "end": 130,
        "line_start": 7, "line_end": 7, "page": None, "sha256": "0" * 64, "metadata": {},
    }  # fmt: skip
    return Citation(**{**facts, **changes})  # type: ignore[arg-type]


def _answer(text: str, verdict: str = "answered", highlights: tuple[Span, ...] = (), **changes: object) -> Answer:
    hit = Hit(1, 0.5, {"dense": 0.5}, Passage(text, _citation(end=100 + len(text), **changes)), highlights)
    skipped = tuple(Skipped(f"scan-{at}.pdf", "no text layer") for at in range(12))
    return Answer("q", verdict, 0.5, 3, (hit,), Searched(1, 1, skipped, ()))  # type: ignore[arg-type]


def _shown(answer: Answer, width: int = 200, *, colours: bool = False) -> str:
    console = Console(
        file=io.StringIO(),
        width=width,
        force_terminal=colours,
        color_system="standard" if colours else None,
        highlight=False,
    )
    console.print(render_answer(answer))
    return console.file.getvalue()  # type: ignore[attr-defined, no-any-return]


@given(st.from_regex(r"[\w ./:@-]{1,30}\.txt", fullmatch=True), st.integers(1, 9999), st.integers(0, 50))
def test_a_printed_place_is_read_back(document: str, first: int, more: int) -> None:
    citation = _citation(document=document, line_start=first, line_end=first + more)
    assert parse_place(place_of(citation)) == Place(document.strip(), lines=(first, first + more))


@pytest.mark.parametrize("text", ["", "file.txt:", ":3", "file.txt:7-", "file.txt:7-x", "file.txt@"])
def test_what_is_no_citation_is_refused(text: str) -> None:
    with pytest.raises(QuestionError, match="is no citation"):
        parse_place(text)


def test_a_file_alone_means_its_beginning() -> None:
    assert parse_place(" reports/a b.txt ") == Place("reports/a b.txt")


def test_control_and_reordering_characters_are_shown_not_obeyed() -> None:
    answer = _answer("red \x1b[31m bell \a over\rwrite \u202egnp.exe \x9b2J", title="\x1b]0;title\x07")
    shown = _shown(answer)
    assert not set(shown) & set("\x1b\a\r\u202e\x9b")
    assert "␛[31m" in shown


@given(st.text())
def test_harmless_text_never_steers_a_terminal(text: str) -> None:
    shown = harmless(text)
    assert all(char in "\n\t" or char >= " " for char in shown)
    assert not set(shown) & set("\x7f\x9b\u202a\u202e\u2066")


def test_no_text_is_lost_after_an_odd_line_separator_nor_starts_a_line_of_its_own() -> None:
    answer = _answer("cold water.\u2028It eats clams every day.\u2029The end.", title="x\n9  faked.txt:1  y")
    lines = _shown(answer).splitlines()
    assert lines[1].startswith("   cold water.")
    assert lines[1].endswith("The end.")
    assert not any(line.startswith("9  faked") for line in lines)


def test_what_a_reader_should_know_of_a_passage_stands_on_one_line_below_it() -> None:
    flags = tuple(Flag("hidden text", 100, 105, f"page {page}:\nwhite\u202e words") for page in range(1, 6))
    lines = _shown(_answer("cold water.", flags=flags)).splitlines()
    assert lines[1:3] == [
        "   cold water.",
        "   beware  " + "".join(f"hidden text: page {page}: white\ufffd words; " for page in (1, 2, 3)) + "and 2 more",
    ]


def test_square_brackets_are_text_and_not_markup() -> None:
    assert "[bold]not bold[/bold] [red]" in _shown(_answer("[bold]not bold[/bold] [red]"))


def test_the_highlighted_sentence_alone_is_emphasised() -> None:
    text = "First one. Second one. Third one."
    shown = _shown(_answer(text, highlights=(Span(111, 122),)), colours=True)
    assert "\x1b[1;4mSecond one.\x1b[0m" in shown
    assert "First one. \x1b" in shown


@pytest.mark.parametrize("width", [30, 80, 300])
def test_all_of_the_text_is_shown_at_any_width(width: int) -> None:
    text = "The quick brown fox jumps over the lazy dog and then some more of the same kind follows here."
    shown = _shown(_answer(text), width)
    assert " ".join(text.split()) in " ".join(shown.split())
    assert all(len(line) <= width for line in shown.splitlines())


def test_without_type_the_answering_sentence_begins_a_line_that_is_marked_in_the_margin() -> None:
    shown = _shown(_answer("First one. Second one. Third one.", highlights=(Span(111, 122),)))
    assert shown.splitlines()[1:4] == ["   First one.", " ▌ Second one.", "   Third one."]


def test_answering_sentences_that_follow_each_other_have_one_mark() -> None:
    shown = _shown(_answer("First one. Second one. Third one.", highlights=(Span(100, 110), Span(111, 122))))
    assert shown.splitlines()[1:3] == [" ▌ First one. Second one.", "   Third one."]


def test_the_mark_stands_beside_each_line_of_a_sentence_where_lines_are_broken() -> None:
    text = "First one. The second one is a sentence that takes several lines. Third one."
    lines = _shown(_answer(text, highlights=(Span(111, 165),)), 30).splitlines()
    marked = [line.removeprefix(" ▌ ") for line in lines if line.startswith(" ▌ ")]
    assert " ".join(marked) == "The second one is a sentence that takes several lines."


def test_a_link_leads_where_the_terminal_can_follow_it() -> None:
    console = Console(file=io.StringIO(), width=80, force_terminal=True, color_system="standard")
    console.print(render_answer(_answer("text"), look=Look(lambda citation: f"file:///{citation.document}")))
    assert ";file:///reports/a b.txt\x1b\\" in console.file.getvalue()  # type: ignore[attr-defined]
    assert "file://" not in _shown(_answer("text"))


@pytest.mark.parametrize("verdict", ["answered", "weak", "absent"])
def test_files_that_change_no_verdict_are_only_counted(verdict: str) -> None:
    shown = _shown(_answer("text", verdict=verdict))
    assert "Not searchable: 12 files (nrqa status lists them)\n" in shown
    assert "scan-" not in shown


def test_they_are_listed_on_request() -> None:
    console = Console(file=io.StringIO(), width=200)
    console.print(render_answer(_answer("text"), certificate=True))
    assert "scan-9.pdf" in console.file.getvalue()  # type: ignore[attr-defined]


def test_words_like_those_that_occur_nowhere_are_offered() -> None:
    answer = replace(_answer("text"), question="who rules Finlend", searched=Searched(3, 9, nowhere=("Finlend",)))
    console = Console(file=io.StringIO(), width=200)
    console.print(render_answer(answer, look=Look(near={"Finlend": ["Finland", "\x1b[31mFinnland"]})))
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert "Finlend occurs in none of the 3 documents. Words like it that do: Finland, ␛[31mFinnland" in shown


def test_an_answer_names_what_could_not_be_searched_and_counts_the_rest() -> None:
    shown = _shown(_answer("text", verdict="unknown"))
    assert "not everything could be searched" in shown
    assert "Not searchable: 12 files" in shown
    assert "scan-9.pdf" in shown
    assert "and 2 more" in shown


def test_the_ends_of_lines_with_tabs_are_shown() -> None:
    shown = _shown(_answer("Basin\tBerth\tDepth (m)\nOuter\tSouth\t7.25 after dredging", highlights=(Span(12, 20),)))
    assert "7.25 after dredging" in shown
    assert "Depth (m)" in shown
