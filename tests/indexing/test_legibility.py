"""An index says which documents its encoder does not read, and what would."""

from __future__ import annotations

from pathlib import Path

import pytest

from fakes import FakeEncoder
from nrqa.answering.asking import Index
from nrqa.answering.inspecting import status
from nrqa.encoder.protocol import Encoder
from nrqa.health.examining import doctor
from nrqa.index.local.snapshot import LocalSnapshot
from nrqa.indexing.legibility import Legibility
from nrqa.indexing.reindexing import reindex

ARABIC = "تأسس المصنع عام 1999 على ضفة النهر. يعمل فيه أربعون عاملا كل صيف.\n"
ENGLISH = "The mill was founded in 1999 by the river. It has forty workers every summer.\n"


@pytest.mark.parametrize(
    ("text", "script"),
    [
        (ENGLISH, ""),
        ("Die Mühle wurde 1999 am Fluss gegründet und beschäftigt vierzig Arbeiter.", ""),
        (ARABIC, "Arabic"),
        ("Завод основан в 1999 году на берегу реки.", "Cyrillic"),
        ("该厂于1999年在河边创办，机器陈旧，管理层拒绝投资，雇员组织罢工。", "Chinese"),
        ("その工場は1999年に川のほとりに設立され、毎年夏に四十人が働いています。", "Japanese"),
        ("공장은 1999년에 강가에 설립되었다.", "Korean"),
        ("โรงงานก่อตั้งขึ้นในปี 1999 ริมแม่น้ำ", "Thai"),
        ("", ""),
        ("2021 | 17 | 44 | ---", ""),
    ],
)
def test_the_script_of_a_text_that_is_not_read(encoder: Encoder, text: str, script: str) -> None:
    assert Legibility(encoder).script_of(text) == script


def test_a_long_text_is_judged_by_all_of_it(encoder: Encoder) -> None:
    assert Legibility(encoder).script_of(ENGLISH + 500 * ARABIC) == "Arabic"


def test_the_default_encoder_reads_one_language_and_one_without_tokens_is_not_judged(encoder: Encoder) -> None:
    assert not Legibility(encoder).multilingual
    bare = Legibility(FakeEncoder(tokens=False))
    assert not bare.multilingual
    assert bare.script_of(ARABIC) == ""


def test_an_encoder_that_has_whole_words_of_all_scripts_reads_them(fake: FakeEncoder) -> None:
    assert Legibility(fake).multilingual
    assert Legibility(fake).script_of(ARABIC) == ""


def test_indexing_status_and_doctor_tell_of_documents_that_are_not_read(
    corpus: Path, index: Path, encoder: Encoder
) -> None:
    (corpus / "a.txt").write_text(ENGLISH)
    (corpus / "b.txt").write_text(ARABIC)
    said: list[str] = []
    report = reindex(corpus, index, encoder=encoder, announce=said.append)
    wanted = (
        "1 of 2 documents is in Arabic script, which all-MiniLM-L6-v2 does not read: it is found by its words only."
    )
    assert [one for one in said if wanted in one and "--model multilingual" in one]
    assert any(wanted in one for one in report.notices)
    assert status(index).unread == wanted
    (finding,) = (one for one in doctor(index).findings if one.check == "unread documents")
    assert finding.level == "note"
    assert "--model multilingual" in finding.command
    (corpus / "c.txt").write_text("Мельница основана в 1999 году на берегу реки.\n")
    assert any("Arabic (1) and Cyrillic (1)" in one for one in reindex(corpus, index, encoder=encoder).notices)
    (corpus / "d.txt").write_text("The bridge is of stone.\n")
    assert reindex(corpus, index, encoder=encoder).notices == ()
    (corpus / "b.txt").unlink()
    (corpus / "c.txt").unlink()
    reindex(corpus, index, encoder=encoder)
    assert LocalSnapshot.newest(index).manifest.unread == {}
    assert status(index).unread == ""


QUESTION = "quand a donc été construit le vieux moulin"


def test_who_asks_in_another_language_is_told_unless_the_encoder_reads_many(
    corpus: Path, index: Path, encoder: Encoder, fake: FakeEncoder
) -> None:
    (corpus / "a.txt").write_text(ENGLISH)
    reindex(corpus, index, encoder=encoder)
    told = Index.open(index, encoder=encoder).ask(QUESTION).notices
    assert [one for one in told if "ask in theirs" in one and "--model multilingual" in one]
    reindex(corpus, index, encoder=fake)
    assert not Index.open(index, encoder=fake).ask(QUESTION).notices
