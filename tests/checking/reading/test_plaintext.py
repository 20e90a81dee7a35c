from __future__ import annotations

import pytest

from drafts import cited, left_out, read

BODY = "The report is long, and this paragraph of the draft was wrapped at a margin\nthat the writer liked.\n\n"
INDENTED = "     The relationship has its roots in the era\n     of the cold war and security.\n"


def test_an_indented_block_is_a_quotation_where_a_citation_or_a_colon_shows_it() -> None:
    words = "The relationship has its roots in the era of the cold war and security."
    assert cited(read(f"{BODY}{INDENTED}          (a.txt)\n\nAnd so on it goes.\n", "txt")) == [(words, [("a.txt",)])]
    assert cited(read(f"{BODY}It says (b.txt):\n\n{INDENTED}", "txt")) == [(words, [("b.txt",)])]
    draft = read(f"{BODY}{INDENTED}", "txt")
    assert draft.quotations == ()
    assert left_out(draft) == [(words[:60], "indented, but nothing shows that it is a quotation")]


@pytest.mark.parametrize(
    "block",
    [
        "It is done so:\n\n    git commit --amend && git push origin main\n    make test lint types\n",
        "We need:\n\n    - bread for the whole of the company,\n    - water for the rest of the day.\n",
        "1. The first point is made here:\n\n   It goes on in another paragraph of the same item of the list.\n",
        "It may be asked:\n\n    Where is it used?\n    Where is it from?\n    Why?\n",
        "Please write to:\n\n        The Secretary\n        12 High Street\n        London\n",
    ],
)
def test_lists_code_and_addresses_are_no_quotations(block: str) -> None:
    draft = read(f"{BODY}{block}", "txt")
    assert draft.quotations == ()
    assert draft.left_out == ()


def test_the_first_lines_of_paragraphs_may_be_indented() -> None:
    paragraph = "    The report is long, and this paragraph of the draft was\n"
    paragraph += "wrapped at a margin that the writer liked very much.\n"
    draft = read(f"{paragraph}{paragraph}", "txt")
    assert (draft.quotations, draft.left_out) == ((), ())


def test_a_word_that_the_end_of_a_line_parts_is_one_word() -> None:
    (one,) = read('It says "shaped by contrasting secu-\nrity interests" (a.txt).\n', "txt").quotations
    assert one.text == "shaped by contrasting secu\u00adrity interests"
