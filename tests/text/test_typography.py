from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nrqa.text.typography import fold

_TEXTS = st.text(st.sampled_from("ab中。 é'’“”„«»‹›-–—… \n\t\xa0\u202f\u00ad\u200b;:?!ﬁe\u0301x1."), max_size=60)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("“It’s here”", '"It\'s here"'),
        ("„so“ – oder", '"so" - oder'),
        ("« Oui ! »", '"Oui!"'),
        ("1990 – 2000", "1990-2000"),
        ("a\nnew  line\r\nhere", "a new line here"),
        ("wait…", "wait..."),
        ("ﬁnal", "final"),
        ("cafe\u0301", "café"),
        ("de\u00adfence", "defence"),
        ("so -- and", "so—and"),
        ("导弹\n防御系统，\n  北约", "导弹防御系统，北约"),
        ("北约 NATO 认为", "北约NATO认为"),
        ("他说。\n「好」", "他说。「好」"),
    ],
)
def test_other_typography_is_the_same_text(one: str, other: str) -> None:
    assert fold(one).text == fold(other).text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Never", "never"),
        ("resume", "résumé"),
        ("1990", "1991"),
        ("a b", "ab"),
        ("its", "it's"),
        ("well-known", "well known"),
        ("한국 사람", "한국사람"),
        ("1 2 月", "12 月"),
    ],
)
def test_other_words_stay_other_words(one: str, other: str) -> None:
    assert fold(one).text != fold(other).text


@given(_TEXTS)
def test_letters_and_digits_stay(text: str) -> None:
    def said(value: str) -> str:
        return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", re.sub("[\u00ad\u200b]", "", value)))

    assert said(fold(text).text) == said(text)


@given(_TEXTS.map(lambda text: re.sub("[\u00ad\u200b]", "", text)))
def test_folding_again_changes_nothing(text: str) -> None:
    once = fold(text).text
    assert fold(once).text == once


@given(_TEXTS, st.data())
def test_every_stretch_leads_back_to_what_folds_to_it(text: str, data: st.DataObject) -> None:
    folded = fold(text)
    start = data.draw(st.integers(0, len(folded.text)))
    end = data.draw(st.integers(start, len(folded.text)))
    span = folded.original(start, end)
    assert 0 <= span.start <= span.end <= len(text)
    wide = fold(text[span.start : span.end]).text
    # White space at the ends belongs to what stands beside it.
    assert folded.text[start:end].strip(" -") in wide or wide == folded.text[start:end]


def test_a_long_run_of_spaces_is_quick() -> None:
    assert fold(" " * 200_000 + "x").text == " x"
