"""The page of a PDF with the passage marked; and why there is none."""

from __future__ import annotations

import shutil
import struct
import zlib
from pathlib import Path

import pytest

import nrqa
import project
from fakes import FakeEncoder
from nrqa.answering import inspecting
from nrqa.answering.inspecting import Place
from nrqa.answering.picturing import picture
from nrqa.corpus.readers.pdf.picture import picture as drawn
from nrqa.errors import CorpusError, QuestionError
from nrqa.records import Rectangle
from pdf_writer import Page, Pdf, lines, pdf

pytestmark = pytest.mark.slow  # one index of real files serves all

FILES = project.DOCUMENTS / "pdf"


def pixels(png: bytes) -> tuple[int, list[bytes]]:
    """The width of a PNG, and its rows."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    start = png.index(b"IDAT") + 4
    length = struct.unpack(">I", png[start - 8 : start - 4])[0]
    data = zlib.decompress(png[start : start + length])
    return width, [data[row * (3 * width + 1) + 1 : (row + 1) * (3 * width + 1)] for row in range(height)]


def yellow(png: bytes) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of what is marked."""
    width, rows = pixels(png)
    found = [(x, y) for y, row in enumerate(rows) for x in range(width) if row[3 * x] > 200 and row[3 * x + 2] < 200]
    return min(x for x, _ in found), min(y for _, y in found), max(x for x, _ in found), max(y for _, y in found)


def test_the_rectangle_is_marked_where_it_stands() -> None:
    left, top, right, bottom = yellow(drawn(pdf(lines(["Some words."])), [Rectangle(1, 100, 200, 150, 212)], scale=1))
    assert [left, right] == pytest.approx([100, 150], abs=2)
    assert [top, bottom] == pytest.approx([792 - 212, 792 - 200], abs=2)


def test_a_turned_and_cropped_page_is_marked_as_a_reader_sees_it() -> None:
    data = Pdf([Page(lines(["Some words."]), "/MediaBox [0 0 600 800] /CropBox [50 100 550 700] /Rotate 90")]).write()
    left, top, right, bottom = yellow(drawn(data, [Rectangle(1, 100, 200, 150, 212)], scale=1))
    # Turned clockwise: what is up goes right, and what is left goes up.
    assert [left, right] == pytest.approx([100, 112], abs=2)
    assert [top, bottom] == pytest.approx([50, 100], abs=2)


def test_two_pages_stand_one_below_the_other() -> None:
    data = Pdf([Page(lines(["One."])), Page(lines(["Two."]), "/MediaBox [0 0 300 300]")]).write()
    width, rows = pixels(drawn(data, [Rectangle(1, 1, 1, 9, 9), Rectangle(2, 1, 1, 9, 9)], scale=1))
    assert (width, len(rows)) == (612, 792 + 300)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("built")
    (place / "corpus").mkdir()
    shutil.copy(FILES / "latex-two-columns.pdf", place / "corpus")
    (place / "corpus" / "note.txt").write_text("A note about something else, in a few words.")
    nrqa.reindex(place / "corpus", place / "index", encoder=FakeEncoder())
    return place


@pytest.fixture
def indexed(built: Path, tmp_path: Path) -> Path:
    """The index and its corpus, which lies beside it."""
    return shutil.copytree(built, tmp_path / "copy")


def passages_of(folder: Path, name: str) -> tuple[nrqa.Passage, ...]:
    return inspecting.show(Place(name, lines=(9, 9) if name.endswith("pdf") else (1, 1)), folder / "index").passages


@pytest.mark.slow
def test_a_passage_is_pictured_from_the_corpus(indexed: Path) -> None:
    png = picture(passages_of(indexed, "latex-two-columns.pdf"), indexed / "index")
    width, rows = pixels(png)
    assert (width, len(rows) % 1584) == (1224, 0)


def test_a_changed_file_is_not_pictured(indexed: Path) -> None:
    passages = passages_of(indexed, "latex-two-columns.pdf")
    shutil.copy(FILES / "chromium.pdf", indexed / "corpus" / "latex-two-columns.pdf")
    with pytest.raises(CorpusError, match="has changed since it was indexed"):
        picture(passages, indexed / "index")


def test_a_file_that_is_gone_is_not_pictured(indexed: Path) -> None:
    passages = passages_of(indexed, "latex-two-columns.pdf")
    (indexed / "corpus" / "latex-two-columns.pdf").unlink()
    with pytest.raises(CorpusError, match="is not in the corpus any more"):
        picture(passages, indexed / "index")


def test_a_text_has_no_pages(indexed: Path) -> None:
    with pytest.raises(QuestionError, match=r"'note.txt' has no pages"):
        picture(passages_of(indexed, "note.txt"), indexed / "index")
