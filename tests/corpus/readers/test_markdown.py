"""Headings, tables, lists, code and front matter of Markdown."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nrqa.corpus.readers.markdown import read_markdown
from nrqa.corpus.readers.shared.outline import Outline


def paths(outline: Outline) -> list[tuple[str, ...]]:
    return list(dict.fromkeys(block.heading for block in outline.blocks))


def texts(outline: Outline, text: str) -> list[str]:
    return [text[block.start : block.end] for block in outline.blocks]


DOCUMENT = """# The *whole* report

Some words.

## First `part` of [it](http://example.org)

More words.

### Inner

Words again.

Second part
-----------

| a | b |
|---|---|
| 1 | 2 |
| 3 | 4 |
"""


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_headings_of_both_kinds_nest_and_lose_their_marks(end: str) -> None:
    text = DOCUMENT.replace("\n", end)
    outline = read_markdown(text)
    assert outline.title == "The whole report"
    assert paths(outline) == [
        (),
        ("First part of it",),
        ("First part of it", "Inner"),
        ("Second part",),
    ]
    assert texts(outline, text)[:2] == ["Some words.", "More words."]


def test_a_table_is_one_block_cut_only_between_rows() -> None:
    table = read_markdown(DOCUMENT).blocks[-1]
    assert [DOCUMENT[item.start : item.end] for item in table.items] == ["| a | b |", "| 1 | 2 |", "| 3 | 4 |"]


def test_what_looks_like_a_heading_in_code_is_none() -> None:
    text = "# Title\n\nWords.\n\n```sh\n# no heading\nmake\n\nmake test\n```\n\n    # nor this\n    code\n"
    outline = read_markdown(text)
    assert paths(outline) == [()]
    fence = texts(outline, text)[1]
    assert fence.startswith("```sh")
    assert fence.endswith("```")


def test_a_fence_that_is_never_closed_reaches_the_end() -> None:
    text = "Words.\n\n```\n# a\n\nb\n"
    assert texts(read_markdown(text), text) == ["Words.", "```\n# a\n\nb"]


def test_headings_inside_lists_and_quotes_head_nothing_outside() -> None:
    text = "# Title\n\nWords.\n\n- # in a list\n  more\n- two\n\n> # in a quote\n> more\n\nAfter.\n"
    outline = read_markdown(text)
    assert paths(outline) == [()]
    assert len(outline.blocks) == 4


def test_a_list_joins_the_paragraph_that_introduces_it() -> None:
    text = "Words.\n\nThree points:\n\n- one\n  more of one\n- two\n    - inner\n- three\n\nAfter.\n"
    outline = read_markdown(text)
    block = outline.blocks[1]
    assert [text[item.start : item.end].split("\n", maxsplit=1)[0] for item in block.items] == [
        "Three points:",
        "- one",
        "- two",
        "- three",
    ]


def test_a_comment_between_introduction_and_list_is_in_no_block() -> None:
    text = "Three points:\n\n<!-- todo -->\n\n- one\n- two\n"
    assert not any("todo" in block for block in texts(read_markdown(text), text))


def test_comments_share_buttons_and_rules_are_left_out() -> None:
    text = "Words.\n\n<!-- a --> <!-- b -->\n\n<!-- c\n\nd -->\n\nShare:\n\n---\n\nMore.\n"
    assert texts(read_markdown(text), text) == ["Words.", "More."]


def test_a_source_notice_is_attached_and_in_no_block() -> None:
    text = "# T\n\nNote for readers: This piece includes AI-assisted content.\n\nWords.\n"
    outline = read_markdown(text)
    assert outline.notices == ("Note for readers: This piece includes AI-assisted content.",)
    assert texts(outline, text) == ["Words."]


def test_front_matter_is_metadata_and_the_lines_stay_true() -> None:
    text = "---\r\ntitle: A\r\ndate: 2021-10-20\r\n---\r\n# H\r\n\r\nWords.\r\n"
    outline = read_markdown(text)
    assert outline.metadata == {"title": "A", "date": "2021-10-20"}
    assert texts(outline, text) == ["Words."]


def test_unterminated_front_matter_is_text() -> None:
    text = "---\ntitle: A\n\nWords.\n"
    assert texts(read_markdown(text), text) == ["title: A", "Words."]


def test_a_line_of_bold_words_above_a_paragraph_is_the_heading_it_means() -> None:
    assert paths(read_markdown("Words.\n\n**The dispute**\n\nMore words.\n")) == [(), ("The dispute",)]


def test_the_heading_at_the_top_is_the_title_only_where_no_other_is_as_high() -> None:
    assert read_markdown("## A\n\nWords.\n\n### B\n\nWords.\n").title == "A"
    assert read_markdown("# A\n\nWords.\n\n# B\n\nWords.\n").title is None
    assert read_markdown("Words.\n\n# A\n\nWords.\n").title is None


def test_a_paragraph_underlined_by_accident_is_a_paragraph() -> None:
    text = "This is a sentence that goes on\nover two lines and ends here.\n---\n\nWords.\n"
    outline = read_markdown(text)
    assert paths(outline) == [()]
    assert texts(outline, text)[0].startswith("This is a sentence")


def test_a_heading_too_long_to_be_one_is_found_as_text() -> None:
    text = "# " + "word " * 100_000 + "\n\nAfter.\n"
    outline = read_markdown(text)
    assert paths(outline) == [()]
    assert len(outline.blocks) == 2


def test_a_heading_with_nothing_beneath_is_found_as_text() -> None:
    text = "# A\n\n## Alone\n\n## B\n\nWords.\n"
    assert texts(read_markdown(text), text) == ["## Alone", "Words."]


def test_links_by_reference_in_a_heading_lose_their_marks() -> None:
    assert paths(read_markdown("Words.\n\n# See [this page][a]\n\nMore.\n\n[a]: http://example.org\n"))[1] == (
        "See this page",
    )


def test_text_between_nested_lists_in_a_quote_is_kept() -> None:
    text = "> - one\n>\n> middle words\n>\n> - two\n"
    assert texts(read_markdown(text), text) == [text.strip()]


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit",
    [
        "[",
        "*",
        "`",
        "<",
        "(",
        "![",
        "[a](",
        "*a **b ",
        "> ",
        "- ",
        "&",
        "\\",
        "<!--",
        "# ",
        "_",
        "|",
        "**a**\n\n",
        "> > > > >\n",
        "```\n",
    ],
)
def test_the_time_grows_with_the_length_only(unit: str) -> None:
    text = "word " + unit * (150_000 // len(unit)) + "\nword"
    begun = time.process_time()
    read_markdown(text)
    assert time.process_time() - begun < 5


def test_deep_nesting_breaks_nothing() -> None:
    for text in ("> " * 5000 + "word", "- " * 5000 + "word", "".join(" " * 2 * at + f"- w{at}\n" for at in range(400))):
        outline = read_markdown(text)
        assert sum(block.end - block.start for block in outline.blocks) >= len(text.strip()) - 1


PARTS = st.sampled_from(
    [
        "# H a",
        "## H b",
        "Para one. Two.",
        "- i\n- j\n  - k",
        "1. x\n2. y",
        "```\ncode\n```",
        "| a | b |\n|-|-|\n| c | d |",
        "> quote\n> - l",
        "**Bold**",
        "Colon:",
        "---",
        "<!-- no -->",
        "<div>\nhtml\n</div>",
        "    indented",
        "Setext\n===",
        "`x` *y* [z](u)",
    ]
) | st.text(alphabet="ab#*-_`>|[]()<! \n:.1", max_size=30)


@given(st.lists(PARTS, max_size=12), st.sampled_from(["\n\n", "\n", "\r\n"]))
def test_blocks_are_in_order_apart_and_without_outer_white_space(parts: list[str], gap: str) -> None:
    text = gap.join(parts)
    at = 0
    for block in read_markdown(text).blocks:
        assert at <= block.start < block.end <= len(text)
        assert text[block.start : block.end] == text[block.start : block.end].strip()
        at, inner = block.end, block.start
        for item in block.items:
            assert inner <= item.start < item.end <= block.end
            inner = item.end


@given(
    st.lists(
        st.sampled_from(
            [
                "# h{}",
                "para{}.",
                "- item{}",
                "> quote{}",
                "```\ncode{}\n```",
                "| a{} |\n|-|\n| b |",
                "under{}\n---",
                "**bold{}**",
                "lead{}:",
            ]
        ),
        min_size=1,
        max_size=12,
    )
)
def test_every_word_is_in_a_block_a_heading_or_the_title(parts: list[str]) -> None:
    text = "\n\n".join(part.format(at) for at, part in enumerate(parts))
    outline = read_markdown(text)
    kept = " ".join(
        [*texts(outline, text), *(part for block in outline.blocks for part in block.heading), outline.title or ""]
    )
    for word in "".join(char if char.isalnum() else " " for char in text).split():
        assert word in kept
