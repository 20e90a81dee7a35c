from __future__ import annotations

from nrqa.checking.citing.names import names_of
from nrqa.checking.drafts import Draft, read_draft
from nrqa.checking.reading.formats import read_written
from nrqa.records import Document

NAMES = names_of([Document("a.txt", "The first of all reports", "", ""), Document("b.txt", "Another one", "", "")])


def _read(text: str, *, markdown: bool = True, least_words: int = 3) -> Draft:
    proses = read_written("d.md" if markdown else "d.txt", text.encode()).proses
    return read_draft(text, proses, NAMES, least_words=least_words)


def _cited(draft: Draft) -> list[tuple[str, list[tuple[str, ...]]]]:
    return [(one.text, [cited.meant.documents for cited in one.citations]) for one in draft.quotations]


def test_a_quotation_has_the_citation_after_it_else_the_one_before_it() -> None:
    draft = _read(
        "He says “one two three” (a.txt:3) and “four five six” [b.txt]. As a.txt:3 has it, “seven eight nine”. "
        "None for “ten eleven twelve”. But “one of two” and “two of two” (b.txt)."
    )
    assert _cited(draft) == [
        ("one two three", [("a.txt",)]),
        ("four five six", [("b.txt",)]),
        ("seven eight nine", [("a.txt",)]),
        ("ten eleven twelve", []),
        ("one of two", [("b.txt",)]),
        ("two of two", [("b.txt",)]),
    ]


def test_a_citation_behind_the_full_stop_belongs_to_the_sentence_before_it() -> None:
    draft = _read(
        "He says “one two three.” (a.txt:3) Then she “did not agree” at all. So it was.[^1] Well now.\n\n[^1]: b.txt\n"
    )
    assert [(one.text, len(one.citations)) for one in draft.sentences] == [
        ("He says “one two three.” (a.txt:3)", 1),
        ("Then she “did not agree” at all.", 0),
        ("So it was.", 1),
    ]


def test_a_sentence_ends_behind_a_closing_mark_or_citation_and_a_full_stop() -> None:
    draft = _read(
        "Im Bericht steht »eins zwei drei« (a.txt). Dort liest man »vier fünf sechs«. Und »sieben acht neun« (b.txt)."
    )
    assert _cited(draft) == [
        ("eins zwei drei", [("a.txt",)]),
        ("vier fünf sechs", []),
        ("sieben acht neun", [("b.txt",)]),
    ]


def test_a_sentence_ends_behind_a_quotation_that_has_a_full_stop_inside() -> None:
    draft = _read(
        "Dazu steht dort ›Eins zwei. Drei vier.‹ (a.txt). Es heißt ‚Fünf. Sechs.‘. Und »acht neun zehn« (b.txt)."
    )
    assert [[one.meant.documents for one in sentence.citations] for sentence in draft.sentences] == [
        [("a.txt",)],
        [],
        [("b.txt",)],
    ]


def test_a_full_stop_inside_a_quotation_ends_no_sentence() -> None:
    (sentence,) = _read("She wrote “It rained. We left. Nobody came” and nothing more.").sentences
    assert sentence.quotations == (0,)
    assert sentence.own == 5


def test_a_block_quote_has_the_citation_in_its_last_line_or_before_it_or_after_it() -> None:
    assert _cited(_read("So:\n\n> One two three.\n>\n> — Another one, p. 3\n")) == [("One two three.", [("b.txt",)])]
    assert _cited(_read("So (a.txt):\n\n> One two three.\n")) == [("One two three.", [("a.txt",)])]
    assert _cited(_read("So:\n\n> One two three. (a.txt:3)\n")) == [("One two three.", [("a.txt",)])]
    assert _cited(_read("So:\n\n> “One two three.”\n\n(a.txt:3) it says.\n")) == [("One two three.", [("a.txt",)])]


def test_an_alert_is_no_quotation() -> None:
    draft = _read("> [!NOTE]\n> This is a remark of our own.\n")
    assert draft.quotations == ()
    assert len(draft.sentences) == 1


def test_chinese_and_japanese_quotations_are_seen_and_measured_by_characters() -> None:
    draft = _read(
        "首相は「国際社会の平和を守る」と述べた（a.txt）。他は「方針」だ。\n\n孔子说“有朋自远方来。”［b.txt］"
    )
    assert _cited(draft) == [("国際社会の平和を守る", [("a.txt",)]), ("有朋自远方来。", [("b.txt",)])]
    assert [(one.text, one.reason) for one in draft.left_out] == [("方針", "fewer than 3 words")]
    assert [len(one.citations) for one in draft.sentences] == [1, 1]


def test_a_title_in_quotation_marks_is_the_citation_of_what_follows() -> None:
    draft = _read("In “The First of All Reports” one reads “one two three” again.")
    assert _cited(draft) == [("one two three", [("a.txt",)])]


def test_headings_cells_and_footnotes_have_quotations_and_no_sentences() -> None:
    draft = _read("# Of “one two three”\n\n| “four five six” |\n|---|\n\n[^1]: So “seven eight nine” is said.\n")
    assert [one.text for one in draft.quotations] == ["one two three", "four five six", "seven eight nine"]
    assert draft.sentences == ()


def test_what_is_too_short_or_not_closed_is_told() -> None:
    draft = _read("A “so called” thing. And “it goes on.")
    assert [(one.text, one.reason) for one in draft.left_out] == [
        ("so called", "fewer than 3 words"),
        ("“it goes on.", "the mark “ is not closed in its paragraph"),
    ]
    assert len(_read("A “so called” thing.", least_words=2).quotations) == 1


def test_a_mark_that_nothing_opens_is_told() -> None:
    draft = _read("He said one two three” (a.txt), by a 12” pipe, ”so to say” and “all of it”.")
    assert [(one.text, one.reason) for one in draft.left_out] == [
        ("He said one two three”", "the mark ” is not opened in its paragraph")
    ]


def test_prose_in_code_is_told() -> None:
    draft = _read("He wrote `one two three four five six seven.` and `a.txt` (b.txt).")
    assert [(one.text, one.reason) for one in draft.left_out] == [("one two three four five six seven.", "in code")]


def test_a_quotation_of_several_paragraphs_begins_each_with_a_mark() -> None:
    draft = _read("She wrote: “It was a day.\n\n“It was a night too.” (a.txt)\n")
    assert [one.text for one in draft.quotations] == ["It was a day.", "It was a night too."]
    assert draft.left_out == ()


def test_a_note_is_put_behind_the_mark_and_not_into_a_link() -> None:
    text = "See [the words “one two three”](a.txt) and “*four five six*” here."
    first, second = _read(text).quotations
    assert text[: first.end].endswith("(a.txt)")
    assert text[: second.end].endswith("*”")


def test_words_in_brackets_are_none_of_a_quotation() -> None:
    draft = _read("It “[would one day take all of it with] great [force]” and “[would take] it with great [force]”.")
    assert [one.text for one in draft.quotations] == ["[would take] it with great [force]"]
    assert [one.reason for one in draft.left_out] == ["fewer than 3 words outside of brackets"]


def test_a_block_quote_that_begins_with_a_mark_goes_on_with_nothing() -> None:
    draft = _read("He said “so it\n\n> “One two three four.”\n")
    assert [one.text for one in draft.quotations] == ["One two three four."]
    assert [one.reason for one in draft.left_out] == ["the mark “ is not closed in its paragraph"]


def test_a_file_in_quotation_marks_is_a_citation() -> None:
    (sentence,) = _read("This was said in “a.txt” as well.").sentences
    assert [one.meant.documents for one in sentence.citations] == [("a.txt",)]


def test_quotations_in_html_are_read_too() -> None:
    draft = _read("<blockquote>One <b>two</b> three.</blockquote>\n\n<div>So “four five six” is said.</div>\n")
    assert [(one.text, one.marks) for one in draft.quotations] == [("One two three.", ">"), ("four five six", "“”")]
    assert _read("<script>say(“one two three”)</script>\n").quotations == ()
    assert _read("<!-- “one two three” -->\n").quotations == ()
