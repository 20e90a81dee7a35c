"""Questions in letters that the default encoder does not read: their words find and judge the answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from nrqa.answering.asking import Index
from nrqa.encoder.protocol import Encoder
from nrqa.indexing.reindexing import reindex

DOCUMENTS = {
    "ru": (
        "Мельница была построена в 1842 году на левом берегу реки. Её построил купец Соколов.",
        "Каменный мост через реку открыли в 1911 году. До этого людей перевозил паром.",
        "Библиотека закрывается в шесть часов вечера. По субботам она открыта до полудня.",
        "Школьники выращивают яблони в саду за больницей и продают урожай осенью.",
    ),
    "ar": (
        "بنيت الطاحونة عام 1842 على الضفة اليسرى للنهر. بناها التاجر منصور.",
        "افتتح الجسر الحجري فوق النهر عام 1911. وقبل ذلك كانت العبارة تنقل الناس.",
        "تغلق المكتبة أبوابها في السادسة مساء. وفي أيام السبت تفتح حتى الظهر.",
        "يزرع التلاميذ أشجار التفاح في الحديقة خلف المستشفى ويبيعون المحصول في الخريف.",
    ),
    "th": (
        "โรงสีสร้างขึ้นในปี 1842 บนฝั่งซ้ายของแม่น้ำ พ่อค้าชื่อสมชายเป็นผู้สร้าง",
        "สะพานหินข้ามแม่น้ำเปิดในปี 1911 ก่อนหน้านั้นผู้คนข้ามด้วยเรือ",
        "ห้องสมุดปิดตอนหกโมงเย็น วันเสาร์เปิดถึงเที่ยง",
        "นักเรียนปลูกต้นแอปเปิลในสวนหลังโรงพยาบาลและขายผลผลิตในฤดูใบไม้ร่วง",
    ),
}
QUESTIONS = {
    "ru": ("Кто построил мельницу?", "Когда открыли мост через реку?", "Когда закрывается библиотека?"),
    "ar": ("من بنى الطاحونة؟", "متى افتتح الجسر فوق النهر؟", "متى تغلق المكتبة؟"),
    "th": ("ใครสร้างโรงสี", "สะพานข้ามแม่น้ำเปิดเมื่อใด", "ห้องสมุดปิดกี่โมง"),
}
ELSEWHERE = {
    "ru": "Сколько спутников вращается вокруг Юпитера?",
    "ar": "كم عدد الأقمار التي تدور حول المشتري؟",
    "th": "ดาวพฤหัสบดีมีดวงจันทร์กี่ดวง",
}


@pytest.mark.parametrize("language", sorted(DOCUMENTS))
def test_words_find_and_judge_what_the_encoder_does_not_read(
    language: str, corpus: Path, index: Path, encoder: Encoder
) -> None:
    for at, text in enumerate(DOCUMENTS[language]):
        (corpus / f"{at}.txt").write_text(f"{text}\n")
    reindex(corpus, index, encoder=encoder)
    opened = Index.open(index, encoder=encoder)
    for at, question in enumerate(QUESTIONS[language]):
        answer = opened.ask(question, explain=True)
        hit = answer.hits[0]
        assert hit.passage.citation.document == f"{at}.txt", question
        assert answer.verdict in ("answered", "weak"), question
        assert any("words alone" in notice for notice in answer.notices), question
        assert hit.explanation is not None
        assert hit.explanation.weights["lexical"] > 0.7
        assert hit.explanation.matches == ()
    assert opened.ask(ELSEWHERE[language]).verdict != "answered"


def test_an_english_question_is_ranked_and_judged_as_ever(corpus: Path, index: Path, encoder: Encoder) -> None:
    (corpus / "a.txt").write_text("The mill was built in 1842 by the merchant Sokolov.\n")
    (corpus / "b.txt").write_text(f"{DOCUMENTS['ru'][0]}\n")
    reindex(corpus, index, encoder=encoder)
    answer = Index.open(index, encoder=encoder).ask("who built the mill", explain=True)
    assert answer.hits[0].passage.citation.document == "a.txt"
    assert answer.verdict == "answered"
    assert answer.notices == ()
    assert answer.hits[0].explanation is not None
    assert answer.hits[0].explanation.weights["lexical"] < 0.2
