"""What a notebook shows: whatever the source holds, only its words get there, and they read well without style."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nrqa
from fakes import FakeEncoder
from nrqa.answering.asking import Index
from nrqa.checking.checking import check
from nrqa.evaluation.results import Change, Comparison, Difference, Evaluation
from nrqa.indexing.reindexing import reindex
from nrqa.records import Answer, Citation, Flag, Hit, Passage, Searched, Skipped, Span, Verdict
from nrqa.rendering.drawing import look
from nrqa.rendering.plain_text import harmless

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&amp;</blockquote></div>"
HARMLESS = set("div style p strong small ol ul li code em i blockquote mark details summary del ins h4 span".split())
TABLE = set("table caption thead tbody tr th td".split())


def _hit(text: str = "Some words.", highlights: tuple[Span, ...] = (), **changes: object) -> Hit:
    facts: dict[str, object] = {
        "document": "reports/a b.txt", "title": "A title", "heading": ("One", "Two"), "start": 100,
        "end": 100 + len(text), "line_start": 7, "line_end": 7, "page": None, "sha256": "0" * 64, "metadata": {},
    }  # fmt: skip
    passage = Passage(text, Citation(**{**facts, **changes}))  # type: ignore[arg-type]
    return Hit(1, 0.5, {"dense": 0.5}, passage, highlights)


def _answer(*hits: Hit, verdict: Verdict = "answered", question: str = "what", unreadable: int = 0) -> Answer:
    skipped = tuple(Skipped(f"scan-{at}.pdf", "no text layer") for at in range(unreadable))
    return Answer(question, verdict, 0.5, 3, hits, Searched(2, 41, skipped))


def _page(shown: str) -> lxml.html.HtmlElement:
    page = lxml.html.fragment_fromstring(shown)
    for element in page.iter():
        assert element.tag in HARMLESS | TABLE
        assert set(element.attrib) <= {"class", "value", "scope"}
    return page


def _words(page: lxml.html.HtmlElement) -> str:
    """What is left where a notebook is not trusted: no style."""
    for style in page.xpath("//style"):
        style.drop_tree()
    return " ".join(page.text_content().split())


@given(st.text())
def test_any_passage_reads_as_it_does_on_the_terminal(text: str) -> None:
    page = _page(look(_hit(text), "html"))
    assert page.findtext(".//blockquote") == harmless(text)


def test_what_a_source_made_is_nowhere_active() -> None:
    hit = _hit(
        HOSTILE, document=f"{HOSTILE}.txt", title=HOSTILE, heading=(HOSTILE,), metadata={"source_notice": HOSTILE},
        flags=(Flag(HOSTILE, 0, 1, HOSTILE),),
    )  # fmt: skip
    answer = Answer(HOSTILE, "unknown", 0.5, 3, (hit,), Searched(1, 1, (Skipped(HOSTILE, HOSTILE),)), (HOSTILE,))
    words = _words(_page(look(answer, "html")))
    # question, name, title, heading, passage, flag with detail, notice of the source, notice of ours, file and reason
    assert words.count("<script>alert(1)</script>") == 11
    assert "<script" not in look(answer, "html")


def test_dollar_signs_stay_money() -> None:
    page = _page(look(_hit("It rose from $5 to $6."), "html"))
    assert {"tex2jax_ignore", "mathjax_ignore"} <= set(page.get("class").split())


def test_the_answering_words_are_marked_as_such() -> None:
    text = "Not this. But this, yes. Nor this."
    page = _page(look(_hit(text, (Span(110, 124),)), "html"))
    assert [mark.text for mark in page.iter("mark")] == ["But this, yes."]
    assert page.find(".//blockquote").text_content() == text


def test_a_notice_of_a_source_is_told_once() -> None:
    hits = tuple(_hit(f"Words {at}.", metadata={"source_notice": "Made by a machine."}) for at in range(3))
    assert look(_answer(*hits), "html").count("Made by a machine.") == 1


def test_nothing_is_marked_in_what_answers_nothing() -> None:
    hit = _hit("Not this. But this, yes.", (Span(110, 124),))
    assert _page(look(_answer(hit), "html")).findall(".//mark")
    assert not _page(look(_answer(hit, verdict="absent"), "html")).findall(".//mark")


def test_without_style_an_answer_reads_like_a_page_of_text() -> None:
    words = _words(_page(look(_answer(_hit("Some words."), unreadable=2), "html")))
    assert words.startswith("what answered confidence 0.50")
    assert "reports/a b.txt:7 A title § One › Two" in words
    assert "Some words." in words
    assert "searched 2 documents, 41 passages · generation 3" in words
    assert "Not searchable: 2 files (nrqa.status() lists them)" in words
    assert "scan-0.pdf" not in words


def test_which_files_could_not_be_searched_stands_where_that_could_change_the_verdict() -> None:
    words = _words(_page(look(_answer(_hit("Some words."), verdict="unknown", unreadable=2), "html")))
    assert "Not searchable: 2 files scan-0.pdf no text layer" in words


def test_what_nothing_answers_says_so_before_the_nearest_passages() -> None:
    hits = tuple(_hit(f"Words {at}.") for at in range(5))
    page = _page(look(_answer(*hits, verdict="absent"), "html"))
    words = _words(page)
    assert words.index("Nothing in the corpus answers this.") < words.index("Words 0.")
    assert len(page.findall(".//blockquote")) == 3
    assert page.find(".//ol").get("class") == "near"
    assert "not everything could be searched" in _words(_page(look(_answer(verdict="unknown"), "html")))


def test_ten_thousand_unsearchable_files_do_not_swell_a_notebook() -> None:
    shown = look(_answer(_hit(), verdict="unknown", unreadable=10_000), "html")
    assert len(shown) < 15_000
    assert "and 9,900 more" in shown


@pytest.fixture
def opened(corpus: Path, index: Path) -> Index:
    (corpus / "history.txt").write_text("The alliance was founded in 1949 by twelve countries of the west.\n", "utf-8")
    encoder = FakeEncoder()
    reindex(corpus, index, encoder=encoder)
    return Index.open(index, encoder=encoder)


def test_a_draft_shows_the_difference_and_where_its_words_stand(opened: Index) -> None:
    draft = "He says “the alliance was founded in 1948 by twelve countries” (history.txt:1). <b>Bread</b> needs rest.\n"
    checked = check("draft.md", opened, data=draft.encode())
    page = _page(look(checked, "html"))
    assert [one.text for one in page.iter("del")] == ["The", "1949"]
    assert [one.text for one in page.iter("ins")] == ["the", "1948"]
    words = _words(page)
    assert words.startswith("draft.md 1 quotation to look at of 1 quotation")
    assert "misquoted line 1, column 9" in words
    assert "source history.txt:1" in words


def test_a_draft_without_fault_says_so(opened: Index) -> None:
    checked = check("draft.md", opened, data="“founded in 1949 by twelve countries” (history.txt:1).".encode())
    assert "nothing to look at of 1 quotation" in _words(_page(look(checked, "html")))


COMPARISON = Comparison(
    "run-1.json", "0.9", "model <b>", 20, 1, 0, (HOSTILE,), {"nDCG@10": Difference(20, 0.5, 0.61, 0.02, 0.2)},
    (Change("1", HOSTILE, 0.1, 0.9),), tuple(Change(str(at), f"worse {at}", 0.9, 0.1) for at in range(12)),
)  # fmt: skip


def test_a_comparison_is_a_table_of_what_was_and_is() -> None:
    page = _page(look(COMPARISON, "html"))
    cells = [one.text_content() for one in page.xpath("//tbody/tr/*")]
    assert cells == ["nDCG@10", "0.500", "0.610", "+0.110", "+0.020 to +0.200", "better"]
    words = _words(page)
    assert "Left out: 1 that only the earlier run has" in words
    assert "Worse by nDCG@10: 12" in words
    assert "and 2 more" in words
    assert "nDCG@10" in look(COMPARISON, "text")


def test_an_evaluation_shows_measures_and_verdicts() -> None:
    evaluation = Evaluation(
        "1", "now", "set.jsonl", {}, "passages", 5, None, "model", "f", {}, 2, 41, (), 3, {"R@1": 0.875},
        {"answerable": {"answered": 7, "absent": 1}, "unanswerable": {"answered": 0, "absent": 0}}, 12.0, (), (),
        COMPARISON,
    )  # fmt: skip
    page = _page(look(evaluation, "html"))
    assert [one.text_content() for one in page.xpath("//tr[th='R@1']/*")] == ["R@1", "0.875"]
    assert [one.text_content() for one in page.xpath("//tr[th='8 answerable']/*")] == ["8 answerable", "7", "1"]
    assert not page.xpath("//tr[th='0 unanswerable']")
    assert look(evaluation, "text").startswith("set.jsonl")


def test_a_record_looks_as_the_command_line_prints_it() -> None:
    answer = _answer(_hit())
    _ = nrqa.Answer  # whoever has an answer has taken a name from the package
    assert str(answer) == look(answer, "text")
    assert str(answer).splitlines()[:2] == ["1  reports/a b.txt:7  A title  § One › Two", "   Some words."]
    assert str(answer.hits[0]) == "1  reports/a b.txt:7  A title  § One › Two\n   Some words."
    assert repr(answer).startswith("Answer(question='what'")
    assert "_repr_pretty_" in vars(type(answer)), "where IPython looks first"


@pytest.mark.slow
@pytest.mark.usefixtures("opened")
def test_looking_loads_what_draws_and_asking_does_not(index: Path) -> None:
    """In a process that asks in Python, as a notebook does."""
    code = f"""
import json, sys
sys.path.append({str(Path(__file__).parents[1] / "helpers")!r})
import nrqa
from fakes import FakeEncoder
answer = nrqa.Index.open({str(index)!r}, encoder=FakeEncoder()).ask("when was the alliance founded")
before = set(sys.modules)
shown = answer._repr_html_()
html = set(sys.modules) - before
print(json.dumps([sorted(before), sorted(html), shown]))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    before, loaded, shown = json.loads(done.stdout)
    assert not any(name.startswith("nrqa.rendering") for name in before)
    assert "nrqa.rendering.notebook.answer" in loaded
    assert not {name.split(".")[0] for name in loaded} & {"torch", "lxml", "IPython", "scipy", "sklearn"}
    assert "The alliance was founded in 1949" in shown
