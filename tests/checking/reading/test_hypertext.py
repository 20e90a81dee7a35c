from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafts import cited, left_out, placed, read
from nrqa.checking.reading.hypertext import read_hypertext


def test_quotations_of_a_page_stand_where_its_file_has_them() -> None:
    draft = read(
        "<html><head><title>“no one two”</title></head><p>So &ldquo;one two\n <b>three</b>&rdquo; (a.txt).", "html"
    )
    assert cited(draft) == [("one two three", [("a.txt",)])]
    assert placed(draft) == ["&ldquo;one two\n <b>three</b>&rdquo;"]


def test_the_element_for_quotations_has_marks_as_browsers_show_it() -> None:
    draft = read("<p>A <q>one two three</q> and <q cite='b.txt'>four “five <q>six</q>” seven</q> here.", "html")
    assert cited(draft) == [("one two three", []), ("four “five “six”” seven", [("b.txt",)])]
    assert placed(draft)[0] == "<q>one two three</q>"


@pytest.mark.parametrize(
    "source",
    [
        "<footer>— <cite>Another one</cite></footer></blockquote>",
        "<p class='attribution'>Another one</p></blockquote>",
        "<p>— <cite>Another one</cite></p></blockquote>",
        "<cite>Another one</cite></blockquote>",
        "<p>— Another one</p></blockquote>",
        "</blockquote><p>(b.txt)</p>",
    ],
)
def test_the_line_below_a_block_quote_is_its_source_and_none_of_its_words(source: str) -> None:
    draft = read(f"<blockquote><p>One two three.</p><p>Four five six.</p>{source}", "html")
    assert cited(draft) == [("One two three.", [("b.txt",)]), ("Four five six.", [("b.txt",)])]


def test_the_caption_of_a_figure_is_the_source_of_the_block_quote_in_it() -> None:
    draft = read("<figure><blockquote>One two three.</blockquote><figcaption>Another one</figcaption></figure>", "html")
    assert cited(draft) == [("One two three.", [("b.txt",)])]
    draft = read("<blockquote cite='a.txt'><p>I read <cite>Some Book</cite> with joy.</p></blockquote>", "html")
    assert cited(draft) == [("I read Some Book with joy.", [("a.txt",)])]


def test_the_last_line_of_a_block_quote_may_name_its_source() -> None:
    draft = read("<blockquote>One two<br>three four.<br>— Another one</blockquote>", "html")
    assert cited(draft) == [("One two three four.", [("b.txt",)])]


def test_links_within_the_page_are_notes_where_their_words_are_a_mark() -> None:
    draft = read(
        "<p>“One two three”<sup><a href='#fn1' id='r1'>1</a></sup> and “four five six”<a href='#_ftn2'>[2]</a>.</p>"
        "<ol><li id='fn1'>b.txt <a href='#r1'>↩︎</a></li></ol><p><a name='_ftn2' href='#_ftnref2'>[2]</a> a.txt</p>",
        "html",
    )
    assert cited(draft) == [("One two three", [("b.txt",)]), ("four five six", [("a.txt",)])]
    assert [one.text for one in draft.sentences] == ["“One two three” and “four five six”."]


def test_what_no_browser_shows_and_code_are_no_quotations() -> None:
    draft = read(
        "<p>So.<!-- “one two three” --><script>say('“one two three”')</script><style>“one two three”</style></p>"
        "<pre>say(“one two three”)</pre><p>The <code>say(“four five six”)</code> call.</p>",
        "html",
    )
    assert draft.quotations == ()
    assert left_out(draft) == [("one two three", "in a block of code"), ("four five six", "in code")]


@pytest.mark.parametrize(
    "piece", ["<!--", "<a <a ", "<a href='", "<script>", "&amp", "<q>", "<blockquote>", "<p id=x>"]
)
def test_the_time_grows_with_the_length_only(piece: str) -> None:
    began = time.process_time()
    read_hypertext(piece * 20_000, 0, len(piece) * 20_000)
    assert time.process_time() - began < 20  # what looks at the rest of the text again and again takes minutes


_TAGS = (
    "<q> </q> <p> </p> <blockquote> </blockquote> <cite> </cite> a 1 <a_href='#x'> </a> <li_id=x> &amp; < <!-- --> "
    "<footer> </footer> <pre>"
)


@given(st.lists(st.sampled_from([one.replace("_", " ") for one in _TAGS.split()]), max_size=14))
def test_every_character_was_read_from_its_place(pieces: list[str]) -> None:
    text = "".join(pieces)
    for one in read_hypertext(text, 0, len(text))[0]:
        assert len(one.text) == len(one.starts) == len(one.ends)
        assert all(0 <= start < end <= len(text) + 1 for start, end in zip(one.starts, one.ends, strict=True))
        for char, start, end in zip(one.text, one.starts, one.ends, strict=True):
            if char.isalnum() and end == start + 1:
                assert text[start] == char
