from __future__ import annotations

import hashlib
import json
import re
import time
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nrqa.answering.inspecting import Place
from nrqa.citations.annotation import annotation, cited_in
from nrqa.citations.cited import fingerprint
from nrqa.citations.finding import citations_in_json, citations_in_text
from nrqa.citations.json_text import edits, read_all, read_json
from nrqa.citations.line import cite_line, parse_line
from nrqa.citations.quotations import quotations_beside, without_emphasis
from nrqa.citations.rewriting import apply, rewritten
from nrqa.records import Citation, Locator, Passage, Span
from nrqa.rendering.places import parse_place

# Of everything, with much of what could go wrong.
_ODD = st.sampled_from(
    [*" :§#%+-–—›>/\\\"'“”«»()[]{}|`*,;=.\n\r\t\0\x1b\u00a0\u200b\u202e", "%20", "#a1b2c3", ":3", " §", "é", "文"]
)
_NAMES = st.lists(st.one_of(_ODD, st.characters(exclude_categories=["Cs"])), min_size=1, max_size=12).map("".join)
_HEADINGS = st.lists(_NAMES, max_size=3).map(tuple)
_WORDS = "Russia perceives these systems as threats, while NATO views them as vital."

_PAGES = st.none() | st.integers(1, 99_999).flatmap(lambda page: st.sampled_from([(page, page), (page, page + 1)]))


def _passage(
    text: str = _WORDS,
    document: str = "nato-russia.txt",
    heading: tuple[str, ...] = ("Disputes",),
    first: int = 31,
    last: int = 31,
    start: int = 780,
    *,
    pages: tuple[int, int] | None = None,
) -> Passage:
    locators = (Locator("page", *map(str, pages)),) if pages else ()
    page = pages[0] if pages else None
    citation = Citation(
        document, "A title", heading, start, start + len(text), first, last, page, "0" * 64, {}, locators
    )
    return Passage(text, citation)


def test_a_citation_is_one_line_that_can_be_read_aloud() -> None:
    line = cite_line(_passage(heading=("Politics", "Disputes over missile defense systems in Europe")))
    place, _, fingerprint_ = line.rpartition(" ")
    assert place == "nato-russia.txt:31 §Politics › Disputes over missile defense systems in Europe"
    assert fingerprint_ == f"#{hashlib.sha256(_WORDS.encode()).hexdigest()[:10]}+{len(_WORDS)}"


def test_common_headings_stay_readable() -> None:
    line = cite_line(_passage(heading=("Art. 5 §2: C# and 50% (2014/15)", "What's “new”?")))
    assert line.startswith("nato-russia.txt:31 §Art. 5 §2: C# and 50% (2014/15) › What's “new”? #")
    (found,) = citations_in_text(f"see {line}.")
    assert found.cited.heading == ("Art. 5 §2: C# and 50% (2014/15)", "What's “new”?")


def test_a_format_without_lines_is_cited_by_what_it_counts() -> None:
    one = _passage(document="a report.pdf", pages=(7, 7))
    assert cite_line(one).startswith("a%20report.pdf p. 7 §Disputes #")
    two = cite_line(_passage(document="b.pdf", heading=(), pages=(7, 8)))
    assert two.startswith("b.pdf pp. 7–8 #")
    text = f"Told ({cite_line(one)}; {two})."
    first, second = citations_in_text(text)
    assert (first.cited.document, first.cited.lines, first.cited.heading) == ("a report.pdf", None, ("Disputes",))
    assert first.cited.places == (Locator("page", "7", "7"),)
    assert text[second.start : second.end] == two
    moved = _passage(document="b.pdf", heading=(), first=40, last=40, pages=(9, 9))
    assert apply(two, rewritten(citations_in_text(two)[0], moved, "", two)) == cite_line(moved)


def _placed(document: str, *locators: Locator) -> Passage:
    one = _passage(document=document, heading=())
    return replace(one, citation=replace(one.citation, locators=locators))


@pytest.mark.parametrize(
    ("locators", "written"),
    [
        ([Locator("page", "2", "2"), Locator("page label", "iv", "iv")], "p. iv"),
        ([Locator("page", "2", "3"), Locator("page label", "144", "A-3")], "pp. 144–A-3"),
        ([Locator("page", "2", "2"), Locator("page label", "1 (a)", "1 (a)")], "p. 1%20%28a%29"),
        ([Locator("paragraph", "23", "23")], "¶23"),
        ([Locator("paragraph", "5", "8"), Locator("note", "1", "1")], "¶5–8"),
        ([Locator("sheet", "Our Budget", "Our Budget"), Locator("row", "2", "9"), Locator("cell", "A2", "C9")],
         "sheet Our%20Budget rows 2–9"),
        ([Locator("slide", "4", "4"), Locator("notes", "4", "4")], "slide 4"),
        ([Locator("notes", "4", "4")], "notes 4"),
        ([Locator("message", "3", "3"), Locator("part", "1.2", "1.2"), Locator("paragraph", "2", "2")],
         "message 3 part 1.2 ¶2"),
        ([Locator("chapter", "II. The sea: a row 3", "II. The sea: a row 3"), Locator("paragraph", "1", "1")],
         "ch. II.%20The%20sea%3A%20a%20row%203 ¶1"),
        ([Locator("cell", "3", "3")], "cell 3"),
    ],
)  # fmt: skip
def test_each_format_has_places_of_its_own_and_they_are_read_back(locators: list[Locator], written: str) -> None:
    line = cite_line(_placed("b.epub", *locators))
    assert line.startswith(f"b.epub {written} #")
    cited = parse_line(line)
    (found,) = citations_in_text(f"As told in {line}.")
    assert cited is not None
    assert found.cited == cited
    labels = [(one.first, one.last) for one in cited.places]
    told = [one for one in locators if one.kind not in ("cell", "page") or len(locators) == 1]
    assert labels == [(one.first, one.last) for one in told][: len(labels)]
    assert cited.document == "b.epub"


@pytest.mark.parametrize(
    ("typed", "kind", "first", "last"),
    [
        ("a.html par. 23", "paragraph", "23", "23"), ("a.html ¶ 23", "paragraph", "23", "23"),
        ("a.html¶23", "paragraph", "23", "23"), ("a.html paragraphs 5-8", "paragraph", "5", "8"),
        ("a.html PAR. 5–8", "paragraph", "5", "8"), ("r.pdf page 7", "page", "7", "7"),
        ("r.pdf pp. 7-8", "page", "7", "8"), ("r.pdf p.7", "page", "7", "7"), ("r.pdf p. A-3", "page", "A-3", "A-3"),
        ("r.pdf pp. iv-vi", "page", "iv", "vi"), ("r.pdf p. 7 §Heading: more", "page", "7", "7"),
        ("d.csv row 12", "row", "12", "12"),
        ("t.pptx slides 4-5", "slide", "4", "5"),
    ],
)  # fmt: skip
def test_a_place_may_be_typed_without_odd_signs(typed: str, kind: str, first: str, last: str) -> None:
    place = parse_place(typed)
    assert (place.document, place.units) == (re.split("[ ¶]", typed, maxsplit=1)[0], (Locator(kind, first, last),))


def test_labels_with_blanks_may_be_typed_as_they_are() -> None:
    for title in ("The Golden Thread", "Part one", "The last part of all"):
        for typed in (f"chapter {title} par. 3", f"ch. {title}, ¶3"):
            place = parse_place(f"my books/two cities.epub {typed}")
            assert place.document == "my books/two cities.epub"
            assert place.units == (Locator("chapter", title, title), Locator("paragraph", "3", "3"))


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("as data.csv row 12 says", ["data.csv row 12"]),
        ("see report.pdf pp. 7–8, and page.html ¶23.", ["report.pdf pp. 7–8", "page.html ¶23"]),
        ("report.pdf page\n> 7 has it", ["report.pdf page\n> 7"]),
        ("data.csv rows are counted, report.pdf pages too; page.html paragraph by paragraph", []),
        ("budget.xlsx sheet shows that row after row", []),
        ("in March p. 3 and nato.txt p. 3 and nato.txt row 3", []),
        ("report.pdf p. 3a and report.pdf p. iv", ["report.pdf p. 3a", "report.pdf p. iv"]),
        ("data.csv rowdy 3 data.csv row12", []),
    ],
)
def test_a_place_in_running_text_is_a_citation_where_it_has_a_number(text: str, cited: list[str]) -> None:
    names = ["data.csv", "report.pdf", "page.html", "budget.xlsx", "nato.txt"]
    assert [text[one.start : one.end] for one in citations_in_text(text, names)] == cited


def test_the_line_and_page_that_were_written_before_are_still_read() -> None:
    old = "b.pdf:31-40 (pp. 7–8) §Disputes #a1b2c3d4e5+411"
    (found,) = citations_in_text(f"See {old}.")
    assert (found.cited.document, found.cited.lines, found.cited.heading) == ("b.pdf", (31, 40), ("Disputes",))
    assert parse_line(old) == found.cited
    assert parse_place(old) == Place("b.pdf", lines=(31, 40), digits="a1b2c3d4e5")


def test_a_page_that_somebody_wrote_behind_a_place_is_theirs() -> None:
    text = "See nato-russia.txt:31 (p. 7), and so on."
    (found,) = citations_in_text(text, {"nato-russia.txt"})
    assert text[found.start : found.end] == "nato-russia.txt:31"


def test_the_shortest_form_is_read_too() -> None:
    cited = parse_line("nato-russia.txt:31 §Disputes over missile defense systems in Europe #a1b2c3")
    assert cited is not None
    assert (cited.document, cited.lines, cited.digits, cited.length) == ("nato-russia.txt", (31, 31), "a1b2c3", 0)
    assert cited.heading == ("Disputes over missile defense systems in Europe",)


@given(_NAMES, _HEADINGS, st.integers(1, 99_999), st.integers(0, 99), _PAGES)
def test_a_line_says_what_it_was_made_of(
    document: str, heading: tuple[str, ...], first: int, more: int, pages: tuple[int, int] | None
) -> None:
    document += ".pdf" if pages else ""
    passage = _passage(document=document, heading=heading, first=first, last=first + more, pages=pages)
    line = cite_line(passage)
    assert not re.search(r"[\x00-\x1f\x7f-\xa0\u200b-\u200f\u2028-\u202f\u2060-\u206f]", line)
    cited = parse_line(line)
    assert cited is not None
    digits, length = fingerprint(passage.text)
    assert (cited.document, cited.heading) == (document, heading)
    assert cited.lines == (None if pages else (first, first + more))
    assert [(one.kind, one.first, one.last) for one in cited.places] == ([("page", *map(str, pages))] if pages else [])
    assert (digits.startswith(cited.digits), cited.length) == (True, length)


@given(
    _NAMES,
    _HEADINGS,
    st.sampled_from(["See {}.", "({})", "“quoted” — {}", "| a | {} |", "> words\n> — {}\n", "*{}*", "see: {}"]),
    _PAGES,
)
def test_a_line_is_found_whole_inside_a_text(
    document: str, heading: tuple[str, ...], around: str, pages: tuple[int, int] | None
) -> None:
    document += ".pdf" if pages else ""
    line = cite_line(_passage(document=document, heading=heading, pages=pages))
    text = around.format(line)
    (found,) = citations_in_text(text)
    assert text[found.start : found.end] == line
    assert (found.cited.document, found.cited.heading) == (document, heading)


@given(_NAMES, _HEADINGS)
def test_two_lines_in_one_sentence_stay_two(document: str, heading: tuple[str, ...]) -> None:
    line = cite_line(_passage(document=document, heading=heading))
    found = citations_in_text(f"as in {line} and {line}, too")
    assert [(one.cited.document, one.cited.heading) for one in found] == [(document, heading)] * 2


@given(_NAMES, _HEADINGS, st.text(max_size=40), st.text(min_size=1, max_size=60), st.text(max_size=40))
def test_an_annotation_says_what_it_was_made_of(
    document: str, heading: tuple[str, ...], before: str, words: str, after: str
) -> None:
    passage = _passage(words, document, heading, start=len(before))
    value = json.loads(json.dumps(annotation(passage, before + words + after)))
    cited = cited_in(value)
    assert cited is not None
    assert (cited.document, cited.heading, cited.lines) == (document, heading, (31, 31))
    assert (cited.exact, cited.span) == (words, Span(len(before), len(before) + len(words)))
    assert before.endswith(cited.prefix)
    assert after.startswith(cited.suffix)


def test_an_annotation_is_of_the_w3c_model_and_has_lines_and_columns() -> None:
    text = f"First line.\nAnd then: {_WORDS} More."
    value = annotation(_passage(start=22), text)
    assert (value["@context"], value["type"]) == ("http://www.w3.org/ns/anno.jsonld", "Annotation")
    quoted, position = value["target"]["selector"]
    assert quoted == {"type": "TextQuoteSelector", "exact": _WORDS, "prefix": text[:22], "suffix": " More."}
    assert position == {"type": "TextPositionSelector", "start": 22, "end": 22 + len(_WORDS)}
    assert text[22 : 22 + len(_WORDS)] == _WORDS
    assert (value["citation"]["column_start"], value["citation"]["column_end"]) == (11, 10 + len(_WORDS))
    assert value["citation"]["heading"] == ["Disputes"]


def test_annotations_of_other_tools_are_read() -> None:
    value = {
        "target": [
            {"source": "a%20b.txt", "selector": {"type": "TextQuoteSelector", "exact": "some words", "prefix": "the "}}
        ]
    }
    (found,) = citations_in_json(json.dumps([value]))
    assert (found.cited.document, found.cited.exact, found.cited.prefix, found.cited.lines) == (
        "a b.txt", "some words", "the ", None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "documents", "expected"),
    [
        ("see nato.txt:3 for it", ["nato.txt"], ["nato.txt"]),
        ("see nato.txt:3 for it", [], []),
        ("main.py:3 and http://localhost:8080 at 10:30", ["nato.txt"], []),
        ("a file: my report: 2020–21.txt:3 says", ["my report: 2020–21.txt", "21.txt"], ["21.txt"]),
        ("a file: my report: 2020–21.txt:3 says", ["my report: 2020–21.txt"], ["my report: 2020–21.txt"]),
        ("50%20off.txt:3", ["50%20off.txt"], ["50%20off.txt"]),
        ("my report.txt:3 §A heading #a1b2c3", ["my report.txt"], ["my report.txt"]),
    ],
)
def test_a_place_alone_is_a_citation_where_there_is_such_a_document(
    text: str, documents: list[str], expected: list[str]
) -> None:
    assert [one.cited.document for one in citations_in_text(text, documents)] == expected


_LINE = cite_line(_passage())


@pytest.mark.parametrize(
    "around",
    [
        "_{}_",
        "**{}**",
        "~~{}~~",
        "参见{}。",
        "参见（{}）",
        "见{}处",
        "| {} |",
        "[^1]: {}",
        "[{}](x.html)",
        "`{}`",
        "<i>{}</i>",
    ],
)
def test_what_is_around_a_citation_is_none_of_it(around: str) -> None:
    text = around.format(_LINE)
    (found,) = citations_in_text(text, ["nato-russia.txt"])
    assert text[found.start : found.end] == _LINE
    assert found.cited == citations_in_text(_LINE)[0].cited


def test_the_marks_of_an_emphasis_are_no_part_of_a_name_that_nobody_knows() -> None:
    (found,) = citations_in_text(f"_{_LINE}_")
    assert found.cited.document == "nato-russia.txt"
    (found,) = citations_in_text(f"see _{_LINE} here")
    assert found.cited.document == "_nato-russia.txt"


def test_a_longer_name_leaves_nothing_of_a_shorter_one() -> None:
    (found,) = citations_in_text("a.txt:3 x.txt:5", ["a.txt", "a.txt:3 x.txt"])
    assert (found.cited.document, found.start) == ("a.txt:3 x.txt", 0)


def test_a_citation_that_markdown_escaped_is_read_and_stays_escaped() -> None:
    text = r"— [a\_b.txt:3 §On \_x\_ \#0123456789+9](<a>)".replace("\\\\", "\\").replace("\\n", "\n")
    (found,) = citations_in_text(text, ["a_b.txt"])
    assert (found.cited.document, found.cited.heading, found.cited.digits) == ("a_b.txt", ("On _x_",), "0123456789")
    moved = _passage(document="c_d.txt", heading=("H",), first=7, last=9)
    assert r"[c\_d.txt:7-9 §H \#0123456789+9](<a>)" in apply(text, rewritten(found, moved, "", text))


def test_the_quotation_that_markdown_escaped_is_the_passage() -> None:
    words = "It costs $5 [net] and *more* than that."
    line = cite_line(_passage(words))
    (found,) = citations_in_text(f"> It costs \\$5 \\[net\\] and \\*more\\* than that.\n\n{line}")
    assert found.cited.exact == words


def test_a_backslash_of_a_name_or_of_json_is_no_escape_of_markdown() -> None:
    (found,) = citations_in_text("a\\-b.txt:3 #0123456789+9")
    moved = _passage(document="c-d.txt", heading=(), first=7, last=9)
    assert apply("a\\-b.txt:3 #0123456789+9", rewritten(found, moved, "", "a\\-b.txt:3 #0123456789+9")) == (
        "c-d.txt:7-9 #0123456789+9"
    )
    value = '["x\\/a.txt:3 #0123456789+9"]'
    (found,) = citations_in_json(value)
    assert apply(value, rewritten(found, _passage(document="y/b.txt", heading=()), "", value)) == (
        '["y/b.txt:31 #0123456789+9"]'
    )


@pytest.mark.parametrize(
    ("text", "documents", "expected"),
    [
        (f"“{_WORDS}” (old.txt:3)", ["new.txt"], ["old.txt"]),
        ("It is so (old.txt:3).", ["new.txt"], []),
        (f"“{_WORDS}” (main.py:3)", ["new.txt"], []),
        (f"“{_WORDS}” (https://x.org/old.txt:3)", ["new.txt"], []),
    ],
)
def test_a_place_with_its_quotation_counts_though_the_file_was_renamed(
    text: str, documents: list[str], expected: list[str]
) -> None:
    assert [one.cited.document for one in citations_in_text(text, documents)] == expected


def test_what_an_answer_says_of_its_search_is_no_citation() -> None:
    near = annotation(_passage(), _WORDS)["citation"]
    line = {"type": "answer", "question": "?", "hit": 0, "searched": {"nearest": [{"score": 0.1, "citation": near}]}}
    assert citations_in_json(json.dumps(line)) == []


def test_each_of_several_targets_is_a_citation_of_its_own() -> None:
    targets = [
        {"source": "a.txt#part", "selector": {"type": "TextQuoteSelector", "exact": "some words"}},
        {
            "source": "b.txt",
            "selector": {"type": "XPathSelector", "refinedBy": {"type": "TextQuoteSelector", "exact": "x"}},
        },
    ]
    text = json.dumps({"type": "Annotation", "target": targets})
    found = citations_in_json(text)
    assert [(one.cited.document, one.cited.exact) for one in found] == [("a.txt", "some words"), ("b.txt", "x")]
    done = json.loads(apply(text, rewritten(found[0], _passage("some words", "c d.txt"), "some words", text)))
    assert [one["source"] for one in done["target"]] == ["c%20d.txt#part", "b.txt"]


def test_a_described_place_has_the_fingerprint_of_its_line() -> None:
    value = {"document": "nato-russia.txt", "start": 780, "sha256": "0" * 64, "cite": _LINE}
    (found,) = citations_in_json(json.dumps(value))
    assert (found.cited.digits, found.cited.length) == (fingerprint(_WORDS)[0][:10], len(_WORDS))


@pytest.mark.parametrize(
    "text",
    [
        f"He said: “{_WORDS}” ({_LINE}).",
        f'He said: "{_WORDS}" [{_LINE}]',
        f"« {_WORDS} » — {_LINE}",
        f"„{_WORDS}“\n({_LINE})",
        f"> {_WORDS}\n>\n> — {_LINE}",
        f"> {_WORDS}\n> ({_LINE})",
        f"> {_WORDS[:22]}\n> {_WORDS[23:]}\n\n{_LINE}",
        f"{_LINE}:\n\n> “{_WORDS}”",
        f"> something else\n\n{_LINE}\n\n> {_WORDS}",
        f"{_LINE}: “{_WORDS}”",
        f"It is *not* so (“{_WORDS}” {_LINE}).",
    ],
)
def test_the_quotation_beside_a_citation_is_what_it_cites(text: str) -> None:
    (found,) = citations_in_text(text)
    assert " ".join(found.cited.exact.split()) == _WORDS


@pytest.mark.parametrize("mark", ["*", "**", "***", "_", "__"])
def test_words_that_the_writer_emphasised_are_those_of_the_source(mark: str) -> None:
    emphasised = _WORDS.replace("these systems", f"{mark}these systems{mark}")
    (found,) = citations_in_text(f"> {emphasised}\n\n— {_LINE}\n")
    assert found.cited.exact == _WORDS
    (alone,) = citations_in_text(f"> {emphasised}\n\n— nato-russia.txt:31\n", ["nato-russia.txt"])
    assert alone.cited.exact == _WORDS


def test_stars_of_a_source_that_has_them_itself_stay() -> None:
    (found,) = citations_in_text("> a **direct** threat to it\n\n— notes.md:31\n", ["notes.md"])
    assert found.cited.exact == "a **direct** threat to it"


@pytest.mark.parametrize(
    ("written", "bare"),
    [
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("a footnote* and no more", "a footnote* and no more"),
        (r"\*starred\*", r"\*starred\*"),
        ("snake_case_name", "snake_case_name"),
        ("**one.** **Two.**", "one. Two."),
        ("*a **b** c*", "a b c"),
        ("an **open one", "an **open one"),
    ],
)
def test_only_pairs_of_marks_around_words_are_emphasis(written: str, bare: str) -> None:
    assert without_emphasis(written) == bare


def test_a_quotation_with_other_words_is_a_part_at_most() -> None:
    (found,) = citations_in_text(f"He said “these systems as threats” ({_LINE}).")
    assert (found.cited.exact, found.cited.part) == ("", "these systems as threats")
    (found,) = citations_in_text(f"A “threat” ({_LINE}).")
    assert (found.cited.exact, found.cited.part) == ("", "")


def test_the_quotation_of_another_paragraph_is_not_taken() -> None:
    text = f"He said “{_WORDS}”.\n\nThen ({_LINE})"
    assert quotations_beside(text, text.index(_LINE), len(text) - 1) == []


def test_a_line_that_was_filled_anew_is_still_one() -> None:
    broken = _LINE.replace(" §", "\n> §").replace(" #", "\n> #")
    (found,) = citations_in_text(f"> {broken}")
    assert (found.cited.heading, found.cited.digits) == (("Disputes",), _LINE.partition("#")[2][:10])


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)


@given(_JSON, st.sampled_from([None, 1]), st.booleans())
def test_json_is_read_with_its_places(value: Any, indent: int | None, ascii_only: bool) -> None:  # noqa: FBT001
    text = f" {json.dumps(value, indent=indent, ensure_ascii=ascii_only)}\n"
    node = read_json(text)
    assert node.value == json.loads(text)
    assert json.loads(text[node.start : node.end]) == value
    assert [one.value for one in read_all(text + text)] == [value, value]


@pytest.mark.parametrize("text", ["{", '{"a" 1}', '{"a": 1,}', "[1 2]", "{a: 1}", "", "[1,]"])
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
        read_json(text)


@given(st.dictionaries(st.text(max_size=5), _JSON, max_size=4), _JSON)
def test_only_the_value_that_differs_is_written_anew(value: dict[str, Any], new: Any) -> None:
    text = json.dumps({"kept": value, "changed": 0, "last": [1, 2]}, indent=1)
    done = apply(text, edits(read_json(text), {"kept": value, "changed": new, "last": [1, 2]}, text))
    assert json.loads(done) == {"kept": value, "changed": new, "last": [1, 2]}
    kept = text[: text.index('"changed"')]
    assert done.startswith(kept)


@given(_NAMES, _HEADINGS, st.text(max_size=20), st.booleans())
def test_a_citation_is_written_anew_where_it_stands(
    document: str,
    heading: tuple[str, ...],
    other: str,
    ascii_only: bool,  # noqa: FBT001
) -> None:
    moved = _passage(document=document, heading=heading or ("Now",), first=7, last=9, start=3)
    text = f"One ({_LINE}), two."
    (found,) = citations_in_text(text)
    assert apply(text, rewritten(found, moved, "", text)) == f"One ({cite_line(moved)}), two."
    value = json.dumps({"note": f"{other} {_LINE} {other}", "kept": other}, ensure_ascii=ascii_only)
    (found,) = citations_in_json(value)
    done = apply(value, rewritten(found, moved, "", value))
    assert json.loads(done) == {"note": f"{other} {cite_line(moved)} {other}", "kept": other}


def test_a_hit_moves_with_its_highlights_and_its_annotation() -> None:
    before, after = _passage(), _passage(document="other.txt", first=3, last=3, start=2)
    text = "- " + _WORDS
    hit = {
        "rank": 1, "score": 0.5, "text": _WORDS, "highlights": [{"start": 780, "end": 786}],
        "citation": annotation(before, " " * 780 + _WORDS)["citation"] | {"title": "A title"},
        "cite": cite_line(before), "annotation": annotation(before, " " * 780 + _WORDS),
    }  # fmt: skip
    written = json.dumps({"hits": [hit], "searched": {"nearest": [hit["citation"]]}}, indent=2)
    (found,) = citations_in_json(written)
    done = json.loads(apply(written, rewritten(found, after, text, written)))["hits"][0]
    assert done["highlights"] == [{"start": 2, "end": 8}]
    assert (done["citation"]["document"], done["citation"]["start"], done["score"]) == ("other.txt", 2, 0.5)
    assert done["cite"] == cite_line(after)
    assert done["annotation"] == annotation(after, text)


def test_show_takes_a_citation_as_it_is_pasted() -> None:
    line = cite_line(_passage(document="a b: c.txt", first=3, last=4))
    assert parse_place(line) == Place("a b: c.txt", lines=(3, 4), digits=fingerprint(_WORDS)[0][:10])
    # No fingerprint: a file alone, of which `show` tells that there is none.
    assert parse_place("a b #a1b2c3") == Place("a b #a1b2c3")


def test_braces_that_never_end_cost_little_and_hide_nothing() -> None:
    begun = time.process_time()
    (found,) = citations_in_text('{ "a": ' * 20_000 + _LINE)
    assert found.fingerprint.startswith("#")
    assert time.process_time() - begun < 10
    with pytest.raises(ValueError, match="levels of nesting"):
        citations_in_json("[" * 100_000)


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "x" * 1_000_000,
        "x:" * 200_000,
        "at old.txt:12 in x\n" * 9000,
        "“" * 20_000,
        '{"a": 1' + "0" * 5000 + "}",
        "a.txt:1 §" * 2000,
        "a.pdf p. 1 " * 20_000,
        "a.pdf ¶" * 20_000,
        "a.pdf " + "row 1 " * 50_000,
        "a.pdf p. " + "1-" * 100_000,
        "> " + "*a _b " * 30_000,
    ],
)
def test_odd_texts_cost_little(text: str) -> None:
    begun = time.process_time()
    (found,) = citations_in_text(f"{text} \n\n{_LINE}", ["nato-russia.txt"])
    assert found.cited.document == "nato-russia.txt"
    assert time.process_time() - begun < 10
