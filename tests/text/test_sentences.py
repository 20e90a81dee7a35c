"""Where sentences begin and end."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nrqa.text.sentences import cut_near, language_of, sentence_spans


def sentences(text: str, language: str = "en") -> list[str]:
    return [text[span.start : span.end] for span in sentence_spans(text, 0, len(text), language)]


def test_abbreviations_and_numbers_end_no_sentence() -> None:
    text = "Mr. Smith met Dr. Jones at 3.5 km. The U.S. agreed."
    assert sentences(text) == ["Mr. Smith met Dr. Jones at 3.5 km.", "The U.S. agreed."]


def test_positions_count_characters_and_not_bytes() -> None:
    text = "👍 Été. Zwei 漢字. Drei."
    spans = sentence_spans(f"xx {text}", 3, 3 + len(text), "en")
    assert [f"xx {text}"[span.start : span.end] for span in spans] == ["👍 Été.", "Zwei 漢字.", "Drei."]


def test_chinese_sentences_end_without_spaces() -> None:
    assert sentences("北约成立了。俄罗斯反对！为什么？", "zh") == ["北约成立了。", "俄罗斯反对！", "为什么？"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The relation of the two is in a state of change.", "en"),
        ("Die Beziehung der beiden ist nicht mit dem Wort zu fassen.", "de"),
        ("La relation entre les deux est au plus bas dans le monde.", "fr"),
        ("Отношения на западе не в порядке, как и на востоке.", "ru"),
        ("北约与俄罗斯的关系", "zh"),
        ("ロシアとNATOの関係", "ja"),
        ("العلاقات بين روسيا", "ar"),
        ("", "en"),
        ("12345", "en"),
    ],
)
def test_the_language_is_told_by_its_script_or_its_small_words(text: str, language: str) -> None:
    assert language_of(text) == language


@given(st.text(alphabet="ab. ?!\n\r\t\"'()é漢。👍\u0301A1,", max_size=300))
def test_sentences_hold_every_letter_in_order_and_no_outer_white_space(text: str) -> None:
    at = 0
    kept = ""
    for span in sentence_spans(text, 0, len(text), "en"):
        assert at <= span.start < span.end <= len(text)
        piece = text[span.start : span.end]
        assert piece == piece.strip()
        kept += piece
        at = span.end
    assert "".join(kept.split()) == "".join(text.split())


def test_a_long_text_has_the_sentences_of_its_parts() -> None:
    parts = [f"Sentence number {at} says what Mr. Smith said." for at in range(500)]
    assert sentences(" ".join(parts)) == parts


def test_a_long_text_without_an_end_is_cut_between_words() -> None:
    found = sentences("words " * 5000)
    assert all(piece.split() == ["words"] * len(piece.split()) for piece in found)
    assert sum(len(piece.split()) for piece in found) == 5000


@pytest.mark.slow
@pytest.mark.parametrize("unit", ["`", "漢。", "![", "(", '"', "a. ", "'", "<", "Mr. "])
def test_the_time_grows_with_the_length_only(unit: str) -> None:
    text = "word " + unit * (200_000 // len(unit))
    begun = time.process_time()
    sentence_spans(text, 0, len(text), "en")
    assert time.process_time() - begun < 4


@pytest.mark.parametrize("cluster", ["e\u0301", "👍🏽", "👩\u200d👩\u200d👧", "❤\ufe0f", "ष\u094d", "각"])
def test_a_cut_parts_no_letter_from_its_marks(cluster: str) -> None:
    text = cluster * 60
    for place in range(1, len(text)):
        assert cut_near(text, place, 0, len(text)) % len(cluster) == 0


def test_a_raised_figure_belongs_to_the_sentence_that_it_touches() -> None:
    text = "Tempers are short.¹ This pattern was observed. The end came.²,³ In May it was so. ⁴ And more."
    spans = sentence_spans(text, 0, len(text), "en")
    assert [text[one.start : one.end] for one in spans] == [
        "Tempers are short.¹",
        "This pattern was observed.",
        "The end came.²,³",
        "In May it was so.",
        "⁴ And more.",
    ]
