from __future__ import annotations

import io

import pytest
from rich.console import Console

from nrqa.records import Answer, Citation, Hit, Passage, Searched, Span
from nrqa.rendering.answer import render_answer
from nrqa.rendering.short_answer import kept, render_short

SENTENCES = [f"This is sentence number {number}, which goes on for some sixty characters." for number in range(1, 10)]
TEXT = " ".join(SENTENCES)
NOTICE = "Some of it was made by a machine."


def hit(rank: int, answering: tuple[int, ...] = (5,), start: int = 100) -> Hit:
    starts = [start + TEXT.index(one) for one in SENTENCES]
    spans = tuple(Span(at, at + len(one)) for at, one in zip(starts, SENTENCES, strict=True))
    citation = Citation(
        "a.txt", "a", (), start, start + len(TEXT), rank, rank, None, "0" * 64, {"source_notice": NOTICE}
    )
    return Hit(rank, 0.5, {}, Passage(TEXT, citation), tuple(spans[at - 1] for at in answering), sentences=spans)


def answer(hits: int, verdict: str = "answered") -> Answer:
    return Answer("q", verdict, 0.5, 1, tuple(map(hit, range(1, hits + 1))), Searched(1, 9))  # type: ignore[arg-type]


def shown(one: Answer, width: int = 80, height: int = 60) -> str:
    console = Console(file=io.StringIO(), width=width, height=height, force_terminal=True, color_system=None)
    console.print(render_short(one, console))
    return console.file.getvalue()  # type: ignore[attr-defined, no-any-return]


def words(text: str) -> str:
    return " ".join(text.replace("▌", "").split())


def test_the_answering_sentence_is_shown_with_its_neighbours_and_what_is_left_out_is_marked() -> None:
    lines = words(shown(answer(1)))
    assert f"… {' '.join(SENTENCES[3:6])} …" in lines
    assert SENTENCES[2] not in lines
    assert SENTENCES[6] not in lines


@pytest.mark.parametrize(
    ("answering", "expected"),
    [
        ((1,), [(0, 1)]),
        ((9,), [(7, 8)]),
        ((3, 4), [(1, 4)]),
        ((2, 4), [(0, 4)]),
        ((1, 8), [(0, 1), (6, 8)]),
        ((), [(0, 1)]),
    ],
)
def test_neighbours_that_meet_are_one_stretch(answering: tuple[int, ...], expected: list[tuple[int, int]]) -> None:
    one = hit(1, answering)
    spans = [Span(one.sentences[first].start, one.sentences[last].end) for first, last in expected]
    assert kept(one, neighbours=1) == spans


def test_a_short_passage_is_shown_whole() -> None:
    one = hit(1)
    short = Hit(1, 0.5, {}, Passage(TEXT[:200], one.passage.citation), one.highlights, sentences=one.sentences)
    assert kept(short, neighbours=1) is None


def test_a_notice_is_shown_once_and_later_hits_refer_to_it() -> None:
    lines = words(shown(answer(3)))
    assert lines.count(NOTICE) == 1
    assert lines.count("notice as above") == 2
    console = Console(file=io.StringIO(), width=80)
    console.print(render_answer(answer(3)))
    assert words(console.file.getvalue()).count(NOTICE) == 3  # type: ignore[attr-defined]


@pytest.mark.parametrize("width", [40, 80, 200])
@pytest.mark.parametrize("height", [16, 24, 40, 100])
@pytest.mark.parametrize("verdict", ["answered", "absent"])
def test_the_first_hit_is_on_the_screen_when_all_is_written(width: int, height: int, verdict: str) -> None:
    one = shown(answer(20, verdict), width, height)
    lines = one.splitlines()
    assert any(line.startswith("1  a.txt:1") for line in lines[-(height - 2) :])
    assert any(line.startswith(verdict) for line in lines)
    assert len(lines) <= max(height - 3, 16)


def test_hits_without_room_are_told_by_their_places_then_counted() -> None:
    lines = shown(answer(20), height=24).splitlines()
    assert any(line.startswith("3  a.txt:3") for line in lines)
    assert any("more hits" in line for line in lines)
    assert "All of them: --full, or a taller window" in lines


def test_a_low_window_gets_the_answering_sentence_all_the_same() -> None:
    assert SENTENCES[4] in words(shown(answer(5), height=5))
