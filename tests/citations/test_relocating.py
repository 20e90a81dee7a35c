from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nrqa.citations.annotation import annotation, cited_in
from nrqa.citations.cited import Cited, fingerprint
from nrqa.citations.line import cite_line, parse_line
from nrqa.citations.relocating.judging import Judgment, judged, likeness
from nrqa.citations.relocating.occurrences import occurrences_of
from nrqa.citations.relocating.resemblance import resembling
from nrqa.citations.relocating.source import Source
from nrqa.corpus.readers.document import read_document
from nrqa.records import Span

_FIRST = "Russia perceives NATO's missile-defense systems as a threat, while NATO doesn't see them as one in 2014."
_SECOND = "The alliance was established in 1949 – primarily as a collective defense alliance."
_THIRD = 'Moscow has repeatedly expressed "strong opposition" to any further enlargement since then.'
_TEXT = f"Title\n\n{_FIRST}\n\n{_SECOND}\n\n{_THIRD}\n"


def _source(text: str, name: str = "a.txt") -> Source:
    return Source(*read_document(name, text.encode()))


def _cited(words: str = _SECOND, text: str = _TEXT, form: str = "JSON", name: str = "a.txt") -> Cited:
    source = _source(text, name)
    start = text.index(words)
    passage = source.passage(Span(start, start + len(words)))
    cited = cited_in(annotation(passage, text)) if form == "JSON" else parse_line(cite_line(passage))
    assert cited is not None
    return cited


def _judged(cited: Cited, *sources: Source) -> Judgment:
    found = [sight for source in sources for sight in occurrences_of(cited, source)]
    # As the verb does it: elsewhere only what stands nowhere is looked for.
    near = [source for source in sources if not found or source.document.name == cited.document]
    like = [one for source in near if (one := likeness(cited, source))]
    return judged(cited, found, max(like, key=lambda one: one.share, default=None))


BOTH = pytest.mark.parametrize("form", ["JSON", "line"])


@BOTH
def test_what_nobody_touched_is_intact(form: str) -> None:
    found = _judged(_cited(form=form), _source(_TEXT))
    assert (found.status, found.notes, found.others) == ("intact", (), ())
    assert found.passage is not None
    assert found.passage.text == _SECOND


@BOTH
@pytest.mark.parametrize(
    "now",
    [
        "The alliance was\nestablished in 1949 – primarily as\na collective defense alliance.",
        "The alliance was established in 1949—primarily as a collective defense alliance.",
        "The\u00a0alliance was   established in 1949 - primarily as a collective defense\u00ad alliance.",
    ],
)
def test_other_lines_dashes_and_spaces_leave_it_intact(form: str, now: str) -> None:
    found = _judged(_cited(form=form), _source(_TEXT.replace(_SECOND, now)))
    assert found.status == "intact"
    assert found.passage is not None
    assert found.passage.text == now


@BOTH
@pytest.mark.parametrize(
    ("words", "now"),
    [
        (_SECOND, _SECOND.replace("1949", "1948")),
        (_SECOND, _SECOND.replace("alliance.", "alliances.")),
        (_SECOND, _SECOND.replace("The alliance", "An alliance")),
        (_SECOND, _SECOND.replace("primarily", "not primarily")),
        (_SECOND, _SECOND.replace("was established", "was. Established")),
        (_FIRST, _FIRST.replace("doesn't", "does")),
        (_FIRST, _FIRST.replace("2014.", "2014.5.")),
        (_FIRST.rstrip("."), _FIRST.replace("2014.", "2014.5.")),
        (_FIRST.rstrip("."), _FIRST.replace("2014.", "20145.")),
        (_FIRST[: _FIRST.index(" threat")], _FIRST.replace(" a threat", " anti-missile threat")),
        (_SECOND.replace(" alliance.", ""), _SECOND.replace("defense alliance", "defense-like alliance")),
        (_THIRD, _THIRD.replace('"strong opposition"', "strong opposition")),
        (_THIRD, _THIRD.replace("Moscow", "moscow")),
    ],
)
def test_a_changed_word_digit_mark_or_ending_is_never_intact(form: str, words: str, now: str) -> None:
    sentence = next(one for one in (_FIRST, _SECOND, _THIRD) if words in one)
    found = _judged(_cited(words, form=form), _source(_TEXT.replace(sentence, now)))
    assert found.status == ("edited" if form == "JSON" else "gone")
    if form == "line":
        assert found.notes == ("edited or removed: with no quotation beside it, a citation cannot tell which",)


def test_what_was_edited_is_shown_word_by_word() -> None:
    found = _judged(_cited(), _source(_TEXT.replace("in 1949", "in May 1948")))
    assert [(one.before.strip(), one.after.strip()) for one in found.changes if one.kind != "same"] == [
        ("1949", ""), ("", "May 1948"),
    ]  # fmt: skip
    assert found.passage is not None
    assert found.passage.text == _SECOND.replace("in 1949", "in May 1948")


@BOTH
def test_what_was_moved_has_new_coordinates(form: str) -> None:
    for text in (f"A new line.\n{_TEXT}", _TEXT.replace(f"{_SECOND}\n\n", "") + _SECOND):
        found = _judged(_cited(form=form), _source(text))
        assert (found.status, found.notes) == ("moved", ())
        assert found.passage is not None
        citation = found.passage.citation
        assert text[citation.start : citation.end] == found.passage.text == _SECOND
        assert text.split("\n")[citation.line_start - 1] == _SECOND


@BOTH
def test_a_renamed_document_is_a_move_and_another_file_too(form: str) -> None:
    other = _source(_TEXT.replace(_SECOND, "Something else stands here."))
    found = _judged(_cited(form=form), other, _source(f"Elsewhere.\n\n{_SECOND}\n", "b.txt"))
    assert found.status == "moved"
    assert found.passage is not None
    assert (found.passage.citation.document, found.passage.citation.line_start) == ("b.txt", 3)


@BOTH
def test_what_was_removed_is_gone(form: str) -> None:
    assert _judged(_cited(form=form), _source(_TEXT.replace(_SECOND, "Nothing of it is left."))).status == "gone"
    assert _judged(_cited(form=form)).status == "gone"


@BOTH
def test_the_same_words_in_two_other_files_are_ambiguous(form: str) -> None:
    sources = [_source("Nothing of it."), _source(_SECOND, "b.txt"), _source(_SECOND, "c.txt")]
    found = _judged(_cited(form=form), *sources)
    assert (found.status, found.passage, len(found.others)) == ("ambiguous", None, 2)


def test_what_stands_around_settles_which_of_two_is_meant() -> None:
    twice = f"{_SECOND}\n\nIn between.\n\n{_TEXT}"
    found = _judged(_cited(), _source(twice, "b.txt"))
    assert found.status == "moved"
    assert found.passage is not None
    assert found.passage.citation.start == twice.rindex(_SECOND)


def test_the_heading_settles_it_and_so_does_the_document() -> None:
    text = f"# One\n\n{_SECOND}\n\n# Two\n\nOther words.\n"
    other = f"# Two\n\n{_SECOND}\n\nWords.\n\n# One\n\nA line.\n\n{_SECOND}\n"
    cited = _cited(_SECOND, text, "line", "a.md")
    found = _judged(cited, _source(other, "b.md"))
    assert found.passage is not None
    assert (found.status, found.passage.citation.heading) == ("moved", ("One",))
    found = _judged(cited, _source("A line.\n\n" + text, "a.md"), _source(other, "b.md"))
    assert found.passage is not None
    assert (found.status, found.passage.citation.document) == ("moved", "a.md")


def test_where_it_stands_on_its_line_it_is_intact_whatever_else_has_the_words() -> None:
    found = _judged(_cited(form="line"), _source(_TEXT), _source(_TEXT, "b.txt"))
    assert (found.status, len(found.others)) == ("intact", 1)


def test_edited_in_its_place_is_edited_though_a_copy_stands_elsewhere() -> None:
    edited = _source(_TEXT.replace("1949", "1948"))
    found = _judged(_cited(), edited, _source(f"A copy:\n\n{_SECOND}", "b.txt"))
    assert (found.status, found.notes) == ("edited", ("the words as cited stand elsewhere",))
    assert [one.citation.document for one in found.others] == ["b.txt"]


def test_edited_and_shifted_is_edited_though_another_file_has_a_copy() -> None:
    edited = _source("\n".join(["A new line."] * 9) + _TEXT.replace("1949", "1948"))
    assert _judged(_cited(), edited, _source(f"A copy:\n\n{_SECOND}", "b.txt")).status == "edited"
    far = _source("\n".join(["A new line."] * 9) + f"{_SECOND}\n\n{_TEXT.replace('1949', '1948')}")
    assert _judged(_cited(form="line"), far).status == "moved"
    assert _judged(_cited(), far).status == "edited"  # its prefix and suffix are around the edited one


@BOTH
def test_the_same_line_of_another_file_says_nothing(form: str) -> None:
    sources = [_source(f"One.\n\nTwo.\n\n{_SECOND}\n", "b.txt"), _source(f"One.\n\n{_SECOND}\n", "c.txt")]
    assert _judged(_cited(form=form), *sources).status == "ambiguous"


def test_a_short_fingerprint_without_length_finds_runs_of_sentences() -> None:
    digits, _ = fingerprint(_SECOND)
    cited = Cited("a.txt", lines=(5, 5), digits=digits[:6])
    assert _judged(cited, _source(_TEXT)).status == "intact"
    assert _judged(cited, _source(f"A line.\n{_TEXT}")).status == "moved"
    assert _judged(cited, _source(_TEXT.replace("1949", "1948"))).status == "gone"


@pytest.mark.slow
def test_a_short_fingerprint_that_many_stretches_might_have_is_not_believed() -> None:
    filler = "\n\n".join(f"Sentence number {number} says that it is number {number}." for number in range(2000))
    digits, length = fingerprint(_SECOND)
    cited = Cited("a.txt", lines=(5, 5), digits=digits[:6], length=length)
    source = _source(f"{filler}\n\n{_SECOND}\n", "b.txt")
    found = _judged(cited, source)
    assert found.status == "ambiguous"
    assert "too short" in found.notes[0]
    assert _judged(Cited("a.txt", digits=digits[:10], length=length), source).status == "moved"


def test_words_within_a_word_or_number_were_cited_so() -> None:
    text = "It cost 12.50 euros for anti-missile-systems alone."
    for words in ("12", "missile-systems alone"):
        assert _judged(_cited(words, text), _source(text)).status == "intact"


def test_without_words_only_an_unchanged_file_can_vouch() -> None:
    source = _source(_TEXT)
    cited = Cited("a.txt", lines=(5, 5), sha256=source.document.sha256)
    assert _judged(cited, source).status == "intact"
    assert _judged(cited, _source(_TEXT, "b.txt")).status == "moved"
    assert _judged(cited, _source(_TEXT + "more")).status == "unchecked"
    assert _judged(Cited("a.txt", lines=(5, 5)), source).status == "unchecked"


def test_a_quoted_part_of_a_passage_that_changed_is_compared() -> None:
    digits, length = fingerprint(_SECOND)
    cited = Cited(
        "a.txt", lines=(5, 5), digits=digits, length=length, part="primarily as a collective defense alliance"
    )
    assert _judged(cited, _source(_TEXT)).status == "intact"
    found = _judged(cited, _source(_TEXT.replace("1949", "1948")))
    assert found.status == "edited"
    assert {one.kind for one in found.changes} == {"same"}
    assert "compared is what is quoted" in found.notes[0]


def test_scripts_without_spaces_have_no_word_to_break() -> None:
    words = "北约成立于1949年，主要是一个集体防御联盟。"
    text = f"前言在此。{words}俄罗斯反对。\n"
    for form in ("JSON", "line"):
        assert _judged(_cited(words, text, form), _source(text)).status == "intact"
        assert _judged(_cited(words, text, form), _source(f"第一行。\n{text}")).status == "moved"


_WORDS = st.lists(
    st.sampled_from("a bb ccc dddd one two three not 1 22 — “ ” ' , . \n".split(" ")), min_size=8, max_size=30
)


@given(_WORDS, st.integers(0, 29), st.sampled_from(["x", "", "zz y"]), st.sampled_from(["JSON", "line"]))
def test_a_stretch_whose_words_differ_is_never_called_intact(words: list[str], at: int, new: str, form: str) -> None:
    text = "Begin: " + " ".join(words) + " end."
    start, end = len("Begin: "), len(text) - len(" end.")
    source = _source(text)
    passage = source.passage(Span(start, end))
    if not passage.text.strip():
        return
    cited = cited_in(annotation(passage, text)) if form == "JSON" else parse_line(cite_line(passage))
    assert cited is not None
    changed = list(words)
    changed[at % len(words)] = new
    now = "Begin: " + " ".join(changed) + " end."
    found = _judged(cited, _source(now))
    if found.status == "intact":
        assert found.passage is not None
        assert fingerprint(found.passage.text) == fingerprint(passage.text)


def test_resemblance_is_a_share_of_words_and_nothing_unlike_is_taken_for_it() -> None:
    found = resembling(_SECOND, _TEXT.replace("primarily as a", "above all as one"), None)
    assert found is not None
    assert found.share == pytest.approx(10 / 12)
    assert resembling(_SECOND, "The alliance was never mentioned in this one, nor in 1949.", None) is None


def test_chinese_is_wrapped_anew_and_stays_and_a_changed_character_is_an_edit() -> None:
    words = "美国与俄罗斯就导弹防御系统举行会谈，双方未能达成一致意见。"
    words += "北约认为该系统对地区安全至关重要，而俄罗斯则视之为威胁。"
    text = f"上周，欧洲各国部长在布鲁塞尔开会，讨论了能源与贸易问题。\n\n{words}\n\n会议结束后，媒体议论纷纷。\n"
    cited = _cited(words, text)
    assert _judged(cited, _source(text.replace("导弹防御", "导弹\n防御"))).status == "intact"
    found = _judged(cited, _source(text.replace("未能", "终于")))
    assert found.status == "edited"
    assert found.passage is not None
    assert found.passage.text == words.replace("未能", "终于")
    assert _judged(cited, _source(text.replace(words, ""))).status == "gone"


@pytest.mark.parametrize("selector", [{"prefix": "", "suffix": ""}, {"prefix": "1949 – ", "suffix": " as"}])
def test_a_quotation_without_a_place_is_where_its_words_are(selector: dict[str, str]) -> None:
    quoted = {"type": "TextQuoteSelector", "exact": "primarily", **selector}
    cited = cited_in({"target": {"source": "a.txt", "selector": quoted}})
    assert cited is not None
    assert _judged(cited, _source(_TEXT)).status == "intact"
    assert _judged(cited, _source(_TEXT, "b.txt")).status == "moved"
    assert _judged(cited, _source(_TEXT.replace("primarily", "first"))).status == "gone"


def test_the_quotation_of_a_line_that_has_other_words_is_told() -> None:
    cited = _cited(form="line")
    for part, told in (
        (_SECOND.replace("1949", "1948"), True),
        ("established in 1949 – primarily", False),
        ("The alliance was established … a collective defense alliance.", False),
        ("Something else that stands nearby.", False),
    ):
        found = _judged(replace(cited, part=part), _source(_TEXT))
        assert (found.status, bool(found.notes)) == ("intact", told), part
