from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nrqa.checking.prose import read_prose, without_our_notes


def _texts(text: str, *, markdown: bool = True) -> list[tuple[str, str]]:
    return [(one.kind, one.text) for one in read_prose(text, markdown=markdown)]


def test_code_front_matter_and_targets_are_no_text() -> None:
    draft = '---\ntitle: "a b c d"\n---\n# Head\n\nSee [words](http://x.y/z "t") and `code "a b"` here.\n'
    draft += '\n```\n"code"\n```\n'
    assert _texts(draft) == [("heading", "Head"), ("text", "See words and  here.")]


def test_marks_of_emphasis_entities_and_escapes_go_and_words_stay() -> None:
    assert _texts("a **bold *and* it** __so__ snake_case_name 2 * 3 * 4 &quot;q&quot; \\*not\\*") == [
        ("text", 'a bold and it so snake_case_name 2 * 3 * 4 "q" *not*')
    ]


def test_block_quotes_lists_tables_and_footnotes_are_told_apart() -> None:
    draft = "Text.[^1]\n\n> one\n> two\n>\n> three\n\n- item\n\n| a | b |\n|---|---|\n| c | d |\n"
    draft += "\n[^1]: A note\n    that goes on.\n"
    kinds = _texts(draft)
    assert kinds[:4] == [("text", "Text."), ("quote", "one two"), ("quote", "three"), ("text", "item")]
    assert kinds[4:] == [*(("cell", one) for one in "abcd"), ("note", "A note that goes on.")]
    groups = [one.group for one in read_prose(draft, markdown=True)]
    assert groups == [-1, 0, 0, -1, -1, -1, -1, -1, -1]


def test_a_footnote_mark_brings_the_footnotes_text() -> None:
    (reference,) = read_prose("So it is.[^x] More.\n\n[^x]: a.txt:3", markdown=True)[0].references
    assert (reference.kind, reference.texts, reference.at) == ("note", ("a.txt:3",), len("So it is."))


def test_links_by_label_are_links() -> None:
    (reference,) = read_prose("As [said][one] here.\n\n[one]: a.txt\n", markdown=True)[0].references
    assert reference.texts == ("a.txt", "said")


def test_plain_text_has_paragraphs_wrapped_or_not_headings_and_quoted_lines() -> None:
    draft = "A HEADING\n\nA first line that was wrapped at a margin of the\nwriter's choice.\n\n> quoted\n> more\n"
    assert _texts(draft, markdown=False) == [
        ("heading", "A HEADING"),
        ("text", "A first line that was wrapped at a margin of the writer's choice."),
        ("quote", "quoted more"),
    ]


@pytest.mark.parametrize("markdown", [True, False])
@given(text=st.text(alphabet="ab*_`[]()<>!\\&;^:-|#>“” \n\r\t1.~", max_size=80))
def test_every_character_was_read_from_its_place(*, text: str, markdown: bool) -> None:
    for one in read_prose(text, markdown=markdown):
        assert len(one.text) == len(one.starts) == len(one.ends)
        assert list(one.starts) == sorted(one.starts)
        for char, start, end in zip(one.text, one.starts, one.ends, strict=True):
            if char.isalnum() and end == start + 1:
                assert text[start] == char


def test_notes_of_an_earlier_check_are_taken_out() -> None:
    assert without_our_notes("A.[^nrqa-1] B[^1]\n\n[^1]: c\n\n\n[^nrqa-1]: x\n") == "A. B[^1]\n\n[^1]: c\n"
