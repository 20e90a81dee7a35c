from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from nrqa.answering.inspecting import Place
from nrqa.errors import QuestionError
from nrqa.records import Answer, Citation, Flag, Hit, Passage, Searched, Skipped, Span
from nrqa.rendering.answer import render_answer
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


@pytest.mark.parametrize("text", ["", "file.txt", "file.txt:", ":3", "file.txt:x"])
def test_what_is_no_citation_is_refused(text: str) -> None:
    with pytest.raises(QuestionError, match="is no citation"):
        parse_place(text)


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
