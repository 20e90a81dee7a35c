"""Which document a name means that somebody typed, and what is shown of it."""

from __future__ import annotations

from pathlib import Path
from unicodedata import normalize

import pytest

from fakes import FakeEncoder
from nrqa.answering.inspecting import Place, documents_like, show
from nrqa.indexing.reindexing import reindex
from nrqa.rendering.plain_text import text_of
from nrqa.rendering.shown_passage import render_shown

NAMES = [normalize("NFD", "berichte/Größe.md"), "notes/a.md", "b/a.md"]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("typed", ["berichte/Größe.md", "Größe.md", "/home/ann/berichte/Größe.md"])
def test_letters_may_be_composed_otherwise_than_in_the_name(typed: str, form: str) -> None:
    assert documents_like(normalize(form, typed), NAMES) == [NAMES[0]]  # type: ignore[arg-type]


def test_the_end_of_a_path_may_fit_several_documents() -> None:
    assert documents_like("a.md", NAMES) == ["notes/a.md", "b/a.md"]
    assert documents_like("notes/a.md", NAMES) == ["notes/a.md"]
    assert documents_like("c.md", NAMES) == []


@pytest.mark.parametrize(
    ("lines", "length", "around", "shown"),
    [(3, 20, 2, 3), (100, 20, 2, 40), (100, 20, 60, 60), (100, 300, 2, 8), (5, 5000, 2, 2), (5, 5000, 9, 5)],
)
def test_of_a_document_alone_the_beginning_is_shown(  # noqa: PLR0917 - fixtures and cases
    corpus: Path, index: Path, fake: FakeEncoder, lines: int, length: int, around: int, shown: int
) -> None:
    written = [f"Line {number}: ".ljust(length - 1, "x") for number in range(1, lines + 1)]
    (corpus / "long.txt").write_text("\n".join(written))
    reindex(corpus, index, encoder=fake)
    found = show(Place("long.txt"), index, around=around)
    assert [number for number, _, _ in found.lines] == list(range(1, shown + 1))
    assert not any(cited for _, _, cited in found.lines)
    assert found.passages[0].citation.start == 0
    text = text_of(render_shown(found))
    assert text.startswith("long.txt\n")
    assert (f"{lines} lines; it goes on at long.txt:{shown + 1}" in text) == (shown < lines)
