"""A document's date in ISO 8601 and its language, where they can be told."""

from __future__ import annotations

import pytest

import project
from nrqa.corpus.readers.date_and_language import with_facts
from nrqa.corpus.readers.document import read_document

ARTICLES = project.CORPUS


@pytest.mark.parametrize(
    ("metadata", "facts"),
    [
        ({"date": "12 March 2021"}, {"date": "2021-03-12", "date as written": "12 March 2021"}),
        ({"date": "2021-10"}, {"date": "2021-10"}),
        ({"date": "soon"}, {"date": "soon"}),
        ({"datum": "12.03.2021"}, {"datum": "12.03.2021", "date": "2021-03-12"}),
        ({"date": "soon", "published": "2020"}, {"date": "2020", "published": "2020"}),
        ({"updated": "2022", "published": "2020"}, {"updated": "2022", "published": "2020", "date": "2020"}),
        ({"date": ["March 2021", "2022"]}, {"date": "2021-03", "date as written": "March 2021"}),
        ({"lang": "x-klingon"}, {"lang": "x-klingon"}),
    ],
)
def test_the_date_is_told_in_iso_as_precise_as_it_is_written(
    metadata: dict[str, str | list[str]], facts: dict[str, str | list[str]]
) -> None:
    assert with_facts(metadata, "") == facts


def test_the_language_is_told_where_the_words_leave_no_doubt() -> None:
    document, _ = read_document("nato-russia.txt", (ARTICLES / "nato-russia.txt").read_bytes())
    assert document.metadata["language"] == "en"
    assert "language" not in with_facts({}, "Qwertz uiop 12 34")
    german = "Die Bündnisse, die der Staat mit den Nachbarn schloss, sind nicht von Dauer, und das ist nicht neu."
    assert with_facts({}, german)["language"] == "de"
