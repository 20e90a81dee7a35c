"""Emphasis in titles goes out as each format writes it."""

from __future__ import annotations

import pytest

from nrqa.rendering.formats.styled import in_words, styled


@pytest.mark.parametrize(
    ("title", "pieces"),
    [
        (
            "The <i>Odyssey</i> in H<sub>2</sub>O",
            [("", "The "), ("i", "Odyssey"), ("", " in H"), ("sub", "2"), ("", "O")],
        ),
        ("<em>All</em>", [("i", "All")]),
        ("Use of <b> and <i> in pages", [("", "Use of <b> and <i> in pages")]),
        ("<i>one</b>", [("", "<i>one</b>")]),
        ("a < b and c > d", [("", "a < b and c > d")]),
        ("*Moby-Dick* and the sea", [("", "*Moby-Dick* and the sea")]),
    ],
)
def test_a_title_is_taken_apart_where_its_tags_are_closed(title: str, pieces: list[tuple[str, str]]) -> None:
    assert styled(title) == pieces


@pytest.mark.parametrize(
    ("title", "pieces"),
    [
        ("*Moby-Dick* and the sea", [("i", "Moby-Dick"), ("", " and the sea")]),
        ("_Moby-Dick_", [("i", "Moby-Dick")]),
        ("2 * 3 * 4, a_b_c and C*-algebras*", [("", "2 * 3 * 4, a_b_c and C*-algebras*")]),
    ],
)
def test_emphasis_of_markdown_is_of_markdown_only(title: str, pieces: list[tuple[str, str]]) -> None:
    assert styled(title, markdown=True) == pieces


def test_pieces_are_joined_in_any_form() -> None:
    pieces = styled("The <i>{}</i> of it")
    assert in_words(pieces, {"i": r"\emph{{}}"}) == r"The \emph{{}} of it"
    assert in_words(pieces, {}) == "The {} of it"
