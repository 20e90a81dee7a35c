from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafts import cited, left_out, read
from nrqa.checking.prose import Prose, without_our_notes
from nrqa.checking.reading.formats import read_written


def read_prose(text: str, *, markdown: bool) -> list[Prose]:
    return list(read_written("d.md" if markdown else "d.txt", text.encode()).proses)


def _texts(text: str, *, markdown: bool = True) -> list[tuple[str, str]]:
    return [(one.kind, one.text) for one in read_prose(text, markdown=markdown)]


def test_code_is_told_apart_and_front_matter_and_targets_are_no_text() -> None:
    draft = '---\ntitle: "a b c d"\n---\n# Head\n\nSee [words](http://x.y/z "t") and `code "a b"` here.\n'
    draft += '\n```\n"code"\n```\n'
    assert _texts(draft) == [
        ("heading", "Head"),
        ("text", 'See words and code "a b" here.'),
        ("code", '"code"'),
    ]


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
    for one in read_prose(f"x{text}", markdown=markdown):
        assert len(one.text) == len(one.starts) == len(one.ends)
        assert list(one.starts) == sorted(one.starts)
        for char, start, end in zip(one.text, one.starts, one.ends, strict=True):
            if char.isalnum() and end == start + 1:
                assert f"x{text}"[start] == char


def test_notes_of_an_earlier_check_are_taken_out() -> None:
    assert without_our_notes("A.[^nrqa-1] B[^1]\n\n[^1]: c\n\n\n[^nrqa-1]: x\n") == "A. B[^1]\n\n[^1]: c\n"


def test_callouts_that_quote_have_a_source_and_others_are_the_drafts_own() -> None:
    draft = read("> [!quote] Another one\n> One two three.\n>\n> Four five six.\n")
    assert cited(draft) == [("One two three.", [("b.txt",)]), ("Four five six.", [("b.txt",)])]
    assert cited(read("> [!CITE]- Somebody\n> One two three.\n")) == [("One two three.", [()])]
    assert cited(read("> [!quote]\n> One two three.\n> — a.txt\n")) == [("One two three.", [("a.txt",)])]
    assert read("> [!info]+ A title\n> This is a remark of “one two three”.\n").quotations[0].marks == "“”"


@pytest.mark.parametrize("lead", ["**Ann Smith:** ", "*Ann*: ", "Ann Smith: ", "__Dr. Smith__: "])
def test_a_block_quote_may_begin_with_its_speaker(lead: str) -> None:
    (one,) = read(f"> {lead}One two three four.\n").quotations
    assert one.text[one.lead :] == "One two three four."


def test_words_in_code_are_words_of_a_quotation_and_marks_in_code_are_none() -> None:
    draft = read('So “one `two “x` three” and `say("four five six", "seven eight nine")` and `a.txt`.\n\n`"so"`\n')
    assert [one.text for one in draft.quotations] == ["one two “x three"]
    assert left_out(draft) == [("four five six", "in code, and 1 more")]
    assert [one.meant.documents for one in draft.sentences[0].citations] == [("a.txt",)]


def test_blocks_of_code_are_listed_where_they_look_like_quotations() -> None:
    words = "The words stand here, and there are many of them."
    draft = read(f'```python\nsay("one two three")\n```\n\nText.\n\n    {words}\n')
    assert draft.quotations == ()
    assert left_out(draft) == [
        ("one two three", "in a block of code"),
        (words, "a block of code, not a block quote, which has > before its lines"),
    ]


def test_html_in_markdown_quotes_too() -> None:
    draft = read("Inline <q cite='b.txt'>one two three</q> and <q>four five six</q>.\n")
    assert cited(draft) == [("one two three", [("b.txt",)]), ("four five six", [])]
    text = "<blockquote>\n<p>One two three.</p>\n<footer>— <cite>Another one</cite></footer>\n</blockquote>\n"
    assert cited(read(text)) == [("One two three.", [("b.txt",)])]
    text = "<blockquote>\n\nOne *two* three.\n\nFour five six.\n\n</blockquote>\n\nMore words.\n\n> Seven eight nine.\n"
    assert [(one.text, one.marks) for one in read(text).quotations] == [
        ("One two three.", ">"),
        ("Four five six.", ">"),
        ("Seven eight nine.", ">"),
    ]


@pytest.mark.parametrize(
    "piece", ["<!--", "[^", "[^a]: b\n\n", "` ``", "<q>", "> [!quote] a\n", "\n\n    a", "[a][b] "]
)
def test_the_time_grows_with_the_length_only(piece: str) -> None:
    began = time.process_time()
    read_prose("x " + piece * 10_000, markdown=True)
    assert time.process_time() - began < 20  # what looks at the rest of the text again and again takes minutes
