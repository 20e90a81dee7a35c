from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nrqa.checking.quoting.comparing import compare
from nrqa.checking.quoting.editorial_signs import pieces_of
from nrqa.checking.quoting.likeness import Likeness
from nrqa.checking.quoting.source import Source

TEXT = (
    "Title\n\nNATO’s response was slow – the alliance did not agree on what to do, and its members,\n"
    "some of them new, waited for weeks. “Nothing was decided”, a minister said. The annexation of Crimea "
    "intensified existing divisions between the members."
)


def _compared(quotation: str, text: str = TEXT, *, markup: bool = False) -> Likeness | None:
    return compare(quotation, Source(text, markup=markup))


def _source(likeness: Likeness | None, text: str = TEXT) -> str:
    assert likeness is not None
    return text[likeness.span.start : likeness.span.end]


@pytest.mark.parametrize("quotation", ["the alliance did not agree", "and its members, some of them new,", "members."])
def test_exact_whatever_the_line_breaks(quotation: str) -> None:
    likeness = _compared(quotation)
    assert likeness is not None
    assert (likeness.finding, likeness.right) == ("exact", True)
    assert " ".join(_source(likeness).split()) == quotation


@pytest.mark.parametrize(
    "quotation",
    [
        "NATO's response was slow - the alliance",
        "NATO‘s response was slow—the alliance",
        "‘Nothing was decided’, a minister said",
        "The alliance did not agree",
        "the alliance did not agree,",
        "waited for weeks . “ Nothing was decided ”",
    ],
)
def test_exact_but_for_typography(quotation: str) -> None:
    likeness = _compared(quotation)
    assert likeness is not None
    assert (likeness.finding, likeness.right) == ("typography", True)


@pytest.mark.parametrize(
    ("quotation", "omitted", "replaced"),
    [
        ("the alliance did not agree […] and its members", ("on what to do,",), ()),
        ("the alliance did not agree … waited for weeks", ("on what to do, and its members,\nsome of them new,",), ()),
        ("NATO's response . . . did not agree (...) on what", ("was slow – the alliance", ""), ()),
        ("[T]he alliance did not agree", (), ()),
        ("... the alliance did not [sic] agree ...", (), ()),
        ("[they] did not agree on what to do", (), ()),
        ("the alliance [NATO] did not agree", (), ("",)),
        ("[The crisis] intensified existing divisions between [them].", (), ()),
        ("intensif[y] existing divisions", (), ()),
        ("the alliance [could] not agree on what to do", (), ("did",)),
    ],
)
def test_scholars_signs_that_the_source_bears_out(
    quotation: str, omitted: tuple[str, ...], replaced: tuple[str, ...]
) -> None:
    likeness = _compared(quotation)
    assert likeness is not None
    assert (likeness.finding, likeness.right) == ("elided", True)
    assert likeness.omitted == tuple(omitted)
    assert likeness.replaced == tuple(replaced)


@pytest.mark.parametrize(
    ("quotation", "note"),
    [
        ("the alliance did agree [...] and its members", ""),
        ("some of them new [...] the alliance did not agree", "its parts stand in another order"),
        ("[t]he alliance did quickly agree on what to do", ""),
    ],
)
def test_scholars_signs_that_it_does_not(quotation: str, note: str) -> None:
    likeness = _compared(quotation)
    assert likeness is not None
    assert (likeness.finding, likeness.right, likeness.note) == ("elided", False, note)


def test_a_misquotation_names_the_words_that_differ() -> None:
    likeness = _compared("the alliance did agree on what not to do")
    assert likeness is not None
    assert (likeness.finding, likeness.right) == ("misquoted", False)
    assert _source(likeness) == "the alliance did not agree on what to do"
    changed = [(one.kind, one.before or one.after) for one in likeness.changes if one.kind != "same"]
    assert changed == [("removed", "not "), ("added", "not ")]


@pytest.mark.parametrize(
    "quotation", ["ATO’s response was", "bread needs a wet dough and time", "did decide what new members"]
)
def test_other_words_and_half_words_are_not_taken_from_there(quotation: str) -> None:
    likeness = _compared(quotation)
    assert likeness is None or likeness.finding == "misquoted"
    assert _compared("bread needs a wet dough and time") is None


@pytest.mark.parametrize(
    ("quotation", "text", "changes"),
    [
        (
            "l'Alliance avait l'intention – de venir",
            "l’Alliance n’avait l’intention - de venir",
            ["-n’avait", "+avait"],
        ),
        ("€5 million a year were spent", "It says: €5 million a month were spent.", ["-month", "+year"]),
        ("$R_0(1+r)^n$ is all the rent", "so $R_0(1+r)^n$ is all that rent", ["-that", "+the"]),
        ("came without a pass to town.”", "they came with-\nout the pass to town, and", ["-the", "+a"]),
        ("said ‘it is so’ to her at once", "he said “it is so” to him at once", ["-him", "+her"]),
        ("the **plan** is very good for a town", "the *plan* is `not` good for a **town**", ["-not", "+very"]),
    ],
)
def test_only_real_changes_are_changes(quotation: str, text: str, changes: list[str]) -> None:
    likeness = _compared(quotation.replace("**", ""), text, markup=True)
    assert likeness is not None
    assert likeness.finding == "misquoted"
    signs = {"removed": "-", "added": "+"}
    assert [signs[one.kind] + (one.before or one.after).strip() for one in likeness.changes if one.kind != "same"] == (
        changes
    )


def test_marks_of_code_in_the_source_do_not_matter() -> None:
    text = "so that after `n` years it is `C'` and ``R``"
    likeness = _compared("after n years it is C' and R", text, markup=True)
    assert likeness is not None
    assert (likeness.finding, likeness.right) == ("typography", True)


@pytest.mark.parametrize(
    "quotation", ["Most officials said the spirit of", "the “spirit of Helsinki was gone”", "spirit of Helsinki was"]
)
def test_no_word_differs_where_only_quotation_marks_do(quotation: str) -> None:
    likeness = _compared(quotation, "Most officials said the “spirit of Helsinki” was gone, it isn’t.")
    assert likeness is not None
    assert (likeness.finding, likeness.right) == ("typography", True)
    assert likeness.note == "no word differs, but the quotation marks within these words do"


@pytest.mark.parametrize("quotation", ["contrasting secu\u00adrity interests", "a non\u00adviolent protest"])
def test_a_hyphen_of_a_line_end_is_the_words_own_where_the_source_has_it(quotation: str) -> None:
    likeness = _compared(quotation, "shaped by contrasting security interests, a non-violent protest")
    assert likeness is not None
    assert (likeness.finding, likeness.right) == ("typography", True)


def test_words_passed_over_without_a_sign_are_a_misquotation() -> None:
    text = "Now the deployment of missile defense, in countries like Poland and Romania, has fueled mutual mistrust."
    likeness = _compared("the deployment of missile defense has fuelled mutual mistrust", text)
    assert likeness is not None
    assert likeness.finding == "misquoted"
    assert _source(likeness, text) == text[4:-1]


def test_brackets_of_the_sources_own_are_no_signs() -> None:
    text = "The plan [citation needed] begins with the design and goes on until it is built."
    likeness = _compared("The plan [citation needed] begins with the money and goes on until it is built", text)
    assert likeness is not None
    assert likeness.finding == "misquoted"


def test_markdown_of_the_source_does_not_matter() -> None:
    text = "It is a **very [long](http://x.y/z) story** of _mistrust_ \\*."
    likeness = _compared("a very long story of mistrust", text, markup=True)
    assert likeness is not None
    assert likeness.right
    assert _source(likeness, text).startswith("a **very [long](http")


@pytest.mark.parametrize("quotation", ["the expansion was", "a well-known plan", "expansion was a well-known"])
def test_a_word_that_the_end_of_a_line_parts_is_one(quotation: str) -> None:
    text = "He said the expan-\nsion was a well-known plan."
    likeness = _compared(quotation, text)
    assert likeness is not None
    assert likeness.right
    assert _source(likeness, text).replace("-\n", "") == quotation


def test_reference_marks_of_the_source_do_not_matter() -> None:
    text = "It ended in May,[12] and in 19[49] nobody[^3] asked."
    likeness = _compared("ended in May, and", text)
    assert likeness is not None
    assert (likeness.finding, _source(likeness, text)) == ("exact", "ended in May,[12] and")
    likeness = _compared("nobody asked", text)
    assert likeness is not None
    assert likeness.right
    likeness = _compared("ended in May,[12] and", text)
    assert likeness is not None
    assert likeness.finding == "exact"


def test_pieces_are_what_stands_together() -> None:
    assert pieces_of("one two [...] three [sic] four [five] six") == ["one two", "three four", "six"]
    assert pieces_of("[…]") == ["[…]"]


CHINESE = (
    "子曰：「學而時習之，不亦說乎？」此心犹如虚空遍，照境法身清净明。诸法本来无自性，一切现象皆如梦。三世平等一定住。"
)


@pytest.mark.parametrize(
    ("quotation", "finding"),
    [
        ("学而时习之，不亦说乎", None),
        ("學而時習之，不亦說乎", "exact"),
        ("時習之", "exact"),
        ("學而時習之,不亦說乎?", "typography"),
        ("学而時習之，不亦說乎", "misquoted"),
        ("此心犹如虚空遍……三世平等一定住。", "elided"),
        ("照境法身清净明。……三世平等一定住。", "elided"),
        ("照境法身清净明。⋯⋯三世平等一定住。", "elided"),
        ("照境法身清净明〔中略〕三世平等一定住", "elided"),
        ("照境法身[皆]清净明。", "elided"),
        ("此心犹如虚空遍，照境法身不清净。", "misquoted"),
    ],
)
def test_scripts_without_spaces_are_compared_by_characters(quotation: str, finding: str | None) -> None:
    likeness = _compared(quotation, CHINESE)
    assert (likeness.finding if likeness else None) == finding
    assert likeness is None or likeness.right == (finding != "misquoted")


@pytest.mark.parametrize(
    ("quotation", "right"),
    [
        ("the defen[s]e of the colo[u]rs was organi[z]ed", True),
        ("In the end the defen[s]e of the flags was organised by all", False),
    ],
)
def test_bracketed_letters_inside_a_word_stand_for_others(quotation: str, right: bool) -> None:  # noqa: FBT001
    likeness = _compared(quotation, "In the end the defence of the colors was organised by all.")
    assert likeness is not None
    assert (likeness.finding, likeness.right) == ("elided", right)


@given(st.data())
def test_any_words_of_the_text_are_exact(data: st.DataObject) -> None:
    starts = [0, *(at + 1 for at, char in enumerate(TEXT) if char.isspace())]
    start = data.draw(st.sampled_from(starts))
    ends = [at for at, char in enumerate(TEXT) if at > start and char.isspace()] or [len(TEXT)]
    quotation = TEXT[start : data.draw(st.sampled_from(ends))].strip()
    if any(char.isalnum() for char in quotation):
        likeness = _compared(quotation)
        assert likeness is not None
        assert likeness.finding == "exact"


@given(st.text(max_size=60), st.text(max_size=200))
def test_whatever_is_compared_has_its_span_inside_the_source(quotation: str, text: str) -> None:
    likeness = _compared(quotation, text)
    if likeness:
        assert 0 <= likeness.span.start <= likeness.span.end <= len(text)
        assert 0 < likeness.share <= 1


@pytest.mark.parametrize(
    ("quotation", "note"),
    [
        ("The members did […] agree to the plan", "leaves out a negation: “not”"),
        ("They … of the plan", "leaves out a negation: “never”"),
        ("... agree to the plan", "leaves out a negation: “not”"),
        ("[Everybody] liked the idea", "leaves out a negation: “Nobody”"),
        ("They never heard [nothing] of the plan", "puts in a negation: “nothing”"),
        ("The members [gladly] agree to the plan", "leaves out a negation: “not”"),
        ("They were [un]willing to go", "puts in a negation: “un”"),
        ("It was a hope[less] plan", "puts in a negation: “less”"),
        ("They were willing [not] to go", "puts in a negation: “not”"),
        ("a hopeful plan [...], and they say so", "leaves out a negation: “no”"),
    ],
)
def test_a_sign_that_takes_a_negation_away_or_brings_one_is_wrong(quotation: str, note: str) -> None:
    text = (
        "The members did not agree to the plan. They never heard of the plan. Nobody liked the idea. They were "
        "willing to go. It was a hopeful plan with no money behind it, and they say so."
    )
    likeness = _compared(quotation, text)
    assert likeness is not None
    assert (likeness.finding, likeness.right, likeness.note) == ("elided", False, note)


@pytest.mark.parametrize(
    "quotation",
    [
        "The members [could] not agree to it",
        "The members met. […] They went home",
        "The members [could not] agree to it",
        "[Nobody] likes the idea",
    ],
)
def test_a_negation_that_stays_or_goes_with_its_whole_sentence_is_no_fault(quotation: str) -> None:
    text = "Nobody likes the idea. The members met. They did not eat. They went home. The members did not agree to it."
    likeness = _compared(quotation, text)
    assert likeness is not None
    assert (likeness.finding, likeness.right) == ("elided", True)


@pytest.mark.parametrize(
    ("text", "quotation", "note"),
    [
        ("Die Mitglieder stimmten dem Plan im Mai nicht zu.", "Die Mitglieder stimmten dem Plan […] zu", "nicht"),
        ("Les membres n’ont pas approuvé le plan de la paix.", "Les membres […] approuvé le plan", "n … pas"),
        ("Es gab keine Einigung.", "Es gab […] Einigung", "keine"),
        ("The members met in Paris. Elle n’a jamais reculé.", "Elle n’a […] reculé", "jamais"),
        ("Los miembros no aprobaron el plan de la paz.", "Los miembros […] aprobaron el plan", "no"),
    ],
)
def test_negations_of_other_languages(text: str, quotation: str, note: str) -> None:
    likeness = _compared(quotation, text)
    assert likeness is not None
    assert (likeness.right, likeness.note) == (False, f"leaves out a negation: “{note}”")


@pytest.mark.parametrize(
    ("quotation", "cut"),
    [
        ("So we can", "So we can’t"),
        ("violent protest of the party", "non-violent protest of the party"),
        ("000 people went", "40,000 people went"),
        ("5 degrees of frost and", "-5 degrees of frost and"),
        ("frost and 3", "frost and 3.14"),
    ],
)
def test_a_word_or_number_cut_short_is_misquoted(quotation: str, cut: str) -> None:
    text = (
        "So we can’t go. It was a non-violent protest of the party. 40,000 people went at -5 degrees of frost and 3.14."
    )
    likeness = _compared(quotation, text)
    assert likeness is not None
    assert (likeness.finding, likeness.right, likeness.note) == ("misquoted", False, "a word or number is cut short")
    assert _source(likeness, text) == cut


@pytest.mark.parametrize("quotation", ["in 1949", "50 states met", "relations with Russia", "plan"])
def test_words_beside_signs_are_not_cut(quotation: str) -> None:
    likeness = _compared(quotation, "It was in 1949, 50 states met: NATO-Russia relations with Russia’s plan")
    assert likeness is not None
    assert likeness.finding == "exact"


def test_what_is_left_out_is_as_little_as_may_be() -> None:
    text = "The annexation was condemned. Years went by. The annexation also intensified existing divisions."
    likeness = _compared("The annexation […] intensified existing divisions", text)
    assert likeness is not None
    assert likeness.omitted == ("also",)


@pytest.mark.slow
def test_many_signs_are_compared_in_no_time() -> None:
    text = "the cat and the dog of the house " * 300
    began = time.process_time()
    likeness = _compared(" […] ".join(["the"] * 12) + " […] the zebra of the house", text)
    assert likeness is None or not likeness.right
    assert time.process_time() - began < 5  # a pattern with a dozen gaps takes years


@pytest.mark.parametrize(
    ("quotation", "note"),
    [
        ("Some 30,000 people went […] and they came home again", "its parts stand more than 3,000 characters apart"),
        (
            "000 people […] there on foot and by the night train",
            "a word or number is cut short, or a sign stands for nothing that is there",
        ),
    ],
)
def test_why_signs_are_wrong_between_parts_that_are_all_there_is_said(quotation: str, note: str) -> None:
    went, came = "Some 30,000 people went there on foot and by the night train.", "and they came home again."
    text = f"{went} {'Days went by. ' * 300}{came}"
    likeness = _compared(quotation, text)
    assert likeness is not None
    assert (likeness.finding, likeness.right, likeness.note) == ("elided", False, note)


_NOTED = "The ministers agreed³ that the harbour[note 2] should be closed.¹ In 2014 it had 10⁶ visitors on 5 km² of it."


@pytest.mark.parametrize(
    "quotation",
    [
        "The ministers agreed that the harbour should be closed. In 2014",
        "ministers agreed³ that the harbour should be",
        "ministers agreed3 that the harbour should be",
        "ministers agreed[3] that the harbour should be closed.[1] In",
    ],
)
def test_words_across_marks_of_the_source_are_exact(quotation: str) -> None:
    likeness = _compared(quotation, _NOTED)
    assert likeness is not None
    assert likeness.right
    assert likeness.finding in ("exact", "typography")
    assert {_NOTED[one.start : one.end] for one in likeness.marks} >= {"[note 2]"}


def test_the_marks_themselves_are_no_change_but_other_words_are() -> None:
    likeness = _compared("The ministers agreed that the port should be closed. In 2014", _NOTED)
    assert likeness is not None
    assert (likeness.finding, likeness.right) == ("misquoted", False)
    assert [(one.kind, one.before, one.after) for one in likeness.changes if one.kind != "same"] == [
        ("removed", "harbour ", ""),
        ("added", "", "port "),
    ]


@pytest.mark.parametrize(
    "quotation",
    [
        "In it had 10⁶ visitors on 5 km² of it",
        "In 2014 it had 106 visitors on 5 km² of it",
        "In 2014 it had 10 visitors on 5 km² of it",
        "In 2014 it had 10⁶ visitors on 5 km of it",
        "The 4 ministers agreed that the harbour should be closed",
        "The ministers agreed that the harbour note 2 should be closed",
        "The ministers agreed4 that the harbour should be closed",
    ],
)
def test_no_number_comes_or_goes_as_a_mark(quotation: str) -> None:
    likeness = _compared(quotation, _NOTED)
    assert likeness is not None
    assert (likeness.finding, likeness.right) == ("misquoted", False)


def test_signs_of_omission_across_marks_of_the_source() -> None:
    likeness = _compared("ministers agreed […] the harbour should be closed. In", _NOTED)
    assert likeness is not None
    assert (likeness.finding, likeness.right, likeness.omitted) == ("elided", True, ("that",))
    assert [_NOTED[one.start : one.end] for one in likeness.marks] == ["[note 2]", "¹"]
