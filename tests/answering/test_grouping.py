from __future__ import annotations

from pathlib import Path

import pytest

from fakes import FakeEncoder
from nrqa.answering.asking import Index
from nrqa.indexing.reindexing import reindex

STORY = (
    "The lighthouse keeper counted the ships that passed the northern cape in winter and wrote each name into a book "
    "bound in green leather."
)
OTHER = "A beekeeper in the valley sells honey at the market on the first Saturday of every month, rain or shine."


def opened(corpus: Path, index: Path, fake: FakeEncoder) -> Index:
    reindex(corpus, index, encoder=fake)
    return Index.open(index, encoder=fake)


def test_a_copy_in_another_document_is_no_hit_of_its_own_but_named(
    corpus: Path, index: Path, fake: FakeEncoder
) -> None:
    (corpus / "first.txt").write_text(STORY)
    (corpus / "second.txt").write_text(STORY.replace("northern cape", "northern\u00a0cape").replace(" and ", "\nand "))
    (corpus / "third.txt").write_text(OTHER)
    hits = opened(corpus, index, fake).ask("who counted the ships at the cape").hits
    assert [hit.passage.citation.document for hit in hits] == ["first.txt", "third.txt"]
    assert [one.document for one in hits[0].also] == ["second.txt"]
    assert hits[1].also == ()
    assert [hit.rank for hit in hits] == [1, 2]


def test_a_text_with_one_other_number_or_name_is_no_copy(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    (corpus / "first.txt").write_text(STORY.replace("the ships", "49 ships"))
    (corpus / "second.txt").write_text(STORY.replace("the ships", "94 ships"))
    hits = opened(corpus, index, fake).ask("how many ships passed the cape").hits
    assert len(hits) == 2
    assert not any(hit.also for hit in hits)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The dose is 1.5 mg a day.", "The dose is 15 mg a day."),
        ("The dose is 1,5 mg a day.", "The dose is 15 mg a day."),
        ("Store it at -20 degrees.", "Store it at 20 degrees."),
        ("Store it at −20 degrees.", "Store it at 20 degrees."),
        ("The fee is 50% of the price.", "The fee is 50 of the price."),
        ("The fee is 50% of the price.", "The fee is 50‰ of the price."),
        ("The tool is written in C++.", "The tool is written in C."),
        ("The tool is written in C#.", "The tool is written in C."),
        ("It needs version 1.10 of it.", "It needs version 11.0 of it."),
        ("Pages 12-15 were lost.", "Pages 1215 were lost."),
        ("It costs 5 $ a day.", "It costs 5 € a day."),
        ("All of it is < 5 of them.", "All of it is > 5 of them."),
        ("Did they agree to it?", "Did they agree to it."),
        ("They met the Polish ship.", "They met the polish ship."),
        ("They had 1 000 ships.", "They had 1 0 0 0 ships."),
    ],
)
def test_a_sign_or_a_number_makes_another_hit(
    corpus: Path, index: Path, fake: FakeEncoder, one: str, other: str
) -> None:
    (corpus / "first.txt").write_text(one)
    (corpus / "second.txt").write_text(other)
    hits = opened(corpus, index, fake).ask(one).hits
    assert [hit.also for hit in hits] == [(), ()]


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("b.txt", "The “harbour” – it’s old – costs −5 % of the\u00a0fi\u00adre tax…"),
        ("b.txt", 'The  "harbour" - it\'s old - costs -5 %  of the ﬁre tax...'),
        ("b.md", 'The **"harbour"** - it\'s [old](https://a.example) - costs -5 % of the `fire` tax...'),
    ],
)
def test_white_space_forms_of_a_sign_and_markup_make_no_other_hit(
    corpus: Path, index: Path, fake: FakeEncoder, name: str, other: str
) -> None:
    (corpus / "a.txt").write_text('The "harbour" - it\'s old - costs -5 % of the fire tax...')
    (corpus / name).write_text(other)
    (hit,) = opened(corpus, index, fake).ask("the old harbour", k=5).hits
    assert {hit.passage.citation.document, *(one.document for one in hit.also)} == {"a.txt", name}


def test_copies_take_no_place_in_the_list(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    for at in range(4):
        (corpus / f"copy-{at}.txt").write_text(STORY)
    (corpus / "other.txt").write_text(OTHER)
    hits = opened(corpus, index, fake).ask("lighthouse keeper counted ships", k=2).hits
    assert [hit.passage.citation.document for hit in hits] == ["copy-0.txt", "other.txt"]
    assert len(hits[0].also) == 3


def test_a_copy_in_the_same_document_is_named_as_well(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    (corpus / "twice.txt").write_text("\n\n".join([STORY, *(f"{OTHER} {at}" * 3 for at in range(4)), STORY]))
    hit = opened(corpus, index, fake).ask("lighthouse keeper counted ships").hits[0]
    (also,) = hit.also
    assert also.document == "twice.txt"
    assert also.start > hit.passage.citation.end


@pytest.mark.slow
def test_a_hundred_copies_leave_room_for_the_rest(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    for at in range(100):
        (corpus / f"copy-{at:03}.txt").write_text(STORY)
    (corpus / "other.txt").write_text(OTHER)
    hits = opened(corpus, index, fake).ask("lighthouse keeper counted ships", k=2).hits
    assert [hit.passage.citation.document for hit in hits] == ["copy-000.txt", "other.txt"]
    assert len(hits[0].also) == 99


def test_vowel_signs_make_another_word(corpus: Path, index: Path, fake: FakeEncoder) -> None:
    (corpus / "first.txt").write_text("नदी के किनारे एक पुराना किला है जिसे सब लोग जानते हैं और देखने आते हैं।")
    (corpus / "second.txt").write_text("नदी के किनारे एक पुराना कोला है जिसे सब लोग जानते हैं और देखने आते हैं।")
    assert len(opened(corpus, index, fake).ask("नदी के किनारे").hits) == 2
