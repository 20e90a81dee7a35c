"""What an encoder does not read is told by its tokens, whatever the language."""

from __future__ import annotations

import numpy as np
import pytest

from nrqa.encoder.protocol import Encoder
from nrqa.encoder.unread import MOSTLY, unread, unread_letters


def share(encoder: Encoder, text: str) -> float:
    encoded = encoder.encode_questions([text])
    return unread(text, encoded.tokens[0].ids, encoded.tokens[0].spans, encoded.unknown)


@pytest.mark.parametrize(
    "text",
    [
        "Who was the first secretary general of NATO in 1952?",
        "Welche Abgeordneten lehnten die Raketenabwehr in Tschechien ab?",
        "Por qué se opone Rusia a la defensa antimisiles?",
        "Pourquoi l'OTAN s'est-elle élargie à l'est ?",
        "Wszyscy ludzie rodzą się wolni i równi pod względem swej godności",
        "Bütün insanlar hür, haysiyet ve haklar bakımından eşit doğarlar",
        "Tất cả mọi người sinh ra đều được tự do và bình đẳng về nhân phẩm",
        "x² + y² = r² in F16 and A4",
    ],
)
def test_the_default_encoder_reads_languages_in_latin_letters_well_or_badly(encoder: Encoder, text: str) -> None:
    assert share(encoder, text) < 0.25


@pytest.mark.parametrize(
    "text",
    [
        "Почему Россия выступает против противоракетной обороны?",
        "لماذا تعارض روسيا الدفاع الصاروخي؟",
        "रूस मिसाइल रक्षा का विरोध क्यों करता है?",
        "俄罗斯为什么反对导弹防御？",
        "ロシアはなぜミサイル防衛に反対しているのですか",
        "러시아는 왜 미사일 방어에 반대하는가",
        "Γιατί η Ρωσία αντιτίθεται στην αντιπυραυλική άμυνα;",
        "מדוע רוסיה מתנגדת להגנה מפני טילים",
        "ทำไมรัสเซียถึงคัดค้านการป้องกันขีปนาวุธ",
    ],
)
def test_the_default_encoder_does_not_read_other_letters(encoder: Encoder, text: str) -> None:
    assert share(encoder, text) > MOSTLY


def test_a_mixed_text_is_read_for_a_part(encoder: Encoder) -> None:
    assert 0.1 < share(encoder, "Missile defense and enlargement: противоракетная оборона") < 0.8


def test_single_letters_count_only_within_a_word_and_ideographs_never() -> None:
    spans = np.array([[0, 0], [0, 1], [2, 3], [3, 4], [5, 6], [6, 7], [0, 0]])
    assert unread_letters("a bc 北京", np.arange(7), spans, unknown=99) == {2, 3}
    assert unread_letters("a bc 北京", np.arange(7), spans, unknown=5) == {2, 3, 6}


def test_a_text_without_letters_has_nothing_unread() -> None:
    assert unread("?!", np.array([7, 8]), np.array([[0, 1], [1, 2]]), unknown=7) == 0
    assert unread("", np.zeros(0, np.int64), np.zeros((0, 2), np.int64), unknown=0) == 0


def test_letters_after_the_last_token_count_neither_way() -> None:
    spans = np.array([[0, 1], [1, 2]])
    assert unread("бв и ещё много слов", np.array([1, 2]), spans, unknown=0) == 1
