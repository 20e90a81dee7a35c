"""Which document a name means that somebody typed."""

from __future__ import annotations

from unicodedata import normalize

import pytest

from nrqa.answering.inspecting import documents_like

NAMES = [normalize("NFD", "berichte/Größe.md"), "notes/a.md", "b/a.md"]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("typed", ["berichte/Größe.md", "Größe.md", "/home/ann/berichte/Größe.md"])
def test_letters_may_be_composed_otherwise_than_in_the_name(typed: str, form: str) -> None:
    assert documents_like(normalize(form, typed), NAMES) == [NAMES[0]]  # type: ignore[arg-type]


def test_the_end_of_a_path_may_fit_several_documents() -> None:
    assert documents_like("a.md", NAMES) == ["notes/a.md", "b/a.md"]
    assert documents_like("notes/a.md", NAMES) == ["notes/a.md"]
    assert documents_like("c.md", NAMES) == []
