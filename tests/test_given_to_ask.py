"""What callers give to ``ask``: wrong types are errors with the remedy, and what means the same is taken the same."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fakes import FakeEncoder
from nrqa.answering.asking import Index, ask
from nrqa.errors import QuestionError
from nrqa.given import conditions_of, count_of, globs_of
from nrqa.indexing.reindexing import reindex


@pytest.fixture
def opened(corpus: Path, index: Path, fake: FakeEncoder) -> Index:
    (corpus / "a.md").write_text("---\nlang: en\n---\nWords about towers.\n")
    reindex(corpus, index, encoder=fake)
    return Index.open(index, encoder=fake)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"k": "5"}, "k is '5'.*k=5"),
        ({"k": 2.5}, "k is 2.5"),
        ({"k": True}, "k is True"),
        ({"k": None}, "k is None"),
        ({"where": "lang=en"}, "where is 'lang=en'.*where="),
        ({"where": ["lang"]}, "where is"),
        ({"where": {"lang": None}}, r"where\['lang'\] is None"),
        ({"where": {"lang": []}}, "no value"),
        ({"where": {"lang": ["en", None]}}, "None"),
        ({"where": {"lang": b"en"}}, "b'en'"),
        ({"where": {"lang": {"en": 1}}}, "give a text"),
        ({"where": {1: "en"}}, "key"),
        ({"only": 5}, r"only is 5.*\*\.pdf"),
        ({"only": ["a.md", None]}, "only is"),
        ({"first": "newest"}, '"newer", "older"'),
    ],
)
def test_an_argument_of_a_wrong_type_is_an_error_that_says_what_to_give(
    opened: Index, given: dict[str, Any], said: str
) -> None:
    with pytest.raises(QuestionError, match=said):
        opened.ask("towers", **given)


@pytest.mark.parametrize("question", [None, 5, b"towers", ["towers"], {"q": 1}])
def test_a_question_that_is_no_text_is_refused(opened: Index, question: Any) -> None:
    with pytest.raises(QuestionError, match=r"The question is .*ask with words"):
        opened.ask(question)


@pytest.mark.parametrize("questions", ["towers", b"towers", None, 5])
def test_one_text_is_no_list_of_questions(opened: Index, questions: Any) -> None:
    with pytest.raises(QuestionError, match="a list of questions"):
        opened.ask_many(questions)


@pytest.mark.parametrize("index", [None, 5, "", ["index"]])
def test_what_is_no_folder_is_no_index(index: Any) -> None:
    with pytest.raises(QuestionError, match=r"index is .*give the path"):
        ask("towers", index=index)
    with pytest.raises(QuestionError, match=r"index is .*give the path"):
        Index.open(index)


def test_numbers_of_numpy_and_dates_are_taken() -> None:
    assert count_of(np.int64(3)) == 3
    assert conditions_of({"year": np.int32(2021), "on": date(2021, 3, 12), "x": (1, 2.5)}) == {
        "year": ["2021"],
        "on": ["2021-03-12"],
        "x": ["1", "2.5"],
    }


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("./a.md", ("a.md",)),
        ("././a.md", ("a.md",)),
        ("./reports/", ("reports/",)),
        (Path("reports/a.md"), ("reports/a.md",)),
        (["*.md", "b"], ("*.md", "b")),
        ("e\u0301.md", ("\u00e9.md",)),
        (None, ()),
        ([], ()),
    ],
)
def test_globs_are_taken_as_documents_are_named(given: Any, taken: tuple[str, ...]) -> None:
    assert globs_of(given) == taken
