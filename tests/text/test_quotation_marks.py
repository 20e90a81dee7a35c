from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nrqa.text.quotation_marks import quoted_in


def _inner(text: str) -> list[str]:
    return [text[one.inner.start : one.inner.end] for one in quoted_in(text)[0]]


@pytest.mark.parametrize(
    "marks",
    [
        "“”",
        "„“",
        "„”",
        "””",
        "«»",
        "»«",
        "»»",
        "‹›",
        "›‹",
        "‘’",
        "‚‘",
        "‚’",
        "''",
        '""',
        ("``", "''"),
        (",,", "''"),
        (",,", "“"),
        ("´´", "´´"),
        ("''", "''"),
        ("‘‘", "’’"),
        "´´",
        "`'",
        "`´",
        "「」",
        "『』",
        "｢｣",
        "﹁﹂",
        "〝〟",
        "❝❞",
        "❛❜",
        "＂＂",
        "＇＇",
    ],
)
def test_every_pair_of_marks_is_known(marks: tuple[str, str]) -> None:
    opening, closing = marks
    text = f"They say {opening}what is so{closing}, and {opening}more of it{closing}."
    assert _inner(text) == ["what is so", "more of it"]


def test_french_spaces_beside_the_marks_are_not_quoted() -> None:
    assert _inner("Il dit : «\u00a0bon, voilà\u202f» et part.") == ["bon, voilà"]


@pytest.mark.parametrize(
    "text",
    [
        "The dogs' bone isn't the cat's, don’t you see? The cats’ house",
        'He is 5\'10" tall and the board is 24" wide',
        "In the '90s 'tis rock 'n' roll",
        "l'Europe d'aujourd'hui, qu’elle dit, c’est ça",
    ],
)
def test_apostrophes_feet_and_inches_are_no_marks(text: str) -> None:
    assert _inner(text) == []


def test_an_apostrophe_does_not_close_a_quotation() -> None:
    assert _inner("‘The boys’ own book isn’t theirs’, he said.") == ["The boys’ own book isn’t theirs"]
    assert _inner("'It's the dogs' life' they say") == ["It's the dogs' life"]


def test_a_quotation_may_begin_with_a_number() -> None:
    assert _inner("‘40 to 60 milliseconds’, it says, in the ‘90s and ’40 as well") == ["40 to 60 milliseconds"]


def test_a_doubtful_mark_closes_where_no_better_one_comes_in_its_sentence() -> None:
    assert _inner("'Russia's wars' is what it says. The soldiers' pay was late, and 'so it goes' too.") == [
        "Russia's wars",
        "so it goes",
    ]
    assert _inner("The 'warning of NATO's readiness' was noted; the 1990s' end too, and rock 'n' roll.") == [
        "warning of NATO's readiness"
    ]


def test_a_quotation_in_a_quotation_belongs_to_the_outer_one() -> None:
    assert _inner("„Er sagte ‚nie wieder‘ und ging“, so.") == ["Er sagte ‚nie wieder‘ und ging"]
    assert _inner("«Dijo «nunca más» y salió».") == ["Dijo «nunca más» y salió"]


def test_an_opening_mark_without_a_closing_one_is_told() -> None:
    assert quoted_in("So “it goes on and on")[1] == [3]
    assert quoted_in('So "it goes on and on') == ([], [3])
    assert quoted_in("政府は「国際社会の平和")[1] == [3]
    assert quoted_in("So 'tis, and 'it goes on") == ([], [])


def test_marks_stand_in_chinese_and_japanese_without_spaces() -> None:
    assert _inner("首相は「平和を『守る』責務」と述べた。他は「方針」だ。") == ["平和を『守る』責務", "方針"]
    assert _inner('孔子说"有朋自远方来"的话，又说＂不亦乐乎＂了。') == ["有朋自远方来", "不亦乐乎"]
    assert _inner("他说‘有朋自远方来’的话，见《论语》和〈学而〉。") == ["有朋自远方来"]


def test_inches_and_feet_inside_a_quotation_do_not_close_it() -> None:
    assert _inner('He wrote "a 12" pipe and a 3.5" one" here.') == ['a 12" pipe and a 3.5" one']
    assert _inner('He wrote “a 12" pipe was laid” here.') == ['a 12" pipe was laid']
    assert _inner("'A 6' wall and a 4' gate were built', it says.") == ["A 6' wall and a 4' gate were built"]
    assert _inner('In "chapter 12" and "chapter 13" it is, and "page 7", too.') == [
        "chapter 12",
        "chapter 13",
        "page 7",
    ]


def test_the_figure_of_a_note_may_follow_a_mark() -> None:
    assert _inner('He said "so it goes."1 and "that is all"² then.') == ["so it goes.", "that is all"]
    assert _inner("He said ‘so it goes’12 and ‘that is all’³ then.") == ["so it goes", "that is all"]


def test_the_marks_of_code_are_none() -> None:
    assert _inner("The `color.ui` of git's and `color.grep`'s value, but `so it goes' here") == ["so it goes"]


def test_single_marks_twice_in_a_sentence_with_apostrophes_between() -> None:
    assert _inner("He said 'the firm's plan' and 'it's done' today.") == ["the firm's plan", "it's done"]
    assert _inner("He met 'the two firms' and 'the cats' friends' there.") == ["the two firms", "the cats' friends"]
    assert _inner("‘Most officials’ said ‘spirit of Helsinki was gone’.") == [
        "Most officials",
        "spirit of Helsinki was gone",
    ]


@pytest.mark.parametrize(
    "text",
    ["“" * 20_000, " 'a" * 20_000, "„(" * 20_000, " 'a 1990s'" * 20_000, ' "a 12" b' * 20_000, "「" * 20_000 + "」"],
)
def test_marks_without_end_take_no_time(text: str) -> None:
    quoted_in(text)


@pytest.mark.parametrize("opening", ["“a “b” ", "«a «b» ", " 'a' 'b s' c"])
def test_the_time_grows_with_the_number_of_marks_only(opening: str) -> None:
    began = time.process_time()
    quoted_in(opening * 10_000)
    assert time.process_time() - began < 5  # a search from each mark to the end of the text takes minutes


@given(st.text(alphabet="“”„«»‹›‘’'\"`´「」『』❝＂2s政ab .,\n", max_size=40))
def test_quotations_come_in_order_apart_and_inside_the_text(text: str) -> None:
    found, _ = quoted_in(text)
    assert all(0 <= one.whole.start < one.inner.start <= one.inner.end < one.whole.end <= len(text) for one in found)
    assert all(one.whole.end <= other.whole.start for one, other in pairwise(found))
