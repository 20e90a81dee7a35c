from __future__ import annotations

import pytest

from nrqa.checking.citing.names import names_of
from nrqa.checking.drafts import Draft, read_draft
from nrqa.checking.reading.formats import read_written
from nrqa.records import Document

NAMES = names_of(
    [
        Document("study.md", "Trust", "", "", {"author": "Ana García", "date": "2018"}),
        Document("lease.md", "Lease", "", "", {"author": "Ngozi Okafor", "date": "2019"}),
    ]
)


def _read(text: str) -> Draft:
    return read_draft(text, read_written("d.md", text.encode()).proses, NAMES, least_words=1)


def _cited(text: str) -> list[str]:
    quotations = sorted(_read(text).quotations, key=lambda one: one.span.start)
    return [
        "+".join(
            " ".join(
                [
                    *(name.removesuffix(".md") for name in cited.meant.documents or ("-",)),
                    *(f"{one.first}" for one in cited.meant.places),
                ]
            )
            for cited in one.citations
        )
        for one in quotations
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "“One” (study.md, p. 3). “Two” (ibid., p. 4). “Three” (lease.md). “Four” (Ibid.).",
            "study 3|study 4|lease|lease",
        ),
        ("“One” (study.md, p. 3). “Two” (ibid.).", "study 3|study 3"),
        ("„Eins“ (study.md, S. 3). „Zwei“ (ebd., S. 5). „Drei“ (Ebenda).", "study 3|study 5|study 5"),
        ("„Eins“ (study.md). „Zwei“ (a. a. O., S. 5). „Drei“ (a.a.O.).", "study|study 5|study"),
        ("“One” (study.md). “Two” (id. at 4). “Three” (Id., at 5).", "study|study 4|study 5"),
        ("“One” (study.md, p. 3). “Two” (the same document). “Three” (same report, p. 9).", "study 3|study|study 9"),
        ("“One” (study.md). The same study says “two”.", "study|study"),
        ("“One” (study.md). “Two” (p. 4). “Three” (S. 5).", "study|study 4|study 5"),
        ("García (2018) writes “one” (p. 4), and then “two” (p. 5).", "study 4|study 5"),
        ("“One” (study.md). “Two” (lease.md). “Three” (García, op. cit., p. 7).", "study|lease|study 7"),
        ("“One” (study.md). “Two” (lease.md). “Three” (Okafor, a.a.O., S. 7).", "study|lease|lease 7"),
        (
            "“One”.[^1]\n\n“Two”.[^2] “Three”.[^3]\n\n[^1]: study.md, p. 3\n[^2]: Ibid., p. 4.\n[^3]: Ibid.",
            "study 3|study 4|study 4",
        ),
        ("> One two. (study.md)\n\nSo.\n\n> Three. (ibid., p. 2)", "study|study 2"),
        ("| a |\n|---|\n| “One” (study.md) |\n| “Two” (ibid.) |", "study|study"),
        ("“One” (Jones 1950). “Two” (ibid., p. 4).", "-|- 4"),
        ("“One” (ibid., p. 4).", "- 4"),
        ("“One” (Jones, op. cit.).", "-"),
        ("“One” (study.md). “Two” (see page 4 below).", "study|"),
    ],
)
def test_a_word_for_the_work_before_means_that_work(text: str, found: str) -> None:
    assert "|".join(_cited(text)) == found


def test_after_several_works_ibid_is_not_decided() -> None:
    first, second = _read("“One” (study.md; lease.md). “Two” (ibid.).").quotations
    assert len(first.citations) == 2
    (cited,) = second.citations
    assert cited.meant.documents == ()
    assert cited.meant.candidates == ("study.md", "lease.md")
    assert cited.meant.told == "“ibid.” may mean any of these: study.md, lease.md"
