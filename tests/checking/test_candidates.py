from __future__ import annotations

from nrqa.checking.candidates import STRETCH, Sought, Trace, trace
from nrqa.records import Document

WORDS = "the alliance did not agree on what to do".split()


def _traced(quotation: str, *texts: str, cited: str = "") -> list[Trace]:
    documents = [Document(f"{at}.txt", "", text, "") for at, text in enumerate(texts)]
    return trace([Sought((quotation,), frozenset(filter(None, [cited])), 100)], documents)[0]


def test_the_stretch_with_the_words_comes_first_wherever_it_stands() -> None:
    filler = "nothing of note is said here. " * 300
    text = f"{filler}So the alliance did not agree on it. {filler}"
    first = _traced(" ".join(WORDS), filler, text)[0]
    assert first.document == "1.txt"
    assert text[first.at : first.at + len(first.text)] == first.text
    assert "the alliance did not agree" in first.text
    assert first.at <= text.index("the alliance") < first.at + STRETCH


def test_a_changed_word_leaves_enough_pairs() -> None:
    for at in range(len(WORDS)):
        changed = " ".join([*WORDS[:at], "otherwise", *WORDS[at + 1 :]])
        assert _traced(changed, "Well, " + " ".join(WORDS) + ".")


def test_a_cited_document_is_among_the_finds_though_others_fit_better() -> None:
    exact = " ".join(WORDS)
    found = _traced(exact, *[exact] * 20, "the alliance did agree on something else", cited="20.txt")
    assert "20.txt" in {one.document for one in found}
    assert found[0].share == 1


def test_nothing_is_found_where_no_words_agree() -> None:
    assert _traced("bread needs a wet dough", "the alliance did not agree") == []
    assert _traced("", "the alliance did not agree") == []


def test_a_short_quotation_is_found_among_texts_that_have_all_its_pairs_elsewhere() -> None:
    near = "the people of the world and the end of the people in the middle of the end. "
    found = _traced("the middle of the people", *[near] * 20, "It was the middle of the people that counted.")
    assert found[0].document == "20.txt"
    assert found[0].whole


def test_single_words_are_found() -> None:
    assert _traced("alliance", "the alliance did not agree")
    assert _traced("alliance", "the allies did not agree") == []
