"""What has a name or a number is found by it, and a hit that has another one is never taken for an answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from nrqa.answering.asking import Index
from nrqa.encoder.protocol import Encoder
from nrqa.indexing.reindexing import reindex
from nrqa.records import Answer

Build = Callable[[Mapping[str, str]], Index]


@pytest.fixture
def build(corpus: Path, index: Path, encoder: Encoder) -> Build:
    def built(files: Mapping[str, str]) -> Index:
        for name, text in files.items():
            (corpus / name).parent.mkdir(parents=True, exist_ok=True)
            (corpus / name).write_text(text)
        reindex(corpus, index, encoder=encoder)
        return Index.open(index, encoder=encoder)

    return built


def first(answer: Answer) -> str:
    return answer.hits[0].passage.citation.document


DECISIONS = {
    "ADR-0001": "We keep decisions as short pages. Each has a number that is never used again.",
    "ADR-0007": "Search is done by a library that maps its files, so that opening costs nothing.",
    "ADR-0008": "Settings are written as one file and replaced by one rename.",
    "ADR-0012": "Questions are answered from one state of the index.",
}


def test_an_identifier_that_is_a_title_finds_its_document_and_not_a_list_of_all(build: Build) -> None:
    every = "The decisions ADR-0001, ADR-0007, ADR-0008 and ADR-0012 hold. A decision ADR is never deleted."
    opened = build(
        {f"adr/{name}.md": f"# {name}: a decision\n\n{text}\n" for name, text in DECISIONS.items()}
        | {"adr/all.md": f"# All decisions\n\n{every}\n"}
    )
    for name in DECISIONS:
        for question in (name, f"[{name}]", f"what does {name} say?"):
            answer = opened.ask(question)
            assert first(answer) == f"adr/{name}.md", question
            assert answer.verdict in ("answered", "weak"), question
    assert opened.ask("ADR-0009").verdict != "answered"


def test_a_version_is_found_by_its_heading(build: Build) -> None:
    changes = "".join(f"## [{one}] - 2024-0{at}-01\n\n- Mended number {at}.\n\n" for at, one in enumerate(VERSIONS, 1))
    opened = build({"CHANGELOG.md": f"# Changelog\n\n{changes}", "a.md": "# Notes\n\nVersion 1.1.0 was late.\n"})
    for at, one in enumerate(VERSIONS, 1):
        assert f"Mended number {at}" in opened.ask(one).hits[0].passage.text
        assert f"Mended number {at}" in opened.ask(f"[{one}]").hits[0].passage.text


VERSIONS = ("1.1.0", "1.10.0", "1.0.1", "11.0")


def test_a_whole_title_comes_before_texts_that_speak_of_it(build: Build) -> None:
    opened = build(
        {
            "leave.md": "# Parental leave\n\nThirty days are paid. More can be taken without pay.\n",
            "faq.md": "# Questions\n\nParental leave is asked for often. The parental leave of others is longer.\n",
            "news.md": "# News\n\nParental leave was talked about by the council.\n",
        }
    )
    assert first(opened.ask("parental leave")) == "leave.md"
    assert first(opened.ask("Parental Leave?")) == "leave.md"


def test_folders_and_file_names_are_found(build: Build) -> None:
    opened = build(
        {
            "INV-2024-0017.md": "# Invoice\n\nPaper for the printer, forty euros.\n",
            "INV-2024-0018.md": "# Invoice\n\nInk for the printer, ninety euros.\n",
            "projects/apollo/readme.md": "# Readme\n\nRun make and wait.\n",
            "projects/zeus/readme.md": "# Readme\n\nRun make twice.\n",
            "meeting_notes_2024-05-07.txt": "Present were Ann and Bob. They agreed to move the kitchen.\n",
        }
    )
    for question, wanted in {
        "INV-2024-0017": "INV-2024-0017.md",
        "inv-2024-0018.md": "INV-2024-0018.md",
        "apollo readme": "projects/apollo/readme.md",
        "zeus readme": "projects/zeus/readme.md",
        "meeting notes 2024-05-07": "meeting_notes_2024-05-07.txt",
        "meeting notes of 7 May 2024": "meeting_notes_2024-05-07.txt",
    }.items():
        answer = opened.ask(question)
        assert first(answer) == wanted, question
        assert answer.verdict != "absent", question


def test_numbers_are_the_same_however_they_are_written_and_others_are_no_answer(build: Build) -> None:
    offices = {"north": "1,250,000", "south": "1250", "east": "250,000", "west": "12,500", "port": "1 750 000"}
    opened = build(
        {
            f"{name}.md": f"The budget of the {name} office is {sum_} euros for the year.\n"
            for name, sum_ in offices.items()
        }
    )
    for question in ("1250000 euros", "which office has 1.250.000 euros", "1 250 000", "office with 1’250’000 euros"):
        assert first(opened.ask(question)) == "north.md", question
    assert first(opened.ask("1750000")) == "port.md"
    for question in ("which office has 1350000 euros", "which office has 9,90 euros", "1250000000"):
        assert opened.ask(question).verdict != "answered", question


def test_a_day_is_the_same_day_however_it_is_written(build: Build) -> None:
    met = {"bridge": "12 March 2021", "school": "2021-03-21", "pool": "March 13, 2021", "mill": "3 December 2021"}
    opened = build(
        {f"{what}.md": f"# Meeting\n\nThe council met on {day} and spoke of the {what}.\n" for what, day in met.items()}
    )
    for question, what in {
        "2021-03-12": "bridge",
        "12.03.2021": "bridge",
        "meeting of 12. März 2021": "bridge",
        "meeting of 21 March 2021": "school",
        "13/3/2021": "pool",
        "2021年12月3日": "mill",
    }.items():
        answer = opened.ask(question)
        assert first(answer) == f"{what}.md", question
        assert answer.verdict != "absent", question
    assert opened.ask("What did the council speak of on 14 March 2021?").verdict != "answered"


def test_code_and_codes_are_found_in_other_spellings(build: Build) -> None:
    opened = build(
        {
            "a.md": "# Storage\n\nThe function `atomic_write_json` stores settings without a half-written file.\n",
            "b.md": "# JSON\n\nWrite JSON in one piece. Atomic writes are safer than others.\n",
            "c.md": "# Fighter\n\nThe F-16 has a single engine.\n",
            "d.md": "# Landlord\n\nThe rent goes to DE89 3704 0044 0532 0130 00 each month.\n",
            "e.md": "# Power\n\nThe power bill goes to DE12500105170648489890 each month.\n",
            "f.md": "# Author\n\nO’Neill wrote the summary for the U.K. and re-evaluated it.\n",
            "g.md": "# Müller\n\nHerr Müller aus Łódź liest in Tromsø.\n",
        }
    )
    for question, wanted in {
        "atomic_write_json": "a.md",
        "what does atomicWriteJson do": "a.md",
        "F16": "c.md",
        "DE89370400440532013000": "d.md",
        "DE12 5001 0517 0648 4898 90": "e.md",
        "ONeill": "f.md",
        "UK": "f.md",
        "reevaluated": "f.md",
        "Mueller": "g.md",
        "lodz tromso": "g.md",
    }.items():
        answer = opened.ask(question)
        assert first(answer) == wanted, question
        assert answer.verdict != "absent", question


def test_letters_that_the_encoder_does_not_have_match_nothing(build: Build) -> None:
    opened = build(
        {
            "1.md": "# បទបញ្ជា\n\nបុគ្គលិកមានថ្ងៃឈប់សម្រាកដប់ប្រាំថ្ងៃក្នុងមួយឆ្នាំ។\n",
            "2.md": "# Lease\n\nThe lease ends in March.\n",
            "3.md": "# Bread 🍞\n\nBread is baked at 220 degrees. No more than that.\n",
        }
    )
    for question in ("ગુજરાતી પ્રશ્ન શું છે", "ውኃ የት ነው", "图书馆几点开门"):
        answer = opened.ask(question)
        assert answer.verdict == "absent", question
        assert any("words alone" in notice for notice in answer.notices), question
    assert first(opened.ask("ឈប់សម្រាក")) == "1.md"
    assert first(opened.ask("🍞")) == "3.md"
    assert opened.ask("№").verdict == "absent"
    assert not opened.ask("when does the lease end").notices


def test_a_question_that_is_too_long_is_told_and_its_end_counts(build: Build) -> None:
    opened = build({"a.md": "The mill stands by the river.\n", "b.md": "The xylophone is in the attic.\n"})
    answer = opened.ask("please tell me about it " * 100 + "xylophone attic")
    lexical = {hit.passage.citation.document: hit.signals["lexical"] for hit in answer.hits}
    assert lexical["b.md"] > 0
    assert lexical["a.md"] == 0
    assert any("longer than the encoder reads" in notice for notice in answer.notices)


SIGNS = ("{}?", "“{}”", "[{}]", "（{}）?!", "**{}**", "> {}", "\x1b[31m{}\x1b[0m", "»{}…«")


def test_signs_around_a_question_change_nothing(articles_index: Path, encoder: Encoder) -> None:
    opened = Index.open(articles_index, encoder=encoder)
    for question in ("why does Russia oppose missile defense", "NATO enlargement", "the price of cheese in Finland"):
        bare = opened.ask(question)
        wide = question.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})
        for written in (*(signs.format(question) for signs in SIGNS), wide):
            other = opened.ask(written)
            assert (other.hits, other.confidence) == (bare.hits, bare.confidence), written
            assert other.question == written
